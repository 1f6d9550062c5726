// How a door stands today: due, late, done, resting, on the way, or quiet.
// Twin of server/field/views/doors.py.

import { mayBeEarly, sign } from "../care.js";
import * as days from "../days.js";
import { EVENTS, FESTIVALS, MAJOR_CHANGE } from "../plans.js";
import { isResting, moment } from "../respect.js";
import { sortBy } from "./order.js";
import * as people from "./people.js";

export const TO_DO = ["late", "due"];
const PLATES = { late: "todo", due: "todo", done: "done" };
const LAST_DAY = "9999-12-31";
// Somebody was there, or called, and knows no more than before.
const MISSED = ["no_answer", "not_home", "rescheduled", "wrong_info"];
// Reasons that a row names instead of how often the door is seen.
const OCCASIONS = [...Object.keys(EVENTS), ...FESTIVALS];

/** Open requests of the office that are for everybody or for me, earliest first, by household id. */
export function tasksByDoor(scene) {
  const mine = ["", scene.person.id];
  const open = scene.shelf.all("task").filter((one) => one.status === "open" && mine.includes(one.for_person));
  const found = new Map();
  for (const task of sortBy(open, (one) => [one.due_on, one.id])) {
    if (!found.has(task.household_id)) found.set(task.household_id, []);
    found.get(task.household_id).push(task);
  }
  return found;
}

/** The last visit of this day at the door, whoever made it; null when there is none. */
function visitToday(scene, household) {
  const isToday = (instant) => days.isOn(scene.today, instant, scene.timezone);
  if (!isToday(household.last_visit_at)) return null;
  const made = scene.shelf
    .of("visit", "household_id", household.id)
    .filter((one) => !one.withdrawn && isToday(moment(one)));
  return sortBy(made, (one) => [moment(one), one.id]).pop() || null;
}

/** State of a door and the numbers that words are made of. Every name is always there. */
export function stand(scene, household, tasks = []) {
  const { today } = scene;
  const visit = visitToday(scene, household);
  const asked = tasks.filter((task) => (task.due_on || today) <= today);
  const wanted = asked.map((task) => task.due_on || today);
  const dueOn = [household.due_on || LAST_DAY, ...wanted].sort()[0];
  const resting = isResting(household.rest_until, today);
  const early = mayBeEarly(household.due_on, household.interval, today);
  // A contact within a day is wanted from the hour of the news.
  const isDue = dueOn <= today || (early && household.due_category === MAJOR_CHANGE);
  // Who declined is telephoned: that is work, a knock is not.
  const rests = resting && !(isDue && (asked.length > 0 || household.due_method === "phone"));

  return {
    state: state({ isDue, rests, early, dueOn, visit, today }),
    is_due: Number(isDue),
    late: isDue ? Math.max(days.between(dueOn, today), 0) : 0,
    left: household.due_on ? days.between(today, household.due_on) : 0,
    task: asked.length ? asked[0].reason : "",
    method: resting ? "phone" : household.due_method,
    reason: household.due_reasons.find((one) => OCCASIONS.includes(one)) || "",
    visit_id: visit ? visit.id : "",
    visit_at: visit ? scene.local(moment(visit)) : "",
    visit_result: visit ? visit.result : "",
    visit_method: visit ? visit.method : "",
    missed: Number(Boolean(visit) && MISSED.includes(visit.result)),
    waiting: visit ? scene.isWaiting(visit.id) : 0,
  };
}

/** A door as a row of a list. Takes what `stand` said. */
export function row(scene, household, standing) {
  const residents = scene.shelf.of("resident", "household_id", household.id);
  return {
    ...standing,
    ...people.heads(scene, household, residents),
    badges: standing.state === "done" ? [] : people.badges(scene, household, residents),
    id: household.id,
    door_no: household.door_no,
    unit: household.unit,
    floor: household.floor,
    label: household.label,
    plate: PLATES[standing.state] || "way",
    sign: signOf(household, standing),
    interval: household.interval,
    care: household.due_category,
    rest_until: household.rest_until,
    refused_on: refusedOn(scene, household),
  };
}

/** The sign of a door; the names of labels.json `sign`. */
export function signOf(household, standing) {
  if (standing.state === "done") return standing.waiting ? "wait" : standing.missed ? "none" : "done";
  if (standing.state === "rest") return "rest";
  if (standing.state === "idle" && household.tenure === "vacant") return "vacant";
  return sign(household.interval);
}

/** Top floor first, then the doors of a floor from left to right. */
export const doorOrder = (household) => [-household.floor, ...natural(household.door_no), household.id];

/** Order by the digits of a name, then by the name. */
export function natural(text) {
  const digits = text.replace(/[^0-9]/g, "");
  return [digits ? Number(digits.slice(0, 9)) : 0, text];
}

export function refusedOn(scene, household) {
  return household.last_result === "refused" ? days.day(household.last_visit_at, scene.timezone) : "";
}

function state({ isDue, rests, early, dueOn, visit, today }) {
  if (visit && (rests || !isDue)) return "done";
  if (rests) return "rest";
  if (isDue) return dueOn < today ? "late" : "due";
  return early ? "way" : "idle";
}
