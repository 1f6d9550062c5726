// 提议类别: what only the office may give somebody, proposed by whoever stands at the door.
// Twin of server/field/views/proposal.py.

import { GONE, OFFICE_ONLY } from "../care.js";
import { pick } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

/** Names for field/proposal.html and field/_proposal.html. `params`: id, error, field. */
export function proposal(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const person = shelf.get("resident", params.id);
  const here = person && shelf.get("household", person.household_id);
  if (!here || GONE.includes(person.status) || scene.isLeader) return null;
  const isHeld = (code) => person.categories.includes(code);
  return {
    ...pageOf(scene, "提议类别", `/residents/${person.id}/proposal`, { back: `/households/${here.id}` }),
    person: pick(person, ["id", "name", "version"]),
    household: pick(here, ["id", "label"]),
    held: OFFICE_ONLY.filter(isHeld),
    codes: OFFICE_ONLY.filter((code) => !isHeld(code)),
    proposed: scene.isWaiting(person.id),
    error: params.error || "",
    field: params.field || "",
  };
}
