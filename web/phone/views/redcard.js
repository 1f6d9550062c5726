// What to do now: the action card of a list, whom to dial, and the address to say.
// Twin of server/field/views/redcard.py.

import { stampsOf } from "../checkup_forms.js";
import { pick } from "./order.js";

const NO_LIFT = ["walkup", "lane"];

/** An action card, with what was done with it; `key` names the person and the list. */
export function redcard(scene, here, person, { id, title, steps, calls }, key, held) {
  const stamped = held.cards.find((one) => one.id === id);
  return {
    id: `card-${key.replace("|", "-")}-${id}`,
    card: id,
    back: `ask-${key.replace("|", "-")}`,
    name: `card|${key}|${id}`,
    stamps: stamped ? stampsOf(stamped) : "",
    title,
    steps,
    dial_first: Number(/^[0-9]+$/.test(calls[0] || "")),
    calls: calls.map((to) => dial(scene, here, person, to)),
    where: where(scene, here),
  };
}

/** Whom to dial: a public number, a relative, the office; `phone` is "" where none is known. */
export function dial(scene, here, person, to) {
  const found = { to, phone: /^[0-9]+$/.test(to) ? to : "", name: "", relation: "" };
  if (to === "office") found.phone = scene.person.office_phone || scene.community.office_phone;
  if (to === "gas") found.phone = scene.community.gas_phone;
  const near = to === "contact" && contactOf(scene, here, person);
  return near ? { ...found, ...pick(near, ["phone", "name", "relation"]) } : found;
}

/** Who is reached about somebody: a relative of theirs first, then one of the door. */
export function contactOf(scene, here, person) {
  const known = scene.shelf.of("contact", "household_id", here.id);
  const others = known.filter((one) => reaches(one.relation) === "contact" && one.phone);
  const mine = others.find((one) => one.resident_id === person.id);
  return mine || others.find((one) => !one.resident_id) || null;
}

/** Whom a number reaches: the people of the door themselves, a neighbour, or their family. */
export function reaches(relation) {
  if (["self", "head"].includes(relation)) return "self";
  return relation === "neighbour" ? "neighbour" : "contact";
}

/** The address as it is said to a stranger. */
export function where(scene, here) {
  const building = scene.shelf.get("building", here.building_id);
  return {
    community: scene.person.community_name || scene.community.name,
    building: building ? building.label : here.label,
    ...pick(here, ["unit", "door_no", "floor"]),
    no_lift: Number(building !== null && NO_LIFT.includes(building.style)),
  };
}
