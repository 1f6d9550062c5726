// Visits as lines of a household's history. Twin of server/field/views/visits.py.

import { pictures } from "../media.js";
import { moment } from "../respect.js";
import { pick, sortBy } from "./order.js";

export const EFFECTIVE = ["met", "met_family", "phone_ok"];
const SETTLED = ["refused", "hospital", "institution", "away"];
const KEPT = 12;
const SHOWN = [
  "by_name", "type", "method", "result", "note", "followup", "away_until", "review", "questions",
  "returned_reason", "returned_field", "corrected", "withdrawn",
];

/** The last visits of a door, newest first. */
export function past(scene, householdId) {
  const made = scene.shelf.of("visit", "household_id", householdId);
  const newest = sortBy(made, (one) => [moment(one), one.id]).reverse();
  return newest.slice(0, KEPT).map((visit) => line(scene, visit));
}

/** One visit for field/_visit.html. */
export function line(scene, visit) {
  const waiting = scene.isWaiting(visit.id);
  const mine = Number(visit.by === scene.person.id);
  return {
    id: visit.id,
    household_id: visit.household_id,
    at: scene.local(moment(visit)),
    waiting,
    sign: sign(visit, waiting),
    mine,
    may_change: Number(mine && !visit.withdrawn),
    fresh: 0,
    photos: photos(visit),
    ...pick(visit, SHOWN),
  };
}

/** How many pictures this visit has and how many the server has; those that can be looked at. */
function photos(visit) {
  const all = pictures(visit.media);
  const shown = all.map(({ sha256, arrived }, at) => ({ sha256, n: at + 1, arrived })).filter((one) => one.arrived);
  return { n: all.length, arrived: shown.length, shown: shown.map(({ sha256, n }) => ({ sha256, n })) };
}

function sign(visit, waiting) {
  if (visit.withdrawn) return "withdrawn";
  if (waiting) return "wait";
  if (EFFECTIVE.includes(visit.result)) return "done";
  return SETTLED.includes(visit.result) ? "rest" : "none";
}
