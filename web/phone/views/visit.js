// 走访: the form at the door, filled in as far as can be known beforehand.
// Twin of server/field/views/visit.py.

import { isResting } from "../respect.js";
import { adviceFor } from "./advice.js";
import { current } from "./asking.js";
import { checkups } from "./checkup.js";
import * as choices from "./choices.js";
import * as doors from "./doors.js";
import { pairingsOf } from "./household.js";
import { pick } from "./order.js";
import * as people from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

const NOTHING = {
  result: "", method: "", type: "", note: "", followup: "", away_until: "", resident_ids: [], started_at: "",
  checkups: [],
};
const GIVEN_AGAIN = ["result", "method", "type", "note", "followup", "away_until", "resident_ids"];

/**
 * Names for field/visit.html; null when this door is not on the shelf.
 * `params`: id; care: 1 when somebody is to be seen and asked; list: one more checklist to ask; from: a
 * withdrawn visit to fill in again; given: what a form held before (refused or incomplete), named like
 * the data of `visit.record`; replaces: the refused operation that this one stands for; photos: those
 * kept for this form, as {sha256, n}; error and field: why it comes back; again: 1 when it was not saved
 * because `left` questions have no answer or something cannot wait.
 */
export function visit(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("household", params.id);
  if (!here || here.status !== "active" || scene.isLeader) return null;

  const building = shelf.get("building", here.building_id);
  const residents = shelf.of("resident", "household_id", here.id);
  const before = shelf.get("visit", params.from || "");
  const known = before ? pick(before, GIVEN_AGAIN) : {};
  const seen = params.care ? { result: "met" } : {};
  const given = { ...NOTHING, ...preset(scene, here), ...seen, ...known, ...(params.given || {}) };
  const wanted = params.list ? [params.list] : [];
  const path = `/households/${here.id}`;

  return {
    ...pageOf(scene, here.label, `${path}/visit`, { back: path }),
    household: {
      ...pick(here, ["id", "door_no", "unit"]),
      label: building ? building.label : here.label,
      ...people.heads(scene, here, residents),
    },
    advice: adviceFor(scene, here),
    given: pick(given, Object.keys(NOTHING).filter((name) => name !== "checkups")),
    results: choices.results(choices.MAIN_RESULTS, given.result),
    others: choices.results(choices.OTHER_RESULTS, given.result),
    is_other: Number(choices.OTHER_RESULTS.includes(given.result)),
    types: choices.results(choices.TYPES, given.type),
    methods: choices.results(choices.METHODS, given.method),
    residents: choices.residents(scene, here, given.resident_ids),
    relatives: choices.relatives(scene, here),
    phrases: choices.phrasesFor(here),
    tasks: tasks(scene, here),
    pairings: pairingsOf(scene, here),
    started_at: given.started_at || nowIso,
    checkups: checkups(scene, here, given, wanted),
    more_lists: moreLists(scene, wanted),
    wanted,
    again: params.again || 0,
    left: params.left || 0,
    photos: params.photos || [],
    photo_error: "",
    replaces: params.replaces || "",
    error: params.error || "",
    field: params.field || "",
  };
}

function preset(scene, here) {
  const calls = isResting(here.rest_until, scene.today) || here.due_method === "phone";
  return {
    type: choices.typeFor(here),
    method: calls ? "phone" : "door",
    resident_ids: choices.likelyMet(scene, here),
  };
}

/** Lists that are not asked of themselves: for storms, heat, fire and what the office adds. */
function moreLists(scene, wanted) {
  const others = current(scene).filter(({ code, purpose }) => purpose !== "elder" && !wanted.includes(code));
  return others.map((one) => pick(one, ["code", "title"]));
}

/** Requests that this visit may settle; those of a later day are not ticked. */
function tasks(scene, here) {
  const found = doors.tasksByDoor(scene).get(here.id) || [];
  const isDue = (one) => (one.due_on || scene.today) <= scene.today;
  return found.map((one) => ({ id: one.id, reason: one.reason, chosen: Number(isDue(one)) }));
}
