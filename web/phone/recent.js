// The doors this person looked at last on this phone, newest first, for the page of search.

import { personal, read, write } from "./db.js";

const KEPT = 10;

export const of = (personId) =>
  read(personal(personId), ["state"], async (tx) => (await tx.objectStore("state").get("recent")) || []);

export const note = (personId, householdId) =>
  write(personal(personId), ["state"], async (tx) => {
    const state = tx.objectStore("state");
    const before = ((await state.get("recent")) || []).filter((one) => one !== householdId);
    await state.put([householdId, ...before].slice(0, KEPT), "recent");
  });
