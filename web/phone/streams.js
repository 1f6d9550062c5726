// What one stream holds, as one text: a line "kind NUL id NUL record" for each living record, with
// the record as the server sent it, lines sorted by kind and id. The text is stored whole (reading
// thirty rows wakes faster than reading nine thousand), and its SHA-256 is the stream's digest.
// Twin of sync/digest.py, held equal by tests/vectors/digest.json.

import { hashOf } from "./ledger.js";

const NUL = "\0";

/** The text after some changes: [{ kind, id, record }], `record` being JSON text or "null". */
export function changed(text, changes) {
  const lines = new Map(split(text));
  for (const { kind, id, record } of changes) {
    const key = kind + NUL + id;
    if (record === "null") lines.delete(key);
    else lines.set(key, oneLine(record));
  }
  const sorted = [...lines].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([key, record]) => `${key}${NUL}${record}\n`).join("");
}

/** Every record as [kind, object]. */
export function records(text) {
  return split(text).map(([key, record]) => [key.slice(0, key.indexOf(NUL)), JSON.parse(record)]);
}

/** What server and phone compare: equal when both hold the same records, byte for byte. */
export const digest = (text) => hashOf(text);

function split(text) {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const end = line.indexOf(NUL, line.indexOf(NUL) + 1);
      return [line.slice(0, end), line.slice(end + 1)];
    });
}

const oneLine = (record) => (/[\n\r]/.test(record) ? JSON.stringify(JSON.parse(record)) : record);
