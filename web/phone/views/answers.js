// What a POST answers: the fragment it changed, prepared after the records have changed.
// Twin of server/field/views/answers.py.

import { ASKED } from "../newest.js";
import { asking } from "./asking.js";
import * as doors from "./doors.js";
import { contact } from "./household.js";
import { caseOf } from "./ladder.js";
import { pick } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";
import { listedUnits } from "./today.js";
import { line } from "./visits.js";

/** Names for field/_saved.html, after a visit was recorded. `params`: id of the visit. */
export function savedVisit(shelf, params, nowIso, settings) {
  const context = changedVisit(shelf, params, nowIso, settings);
  if (!context) return null;
  const here = shelf.get("household", context.visit.household_id);
  const scene = sceneOf(shelf, nowIso, settings);
  const { status, entries = [] } = caseOf(scene, here.id) || {};
  const ladder = Number(status === "open" && entries.some((one) => one.visit_id === params.id));
  return {
    ...context,
    household: pick(here, ["id", "building_id", "label"]),
    next: next(scene, here),
    ladder,
    unasked: unasked(scene, here, shelf.get("visit", params.id)),
  };
}

/** Whom a visit that asked others did not ask, and nobody today; and the way to their list. */
function unasked(scene, here, { checkups }) {
  const wasAsked = checkups.map((one) => one.resident_id);
  const askedOn = (id) => ((scene.shelf.get("answers", id) || { items: {} }).items[ASKED] || { on: "" }).on;
  const isLeft = ({ resident: { id } }) => !wasAsked.includes(id) && askedOn(id) !== scene.today;
  const left = wasAsked.length > 0 ? asking(scene, here).filter(isLeft) : [];
  if (left.length === 0) return { names: [], href: "" };
  const [{ resident, checklist }] = left;
  const names = [...new Set(left.map((one) => one.resident.name))];
  return { names, href: `/households/${here.id}/visit?care=1#ask-${resident.id}-${checklist.code}` };
}

/** Names for field/_visit.html, after a visit was corrected or withdrawn. `params`: id. */
export function changedVisit(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const made = shelf.get("visit", params.id);
  if (!made) return null;
  return { ...pageOf(scene, "走访", "/today"), visit: { ...line(scene, made), fresh: 1 } };
}

/** Names for field/_contact.html, after a number was changed or added. `params`: id. */
export function changedContact(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const known = shelf.get("contact", params.id);
  if (!known) return null;
  return { ...pageOf(scene, "电话", "/today"), contact: { ...contact(scene, known), fresh: 1 } };
}

/** The next door to do, this building's first; a list of none or one. */
function next(scene, here) {
  const units = listedUnits(scene);
  const home = units.filter((one) => one.building_id === here.building_id);
  const below = home
    .filter(({ unit }) => unit === here.unit)
    .flatMap(({ rows }) => rows)
    .filter(([household]) => household.floor <= here.floor);
  const rows = [...below, ...[...home, ...units].flatMap((one) => one.rows)];
  const found = rows.find(([household, at]) => doors.TO_DO.includes(at.state) && household.id !== here.id);
  return found ? [doors.row(scene, ...found)] : [];
}
