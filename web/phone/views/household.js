// 户: who lives behind a door, why it is due, what to ask, what happened last.
// Twin of server/field/views/household.py.

import { ORDINARY, ageOn } from "../care.js";
import * as days from "../days.js";
import { adviceFor, knocksOf } from "./advice.js";
import { asking } from "./asking.js";
import { askedAt } from "./calls.js";
import { ordered } from "./followups.js";
import * as doors from "./doors.js";
import { pick } from "./order.js";
import * as people from "./people.js";
import { pageOf, sceneOf } from "./scene.js";
import * as visits from "./visits.js";

const RECENT = 4;
const EVENT_DAYS = 14;
const ASKS_SHOWN = 5;
const VERIFIED_DAYS = 90;

/**
 * Names for field/household.html; null when this door is not on the shelf.
 * `params`: id, saved (a visit to confirm at the top, after a form was sent without scripts).
 */
export function household(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("household", params.id);
  if (!here || here.status !== "active") return null;

  const building = shelf.get("building", here.building_id);
  const tasks = doors.tasksByDoor(scene).get(here.id) || [];
  const row = doors.row(scene, here, doors.stand(scene, here, tasks));
  const contacts = shelf.of("contact", "household_id", here.id);
  const residents = people.present(shelf.of("resident", "household_id", here.id));
  const past = visits.past(scene, here.id);
  const back = `/buildings/${here.building_id}?door=${here.id}`;

  return {
    ...pageOf(scene, building ? building.label : here.label, `/households/${here.id}`, { back }),
    household: { ...row, ...pick(here, ["building_id", "disputed", "attention"]) },
    plan: plan(here, residents),
    pairings: pairingsOf(scene, here),
    events: eventsOf(scene, here, residents),
    calls: askedAt(scene, here.id),
    knocks: knocksOf(scene, here),
    advice: adviceFor(scene, here),
    asks: asks(scene, here, tasks, contacts),
    tasks: tasks.map((one) => pick(one, ["id", "reason", "due_on", "by_name"])),
    followups: followups(scene, here),
    notices: notices(scene, here),
    people: residents.map((one) => person(scene, one, contacts)),
    contacts: looseContacts(scene, contacts, residents),
    recent: past.slice(0, RECENT),
    older: past.slice(RECENT),
    saved: past.filter((one) => one.id === params.saved),
    care: care(scene, here),
    phone: contacts.length ? contacts[0].phone : "",
  };
}

/** Volunteers who look after somebody here. */
export function pairingsOf(scene, here) {
  const found = scene.shelf.of("pairing", "household_id", here.id).filter(({ status }) => status === "active");
  return found.map((one) => pick(one, ["id", "name", "phone", "resident_name", "contacted_on"]));
}

/** For whom the next contact is, and whether a volunteer is at hand. */
function plan({ due_for, due_reasons }, residents) {
  const names = residents.filter(({ id }) => due_for.includes(id)).map(({ name }) => name);
  return { names, paired: Number(due_reasons.includes("pairing")) };
}

/** What happened here and is still looked after, the door's own first. */
export function eventsOf(scene, here, residents) {
  const found = [[here, ""], ...residents.map((one) => [one, one.name])];
  const recent = found.filter(([{ event, event_on }]) => event && days.between(event_on, scene.today) <= EVENT_DAYS);
  return recent.map(([one, name]) => ({ what: one.event, on: one.event_on, note: one.event_note, name }));
}

/** Where 探访关爱 begins: at the list of the only one to be asked; "1" for several, "" for none. */
function care(scene, here) {
  const asked = scene.isLeader ? [] : asking(scene, here);
  const [only, ...others] = asked.map((one) => `ask-${one.resident.id}-${one.checklist.code}`);
  return others.length > 0 ? "1" : only || "";
}

/** What to ask today: requests first, then open follow-ups, then what the categories ask. */
function asks(scene, here, tasks, contacts) {
  const ask = (kind, text, by) => ({ kind, text, by });
  const unchecked = contacts.filter((one) => isUnchecked(scene, one)).slice(0, 1);
  return [
    ...tasks.map((one) => ask("task", one.reason, one.by_name)),
    ...followups(scene, here).filter(({ level }) => !level).map((one) => ask("followup", one.what, "")),
    ...codes(scene, here).map((code) => ask("care", code, "")),
    ...unchecked.map((one) => ask("contact", one.name, one.verified_on)),
  ].slice(0, ASKS_SHOWN);
}

/** The two weightiest categories behind this door; ordinary when there is none. */
function codes(scene, here) {
  const residents = scene.shelf.of("resident", "household_id", here.id);
  const found = people.badges(scene, here, residents).map((badge) => badge.code);
  return found.length ? found : [ORDINARY];
}

function isUnchecked(scene, contact) {
  return !contact.verified_on || days.between(contact.verified_on, scene.today) > VERIFIED_DAYS;
}

const followups = (scene, here) => ordered(scene, scene.shelf.of("followup", "household_id", here.id));

/** Work at this door that was sent back or could not apply and is not settled yet. */
function notices(scene, here) {
  const told = scene.shelf.of("notice", "household_id", here.id);
  const open = told.filter((one) => ["waiting", "returned"].includes(one.state));
  return open.map((one) => pick(one, ["id", "outcome", "code", "message", "reason", "visit_id", "field"]));
}

function person(scene, resident, contacts) {
  const weekly = people.careInterval(scene, resident);
  return {
    id: resident.id,
    name: resident.name,
    sex: resident.sex,
    age: Math.max(ageOn(resident.birth_on, scene.today), 0),
    born: resident.birth_on,
    relation: resident.relation_to_head,
    status: resident.status,
    status_until: resident.status_until,
    categories: people.categoriesOf(scene, resident).filter((code) => code !== "high_risk_elder"),
    weekly: Number(weekly > 0 && weekly <= people.RED_DAYS),
    disputed: resident.disputed,
    proposed: scene.isWaiting(resident.id),
    contacts: contacts.filter((one) => one.resident_id === resident.id).map((one) => contact(scene, one)),
  };
}

/** Numbers of the door itself, or of somebody who is not shown any more. */
function looseContacts(scene, contacts, residents) {
  const shown = residents.map((one) => one.id);
  return contacts.filter((one) => !shown.includes(one.resident_id)).map((one) => contact(scene, one));
}

/** A phone number for field/_contact.html. */
export function contact(scene, one) {
  return {
    ...pick(one, ["id", "household_id", "name", "relation", "phone", "verified_on"]),
    disputed: Number(one.disputed.length > 0),
    waiting: scene.isWaiting(one.id),
    fresh: 0,
  };
}
