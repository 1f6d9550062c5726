// How this phone stands with the server: the sync pill, the line two people compare by voice, and
// what the phone reports about itself.

import * as album from "./album.js";
import { personal, read, write } from "./db.js";
import { code, extend } from "./ledger.js";
import * as outbox from "./outbox.js";
import { ranges } from "./restored.js";

const MINUTE_MS = 60_000;
const OLD_MS = 24 * 60 * MINUTE_MS;
const FULL = 0.8;
const CLOCK_MINUTES = 10;
// Errors that mean no network; with any other there is one, and the server has trouble.
export const OFFLINE = ["network", "portal"];
const MEGA = 1_000_000;

/** What is known of the last round trips; {} before the first. */
export const known = (personId) =>
  read(personal(personId), ["state"], async (tx) => (await tx.objectStore("state").get("sync")) || {});

/** Note something about the round trips. */
export const note = (personId, facts) =>
  write(personal(personId), ["state"], async (tx) => {
    const state = tx.objectStore("state");
    await state.put({ ...(await state.get("sync")), ...facts }, "sync");
  });

/** Forget the records of somebody who signed out; operations stay until they are answered for. */
export const forgetRecords = (personId) =>
  write(personal(personId), ["streams", "fresh", "state"], async (tx) => {
    const state = tx.objectStore("state");
    await tx.objectStore("streams").clear();
    await tx.objectStore("fresh").clear();
    await state.put({ ...(await state.get("sync")), complete: 0, fresh_epoch: "" }, "sync");
    await state.put(((await state.get("streams_revision")) || 0) + 1, "streams_revision");
  });

/** The sync pill. "synced" only when no text lacks a receipt, no picture waits, and the last round trip succeeded. */
export async function pill(personId, state) {
  const count = await unsent(personId);
  if (state.auth) return { state: "signin", count };
  const isOffline = !state.ok_at || OFFLINE.includes(state.error) || (state.error && count === 0);
  if (isOffline) return { state: "offline", count };
  return { state: count > 0 ? "waiting" : "synced", count };
}

/** How much waits here: operations, and pictures that the server does not have. */
export async function unsent(personId) {
  const [operations, pictures] = await Promise.all([outbox.count(personId), album.count(personId)]);
  return operations + pictures;
}

/** The ledger: recorded here, received there, and the code of the part that has no gap. */
export async function ledger(personId, state) {
  const [recorded, received] = [await outbox.lastNumber(personId), state.received || 0];
  const head = await headAt(personId, Math.min(state.upto || 0, recorded));
  return { recorded, received, code: code(head), agrees: Number(head === state.ledger) };
}

/** Remember the moment at which both sides had the same. */
export async function noteAgreement(personId, now) {
  const state = await known(personId);
  const line = await ledger(personId, state);
  const same = line.agrees && line.recorded === line.received && !(await outbox.count(personId));
  const matched = { matched_at: new Date(now).toISOString(), matched_n: line.recorded, matched_code: line.code };
  if (same) await note(personId, matched);
}

/** What the office may see of this phone, sent with each round trip. */
export async function report(personId, version, state) {
  const [oldest] = await outbox.unread(personId, 1);
  const { persisted, usage } = await storage();
  return {
    moved_from: state.moved_from || "",
    version,
    recorded: await outbox.lastNumber(personId),
    waiting: await outbox.count(personId),
    oldest_at: oldest ? new Date(outbox.madeAt(oldest)).toISOString() : "",
    persisted,
    usage,
    error: state.error || "",
    lost: (state.lost || []).length,
  };
}

/** What the pages 待同步 and 更多 say about this phone; the names of NO_DEVICE in the views. */
export async function device(personId, state, now) {
  const { recorded, received, code: said } = await ledger(personId, state);
  const { persisted, usage, quota } = await storage();
  const { matched_at = "", matched_n = 0, matched_code = "", error = "", lost = [] } = state;
  return {
    recorded, received, code: said, matched_at, matched_n, matched_code,
    tried_at: error ? state.tried_at : "",
    tried_why: OFFLINE.includes(error) ? "offline" : error,
    next_s: Math.max(0, Math.round(((state.next_at || now) - now) / 1000)),
    persisted: persisted ? "yes" : "no",
    usage_mb: Math.round(usage / MEGA),
    free_mb: Math.round(Math.max(0, quota - usage) / MEGA),
    ahead_minutes: aheadMinutes(state),
    old_unsent: await oldUnsent(personId, now),
    lost: lost.length,
    lost_numbers: ranges(lost),
    new_version: hasNewVersion(),
  };
}

/** What a page warns of: unsent work older than a day, storage nearly full, a clock that is off. */
export async function warnings(personId, state, now) {
  const [{ usage, quota }, old] = await Promise.all([storage(), oldUnsent(personId, now)]);
  return {
    old_unsent: old,
    nearly_full: Number(quota > 0 && usage > quota * FULL),
    clock_ahead: Math.max(0, wrongMinutes(state)),
    clock_behind: Math.max(0, -wrongMinutes(state)),
    new_version: hasNewVersion(),
  };
}

// A clock that is off by less puts no visit into the wrong place.
const wrongMinutes = (state) => (Math.abs(aheadMinutes(state)) > CLOCK_MINUTES ? aheadMinutes(state) : 0);

const aheadMinutes = ({ ahead_ms = 0 }) => Math.round(ahead_ms / MINUTE_MS);

const hasNewVersion = () => Number(Boolean(self.registration && self.registration.waiting));

async function oldUnsent(personId, now) {
  const [operations, pictures] = await Promise.all([outbox.unread(personId), album.waiting(personId)]);
  return [...operations.map(outbox.madeAt), ...pictures.map(({ at }) => at)].filter((at) => now - at > OLD_MS).length;
}

async function headAt(personId, n) {
  const before = await read(personal(personId), ["state"], (tx) => tx.objectStore("state").get("head"));
  const from = before && before.n <= n ? before : { n: 0, head: "" };
  const head = await extend(from.head, await outbox.hashes(personId, from.n + 1, n));
  if (n > from.n) await write(personal(personId), ["state"], (tx) => tx.objectStore("state").put({ n, head }, "head"));
  return head;
}

async function storage() {
  const { storage: kept } = self.navigator;
  if (!kept || !kept.estimate) return { persisted: false, usage: 0, quota: 0 };
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([kept.estimate(), kept.persisted()]);
  return { persisted, usage, quota };
}
