// Nobody answered where somebody is seen every week: they are looked for until they are found.
// Twin of sync/ladder.py, where it is told how.

import { RED_DAYS } from "./care.js";
import { PUT_RIGHT, TAKEN_BACK, WITHDRAWN, asks, ended, flaggedId, withEntry, without } from "./followups.js";
import { madeAt, place } from "./newest.js";
import { stamp } from "./operations.js";
import { complete } from "./shelf.js";

export const ITEM = "no_answer";
const WHAT = "无人应答，要找到人";
const LIMIT_MS = 2 * 3600 * 1000;
const OUTCOMES = {
  met: "见到本人",
  met_family: "见到家属",
  phone_ok: "电话联系上了",
  refused: "应了门，拒访",
  hospital: "住院",
  institution: "住在机构",
  away: "外出",
  moved_out: "已迁出",
  deceased: "去世",
  vacant: "空置",
};

/** What becomes of the case of a door by a visit; `at` is when that was said, `door` as it was before. */
export function follow(visit, door, isNew, at, town, scene) {
  const cases = casesOf(door.id, town);
  const here = place(visit, scene);
  if (isNew && !isSilent(visit)) {
    const opened = cases.filter((one) => one.status === "open" && here > last(one) && visit.result in OUTCOMES);
    return opened.forEach((one) => town.put("followup", foundBy(one, visit, scene)));
  }
  if (cases.length === 0 && !(isSilent(visit) && isWeekly(door))) return;

  const visits = visitsOf(visit, town, scene);
  const ending = endingOf(visit, at, scene);
  const after = new Map(cases.map((one) => [one.id, one]));
  const mine = cases.find((one) => isOf(one, visit));
  const isFound = covering(visit, cases, scene) || visits.some((one) => one.result in OUTCOMES && place(one, scene) > here);
  if (!mine && isSilent(visit) && !isFound) {
    const opened = cases.find(({ status }) => status === "open");
    const found = opened || (isWeekly(door) ? begun(visit, cases) : null);
    if (found) after.set(found.id, withEntry(found, entryOf(visit, scene)));
  } else if (mine && !isSilent(visit)) after.set(mine.id, without(mine, visit.id, ending));
  for (const one of settled([...after.values()], visits, ending, scene)) town.put("followup", one);
}

/** One thing that was done to find somebody. It is never lost, whatever became of the case. */
export function takeStep({ id, at, data }, town, scene) {
  const visit = town.get("visit", data.visit_id);
  if (!visit) return;
  const cases = casesOf(visit.household_id, town);
  const found = cases.find((one) => isOf(one, visit)) || cases.find(({ status }) => status === "open") || covering(visit, cases, scene);
  const [case_] = found ? [found] : settled([withEntry(begun(visit, cases), entryOf(visit, scene))], visitsOf(visit, town, scene), endingOf(visit, at, scene), scene);
  const { id: by, name } = scene.person;
  const made = madeAt({ true_at: stamp(at), received_at: "" }, scene);
  const step = { id, at: made, by, by_name: name, step: data.step, who: data.who || "" };
  const order = (one, other) => (one.at + one.id < other.at + other.id ? -1 : 1);
  town.put("followup", { ...case_, steps: [...case_.steps, step].sort(order) });
}

const casesOf = (householdId, town) => town.of("followup", "household_id", householdId).filter(({ item }) => item === ITEM);

/** What counts at this door, with the visit in hand as it is now; oldest first. */
function visitsOf(visit, town, scene) {
  const others = town.ofHousehold("visit", visit.household_id).filter(({ id }) => id !== visit.id);
  const counted = [...others, visit].filter(({ withdrawn }) => !withdrawn);
  return counted.sort((one, other) => (place(one, scene) < place(other, scene) ? -1 : 1));
}

const isSilent = ({ result, withdrawn }) => result === ITEM && !withdrawn;
const isWeekly = ({ interval }) => interval > 0 && interval <= RED_DAYS;
const isOf = (one, { id }) => one.result !== WITHDRAWN && asks(one, id);

/** A case that ended after this visit was made. */
const covering = (visit, cases, scene) =>
  cases.find((one) => one.status !== "open" && one.result !== WITHDRAWN && one.closed_at > madeAt(visit, scene));

/** A case for this visit; the one that it had before, if that was taken back. */
function begun(visit, cases) {
  const id = flaggedId(visit.id, "", ITEM);
  const known = cases.find((one) => one.id === id);
  if (known) return { ...opened(known), entries: [] };
  const { household_id, building_id } = visit;
  return complete("followup", { id, household_id, building_id, visit_id: visit.id, item: ITEM });
}

function entryOf(visit, scene) {
  const at = madeAt(visit, scene);
  const { id: visit_id, by, by_name } = visit;
  const due_at = stamp(Date.parse(at) + LIMIT_MS);
  return { at, by, by_name, visit_id, text: WHAT, level: "now", kind: ITEM, due_at, recheck_days: 0, restricted: 0 };
}

const last = ({ entries }) => entries.map(({ at, visit_id: id }) => `${at} ${id}`).sort().pop();

/** Each case as the visits of its door tell it now; at most one is open, the latest. */
function settled(cases, visits, ending, scene) {
  const found = cases.map((one) => toldBy(one, visits, ending, scene));
  const newest = found.filter(({ status }) => status === "open").map(last).sort().pop();
  return found.map((one) => (one.status === "open" && last(one) !== newest ? takenBack(one, ending) : one));
}

/** Open until the first visit after the last entry that says where they are. */
function toldBy(one, visits, ending, scene) {
  if (one.status !== "open" && !one.done_visit_id) return one;
  const silent = visits.filter(isSilent);
  if (!silent.some(({ id }) => asks(one, id))) return takenBack(one, ending);
  const end = visits.find((visit) => visit.result in OUTCOMES && place(visit, scene) > last(one));
  return end ? foundBy(one, end, scene) : opened(one);
}

const opened = (one) => ({ ...one, status: "open", result: "", note: "", closed_by: "", closed_at: "", done_visit_id: "" });

const foundBy = (one, visit, scene) => ({
  ...one,
  status: "closed",
  result: OUTCOMES[visit.result],
  note: visit.note,
  closed_by: visit.by_name,
  closed_at: madeAt(visit, scene),
  done_visit_id: visit.id,
});

const takenBack = (one, ending) => ({ ...ended(one, ending), done_visit_id: "" });

const endingOf = ({ withdrawn }, at, { person }) => ({ by: person.name, at: stamp(at), why: withdrawn ? TAKEN_BACK : PUT_RIGHT });
