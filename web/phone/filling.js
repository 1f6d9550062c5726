// How far a person has been asked: what shows, what is answered or unchanged, what follows. Pages use
// it while somebody taps. Twin of server/field/filling.py, held equal by tests/vectors/filling.json.

import { asked, flags } from "./checklists.js";

const ROUNDS = 10;
const UNANSWERED = ["note", "calculate", "photo"];

/**
 * `own` are the answers that were given, `same` the sections where nothing else changed. What comes
 * back: shown, values (all answers to what shows), unchanged, left (what shows and has none), flags.
 */
export function standing(checklist, own, same, last, facts) {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => !isAbsent(value)));
  let values = given;
  let shown = asked(checklist, given, last, facts);
  for (let round = 0; round < ROUNDS; round += 1) {
    values = { ...unchanged(checklist, shown, same, last), ...given };
    const before = shown;
    shown = asked(checklist, values, last, facts);
    if (shown.join() === before.join()) break;
  }
  const answered = answerable(checklist, shown).map(({ id }) => id);
  const kept = Object.fromEntries(answered.filter((id) => id in values).map((id) => [id, values[id]]));
  // A correction is not told what the office alone was told, and asks for nothing anew.
  const untold = checklist.questions.filter(({ restricted }) => restricted && facts.corrects).map(({ id }) => id);
  return {
    shown,
    values: kept,
    unchanged: Object.keys(kept).filter((id) => !(id in given)),
    left: answered.filter((id) => !(id in kept) && !untold.includes(id)),
    flags: flags(checklist, kept, last, facts),
  };
}

function unchanged(checklist, shown, same, last) {
  const found = answerable(checklist, shown).filter(
    ({ id, section }) => same.includes(section) && id in last && !isAbsent(last[id].value),
  );
  return Object.fromEntries(found.map(({ id }) => [id, last[id].value]));
}

function answerable(checklist, shown) {
  return checklist.questions.filter(({ id, type }) => shown.includes(id) && !UNANSWERED.includes(type));
}

function isAbsent(value) {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
