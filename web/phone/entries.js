// What the answers of a visit ask for: an entry of a follow-up for each question that is flagged.
// Twin of sync/entries.py.

import { flags } from "./checklists.js";
import { urgency } from "./followups.js";
import { earlier } from "./newest.js";
import { stamp } from "./operations.js";
import { counted } from "./wordings.js";

const HOUR = 3600 * 1000;

/** What the answers ask for, by item: one entry for each question, with all its flags. */
export function entriesOf(visit, at, checkup, definition, items, facts, here) {
  const prefix = `${definition.code}.`;
  const values = Object.fromEntries(counted(checkup).map(([name, { value }]) => [name, value]));
  const named = Object.keys(items).filter((name) => name.startsWith(prefix) && earlier(items, name, here));
  const last = Object.fromEntries(named.map((name) => [name.slice(prefix.length), items[name]]));
  const byItem = new Map();
  for (const one of flags(definition, values, last, facts)) {
    byItem.set(prefix + one.question, [...(byItem.get(prefix + one.question) || []), one]);
  }
  return Object.fromEntries([...byItem].map(([item, found]) => [item, entryOf(visit, at, found)]));
}

function entryOf({ id, by, by_name }, at, found) {
  const worst = found.reduce((one, other) => (urgency(other.level) > urgency(one.level) ? other : one));
  const limits = found.map((one) => one.hours).filter(Boolean);
  const due_at = limits.length > 0 ? stamp(Date.parse(at) + Math.min(...limits) * HOUR) : "";
  const { level, kind, recheck_days } = worst;
  const text = [...new Set(found.map((one) => one.text))].join("；");
  const restricted = Math.max(...found.map((one) => one.office_only));
  return { at, by, by_name, visit_id: id, text, level, kind, due_at, recheck_days, restricted };
}
