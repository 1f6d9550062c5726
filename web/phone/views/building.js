// 楼栋图: units by floors, each door with its state; a tap picks and the bar below acts.
// Twin of server/field/views/building.py.

import * as days from "../days.js";
import { askedAbout } from "./calls.js";
import * as doors from "./doors.js";
import { floorsOf } from "./floors.js";
import { pick } from "./order.js";
import * as people from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

const SHOWN = ["all", "today", "late"];
const TOWER_FLOORS = 12;
const JUMP = 6;

/**
 * Names for field/building.html; null when this building is not on the shelf.
 * `params`: id, door (the picked household), show (all, today, late; for a leader attention).
 */
export function building(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("building", params.id);
  if (!here) return null;

  const households = shelf.of("household", "building_id", here.id).filter((one) => one.status === "active");
  const tasks = doors.tasksByDoor(scene);
  const standing = new Map(households.map((one) => [one.id, doors.stand(scene, one, tasks.get(one.id))]));
  const show = shownOf(scene, params);
  const picked = households.find((one) => one.id === params.door) || null;
  const cells = households.map((one) => cell(scene, one, standing.get(one.id), picked, show));
  const { columns, floors } = floorsOf(here, households, cells, { onlyBright: show !== "all" });
  const back = scene.isLeader ? "" : "/buildings";

  return {
    ...pageOf(scene, here.label, `/buildings/${here.id}`, { tab: "buildings", back }),
    building: pick(here, ["id", "label", "leader_name"]),
    calls: scene.isLeader ? askedAbout(scene) : [],
    doors: households.length,
    floor_count: here.floors,
    is_tower: Number(floors.length > TOWER_FLOORS),
    show,
    filters: filters(scene, households, standing),
    columns,
    floors,
    jumps: jumps(floors),
    picked: pickedRow(scene, picked, standing),
  };
}

function shownOf(scene, params) {
  const allowed = scene.isLeader ? ["all", "attention"] : SHOWN;
  return allowed.includes(params.show) ? params.show : "all";
}

function filters(scene, households, standing) {
  if (scene.isLeader) {
    const attention = households.reduce((sum, one) => sum + one.attention, 0);
    return [{ show: "all", n: 0 }, { show: "attention", n: attention }];
  }
  const count = (state) => [...standing.values()].filter((at) => at.state === state).length;
  const late = count("late");
  return [{ show: "all", n: 0 }, { show: "today", n: late + count("due") }, { show: "late", n: late }];
}

function cell(scene, household, at, picked, show) {
  if (scene.isLeader) return leadersCell(scene, household, picked, show);
  const residents = scene.shelf.of("resident", "household_id", household.id);
  const [badge = { code: "", age: 0 }] = people.badges(scene, household, residents);
  const { state } = at;
  const sign = doors.signOf(household, at);
  const bright = show === "all" || state === "late" || (show === "today" && state === "due");
  return {
    id: household.id,
    door_no: household.door_no,
    sign,
    look: sign === "vacant" ? "vacant" : state,
    tag: badge.code,
    age: badge.age,
    picked: Number(household === picked),
    dim: Number(!bright),
    name: "",
    ...since(scene, household, at),
  };
}

/** Doors, names and "needs attention", nothing else: a leader knows no reasons. */
function leadersCell(scene, household, picked, show) {
  const residents = scene.shelf.of("resident", "household_id", household.id);
  const [name = ""] = people.heads(scene, household, residents).names;
  const vacant = household.tenure === "vacant";
  const sign = household.attention ? "attention" : "";
  return {
    id: household.id,
    door_no: household.door_no,
    sign: sign || (vacant ? "vacant" : ""),
    look: vacant && !sign ? "vacant" : "idle",
    tag: vacant ? "vacant" : "",
    age: 0,
    picked: Number(household === picked),
    dim: Number(show === "attention" && !sign),
    name,
    since: "",
    n: 0,
    at: "",
  };
}

/** The last line of a cell as a word and its number or moment. */
function since(scene, household, at) {
  const { state } = at;
  if (state === "done") return { since: "done", n: 0, at: at.visit_at };
  if (state === "rest") return { since: "rest", n: 0, at: household.rest_until };
  if (["late", "due", "way"].includes(state)) return { since: state, n: at.late, at: "" };
  if (!household.last_visit_at || household.tenure === "vacant") return { since: "", n: 0, at: "" };
  const last = days.day(household.last_visit_at, scene.timezone);
  return { since: "ago", n: days.between(last, scene.today), at: "" };
}

/** Groups of floors to jump to in a tower, top first. */
function jumps(floors) {
  const numbers = floors.map((one) => one.floor);
  if (numbers.length <= TOWER_FLOORS) return [];
  const groups = [];
  for (let at = 0; at < numbers.length; at += JUMP) groups.push(numbers.slice(at, at + JUMP));
  return groups.map((group) => ({ top: group[0], bottom: group[group.length - 1] }));
}

/** The row of the picked door, as a list of none or one. */
function pickedRow(scene, picked, standing) {
  if (!picked) return [];
  const row = doors.row(scene, picked, standing.get(picked.id));
  if (!scene.isLeader) return [row];
  const residents = people.present(scene.shelf.of("resident", "household_id", picked.id));
  const plain = { names: residents.map((one) => one.name), family: 0, badges: [], plate: "shown" };
  return [{ ...row, ...plain, attention: picked.attention }];
}
