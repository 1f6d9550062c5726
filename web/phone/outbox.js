// What was done on this phone and not yet answered for: numbered, stored, and kept until the server
// names its id. Sent texts stay for a while, so that a restored server can be told again; hashes stay.

import { handOver } from "./album.js";
import { personal, read, write } from "./db.js";
import { lockerOf, ofEntry, opened as openedRows } from "./keys.js";
import { hashOf } from "./ledger.js";
import { alone } from "./locks.js";
import { newId, otherId, says, textOf } from "./operations.js";

const MAX_CLASHES = 5;
const DAY_MS = 86_400_000;
const KEEP_TEXT_MS = 14 * DAY_MS;
// Outcomes whose local effect stays visible: the work counts as done until somebody decides.
const STANDING = ["accepted", "conflict", "held"];
const TO_TRAY = ["held", "conflict", "quarantined"];

/**
 * Keep what the person just did: { kind, data, id?, base?, replaces?, pictures? }. Resolves with the entry
 * once it is on disk, so that "saved on this phone" may follow it and never precede it. Its effect on the
 * records is worked out from the entry (replica.js), so one row makes both. A form with an id that is
 * saved again, because the browser was killed before the page knew, is the same entry.
 */
export function record(personId, asked, moment = Date.now()) {
  return alone(`jinlin-record-${personId}`, async () => {
    const locker = await lockerOf(personId);
    let id = asked.id || newId(moment);
    for (let before = await find(personId, id); before; before = await find(personId, id)) {
      if (before.text && says(before.text, asked)) return before;
      id = await otherId(id, asked);
    }
    for (let clash = 0; ; clash += 1) {
      const n = (await lastNumber(personId)) + 1;
      const text = textOf({ ...asked, id, n, moment });
      const entry = { n, id, text, hash: await hashOf(text), waiting: 1, effect: 1 };
      try {
        await add(personId, await locker.close(ofEntry, entry), asked);
        return entry;
      } catch (problem) {
        if (problem.name !== "ConstraintError" || clash >= MAX_CLASHES) throw problem;
        const kept = await find(personId, id);
        if (kept) return kept;
      }
    }
  });
}

/** What has no receipt yet, in order. */
export const waiting = (personId) => flagged(personId, "waiting").then((found) => opened(personId, found));

/** What changes the records shown here: unsent, or sent and not yet come back with them. */
export const effective = (personId) => flagged(personId, "effect").then((found) => opened(personId, found));

/** What the server could not simply apply: held, in conflict, or refused. */
export const tray = (personId) => flagged(personId, "tray").then((found) => opened(personId, found));

export const count = (personId) => inOperations(personId, (all) => all.index("waiting").count());

export const find = async (personId, id) => {
  const found = await inOperations(personId, (all) => all.index("id").get(id));
  return found && (await lockerOf(personId)).open(ofEntry, found);
};

/** What waits, unread: for counting, and for what is sent without being read. */
export const unread = (personId) => flagged(personId, "waiting");

/** When an entry was made, as its id tells. */
export const madeAt = ({ id }) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** What waits, unread, and the highest number given so far. */
export const queue = (personId) =>
  inOperations(personId, async (all) => {
    const [unsent, last] = await Promise.all([all.index("waiting").getAll(), lastOf(all)]);
    return { unsent, last };
  });

/** The highest number given so far; 0 before the first. */
export async function lastOf(all) {
  const last = await all.openKeyCursor(null, "prev");
  return last ? last.key : 0;
}

/** Hashes from one number to another, both included, to go on with the ledger. */
export async function hashesOf(all, from, to) {
  const found = to < from ? [] : await all.getAll(IDBKeyRange.bound(from, to));
  return found.map((entry) => entry.hash);
}

/**
 * Note the server's answers, each by its id, inside the transaction that stores the rest of the
 * answer. An entry leaves the outbox here and nowhere else.
 */
export async function takeReceipts(tx, receipts, epoch, now) {
  const all = tx.objectStore("operations");
  for (const { id, n, outcome, first = "", code = "", message = "", seq = {} } of receipts) {
    const entry = id && (await all.index("id").get(id));
    if (!entry && code === "seal.unreadable" && n) await unseal(all, n);
    if (!entry) continue;
    const said = first || outcome;
    const receipt = { outcome: said, code, message, seq, epoch, at: now };
    await all.put(flags({ ...entry, receipt, waiting: 0 }, said, now));
  }
}

/**
 * Let go of effects whose records have come, of work that was decided, and of texts that are old.
 * `arrivals` is asked only when there is anything to let go of.
 */
export async function settle(tx, arrivals, now) {
  const all = tx.objectStore("operations");
  let found = null;
  const told = async () => (found = found || (await arrivals()));
  for (const entry of await all.index("effect").getAll()) {
    if (entry.receipt && (await told()).isBack(entry)) await all.put(without(entry, "effect"));
  }
  for (const entry of await all.index("tray").getAll()) {
    if ((await told()).isDecided(entry)) await all.put(without(entry, "tray"));
  }
  for (const entry of await all.index("text_until").getAll(IDBKeyRange.upperBound(now))) {
    if (!entry.effect && !entry.tray && !entry.waiting) await all.put(unsaid(entry));
  }
}

// The server has another key by now: whoever unlocks this phone sends the text itself.
async function unseal(all, n) {
  const entry = await all.get(n);
  if (entry && entry.waiting && entry.box) await all.put(without(entry, "sealed"));
}

function add(personId, entry, { replaces, pictures }) {
  const stores = ["operations", "state", ...(pictures ? ["pictures"] : [])];
  return write(personal(personId), stores, async (tx) => {
    const all = tx.objectStore("operations");
    await all.add(entry);
    if (pictures) await handOver(tx, { ...pictures, replaces }, entry.id);
    const before = replaces && (await all.index("id").get(replaces));
    if (before) await all.put(without(before, "tray", "effect"));
    await changedHere(tx);
  });
}

/** Tell whoever holds a snapshot of the outbox that it is old. */
export async function changedHere(tx) {
  const state = tx.objectStore("state");
  await state.put(((await state.get("outbox_revision")) || 0) + 1, "outbox_revision");
}

function flags(entry, outcome, now) {
  const kept = without({ ...entry, text_until: now + KEEP_TEXT_MS }, "waiting", "effect", "tray");
  if (entry.effect && STANDING.includes(outcome)) kept.effect = 1;
  if (TO_TRAY.includes(outcome)) kept.tray = 1;
  return kept;
}

/** An entry without its words. */
export const unsaid = (entry) => without(entry, "text_until", "text", "box", "sealed");

/** Entries with their words, where this phone may read them. */
export const opened = (personId, found) => openedRows(personId, ofEntry, found);

function without(entry, ...names) {
  const kept = { ...entry };
  for (const name of names) delete kept[name];
  return kept;
}

const lastNumber = (personId) => inOperations(personId, lastOf);

const flagged = (personId, flag) => inOperations(personId, (all) => all.index(flag).getAll());

const inOperations = (personId, work) =>
  read(personal(personId), ["operations"], (tx) => work(tx.objectStore("operations")));
