// What happened to a person or a whole door. Twin of sync/life_events.py.

import { PAUSED } from "./care.js";
import * as days from "./days.js";
import { doneAt, household, people, settle } from "./doors.js";

/** Remember the latest event; one that is taken back asks for nothing any more. */
export function record({ at, data }, town, scene) {
  const door = household(data.household_id, town);
  if (!door) return;
  const said = data.on || days.day(new Date(at).toISOString(), scene.community.timezone);
  const on = said < scene.today ? said : scene.today;
  const residents = people([data.resident_id].filter(Boolean), door, town);
  if (!data.resident_id) {
    const after = happened(door, data, on);
    const isIn = data.what === "moved_in" && after.tenure === "vacant";
    settle({ door: isIn ? { ...after, tenure: "" } : after, residents }, town, scene);
    return;
  }
  const changed = (person) => {
    const after = happened(person, data, on);
    const isBack = data.what === "discharge" && PAUSED.includes(person.status);
    return isBack ? { ...after, status: "living", status_until: "", status_at: doneAt(at, scene) } : after;
  };
  settle({ door, residents: residents.map((one) => (one.id === data.resident_id ? changed(one) : one)) }, town, scene);
}

function happened(before, { what, note }, on) {
  if (on < before.event_on) return before;
  return { ...before, event: what, event_on: what ? on : "", event_note: (what && note) || "" };
}
