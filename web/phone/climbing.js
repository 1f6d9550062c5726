// Who is to see to a follow-up now: it climbs when its limit has passed. Twin of sync/climbing.py.

import { after } from "./days.js";

const CHIEF_HAS_DAYS = 1;

/** Both are moments on the community's clock; what has no limit stays with the worker. */
export function heldBy(dueAt, now) {
  if (!dueAt || now <= dueAt) return "worker";
  return now <= after(dueAt.slice(0, 10), CHIEF_HAS_DAYS) + dueAt.slice(10) ? "chief" : "office";
}
