// What follows from answers: which questions show, what is wrong, what is worked out and flagged.
// `values`, `last` and `facts` are described in sync/checklist_rules.py, whose twin this is, held
// equal by tests/vectors/checklists.json. Nothing here throws, whatever an answer names.

import { wrong } from "./answer_types.js";
import { between } from "./days.js";
import { evaluate, holds, isDay, isEmpty, number, text, valueOf } from "./evaluation.js";
import { OWN, names, readable } from "./expressions.js";

/** The questions and notes to show at this visit, in order. */
export function asked(checklist, values, last, facts) {
  return shownOf(checklist, openedOf(checklist, values, last, facts), last, facts);
}

/** What is wrong, by question: "required", or a code of `wrong`. */
export function problems(checklist, values, last, facts) {
  const opened = openedOf(checklist, values, last, facts);
  const shown = new Set(shownOf(checklist, opened, last, facts));
  const found = {};
  for (const question of checklist.questions) {
    if (!opened.has(question.id) || ["note", "calculate"].includes(question.type)) continue;
    const context = contextOf(question, opened, last, facts);
    const raw = own(values, question.id);
    const isMissing = shown.has(question.id) && holds(question.required, context, false);
    const isAbsent = raw === undefined || raw === null || isEmpty(raw);
    const code = isAbsent ? (isMissing ? "required" : "") : wrong(question, raw, context);
    if (code) found[question.id] = code;
  }
  return found;
}

/** Every flag that is set off, in the order of questions and of their flags. */
export function flags(checklist, values, last, facts) {
  const opened = openedOf(checklist, values, last, facts);
  return checklist.questions
    .filter(({ id }) => opened.has(id) && !isEmpty(opened.get(id)))
    .flatMap((question) => {
      const context = contextOf(question, opened, last, facts);
      return question.flags.flatMap((flag, at) =>
        holds(flag.when, context, false) ? [flagged(question, flag, at)] : [],
      );
    });
}

/** The answers with what is worked out from them; a calculation without a result is left out. */
export function calculated(checklist, values, last = {}, facts = {}) {
  const opened = openedOf(checklist, values, last, facts);
  const result = { ...values };
  for (const { id } of checklist.questions.filter(isWorked)) {
    delete result[id];
    if (opened.has(id) && !isEmpty(opened.get(id))) result[id] = stored(opened.get(id));
  }
  return result;
}

function shownOf(checklist, opened, last, facts) {
  return checklist.questions
    .filter((one) => opened.has(one.id) && !isWorked(one) && isDue(one, opened, last, facts))
    .map(({ id }) => id);
}

function flagged(question, flag, at) {
  const { level, kind, text: said, hours, recheck_days, card } = flag;
  const office_only = Math.max(flag.office_only, question.restricted);
  const limits = { hours, recheck_days, office_only, card };
  return { question: question.id, flag: at, level, kind, text: said, ...limits };
}

// The values of all open questions, "" where there is no answer.
function openedOf(checklist, values, last, facts) {
  const opened = new Map();
  for (const question of inOrder(checklist.questions)) {
    const context = contextOf(question, opened, last, facts);
    if (question.safety !== 1 && facts.consent === "no") continue;
    if (!holds(question.relevant, context, true)) continue;
    opened.set(question.id, valueOf(own(values, question.id)));
    if (isWorked(question)) opened.set(question.id, workedOut(question, context));
  }
  return opened;
}

function workedOut(question, context) {
  const node = readable(question.calculate);
  return node ? evaluate(node, context) : "";
}

// Each question after those it needs; those that go in a circle at the end, as they stand.
function inOrder(questions) {
  const ordered = [];
  const all = questions.map((question) => ({ question, needed: needs(question) }));
  for (let waiting = all; waiting.length; ) {
    const behind = new Set(waiting.map(({ question }) => question.id));
    const blocked = waiting.filter(({ question, needed }) => {
      if (needed.some((id) => behind.has(id))) return true;
      ordered.push(question);
      behind.delete(question.id);
      return false;
    });
    if (blocked.length === waiting.length) {
      return [...ordered, ...blocked.map(({ question }) => question)];
    }
    waiting = blocked;
  }
  return ordered;
}

function needs(question) {
  const texts = isWorked(question) ? [question.relevant, question.calculate] : [question.relevant];
  const nodes = texts.map(readable).filter((node) => node);
  const used = nodes.flatMap((node) => [...names(node)]);
  return used.map((name) => (name === OWN ? question.id : name));
}

function contextOf(question, opened, last, facts) {
  const mine = opened.has(question.id) ? opened.get(question.id) : "";
  const before = valueOf(entry(last, question.id).value);
  const codes = question.options.map((option) => option.code);
  const isWorse = codes.includes(before) && codes.indexOf(mine) > codes.indexOf(before);
  return { answers: opened, facts, own: mine, last: before, isWorse };
}

function isDue(question, opened, last, facts) {
  const { on } = entry(last, question.id);
  const { today, changed } = facts;
  if (question.every || changed === 1 || !isDay(today) || !isDay(on)) return true;
  if (question.months.includes(Number(today.slice(5, 7)))) return true;
  if (between(on, today) > question.valid_days) return true;
  const node = readable(question.required);
  if (!node || [...names(node)].every((name) => name === OWN || name === question.id)) return false;
  return holds(question.required, contextOf(question, opened, last, facts), false);
}

function own(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

function entry(last, id) {
  const found = own(last, id);
  return found && typeof found === "object" && !Array.isArray(found) ? found : {};
}

function isWorked(question) {
  return question.type === "calculate";
}

function stored(value) {
  return typeof value === "string" || Array.isArray(value) ? text(value) : number(text(value));
}
