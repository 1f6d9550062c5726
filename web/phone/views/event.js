// 变故: what happened to somebody here, so that they are seen soon and again.
// Twin of server/field/views/event.py.

import { EVENTS } from "../plans.js";
import * as choices from "./choices.js";
import { eventsOf } from "./household.js";
import { pick } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

const NOTHING = { what: "", resident_id: "", note: "" };

/**
 * Names for field/event.html and field/_event.html; null when this door is not on the shelf.
 * `params`: id; error and field: why the form comes back; given: what was refused, named like the
 * data of the operation; replaces: its id.
 */
export function event(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("household", params.id);
  if (!here || here.status !== "active" || scene.isLeader) return null;

  const back = `/households/${here.id}`;
  const given = { ...NOTHING, on: scene.today, ...(params.given || {}) };
  const about = params.given ? [given.resident_id] : choices.likelyMet(scene, here);
  const residents = choices.residents(scene, here, about);
  return {
    ...pageOf(scene, "记变故", `${back}/event`, { back }),
    household: pick(here, ["id", "door_no", "label", "due_on"]),
    kinds: choices.results(Object.keys(EVENTS), given.what),
    undone: Number(Boolean(params.given) && !given.what),
    residents,
    whole: Number(!residents.some(({ chosen }) => chosen)),
    events: eventsOf(scene, here, shelf.of("resident", "household_id", here.id)),
    on: given.on,
    note: given.note,
    error: params.error || "",
    field: params.field || "",
    replaces: params.replaces || "",
  };
}
