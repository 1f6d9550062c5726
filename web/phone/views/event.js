// 变故: what happened to somebody here, so that they are seen soon and again.
// Twin of server/field/views/event.py.

import { EVENTS } from "../plans.js";
import * as choices from "./choices.js";
import { eventsOf } from "./household.js";
import { pick } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

/**
 * Names for field/event.html and field/_event.html; null when this door is not on the shelf.
 * `params`: id; error and field: why the form comes back.
 */
export function event(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const here = shelf.get("household", params.id);
  if (!here || here.status !== "active" || scene.isLeader) return null;

  const back = `/households/${here.id}`;
  const residents = choices.residents(scene, here, choices.likelyMet(scene, here));
  return {
    ...pageOf(scene, "记变故", `${back}/event`, { back }),
    household: pick(here, ["id", "door_no", "label", "due_on"]),
    kinds: Object.keys(EVENTS).map((code) => ({ code, chosen: 0 })),
    residents,
    whole: Number(!residents.some(({ chosen }) => chosen)),
    events: eventsOf(scene, here, shelf.of("resident", "household_id", here.id)),
    error: params.error || "",
    field: params.field || "",
  };
}
