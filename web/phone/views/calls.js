// 天气叫应: whom a warning asks after, one by one, and what came of each.
// Twin of server/field/views/calls.py.

import { ITEM } from "../ladder.js";
import { overdueAt } from "../weather_list.js";
import { checkups } from "./checkup.js";
import * as choices from "./choices.js";
import * as doors from "./doors.js";
import { pick, sortBy } from "./order.js";
import * as people from "./people.js";
import { progress } from "./progress.js";
import { reaches } from "./redcard.js";
import { pageOf, sceneOf } from "./scene.js";
import { warning } from "./warnings.js";

const SHOWN = ["safe", "needs_help", "no_answer", "moved", "declined"];
const PHONES_SHOWN = 3;
const OVER = ["closed", "expired"];
const PLACES = ["self", "contact", "neighbour"];

/** Names for field/calls.html. `params`: id of the warning; null where it asks after nobody. */
export function calls(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const rows = ordered(scene, params.id);
  const alert = alertOf(scene, params.id);
  if (!alert) return null;
  const back = warning(scene, params.id) ? `/alerts/${params.id}` : "/alerts";
  const [todo, done] = ["open", "done"].map((state) => rows.filter((one) => one.state === state));
  return {
    ...pageOf(scene, "挨户问平安", `/alerts/${params.id}/contacts`, { back }),
    alert,
    todo,
    done: sortBy(done, ({ at, id }) => [at, id]).reverse(),
    progress: progress(todo.length, done),
    counts: {
      late: todo.filter(({ late }) => late).length,
      silent: todo.filter(({ outcome }) => outcome === "no_answer").length,
      help: done.filter(({ outcome }) => outcome === "needs_help").length,
    },
  };
}

/**
 * Names for field/call.html. `params`: id of the task, error and field; given: what was refused, named like
 * the data of `alert.contact`; replaces: its id; again and left as in visit.
 */
export function call(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const task = taskOf(scene, params.id);
  const alert = task && alertOf(scene, task.incident_id);
  if (!alert) return null;
  const given = { outcome: "", method: "phone", note: "", started_at: nowIso, checkups: [], ...(params.given || {}) };
  const here = shelf.get("household", task.household_id);
  const wanted = here && !scene.isLeader && task.checklist ? [task.checklist] : [];
  const lists = wanted.length > 0 ? checkups(scene, here, { ...given, type: "weather" }, wanted) : [];
  return {
    ...pageOf(scene, "问平安", `/contact-tasks/${task.id}`, { back: listOf(task) }),
    alert,
    task: line(scene, task),
    household: { id: task.household_id, door_no: here ? here.door_no : "" },
    phones: phonesOf(scene, task),
    tried: scene.isLeader ? [] : tried(scene, task),
    outcomes: choices.results(SHOWN, given.outcome),
    methods: choices.results(choices.METHODS, given.method),
    given: pick(given, ["note", "started_at"]),
    checkups: lists.filter(({ code }) => wanted.includes(code)),
    replaces: params.replaces || "",
    again: params.again || 0,
    left: params.left || 0,
    error: params.error || "",
    field: params.field || "",
  };
}

/** Names for field/_call.html, after a contact. `params`: id of the task. */
export function savedCall(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const task = taskOf(scene, params.id);
  if (!task) return null;
  const todo = ordered(scene, task.incident_id).filter(({ state }) => state === "open");
  return {
    ...pageOf(scene, "问平安", listOf(task)),
    task: line(scene, task),
    ladder: Number(!scene.isLeader && isLookedFor(scene, task)),
    left: todo.length,
    next: todo.filter(({ id }) => id !== task.id).slice(0, 1),
    list: listOf(task),
  };
}

/** Warnings that ask this person after somebody still, for a notice; those that hold first. */
export function askedAbout(scene) {
  const open = tasksOf(scene).filter(({ state }) => state === "open");
  const ids = [...new Set(open.map((one) => one.incident_id))];
  return sortBy(ids.flatMap((id) => askedOf(scene, id)), ({ over, id }) => [over, id]);
}

/** How far the list of one warning is; a list of none where it asks after nobody. */
export function askedOf(scene, id) {
  const tasks = tasksOf(scene).filter((one) => one.incident_id === id && one.state !== "cancelled");
  const alert = alertOf(scene, id);
  if (tasks.length === 0 || !alert) return [];
  const left = tasks.filter(({ state }) => state === "open");
  return [{ ...alert, total: tasks.length, left: left.length, late: left.filter((one) => isLate(scene, one)).length }];
}

/** What warnings still ask about one door. */
export function askedAt(scene, householdId) {
  const open = tasksOf(scene).filter((one) => one.household_id === householdId && one.state === "open");
  return open.map(({ id, incident_id: incident }) => ({ id, title: (alertOf(scene, incident) || { title: "" }).title }));
}

function line(scene, task) {
  const here = scene.shelf.get("household", task.household_id);
  const [first] = phonesOf(scene, task);
  const isOpen = task.state === "open";
  return {
    ...pick(task, ["id", "household_id", "state", "outcome", "by_name", "method"]),
    ...who(scene, task, here),
    is_red: task.is_red || 0,
    due_at: scene.local(overdueAt(task)),
    late: Number(isLate(scene, task)),
    begin: Number(isOpen && !task.outcome && scene.local(task.begin_at) <= scene.now),
    at: scene.local(task.at),
    note: task.note || "",
    phone: first ? first.phone : "",
    waiting: Math.max(0, ...(task.contacts || []).map(({ id }) => scene.isWaiting(id))),
  };
}

/** Names and door; a leader knows those of the pair only. */
function who(scene, task, here) {
  if (scene.isLeader) return { label: task.label, names: [task.name], badges: [], pair: "" };
  if (!here) return { label: "", names: [], badges: [], pair: "" };
  const residents = people.present(scene.shelf.of("resident", "household_id", here.id));
  const asked = residents.filter(({ id }) => task.resident_ids.includes(id));
  const paired = scene.shelf.of("pairing", "household_id", here.id).find((one) => one.leader_id === task.assigned_to);
  const pair = task.assigned_to && paired ? paired.name : "";
  return { label: here.label, names: asked.map(({ name }) => name), badges: people.badges(scene, here, asked), pair };
}

/** Whom to dial, those who are asked after first, then who reaches them. */
function phonesOf(scene, task) {
  if (scene.isLeader) return task.phone ? [{ phone: task.phone, name: task.name, relation: "self" }] : [];
  const found = scene.shelf.of("contact", "household_id", task.household_id);
  const rank = (one) => [PLACES.indexOf(reaches(one.relation || "self")), Number(!task.resident_ids.includes(one.resident_id)), one.id];
  return sortBy(found, rank).slice(0, PHONES_SHOWN).map((one) => pick(one, ["phone", "name", "relation"]));
}

/** What was done so far, the latest first. */
function tried(scene, task) {
  const shown = (one) => ({ ...pick(one, ["outcome", "method", "by_name", "note"]), at: scene.local(one.at), waiting: scene.isWaiting(one.id) });
  return [...task.contacts].reverse().map(shown);
}

/** The warning in a few words; a leader's tasks say them themselves. */
function alertOf(scene, id) {
  const found = scene.shelf.get("alert", id);
  const task = tasksOf(scene).find((one) => one.incident_id === id);
  if (!found && !task) return null;
  const said = found || { title: "", colour: "", ...task };
  return { id, title: said.title, colour: said.colour, over: Number(Boolean(found) && OVER.includes(found.state)) };
}

const tasksOf = (scene) => scene.shelf.all(scene.isLeader ? "pair_task" : "contact_task");
const taskOf = (scene, id) => scene.shelf.get(scene.isLeader ? "pair_task" : "contact_task", id);
const listOf = ({ incident_id: id }) => `/alerts/${id}/contacts`;

/** Red ones first, then those whom nobody has tried yet, then as one walks. */
function ordered(scene, id) {
  const shown = tasksOf(scene).filter((one) => one.incident_id === id && one.state !== "cancelled");
  return sortBy(shown, (one) => order(scene, one)).map((one) => line(scene, one));
}

function order(scene, task) {
  const here = scene.shelf.get("household", task.household_id);
  const building = here && scene.shelf.get("building", here.building_id);
  const place = here ? doors.doorOrder(here) : [0, ...doors.natural(task.label || ""), ""];
  const unit = here ? doors.natural(here.unit) : [0, ""];
  return [-(task.is_red || 0), Number(Boolean(task.outcome)), building ? building.order : 0, ...unit, ...place, task.id];
}

function isLate(scene, task) {
  const at = scene.local(overdueAt(task));
  return task.state === "open" && at !== "" && at < scene.now;
}

function isLookedFor(scene, task) {
  const cases = scene.shelf.of("followup", "household_id", task.household_id);
  return task.outcome === "no_answer" && cases.some(({ item, status }) => item === ITEM && status === "open");
}
