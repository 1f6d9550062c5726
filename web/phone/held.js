// The streams of one person as records in memory. The texts are not kept: a stream is read again when
// its cursor has moved, and only then.

import { personal, read } from "./db.js";
import { ofStream, opened } from "./keys.js";
import * as streams from "./streams.js";
import { makeTown, renewed } from "./town.js";

/** Nothing read yet. */
export const NOTHING = { epoch: null, lists: new Map(), town: makeTown([]) };

/** The cursor of each stream, in a store of streams. */
export async function cursorsOf(rows) {
  const found = new Map();
  const index = rows.index("reached");
  for (let at = await index.openKeyCursor(); at; at = await at.continue()) found.set(...at.key);
  return found;
}

/**
 * What is stored now: { epoch, lists, town }, `lists` being { cursor, list } by stream. `before` is what
 * was said last time, and stays as it is.
 */
export async function reread(personId, before) {
  const { epoch, names, found } = await readMoved(personId, before);
  const lists = new Map(names.map((stream) => [stream, found.get(stream) || before.lists.get(stream)]));
  const isOld = (stream) => before.lists.get(stream) !== lists.get(stream);
  const gone = [...before.lists.keys()].filter(isOld).map((stream) => before.lists.get(stream).list);
  const come = [...found.values()].map(({ list }) => list);
  const all = () => makeTown([...lists.values()].map(({ list }) => list));
  const town = before.lists.size > 0 ? renewed(before.town, gone, come) || all() : all();
  return { epoch, lists, town };
}

// Within one epoch a stream says the same wherever its cursor stands the same.
async function readMoved(personId, before) {
  const { epoch, names, moved } = await readRows(personId, before);
  const rows = await opened(personId, ofStream, moved);
  return { epoch, names, found: new Map(rows.map((row) => [row.stream, parsed(row)])) };
}

function readRows(personId, before) {
  return read(personal(personId), ["streams", "state"], async (tx) => {
    const { epoch = "" } = (await tx.objectStore("state").get("sync")) || {};
    const rows = tx.objectStore("streams");
    const at = epoch === before.epoch ? await cursorsOf(rows) : null;
    const names = at ? [...at.keys()] : await rows.getAllKeys();
    const isSame = (stream) => at && before.lists.has(stream) && before.lists.get(stream).cursor === at.get(stream);
    const moved = await Promise.all(names.filter((stream) => !isSame(stream)).map((stream) => rows.get(stream)));
    return { epoch, names, moved };
  });
}

const parsed = ({ cursor, text = "" }) => ({ cursor, list: streams.records(text) });
