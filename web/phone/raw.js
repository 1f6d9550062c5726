// Finds the bytes of a value inside JSON text, so that a record is kept exactly as it was received.

const SPACE = /[\s]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const PLAIN = /[^\s,\]}]+/y;

/** The text of every value of an object, by name. `text` must be JSON already known to be valid. */
export function members(text) {
  const found = {};
  let at = skip(text, skip(text, 0) + 1);
  while (text[at] !== "}") {
    const nameEnd = endOf(text, at);
    const start = skip(text, skip(text, nameEnd) + 1);
    const end = endOf(text, start);
    found[JSON.parse(text.slice(at, nameEnd))] = text.slice(start, end);
    at = afterComma(text, end);
  }
  return found;
}

/** The text of every item of an array. */
export function items(text) {
  const found = [];
  let at = skip(text, skip(text, 0) + 1);
  while (text[at] !== "]") {
    const end = endOf(text, at);
    found.push(text.slice(at, end));
    at = afterComma(text, end);
  }
  return found;
}

function endOf(text, at) {
  if (text[at] === '"') return matchEnd(STRING, text, at);
  if (text[at] !== "{" && text[at] !== "[") return matchEnd(PLAIN, text, at);
  let depth = 0;
  for (let here = at; ; here += 1) {
    const sign = text[here];
    if (sign === '"') here = matchEnd(STRING, text, here) - 1;
    else if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
    if (depth === 0) return here + 1;
  }
}

function afterComma(text, at) {
  const next = skip(text, at);
  return text[next] === "," ? skip(text, next + 1) : next;
}

const skip = (text, at) => matchEnd(SPACE, text, at);

function matchEnd(pattern, text, at) {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}
