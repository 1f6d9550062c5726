// What a visit does to its door and its people. Twin of sync/visits.py.

import * as checkups from "./checkups.js";
import { GONE, PAUSED } from "./care.js";
import * as days from "./days.js";
import { household, people, settle } from "./doors.js";
import { TAKEN_BACK, ended } from "./followups.js";
import * as ladder from "./ladder.js";
import { shown } from "./media.js";
import { afterVisit } from "./pairings.js";
import { complete } from "./shelf.js";
import { stamp } from "./operations.js";
import { corrected, withoutContact } from "./weather_list.js";
import { shown as asAsked } from "./wordings.js";

const EFFECTIVE = ["met", "met_family", "phone_ok"];
const STATUS_RESULTS = [...PAUSED, ...GONE];

/** A visit as a fact, with what it says about the door, its people, tasks and follow-up. */
export function record({ id, at, data }, town, scene) {
  const door = household(data.household_id, town);
  if (!door) return;
  const { person } = scene;
  const visit = complete("visit", {
    ...data, ...spanOf(data), media: shown(data.media || []), checkups: asAsked(data.checkups || []), id, building_id: door.building_id, by: person.id, by_name: person.name, at: stamp(at), true_at: stamp(at),
  });
  town.put("visit", visit);
  afterVisit(visit, town.ofHousehold("visit", door.id), town, scene);
  const named = [...visit.resident_ids, ...checkups.peopleOf(visit)];
  const residents = answered(people(named, door, town), (all) => checkups.takeIn(visit, all, town, scene), visit);
  settle(takeIn(visit, door, residents, scene), town, scene);
  ladder.follow(visit, door, true, at, town, scene);
  for (const task of visit.task_ids.map((one) => town.get("task", one))) {
    const ours = task && task.household_id === door.id && task.status === "open";
    if (ours) town.put("task", { ...task, status: "done", done_visit_id: id });
  }
  if (visit.followup) town.put("followup", followup(visit));
}

/** A new version of a visit, which the office will look at. */
export function correct({ data, at }, town, scene) {
  const visit = town.get("visit", data.id);
  const door = visit && household(visit.household_id, town);
  if (!door || visit.withdrawn) return;
  const asked = data.changes.checkups ? { checkups: asAsked(data.changes.checkups) } : {};
  const back = { corrected: 1, returned_reason: "", returned_field: "", review: "waiting" };
  const after = { ...visit, ...data.changes, ...asked, ...spanOf(data.changes), ...back };
  town.put("visit", after);
  afterVisit(visit, town.ofHousehold("visit", door.id), town, scene);
  const named = [visit, after].flatMap((one) => [...one.resident_ids, ...checkups.peopleOf(one)]);
  const renew = (all) => checkups.putRight(visit, after, all, town, scene);
  const residents = answered(people(named, door, town), renew, visit, after);
  settle(fold(visit, [after], door, residents, town, scene), town, scene);
  ladder.follow(after, door, false, at, town, scene);
  tellTasks(visit, (one) => corrected(one, after), town);
  if (after.followup && !visit.followup) town.put("followup", followup(after));
}

/** Take a visit back: it stays to be seen, but counts for nothing any more. */
export function withdraw({ data, at }, town, scene) {
  const visit = town.get("visit", data.id);
  const door = visit && household(visit.household_id, town);
  if (!door || visit.withdrawn) return;
  const after = { ...visit, withdrawn: 1, review: "none" };
  town.put("visit", after);
  afterVisit(visit, town.ofHousehold("visit", door.id), town, scene);
  const named = [...visit.resident_ids, ...checkups.peopleOf(visit)];
  const renew = (all) => checkups.putRight(visit, after, all, town, scene);
  settle(fold(visit, [], door, answered(people(named, door, town), renew, visit), town, scene), town, scene);
  ladder.follow(after, door, false, at, town, scene);
  tellTasks(visit, (one) => withoutContact(one, visit.id), town);
  for (const task of visit.task_ids.map((one) => town.get("task", one))) {
    const ours = task && task.done_visit_id === visit.id;
    if (ours) town.put("task", { ...task, status: "open", done_visit_id: "" });
  }
  const wish = town.get("followup", visit.id);
  if (wish && wish.status === "open") town.put("followup", ended(wish, { by: scene.person.name, at: stamp(at), why: TAKEN_BACK }));
}

/** What warnings asked about this door, after a visit for one of them changed. */
function tellTasks({ type, household_id: id }, after, town) {
  const tasks = type === "weather" ? town.ofHousehold("contact_task", id) : [];
  for (const one of tasks) if (after(one) !== one) town.put("contact_task", after(one));
}

/** These people after what they were asked, if any of the visits asked anything. */
const answered = (residents, renew, ...visits) =>
  visits.some((one) => one.checkups.length > 0) ? renew(residents).residents : residents;

/** The door and its people after one more visit, which may be older than the last. */
function takeIn(visit, door, residents, scene) {
  if (visit.withdrawn) return { door, residents };
  const [arrivedAt, madeAt] = [visit.received_at || scene.now, madeAtOf(visit, scene)];
  const on = days.day(madeAt, scene.community.timezone);
  const effective = EFFECTIVE.includes(visit.result);
  const after = { ...door };
  // The latest counts, and among equals the later number. What is dated at this one's arrival came
  // with it, from a clock that was set since: when it was made nobody knows, but it was before.
  if (madeAt >= after.last_visit_at || after.last_visit_at === arrivedAt) {
    after.last_visit_at = madeAt;
    after.last_result = visit.result;
  }
  const nobodyNamed = visit.resident_ids.length === 0;
  if ((effective && nobodyNamed) || visit.result === "vacant") {
    [after.door_contact_on, after.door_method] = laterContact(after.door_contact_on, after.door_method, on, visit);
  }
  if (visit.result === "refused") {
    after.rest_until = later(after.rest_until, days.after(on, scene.community.refused_rest_days));
  }

  let concerned = visit.resident_ids;
  const alone = nobodyNamed && residents.length === 1;
  if (alone && STATUS_RESULTS.includes(visit.result)) concerned = [residents[0].id];
  return { door: after, residents: peopleAfter(visit, residents, concerned, scene) };
}

const peopleAfter = (visit, residents, concerned, scene) =>
  residents.map((one) => (concerned.includes(one.id) ? personAfter(visit, one, scene) : one));

/** No visit was made after it arrived: a clock that ran ahead hides no door from its plan. */
function madeAtOf({ true_at, received_at }, { now }) {
  const arrivedAt = received_at || now;
  return arrivedAt < true_at ? arrivedAt : true_at;
}

/** The door and its people as the remaining visits tell it, when `gone` was taken back or changed.
 *  Visits at other doors are asked too: people move. */
function fold(gone, added, door, residents, town, scene) {
  const others = town.ofHousehold("visit", door.id).filter((one) => one.id !== gone.id);
  const isNamed = (one) => residents.some(({ id }) => one.resident_ids.includes(id));
  const elsewhere = town.all("visit").filter((one) => one.household_id !== door.id && isNamed(one));
  const on = days.day(madeAtOf(gone, scene), scene.community.timezone);
  let state = {
    door: { ...door, last_visit_at: "", last_result: "", door_contact_on: "", door_method: "", rest_until: "" },
    residents: residents.map((one) => ({ ...one, ...contactWithout(on, one), ...statusWithout(gone, one, scene) })),
  };
  for (const visit of inOrder([...others, ...added, ...elsewhere], scene)) {
    if (visit.household_id === door.id) state = takeIn(visit, state.door, state.residents, scene);
    else if (!visit.withdrawn) state.residents = peopleAfter(visit, state.residents, visit.resident_ids, scene);
  }
  return state;
}

/** Oldest first. What says that it was made after it arrived goes before what came with it. */
function inOrder(visits, { now }) {
  const arrival = (one) => one.received_at || now;
  const earliest = new Map();
  for (const one of visits) {
    const known = earliest.get(arrival(one));
    if (!known || one.true_at < known) earliest.set(arrival(one), one.true_at);
  }
  const order = (one) => {
    const [first, last] = [earliest.get(arrival(one)), arrival(one)];
    const isPossible = one.true_at <= last;
    return `${isPossible ? one.true_at : first < last ? first : last}${Number(isPossible)}${one.true_at}${one.id}`;
  };
  return visits.sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

function personAfter(visit, resident, scene) {
  const after = { ...resident };
  const on = days.day(madeAtOf(visit, scene), scene.community.timezone);
  if (EFFECTIVE.includes(visit.result)) [after.last_contact_on, after.last_method] = laterContact(after.last_contact_on, after.last_method, on, visit);
  if (isOverruled(visit, resident, scene)) return after;
  // The office did not take the word of what it sent back.
  if (STATUS_RESULTS.includes(visit.result)) return visit.review === "returned" ? after : { ...after, status: visit.result, status_until: visit.away_until };
  const isBack = visit.result === "met" && visit.method === "door" && PAUSED.includes(resident.status);
  return isBack ? { ...after, status: "living", status_until: "" } : after;
}

/** Day and way of the later of two contacts; of two on one day, the one at the door counts. */
function laterContact(knownOn, knownWay, on, { method }) {
  const way = method === "door" ? "door" : "phone";
  if (on === knownOn) return [on, [way, knownWay].includes("door") ? "door" : way];
  return on > knownOn ? [on, way] : [knownOn, knownWay];
}

/** Whether somebody set the status since. Who died or moved away is news when it arrives. */
function isOverruled(visit, { status_at }, scene) {
  const toldAt = GONE.includes(visit.result) ? visit.received_at || scene.now : madeAtOf(visit, scene);
  return toldAt < (status_at || "");
}

/** Only a contact of that day can be the one that was taken back. */
const contactWithout = (on, { last_contact_on }) => (last_contact_on === on ? { last_contact_on: "", last_method: "" } : {});

function statusWithout(visit, resident, scene) {
  const isSame = STATUS_RESULTS.includes(visit.result) && resident.status === visit.result;
  const byThisVisit = isSame && !isOverruled(visit, resident, scene);
  return byThisVisit ? { status: "living", status_until: "" } : {};
}

function followup(visit) {
  const { id, household_id, building_id, by, by_name } = visit;
  return complete("followup", {
    id, household_id, building_id, visit_id: id, what: visit.followup, opened_at: visit.true_at, by, by_name,
  });
}

/** Start and end as a record keeps them, whatever offset they came with. */
function spanOf(said) {
  const named = ["started_at", "ended_at"].filter((name) => said[name]);
  return Object.fromEntries(named.map((name) => [name, stamp(said[name])]));
}

const later = (one, other) => (one >= other ? one : other);
