// What to think of before knocking at a door, in the parts that sentences are made of.
// Twin of server/field/views/advice.py.

import * as respect from "../respect.js";
import { refusedOn } from "./doors.js";

/** Warnings, most important first; none forbids anything. */
export function adviceFor(scene, household) {
  const made = scene.shelf.of("visit", "household_id", household.id);
  const hours = scene.community.quiet.map(([start, end]) => `${start}–${end}`);
  const refused_on = refusedOn(scene, household);
  const said = respect.advice(household.rest_until, made, scene.now, scene.community);
  return said.map((one) => ({ ...one, hours, refused_on }));
}

/** How often the door was knocked at this week, and how often it still may be. */
export function knocksOf(scene, household) {
  const made = scene.shelf.of("visit", "household_id", household.id);
  const n = respect.knocksInWeek(made, scene.today, scene.timezone);
  const limit = scene.community.knocks_per_week;
  return { n, left: Math.max(limit - n, 0), limit };
}
