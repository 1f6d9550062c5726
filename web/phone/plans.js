// What is asked of a door: when, for whom, by which way and why. One task for all behind it.
// Twin of sync/plans.py, held equal by tests/vectors/care.json. Records are the wire's plain objects.

import {
  ATTENTION_DAYS, EARLY_SHARE, ORDINARY, PAUSED, RED_DAYS, SPECIAL_ELDER, categoriesOf, isActive, tenureCategory, tightest,
} from "./care.js";
import * as days from "./days.js";
import { sortBy } from "./views/order.js";

const BY_CATEGORY = {
  functional_loss: "door", child_in_need: "door", new_resident: "door", vacant: "door",
  high_risk_elder: "turn", dementia: "turn", living_alone: "turn", childless_alone: "turn",
};
const STRICTNESS = ["either", "turn", "door"];
const SOON = [[0, 1], [1, 3], [4, 7]];
export const EVENTS = { discharge: SOON, bereavement: SOON, fall: SOON, fire: SOON, moved_in: [[-1, 7]] };
export const FESTIVALS = ["spring", "dragon_boat", "mid_autumn", "double_ninth"];
const FESTIVAL_WEEK = 7;
export const MAJOR_CHANGE = "major_change";
const LESS_AT_MOST = 31;
const MONTH = 31;
const BY_PHONE = ["phone", "none"];

/** The next contact of a door: { on, category, interval, method, residents, reasons }. */
export function plan(household, known, intervals, festivals, today) {
  if (household.status !== "active") return { on: "", category: "", interval: 0, method: "", residents: [], reasons: [] };
  const people = known.filter(isActive);
  const asks = [
    ...ofDoor(household, known, people, intervals, today),
    ...people.flatMap((person) => ofPerson(person, household, intervals, festivals, today)),
  ].map((ask) => rested(ask, household.rest_until, today));

  const [first] = sortBy(asks, inTurn);
  const by = later(first.on, today);
  const taken = sortBy(asks.filter((ask) => opens(ask) <= by), inTurn);
  const wanted = taken.filter(({ on }) => on <= by).map(({ method }) => method);
  const named = [...new Set(taken.map(({ person }) => person).filter(Boolean))];
  const reasons = [...new Set(sortBy(taken, byWeight).map(({ reason }) => reason))];
  if (people.some(({ id, paired }) => paired && named.includes(id))) reasons.push("pairing");
  const { on, category, interval } = first;
  return { on, category, interval, method: merged(wanted), residents: named, reasons };
}

function ofPerson(person, household, intervals, festivals, today) {
  if (person.categories.length === 0 && !person.event) return [];
  const [seen, way] = lastContact(person, household);
  const asks = [];
  const codes = categoriesOf(person, today);
  const [asked, category] = tightest(codes, intervals);
  if (category !== ORDINARY) {
    const interval = wished(asked, codes, person.visit_wish);
    const method = methodOf(codes, interval, intervals, way);
    const ask = { interval, category, method, person: person.id };
    asks.push({ ...ask, on: days.after(seen || person.added_on || today, interval), reason: category });
    const awayUntil = PAUSED.includes(person.status) ? person.status_until : "";
    const feast = festival(asks[0], seen, awayUntil, household.building_id, festivals, today);
    if (feast && person.visit_wish !== "none") asks.push({ ...ask, ...feast });
  }
  asks.push(...afterEvent(person.event, person.event_on, seen, person.id));
  return asks.map((ask) => asTheyAre(ask, person));
}

function lastContact(person, household) {
  if (household.door_contact_on > person.last_contact_on) return [household.door_contact_on, household.door_method];
  return [person.last_contact_on, person.last_method];
}

function ofDoor(household, known, people, intervals, today) {
  const own = [...household.own_categories, ...tenureCategory(household)];
  const [interval, category] = tightest(own, intervals);
  const seen = [household.door_contact_on, ...known.map((one) => one.last_contact_on)].reduce(later);
  const on = days.after(seen || household.added_on || today, interval);
  const isByPhone = people.length > 0 && people.every((one) => BY_PHONE.includes(one.visit_wish));
  const method = isByPhone ? "phone" : methodOf(own, interval, intervals, "");
  const asks = [
    { on, interval, category, method, reason: category, person: "" },
    ...afterEvent(household.event, household.event_on, seen, ""),
  ];
  const areAway = people.length > 0 && people.every((one) => PAUSED.includes(one.status));
  if (!areAway) return asks;
  const backOn = people.map((one) => one.status_until).reduce(sooner);
  return asks.map((ask) => notBefore(backOn, ask));
}

/** The interval as the person wishes it: rarer, but an elder in difficulty every month. */
function wished(interval, codes, wish) {
  if (wish === "none") return Math.max(interval, MONTH);
  if (wish !== "less") return interval;
  const isSpecial = codes.some((code) => SPECIAL_ELDER.includes(code));
  return isSpecial ? Math.max(interval, Math.min(2 * interval, LESS_AT_MOST)) : 2 * interval;
}

/** The strictest way that a category of no longer interval asks for. */
function methodOf(codes, interval, intervals, way) {
  const asked = codes.filter((code) => code in intervals && intervals[code] <= interval).map((code) => BY_CATEGORY[code] || "either");
  const strictest = STRICTNESS[Math.max(0, ...asked.map((one) => STRICTNESS.indexOf(one)))];
  if (strictest !== "turn") return strictest;
  return way === "phone" ? "door" : "either";
}

function afterEvent(event, eventOn, seen, person) {
  const steps = EVENTS[event] || [];
  const at = steps.findIndex(([after]) => seen <= days.after(eventOn, after));
  if (at < 0) return [];
  const category = event === "moved_in" ? "new_resident" : MAJOR_CHANGE;
  const method = at === 0 ? "door" : "either";
  return [{ on: days.after(eventOn, steps[at][1]), interval: RED_DAYS, category, method, reason: event, person }];
}

/** Day and name of the contact before the next festival, unless there was one that week or nobody is back before it. */
function festival(routine, seen, awayUntil, buildingId, festivals, today) {
  if (routine.interval > ATTENTION_DAYS) return null;
  const coming = festivals.find(([, on]) => on >= today);
  if (!coming) return null;
  const [reason, on] = coming;
  const from = days.after(on, -FESTIVAL_WEEK);
  if (seen >= from || awayUntil >= days.after(on, -1)) return null;
  if (from <= routine.on && routine.on < on) return { on: routine.on, reason };
  const place = [...buildingId].reduce((sum, letter) => sum + letter.codePointAt(0), 0);
  return { on: days.after(from, place % FESTIVAL_WEEK), reason };
}

/** Not before somebody is back; by telephone if they wish, or while nobody knows when. */
function asTheyAre(ask, { status, status_until, visit_wish }) {
  const isAway = PAUSED.includes(status);
  const at = isAway ? notBefore(status_until, ask) : ask;
  const isByPhone = (isAway && !status_until) || BY_PHONE.includes(visit_wish);
  return isByPhone ? { ...at, method: "phone" } : at;
}

function rested(ask, restUntil, today) {
  if (restUntil <= later(ask.on, today)) return ask;
  return ask.interval > ATTENTION_DAYS ? { ...ask, on: restUntil } : { ...ask, method: "phone" };
}

function notBefore(awayUntil, ask) {
  return awayUntil < ask.on ? ask : { ...ask, on: days.after(awayUntil, 1) };
}

const opens = ({ on, interval }) => days.after(on, -Math.floor(interval / EARLY_SHARE));

const merged = (methods) => ["door", "phone"].find((one) => methods.includes(one)) || "either";

const inTurn = ({ on, interval, category, method, reason, person }) => [on, interval, category, method, reason, person];

/** What happened comes before a festival, and that before what is so all year. */
function byWeight({ reason, interval }) {
  const rank = reason in EVENTS ? 0 : FESTIVALS.includes(reason) ? 1 : 2;
  return [rank, interval, reason];
}

const later = (one, other) => (one >= other ? one : other);

const sooner = (one, other) => (one <= other ? one : other);
