// Stores the records that the server sent. What is put is worked out and enclosed before the transaction
// that puts it, because nothing but the database may be awaited inside one.

import { personal, read } from "./db.js";
import { cursorsOf } from "./held.js";
import { lockerOf, ofStream } from "./keys.js";
import * as streams from "./streams.js";

// States of a notice that somebody still has to act on.
export const OPEN = ["waiting", "returned"];

/**
 * What changes [{ stream, kind, id, record }] make of a store, with the cursors that go with them, ready to
 * be put. `isFresh`: what is in the store does not count. `own`: the store that has this person's notices.
 */
export async function planned(personId, { store, isFresh, own }, changes, reached) {
  const locker = await lockerOf(personId);
  const byStream = new Map(Object.keys(reached).map((stream) => [stream, []]));
  for (const one of changes) byStream.get(one.stream).push(one);
  const mine = `person:${personId}`;
  const { at, kept, before } = await read(personal(personId), ["streams", "fresh"], async (tx) => {
    const all = tx.objectStore(store);
    const cursors = isFresh ? new Map() : await cursorsOf(all);
    const moved = [...byStream].filter(([stream, some]) => some.length > 0 || reached[stream] !== cursors.get(stream));
    const row = async ([stream]) => [stream, (!isFresh && (await all.get(stream))) || { stream, text: "" }];
    return { at: cursors, kept: new Map(await Promise.all(moved.map(row))), before: await tx.objectStore(own).get(mine) };
  });
  const next = async ([stream, row]) => ({ ...(await renewed(locker, row, byStream.get(stream))), cursor: reached[stream] });
  const rows = await Promise.all([...kept].map(next));
  const notices = (own === store && rows.find(({ stream }) => stream === mine)) || before;
  const told = notices ? (await locker.open(ofStream, notices)).text : "";
  const closed = await Promise.all(rows.map((row) => locker.close(ofStream, row)));
  return { store, isFresh, at, told, rows: closed, isSet: locker.isSet };
}

/** Whether nothing has moved since it was planned. */
export async function isStill(tx, { store, isFresh, at, isSet }) {
  const before = isFresh ? at : await cursorsOf(tx.objectStore(store));
  const isSame = before.size === at.size && [...before].every(([stream, cursor]) => at.get(stream) === cursor);
  return isSame && isSet === Boolean(await tx.objectStore("state").get("vault"));
}

/** Put what was planned. */
export async function takeChanges(tx, { store, rows }) {
  for (const row of rows) await tx.objectStore(store).put(row);
}

// A stream in which only the cursor moved is not opened.
async function renewed(locker, row, changes) {
  if (changes.length === 0) return row;
  const { text } = await locker.open(ofStream, row);
  return { stream: row.stream, text: streams.changed(text, changes) };
}

/** Put the replica pulled afresh in the place of the old one. */
export async function swap(tx) {
  const [old, fresh] = [tx.objectStore("streams"), tx.objectStore("fresh")];
  const rows = await fresh.getAll();
  await old.clear();
  for (const row of rows) await old.put(row);
  await fresh.clear();
}

/** Forget streams that this person does not hold any more. */
export async function erase(tx, names) {
  for (const name of names) {
    for (const store of ["streams", "fresh"]) await tx.objectStore(store).delete(name);
  }
}

/**
 * What the records say about entries: whether what they changed has come back (`isBack`), and whether
 * somebody has decided about work that could not simply apply (`isDecided`).
 */
export async function arrivals(tx, text, state) {
  const at = await cursorsOf(tx.objectStore("streams"));
  const told = streams.records(text).filter(([kind]) => kind === "notice");
  const states = new Map(told.map(([, notice]) => [notice.id, notice.state]));
  const isDecided = ({ id }) => states.has(id) && !OPEN.includes(states.get(id));
  const has = ([stream, seq]) => !at.has(stream) || at.get(stream) >= seq;
  const isBack = ({ id, receipt }) => {
    if (receipt.outcome === "held") return isDecided({ id });
    if (receipt.epoch === state.epoch) return Object.entries(receipt.seq).every(has);
    return receipt.epoch !== state.fresh_epoch; // of a history that ended, or of one still to come
  };
  return { isBack, isDecided };
}

