// Whose data key is in memory, for how long, and what it opens. The key is never stored: pages and the
// worker hand it to each other, so that a worker that was stopped does not ask for the PIN again.

import { personal, read, write } from "./db.js";
import { seal } from "./seals.js";
import { disclose, enclose, textOf } from "./vault.js";

const IDLE_MS = 300_000;
const AWAY_MS = 72 * 3_600_000;
const TICK_MS = 60_000;
const ANSWER_MS = 500;

let held = null; // { person_id, key, used_at }
let asking = null;

/** Somebody asked for what only the PIN opens. */
export class Locked extends Error {}

/** Have a key in memory: { person_id, key, used_at }. */
export const hold = (one) => (held = one);

/** Forget it. Pages are not asked for it again. */
export function letGo() {
  held = null;
  asking = Promise.resolve(null);
}

/** Somebody touched a page. */
export const used = (now = Date.now()) => held && isFresh(held, now) && (held.used_at = now);

/** The key as pages get it: { person_id, key, used_at }, or null. */
export function current(now = Date.now()) {
  if (held && !isFresh(held, now)) letGo();
  return held;
}

/**
 * What reads and writes the boxes of a person: `open` and `close` of rows, `isSet` whether there is a PIN,
 * `isLocked` whether its key is away. Ask before a transaction: nothing but the database is awaited in one.
 */
export async function lockerOf(personId) {
  const { vault, sync = {} } = await kept(personId, "sync");
  if (!vault) return PLAIN;
  const key = await keyOf(personId, vault);
  return key ? unlocked(key, sync.seal) : LOCKED;
}

/** "" when records may be read, else why not: "locked", or "away" since the server was not reached for 72 h. */
export async function lockOf(personId) {
  const { vault, away } = await kept(personId, "away");
  if (!vault) return "";
  if ((await awayFor(personId, away)) > AWAY_MS) return "away";
  return (await keyOf(personId, vault)) ? "" : "locked";
}

/** Note inside a transaction that the server was reached. */
export const reached = (tx, now = Date.now()) => tx.objectStore("state").put({ last: now, ms: 0 }, "away");

/** Rows with their words, where this phone may read them. Without a box among them no key is asked for. */
export async function opened(personId, about, rows) {
  const locker = rows.some(({ box }) => box) ? await lockerOf(personId) : null;
  return locker ? Promise.all(rows.map((row) => locker.open(about, row))) : rows;
}

/** The additional data of an entry of the outbox, of a stream, of a picture. */
export const ofEntry = ({ n, id }) => `operation ${n} ${id}`;
export const ofStream = ({ stream }) => `stream ${stream}`;

/** A locker for a key that is not yet, or no longer, the one in memory. */
export function unlocked(key, sealing) {
  const open = async (about, row) => {
    if (!row || !row.box) return row;
    const { box, ...rest } = row;
    return { ...rest, text: textOf(await disclose(key, about(row), box)) };
  };
  const close = async (about, row) => {
    if (typeof row.text !== "string") return row;
    const { text, ...rest } = row;
    const isOut = about === ofEntry && row.waiting && sealing && !row.sealed;
    const [box, sealed] = await Promise.all([enclose(key, about(row), text), isOut ? seal(sealing, "operation", text) : null]);
    return { ...rest, box, ...(sealed ? { sealed } : {}) };
  };
  return { isSet: true, isLocked: false, key, sealing, open, close };
}

const same = async (_about, row) => row;
export const PLAIN = { isSet: false, isLocked: false, open: same, close: same };
const LOCKED = {
  isSet: true,
  isLocked: true,
  open: same,
  close: async () => {
    throw new Locked("the PIN is not given");
  },
};

// The vault and, where there is one, something more.
const kept = (personId, more) =>
  read(personal(personId), ["state"], async (tx) => {
    const vault = await tx.objectStore("state").get("vault");
    return vault ? { vault, [more]: await tx.objectStore("state").get(more) } : {};
  });

async function keyOf(personId, { locked_at: lockedAt = 0 }, now = Date.now()) {
  if (!current(now)) {
    asking = asking || askPages();
    const found = await asking;
    if (!held && found && isFresh(found, now)) held = found;
  }
  return held && held.person_id === personId && held.used_at >= lockedAt ? held.key : null;
}

// A clock that was set back must not keep it open.
const isFresh = ({ used_at: at }, now) => now - at < IDLE_MS && now > at - TICK_MS;

// This worker has just been started: a page that is open may still have the key.
async function askPages() {
  if (!self.clients) return null;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return new Promise((resolve) => {
    let left = pages.length;
    const answered = (one) => (one ? resolve(one) : (left -= 1) > 0 || resolve(null));
    if (left === 0) resolve(null);
    setTimeout(resolve, ANSWER_MS, null);
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => answered(data);
      page.postMessage({ type: "key-wanted" }, [port2]);
    }
  });
}

/** How long the server was not reached, as far as this phone can know: a clock set back takes nothing off. */
async function awayFor(personId, { last, ms } = { last: Date.now(), ms: 0 }, now = Date.now()) {
  return Math.abs(now - last) > TICK_MS ? tick(personId, now) : ms + Math.max(0, now - last);
}

const tick = (personId, now) =>
  write(personal(personId), ["state"], async (tx) => {
    const state = tx.objectStore("state");
    const { last, ms } = (await state.get("away")) || { last: now, ms: 0 };
    const total = ms + Math.max(0, now - last);
    await state.put({ last: now, ms: total }, "away");
    return total;
  });
