// What an answer must look like to be one, by the type of its question.
// Twin of sync/answer_types.py, held equal by tests/vectors/checklists.json.

import { holds, isDay, valueOf } from "./evaluation.js";

const YES_NO = ["yes", "no"];
const YES_NO_NA = ["yes", "no", "na"];
const CHOSEN = ["one", "multi", "yes_no", "yes_no_na"];
const MAX_TEXT = 200;

/** A code if this cannot be the answer: type, option, alone, long, constraint; else "". */
export function wrong(question, raw, context) {
  if (!isOfType(question.type, raw)) return "type";
  const said = CHOSEN.includes(question.type) ? new Set([].concat(raw)) : new Set();
  const known = codes(question);
  if ([...said].some((code) => !known.includes(code))) return "option";
  const lonely = question.options.filter((option) => option.alone);
  if (said.size > 1 && lonely.some(({ code }) => said.has(code))) return "alone";
  if (question.type === "text" && [...raw].length > MAX_TEXT) return "long";
  return holds(question.constraint, context, true) ? "" : "constraint";
}

/** What can be chosen, in order; [] where nothing is chosen. */
export function codes(question) {
  if (question.type === "yes_no") return YES_NO;
  if (question.type === "yes_no_na") return YES_NO_NA;
  return question.options.map((option) => option.code);
}

function isOfType(type, raw) {
  if (["one", "yes_no", "yes_no_na", "text"].includes(type)) return typeof raw === "string";
  if (type === "date") return isDay(raw);
  if (type === "int") return Number.isInteger(valueOf(raw));
  if (type === "decimal") return typeof valueOf(raw) === "number";
  const texts = Array.isArray(raw) && raw.every((one) => typeof one === "string");
  if (type === "multi") return texts;
  return type === "photo" ? texts || typeof raw === "string" : true;
}
