// Expressions of checklists: a text becomes a tree, once. Nothing is ever run as code.
// The language is described in sync/expressions.py, whose twin this is, held equal by
// tests/vectors/expressions.json. Nodes are {value}, {answer}, {call, with} and {first, rest}.

const MAX_LENGTH = 1000;
const MAX_DEPTH = 24;
const MAX_ARGUMENTS = 8;
const MAX_KEPT = 4096;
export const OWN = ".";

// Fewest and most arguments.
const FUNCTIONS = new Map(
  Object.entries({
    ...{ selected: [2, 2], "count-selected": [1, 1], not: [1, 1], if: [3, 3] },
    ...{ coalesce: [2, MAX_ARGUMENTS], "string-length": [1, 1], today: [0, 0] },
    ...{ true: [0, 0], false: [0, 0], last: [0, 0], worse: [0, 0], fact: [1, 1] },
  }),
);
const COMPARISONS = ["=", "!=", "<", "<=", ">", ">="];
const LEVELS = [["or"], ["and"], COMPARISONS, ["+", "-"], ["*", "div", "mod"]];

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  /(?<number>\d+(?:\.\d+)?|\.\d+)|(?<text>'[^']*'|"[^"]*")|(?<answer>\$\{ *[A-Za-z_][\w.-]* *\})|(?<word>[A-Za-z_][\w-]*)|(?<sign>!=|<=|>=|[-+*=<>(),.])/y;

/** Why a text is no expression: a code, and the character at which it shows, from 0. */
export class ExpressionError extends Error {
  constructor(reason, position) {
    super(`${reason} at ${position}`);
    this.reason = reason;
    this.position = position;
  }
}

/** The tree of an expression, or ExpressionError. */
export function parse(text) {
  if ([...text].length > MAX_LENGTH) throw new ExpressionError("too_long", MAX_LENGTH);
  const state = { tokens: tokens(text), next: 0 };
  if (state.tokens[0].kind === "end") throw new ExpressionError("empty", 0);
  const node = level(state, 0, 0);
  expect(state, "");
  return node;
}

const kept = new Map();

/** The tree, or null for what this release cannot read: a later one may have published it. */
export function readable(text) {
  if (kept.has(text)) return kept.get(text);
  if (kept.size >= MAX_KEPT) kept.clear();
  let node = null;
  try {
    node = parse(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
  }
  kept.set(text, node);
  return node;
}

/** The questions whose answers an expression uses; "." stands for its own. */
export function names(node) {
  if (node.answer) return new Set([node.answer]);
  const operands = node.rest ? node.rest.map(([, operand]) => operand) : [];
  const parts = node.call ? node.with : node.rest ? [node.first, ...operands] : [];
  return new Set(parts.flatMap((part) => [...names(part)]));
}

function tokens(text) {
  const found = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const place = [...text.slice(0, at)].length;
    if (!match) {
      throw new ExpressionError(`'"`.includes(text[at]) ? "unfinished" : "unreadable", place);
    }
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    found.push({ kind, text: match[0], at: place });
    at = skipSpace(text, TOKEN.lastIndex);
  }
  return [...found, { kind: "end", text: "", at: [...text].length }];
}

function skipSpace(text, at) {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function level(state, step, depth) {
  if (step === LEVELS.length) return operand(state, depth);
  const first = level(state, step + 1, depth);
  const rest = [];
  while (isOperator(state, step) && !(rest.length && LEVELS[step] === COMPARISONS)) {
    rest.push([take(state).text, level(state, step + 1, depth)]);
  }
  return rest.length ? { first, rest } : first;
}

function operand(state, depth) {
  const token = take(state);
  if (depth > MAX_DEPTH) throw new ExpressionError("too_deep", token.at);
  if (token.kind === "number") return { value: Number(token.text) };
  if (token.kind === "text") return { value: token.text.slice(1, -1) };
  if (token.kind === "answer") return { answer: token.text.slice(2, -1).replace(/ /g, "") };
  if (token.kind === "word") return call(state, token, depth);
  if (token.text === OWN) return { answer: OWN };
  if (token.text === "-") return { call: "-", with: [operand(state, depth + 1)] };
  if (token.text !== "(") throw unexpected(token);
  const node = level(state, 0, depth + 1);
  expect(state, ")");
  return node;
}

function call(state, name, depth) {
  if (!FUNCTIONS.has(name.text)) throw new ExpressionError("function", name.at);
  expect(state, "(");
  const given = [];
  while (state.tokens[state.next].text !== ")" || given.length) {
    given.push(level(state, 0, depth + 1));
    if (state.tokens[state.next].text !== ",") break;
    take(state);
  }
  expect(state, ")");
  const [fewest, most] = FUNCTIONS.get(name.text);
  if (given.length < fewest || given.length > most) throw new ExpressionError("arguments", name.at);
  return { call: name.text, with: given };
}

function isOperator(state, step) {
  const token = state.tokens[state.next];
  return (token.kind === "word" || token.kind === "sign") && LEVELS[step].includes(token.text);
}

function take(state) {
  const token = state.tokens[state.next];
  if (token.kind !== "end") state.next += 1;
  return token;
}

function expect(state, wanted) {
  const token = take(state);
  if (token.text !== wanted) throw unexpected(token);
}

function unexpected(token) {
  return new ExpressionError(token.kind === "end" ? "unfinished" : "unexpected", token.at);
}
