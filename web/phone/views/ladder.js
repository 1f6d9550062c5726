// 无人应答: the steps until somebody is found, each with its time, and whom to dial.
// Twin of server/field/views/ladder.py.

import { WITHDRAWN } from "../followups.js";
import { ITEM } from "../ladder.js";
import { stamp } from "../operations.js";
import { dial, reaches, where } from "./redcard.js";
import { pairingsOf } from "./household.js";
import { pick, sortBy } from "./order.js";
import { RED_DAYS, careInterval, present } from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

// Each step with the minutes after which it is late, and with what settles it.
const STEPS = [
  ["self", 0, ["self"]],
  ["contact", 10, ["contact"]],
  ["near", 30, ["quiet", "signs"]],
  ["knock", 120, ["knock"]],
  ["office", 120, ["office"]],
  ["police", 240, ["110"]],
  ["enter", 0, ["120"]],
];
const MARKS = { near: ["quiet", "signs"], knock: ["knock"], police: ["consent"] };
const FAMILY_SHOWN = 4;
const NEXT_DOORS_SHOWN = 3;
const MINUTE_MS = 60_000;

/** Names for field/ladder.html and _ladder.html; null where nobody is looked for. `params`: id, error. */
export function ladder(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("household", params.id);
  const found = caseOf(scene, params.id);
  if (!here || !found || scene.isLeader) return null;
  const path = `/households/${here.id}`;
  const residents = present(shelf.of("resident", "household_id", here.id));
  const weekly = residents.filter((one) => careInterval(scene, one) > 0 && careInterval(scene, one) <= RED_DAYS);
  const sought = weekly.length > 0 ? weekly : residents;
  return {
    ...pageOf(scene, "无人应答", `${path}/ladder`, { back: path }),
    household: pick(here, ["id", "label"]),
    names: sought.map(({ name }) => name),
    where: where(scene, here),
    case: {
      ...pick(found, ["status", "result", "note", "closed_by"]),
      at: scene.local(found.opened_at),
      closed_at: scene.local(found.closed_at),
      waiting: scene.isWaiting(found.id),
    },
    steps: stepsOf(scene, found, callsOf(scene, here, sought)),
    error: params.error || "",
    taken: found.steps.map((one) => ({
      ...pick(one, ["step", "who", "by_name"]),
      at: scene.local(one.at),
      waiting: scene.isWaiting(one.id),
    })),
  };
}

/** Whom a door is looked through for: its open case, else the one that ended last. */
export function caseOf(scene, householdId) {
  const all = scene.shelf.of("followup", "household_id", householdId);
  const found = all.filter((one) => one.item === ITEM && one.result !== WITHDRAWN);
  return sortBy(found, (one) => [Number(one.status === "open"), one.opened_at, one.id]).pop() || null;
}

function stepsOf(scene, { opened_at: openedAt, steps: done }, calls) {
  const taken = new Map(done.map((one) => [one.step, scene.local(one.at)]));
  const dialled = new Map(done.map((one) => [`${one.step} ${one.who}`, scene.local(one.at)]));
  const steps = [];
  for (const [code, minutes, settling] of STEPS) {
    const at = settling.map((one) => taken.get(one) || "").sort().pop();
    const until = minutes ? scene.local(stamp(Date.parse(openedAt) + minutes * MINUTE_MS)) : "";
    const late = Number(until !== "" && !at && until < scene.now);
    const isBehind = steps.some(({ state }) => state === "now") && !late && !(code === "police" && taken.has("signs"));
    const isLater = code === "enter" ? !taken.has("110") : isBehind;
    steps.push({
      code,
      state: at ? "done" : isLater ? "later" : "now",
      at,
      until,
      late,
      calls: (calls[code] || []).map((one) => ({ ...one, at: dialled.get(`${one.step} ${one.who}`) || "" })),
      marks: (MARKS[code] || []).map((step) => ({ step, at: taken.get(step) || "" })),
    });
  }
  return steps;
}

/** Whom to dial at each step, as far as their numbers are on the phone. */
function callsOf(scene, here, sought) {
  const ids = sought.map(({ id }) => id);
  const known = sortBy(scene.shelf.of("contact", "household_id", here.id), (one) => [Number(!ids.includes(one.resident_id)), one.id]);
  const own = (kind) =>
    known.filter(({ relation }) => reaches(relation) === kind).map((one) => call(kind, one.phone, one.name, one.relation));
  const orNobody = (found, step) => (found.length > 0 ? found : [call(step, "")]);
  const near = [...own("neighbour"), ...volunteers(scene, here), ...nextDoors(scene, here), ...leader(scene, here)];
  const open = (to) => [call(to, dial(scene, here, {}, to).phone)];
  return {
    self: orNobody(own("self").slice(0, FAMILY_SHOWN), "self"),
    contact: orNobody(own("contact").slice(0, FAMILY_SHOWN), "contact"),
    near: orNobody(near, "neighbour"),
    office: open("office"),
    police: open("110"),
    enter: open("120"),
  };
}

const call = (step, phone, who = "", relation = "") => ({ step, phone, who, relation });

const volunteers = (scene, here) =>
  pairingsOf(scene, here).filter(({ phone }) => phone).map(({ phone, name }) => call("neighbour", phone, name, "pair"));

/** Numbers of the doors of the same stairwell, the nearest first. */
function nextDoors(scene, here) {
  const away = ({ floor }) => Math.abs(floor - here.floor);
  const doors = scene.shelf
    .of("household", "building_id", here.building_id)
    .filter((one) => one.unit === here.unit && one.id !== here.id && one.status === "active" && away(one) <= 1);
  const found = sortBy(doors, (one) => [away(one), one.door_no, one.id]).flatMap((one) => {
    const held = scene.shelf.of("contact", "household_id", one.id);
    const first = held.find(({ relation }) => reaches(relation) === "self") || held[0];
    return first ? [call("neighbour", first.phone, `${one.door_no} ${first.name}`.trim())] : [];
  });
  return found.slice(0, NEXT_DOORS_SHOWN);
}

function leader(scene, here) {
  const { leader_name: name = "", leader_phone: phone = "" } = scene.shelf.get("building", here.building_id) || {};
  return name ? [call("leader", phone, name)] : [];
}
