// What is known of doors, people and telephone numbers, and how changes settle. Twin of sync/doors.py.

import * as care from "./care.js";
import { part } from "./pairings.js";
import { stamp } from "./operations.js";
import { plan } from "./plans.js";
import { complete } from "./shelf.js";

export function addContact({ id, data }, town) {
  const door = household(data.household_id, town);
  if (door) town.put("contact", complete("contact", { ...data, id, building_id: door.building_id }));
}

export const changeContact = ({ data }, town) => change("contact", data, town);

export function changeResident({ data, at }, town, scene) {
  const before = town.get("resident", data.id);
  if (!before || isProposed(before.categories, data.changes.categories)) return;
  const since = data.changes.status ? { status_at: doneAt(at, scene) } : {};
  change("resident", { ...data, changes: { ...data.changes, ...since } }, town);
  for (const id of new Set([before.household_id, town.get("resident", data.id).household_id])) settleDoor(id, town, scene);
}

/** Whether these categories are the office's to decide: until then nothing changes. */
const isProposed = (before, after) =>
  Boolean(after) && care.OFFICE_ONLY.some((code) => before.includes(code) !== after.includes(code));

export function changeHousehold({ data }, town, scene) {
  const { categories, ...changes } = data.changes;
  if (categories) changes.own_categories = [...categories].sort();
  if (!change("household", { id: data.id, changes }, town)) return;
  const door = household(data.id, town);
  const building = town.get("building", door.building_id);
  const unit = door.unit ? `${door.unit}单元` : "";
  if (building) town.put("household", { ...door, label: [building.label, unit, door.door_no].filter(Boolean).join(" ") });
  settleDoor(data.id, town, scene);
}

/** When something was done: never after it is known. */
export const doneAt = (at, { now }) => (stamp(at) < now ? stamp(at) : now);

function change(kind, { id, changes }, town) {
  const before = town.get(kind, id);
  if (!before) return false;
  const after = { ...before, ...changes };
  if (changes.categories) after.categories = [...new Set(changes.categories)].sort();
  town.put(kind, after);
  return true;
}

/** Store a door and its people; people who moved count at the door where they live now. */
export function settle({ door, residents }, town, scene) {
  for (const one of residents) town.put("resident", one);
  town.put("household", door);
  for (const id of new Set([door.id, ...residents.map((one) => one.household_id)])) settleDoor(id, town, scene);
}

function settleDoor(id, town, scene) {
  const door = household(id, town);
  if (!door) return;
  part(door, people([], door, town), town, scene);
  const residents = people([], door, town);
  const at = plan(door, residents, scene.intervals, scene.community.festivals || [], scene.today);
  const categories = care.householdCategories(door, residents, scene.today);
  town.put("household", {
    ...door, categories, due_on: at.on, due_category: at.category, interval: at.interval,
    due_method: at.method, due_for: at.residents, due_reasons: at.reasons,
  });
}

/** Everyone at this door, and those named who moved from it while the phone was offline. */
export function people(named, door, town) {
  const here = town.ofHousehold("resident", door.id);
  const moved = [...new Set(named)].filter((id) => !here.some((one) => one.id === id));
  const found = [...here, ...moved.map((id) => town.get("resident", id)).filter(Boolean)];
  return found.map((one) => complete("resident", one));
}

/** A door with every name present; null when it is not on this phone. */
export const household = (id, town) => {
  const found = town.get("household", id);
  return found && complete("household", found);
};

