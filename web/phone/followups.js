// What must follow from an answer: who asked for it, how soon, and under which id.
// Twin of sync/followups.py, where it is told why.

import { complete } from "./shelf.js";

export const WITHDRAWN = "withdrawn";
// Why nobody asks any more, as its note says.
export const [TAKEN_BACK, PUT_RIGHT, OTHERWISE] = ["走访已撤回", "更正后不再成立", "有了新情况，不再成立"];
const URGENCY = { amber: 1, red: 2, now: 3 };
const [FNV_START, FNV_PRIME] = [0xcbf29ce484222325n, 0x100000001b3n];
const FOLD = 48n;

/** The id that a visit gives to what must follow for this person and question. */
export function flaggedId(visitId, residentId, item) {
  let found = FNV_START;
  for (const byte of new TextEncoder().encode(`${visitId}/${residentId}/${item}`)) {
    found = BigInt.asUintN(64, (found ^ BigInt(byte)) * FNV_PRIME);
  }
  const folded = (found >> FOLD) ^ BigInt.asUintN(48, found);
  return visitId.slice(0, 24) + folded.toString(16).padStart(12, "0");
}

/** How levels compare; what is no level is no hurry. */
export const urgency = (level) => URGENCY[level] || 0;

/** The ids under which phones may know a flagged follow-up: one for each visit that asked. */
export const namesOf = ({ item, resident_id: person, aliases, entries }) =>
  item ? entries.flatMap((one) => [person, ...aliases].map((id) => flaggedId(one.visit_id, id, item))) : [];

/**
 * The follow-ups of a person that differ now. `wanted` is what visits ask for: [[visit id, entries by
 * item], …]. What was closed is never opened again by a visit that it knew. What nobody asks for any more
 * is closed by `ending` ({by, at, why}).
 */
export function renew(person, wanted, known, ending) {
  const mine = known.filter((one) => one.item && one.resident_id === person.id);
  const before = new Map(mine.map((one) => [one.id, one]));
  const after = new Map(before);
  for (const [visitId, entries] of wanted) {
    for (const one of [...after.values()]) {
      if (one.status === "open" && !(one.item in entries)) after.set(one.id, without(one, visitId, ending));
    }
    for (const [item, entry] of Object.entries(entries)) {
      const found = placeFor(person, visitId, item, [...after.values()]);
      if (found) after.set(found.id, withEntry(found, entry));
    }
  }
  return [...after.values()].filter((one) => one !== before.get(one.id));
}

/** Where the entry of a visit belongs; null when its follow-up is done with. */
function placeFor(person, visitId, item, here) {
  const same = here.filter((one) => one.item === item && one.result !== WITHDRAWN);
  if (same.some((one) => one.status !== "open" && asks(one, visitId))) return null;
  const opened = same.find((one) => one.status === "open");
  if (opened) return opened;

  return complete("followup", {
    id: flaggedId(visitId, person.id, item),
    household_id: person.household_id,
    building_id: person.building_id,
    visit_id: visitId,
    resident_id: person.id,
    item,
    aliases: person.merged_ids,
  });
}

/** Whether a visit asked for this. */
export const asks = ({ entries }, visitId) => entries.some((one) => one.visit_id === visitId);

/** A follow-up with what one more visit asks for, or asks for now. */
export const withEntry = (followup, entry) =>
  toldBy([...followup.entries.filter((one) => one.visit_id !== entry.visit_id), entry], followup);

/** A follow-up without what a visit asked for; without any left it is closed. */
export function without(followup, visitId, ending) {
  if (!asks(followup, visitId)) return followup;
  const left = followup.entries.filter((one) => one.visit_id !== visitId);
  return left.length > 0 ? toldBy(left, followup) : ended(followup, ending);
}

/** Closed without anything done: a name stands for it, and why. */
export const ended = (followup, { by, at, why }) =>
  ({ ...followup, status: "closed", result: WITHDRAWN, note: why, closed_by: by, closed_at: at });

/** A follow-up as its entries tell it: opened by the first, as urgent as the worst. */
function toldBy(entries, followup) {
  const order = (one, other) => (one.at + one.visit_id < other.at + other.visit_id ? -1 : 1);
  const ordered = [...entries].sort(order);
  const [first] = ordered;
  const worst = ordered.reduce((one, other) => (urgency(other.level) > urgency(one.level) ? other : one));
  const limits = ordered.map((one) => one.due_at).filter(Boolean).sort();
  return {
    ...followup,
    visit_id: first.visit_id,
    opened_at: first.at,
    by: first.by,
    by_name: first.by_name,
    what: worst.text,
    level: worst.level,
    kind: worst.kind,
    recheck_days: worst.recheck_days,
    due_at: limits[0] || "",
    restricted: Math.max(...ordered.map((one) => one.restricted)),
    entries: ordered,
  };
}
