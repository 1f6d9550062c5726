// 今日: what is due at my doors, merged by door, in the order one walks.
// Twin of server/field/views/today.py.

import { after } from "../days.js";
import { ITEM } from "../ladder.js";
import { askedAbout } from "./calls.js";
import * as doors from "./doors.js";
import { counts } from "./followups.js";
import * as matters from "./matters.js";
import { compare, sortBy } from "./order.js";
import { RED_DAYS } from "./people.js";
import { progress } from "./progress.js";
import { pageOf, sceneOf } from "./scene.js";

const WAY_PER_UNIT = 3;
const ROWS_SHOWN = 120;
const [TOLD, TOLD_DAYS] = [["handover", "reminder"], 7];

/** Names for field/today.html. `params` is not used. */
export function today(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const standing = standingOf(scene);
  const units = unitsOf(scene, standing);
  const { listed, further } = cut(units);
  for (const one of further) one.label = (shelf.get("building", one.building_id) || { label: "" }).label;
  const sections = listed.map((unit, at) => ({ ...section(scene, unit), first: Number(at === 0) }));
  unfoldLatest(sections);
  const todo = units.reduce((sum, unit) => sum + unit.todo, 0);
  const done = standing.map(([, at]) => at).filter((at) => at.state === "done");

  return {
    ...pageOf(scene, "今日", "/today", { tab: "today" }),
    person: { grid_names: scene.person.grid_names },
    progress: progress(todo, done),
    sections,
    further,
    way_count: standing.filter(([, at]) => at.state === "way").length,
    is_empty: Number(units.length === 0),
    followups: counts(scene),
    issues: matters.counts(scene),
    calls: askedAbout(scene),
    unanswered: unanswered(scene),
    returned: returned(scene),
    told: told(scene),
  };
}

/** Issues whose time runs out, and what was handed over of late, with what comes first. */
function told({ shelf, local, today }) {
  const found = shelf.all("notice").filter(({ outcome, state }) => TOLD.includes(outcome) && state === "told");
  const shown = found.map(({ at, outcome, message, reason }) => ({ at: local(at), what: outcome, said: message, lines: reason.split("\n") }));
  const late = shown.filter(({ at }) => at.slice(0, 10) > after(today, -TOLD_DAYS));
  return sortBy(late, ({ at, said }) => [at, said]).reverse();
}

/** Own visits that the office sent back and that were not put right yet, the longest first. */
function returned({ shelf }) {
  const open = sortBy(shelf.all("notice").filter(({ state }) => state === "returned"), (one) => [one.at, one.visit_id]);
  return open.flatMap(({ visit_id: id, reason, field }) => {
    const visit = shelf.get("visit", id);
    const here = visit && visit.review === "returned" && shelf.get("household", visit.household_id);
    return here ? [{ id, label: here.label, reason, field }] : [];
  });
}

/** Doors where somebody is looked for, the longest first. */
function unanswered(scene) {
  const found = scene.shelf.all("followup").filter(({ item, status }) => item === ITEM && status === "open");
  const shown = found.flatMap((one) => {
    const here = scene.shelf.get("household", one.household_id);
    return here ? [{ id: here.id, label: here.label, at: scene.local(one.opened_at) }] : [];
  });
  return sortBy(shown, ({ at, id }) => [at, id]);
}

/** The stairwells that are listed, with their doors as [household, how it stands]. */
export const listedUnits = (scene) => cut(unitsOf(scene, standingOf(scene))).listed;

function standingOf(scene) {
  const tasks = doors.tasksByDoor(scene);
  return scene.shelf
    .all("household")
    .filter((household) => household.status === "active")
    .map((household) => [household, doors.stand(scene, household, tasks.get(household.id))]);
}

/** Stairwells with something on today's list, the most urgent building first. */
function unitsOf(scene, standing) {
  const units = new Map();
  for (const [household, at] of standing) {
    const key = `${household.building_id} ${household.unit}`;
    if (!units.has(key)) units.set(key, { building_id: household.building_id, unit: household.unit, doors: [] });
    units.get(key).doors.push([household, at]);
  }
  const urgencies = new Map();
  for (const unit of units.values()) {
    unit.todo = unit.doors.filter(([, at]) => doors.TO_DO.includes(at.state)).length;
    unit.urgency = Math.min(...unit.doors.map(urgency));
    unit.rows = picked(unit.doors);
    const known = urgencies.has(unit.building_id) ? urgencies.get(unit.building_id) : 9;
    urgencies.set(unit.building_id, Math.min(known, unit.urgency));
  }
  const shown = [...units.values()].filter((unit) => urgencies.get(unit.building_id) < 8 && unit.rows.length);
  return sortBy(shown, (unit) => {
    const building = scene.shelf.get("building", unit.building_id) || { order: 0 };
    return [urgencies.get(unit.building_id), building.order, unit.building_id, unit.urgency, ...doors.natural(unit.unit)];
  });
}

/** 0 is a weekly door that is late; 8 and more is nothing for today. */
function urgency([household, at]) {
  if (doors.TO_DO.includes(at.state)) {
    const weekly = household.interval > 0 && household.interval <= RED_DAYS;
    return (at.state === "late" ? 0 : 2) + (weekly ? 0 : 1);
  }
  if (at.state === "done") return 6;
  return at.state === "rest" && at.is_due ? 7 : 9;
}

/** Doors of a stairwell that are shown: all of today's and the nearest few on the way. */
function picked(ofUnit) {
  const sure = ofUnit.filter((door) => urgency(door) < 8);
  const way = ofUnit.filter(([, at]) => at.state === "way");
  const nearest = sortBy(way, ([household, at]) => [at.left, ...doors.doorOrder(household)]).slice(0, WAY_PER_UNIT);
  return sortBy([...sure, ...nearest], ([household]) => doors.doorOrder(household));
}

/** Stairwells that are listed, and how much waits in each building behind the limit. */
function cut(units) {
  const listed = [];
  const further = new Map();
  let rows = 0;
  for (const unit of units) {
    rows += unit.rows.length;
    if (rows <= ROWS_SHOWN || listed.length === 0) listed.push(unit);
    else further.set(unit.building_id, (further.get(unit.building_id) || 0) + unit.todo);
  }
  return { listed, further: [...further].map(([building_id, todo]) => ({ building_id, todo })) };
}

function section(scene, unit) {
  const building = scene.shelf.get("building", unit.building_id);
  const rows = unit.rows.map(([household, at]) => doors.row(scene, household, at));
  return {
    building_id: unit.building_id,
    label: building ? building.label : "",
    unit: unit.unit,
    instead_of: insteadOf(scene, unit.building_id),
    todo: unit.todo,
    rows: rows.filter((one) => one.state !== "done"),
    done: rows.filter((one) => one.state === "done"),
  };
}

/** Who is away, where somebody stands in for them. */
function insteadOf(scene, buildingId) {
  const away = scene.person.standing_in.filter(([, , held]) => held.includes(buildingId));
  return away.map(([name]) => name).join("、");
}

/** The door done last stays in its place, so that a worker sees it ticked; others fold. */
function unfoldLatest(sections) {
  const done = sections.flatMap((one) => one.done);
  const latest = sortBy(done, (one) => [one.visit_at, one.id]).pop();
  const home = sections.find((one) => one.done.includes(latest));
  if (!home) return;
  home.done = home.done.filter((one) => one !== latest);
  home.rows = [...home.rows, latest].sort((one, other) => compare(doors.doorOrder(one), doors.doorOrder(other)));
}
