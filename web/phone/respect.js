// When a door is better left alone. Every rule here warns; none forbids. Twin of sync/respect.py.

import * as days from "./days.js";

const UNCOUNTED_TYPE = "event_triggered";

/** True for a visit at the door that counts towards the week. */
export function isKnock(visit) {
  return visit.method === "door" && visit.type !== UNCOUNTED_TYPE && !visit.withdrawn;
}

/** How often this door was knocked at in the calendar week of `today`, Monday to Sunday. */
export function knocksInWeek(visits, today, timezone) {
  const monday = days.weekOf(today);
  const inWeek = (visit) => days.weekOf(days.day(moment(visit), timezone)) === monday;
  return visits.filter((visit) => isKnock(visit) && inWeek(visit)).length;
}

/** True inside the hours when people expect a knock. `clock` is "HH:MM". */
export function mayKnockAt(clock, hours) {
  return hours.some(([start, end]) => start <= clock && clock <= end);
}

/** True while a household that declined is not to be knocked at; that day it may be again. */
export function isResting(restUntil, today) {
  return restUntil !== "" && today < restUntil;
}

/** What to think of before knocking, most important first. `now` is on the local clock. */
export function advice(restUntil, visits, now, community) {
  const today = now.slice(0, 10);
  const said = [];
  if (isResting(restUntil, today)) said.push({ code: "rest", n: 0, until: restUntil });
  const knocks = knocksInWeek(visits, today, community.timezone);
  if (knocks >= community.knocks_per_week) said.push({ code: "knocks", n: knocks, until: "" });
  if (!mayKnockAt(now.slice(11, 16), community.quiet)) said.push({ code: "quiet", n: 0, until: "" });
  return said;
}

/** When a visit was made: corrected for the phone's clock once the server has done so. */
export function moment(visit) {
  return visit.true_at || visit.at;
}
