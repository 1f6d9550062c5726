// 更正: one's own visit as a form; a visit that was sent back opens at the field in question.
// Twin of server/field/views/correction.py.

import { corrected } from "./checkup.js";
import * as choices from "./choices.js";
import { pick } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";
import { line } from "./visits.js";

/**
 * Names for field/correction.html; null when this visit is not on the shelf.
 * `params`: id; field: where to begin, else the field that the office named; error; given: changes that
 * were refused; replaces: the id of what they were.
 * `allowed` is 0 for somebody else's visit and for one that was withdrawn.
 */
export function correction(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const made = shelf.get("visit", params.id);
  const here = made && shelf.get("household", made.household_id);
  if (!made || !here) return null;

  const given = { ...made, ...(params.given || {}) };
  const visit = { ...line(scene, made), ...pick(given, ["away_until", "note", "followup"]) };
  return {
    ...pageOf(scene, "更正走访", `/visits/${made.id}/correction`, { back: `/households/${here.id}` }),
    household: pick(here, ["id", "door_no", "label"]),
    visit,
    allowed: visit.may_change,
    field: params.field || made.returned_field,
    error: params.error || "",
    results: choices.results([...choices.MAIN_RESULTS, ...choices.OTHER_RESULTS], given.result),
    types: choices.results(choices.TYPES, given.type),
    methods: choices.results(choices.METHODS, given.method),
    residents: choices.residents(scene, here, given.resident_ids),
    checkups: visit.may_change ? corrected(scene, here, made, given) : [],
    replaces: params.replaces || "",
  };
}
