// 电话: a number behind a door, to be corrected or added. Twin of server/field/views/contact.py.

import { pick } from "./order.js";
import { present } from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

const RELATIONS = [
  "self", "spouse", "son", "daughter", "relative", "carer", "neighbour", "friend", "landlord", "other",
];
const BLANK = { id: "", version: 0, name: "", relation: "", phone: "", resident_id: "" };

/**
 * Names for field/contact.html; null when the number or the door is not on the shelf.
 * `params`: household_id to add a number, else id of the contact; error and field; given: what was refused, named like
 * the data or the changes of the operation; replaces: its id.
 */
export function contact(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const adds = params.household_id || "";
  const known = adds ? null : shelf.get("contact", params.id);
  const here = shelf.get("household", known ? known.household_id : adds);
  if (!here || scene.isLeader) return null;

  const back = `/households/${here.id}`;
  const path = known ? `/contacts/${known.id}/change` : `${back}/contact`;
  const given = { ...BLANK, ...(known || {}), ...(params.given || {}) };
  return {
    ...pageOf(scene, known ? "改电话" : "加电话", path, { back }),
    household: pick(here, ["id", "door_no", "label"]),
    contact: pick(given, Object.keys(BLANK)),
    post: known ? `/contacts/${known.id}/changes` : `${back}/contacts`,
    is_new: Number(!known),
    disputed: known ? known.disputed : [],
    relations: relations(given.relation),
    residents: residents(scene, here, given.resident_id),
    error: params.error || "",
    field: params.field || "",
    replaces: params.replaces || "",
  };
}

function relations(chosen) {
  const codes = !chosen || RELATIONS.includes(chosen) ? RELATIONS : [chosen, ...RELATIONS];
  return codes.map((code) => ({ code, chosen: Number(code === chosen) }));
}

function residents(scene, here, chosen) {
  const found = present(scene.shelf.of("resident", "household_id", here.id));
  return found.map((one) => ({ id: one.id, name: one.name, chosen: Number(one.id === chosen) }));
}
