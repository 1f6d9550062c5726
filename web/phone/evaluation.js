// What expressions of checklists mean. Every expression has a value; none throws.
// Values, conversions and comparisons are described in sync/evaluation.py, whose twin this is, held
// equal by tests/vectors/expressions.json. A value is a string, number, boolean or array of codes.

import { between } from "./days.js";
import { OWN, readable } from "./expressions.js";

const TOO_LARGE = 1e15;
const CHANGED = "changed";
const DIGITS = /^-?[0-9]+(\.[0-9]+)?$/;
const DAY = /^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$/;

/** Whether an expression is true; `otherwise` for none and for what this release cannot read. */
export function holds(text, context, otherwise) {
  const node = text ? readable(text) : null;
  return node ? truth(evaluate(node, context)) : otherwise;
}

/** `context` is {answers: Map, facts, own, last, isWorse}. */
export function evaluate(node, context) {
  if ("value" in node) return valueOf(node.value);
  if (node.answer === OWN) return context.own;
  if (node.answer) return context.answers.has(node.answer) ? context.answers.get(node.answer) : "";
  if (node.call) return RUN[node.call](context, ...node.with.map((one) => evaluate(one, context)));
  return node.rest.reduce(
    (value, [sign, operand]) => OPERATORS[sign](value, evaluate(operand, context)),
    evaluate(node.first, context),
  );
}

/** An answer as it came: a text, a number, a list of codes; "" for anything else. */
export function valueOf(raw) {
  if (typeof raw === "string") return raw;
  if (Array.isArray(raw)) return raw.filter((one) => typeof one === "string");
  return typeof raw === "number" && Math.abs(raw) < TOO_LARGE ? raw : "";
}

export function isEmpty(value) {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

function truth(value) {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** As a number; null where there is none. */
export function number(value) {
  if (Array.isArray(value)) return null;
  if (typeof value !== "string") return Number(value);
  const found = DIGITS.test(value) ? Number(value) : TOO_LARGE;
  return Math.abs(found) < TOO_LARGE ? found : null;
}

export function text(value) {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.join(" ");
  const short = Number(value).toFixed(6).replace(/\.?0+$/, "");
  return short === "-0" ? "0" : short;
}

/** Whether this is a day of the calendar, written as records do. */
export function isDay(value) {
  if (typeof value !== "string" || !DAY.test(value)) return false;
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value;
}

function calculating(work) {
  return (left, right) => {
    const one = number(left);
    const other = number(right);
    return one === null || other === null ? "" : valueOf(work(one, other));
  };
}

function comparing(compare) {
  return (left, right) => {
    if (isDay(left) && isDay(right)) return compare(between(right, left), 0);
    const one = number(left);
    const other = number(right);
    return one !== null && other !== null && compare(one, other);
  };
}

function isCounted(value) {
  return typeof value === "number" || typeof value === "boolean";
}

function same(left, right) {
  if (!isCounted(left) && !isCounted(right)) return text(left) === text(right);
  const one = number(left);
  return one !== null && one === number(right);
}

function codes(value) {
  return (Array.isArray(value) ? value : text(value).split(" ")).filter((code) => code);
}

function fact({ facts }, name) {
  if (name === CHANGED) return facts.changed === 1;
  return (facts.categories || []).includes(text(name));
}

const OPERATORS = {
  or: (left, right) => truth(left) || truth(right),
  and: (left, right) => truth(left) && truth(right),
  "=": same,
  "!=": (left, right) => !same(left, right),
  "<": comparing((left, right) => left < right),
  "<=": comparing((left, right) => left <= right),
  ">": comparing((left, right) => left > right),
  ">=": comparing((left, right) => left >= right),
  "+": calculating((left, right) => left + right),
  "-": calculating((left, right) => left - right),
  "*": calculating((left, right) => left * right),
  div: calculating((left, right) => left / right),
  mod: calculating((left, right) => left % right),
};

const RUN = {
  "-": (_, value) => OPERATORS["-"](0, value),
  selected: (_, value, code) => codes(value).includes(text(code)),
  "count-selected": (_, value) => codes(value).length,
  not: (_, value) => !truth(value),
  if: (_, asked, then, other) => (truth(asked) ? then : other),
  coalesce: (_, ...values) => {
    const found = values.find((one) => !isEmpty(one));
    return found === undefined ? "" : found;
  },
  "string-length": (_, value) => [...text(value)].length,
  today: ({ facts }) => valueOf(facts.today),
  true: () => true,
  false: () => false,
  last: ({ last }) => last,
  worse: ({ isWorse }) => isWorse,
  fact,
};
