// How this phone stands with the server: the sync pill, the line two people compare by voice, and
// what the phone reports about itself.

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
const LEDGER = ["state", "operations"];

/** What is known of the last round trips; {} before the first. */
export const known = (personId) =>
  read(personal(personId), ["state"], async (tx) => (await tx.objectStore("state").get("sync")) || {});

/** Note something about the round trips. Resolves with all that is known of them then. */
export const note = (personId, facts) =>
  write(personal(personId), ["state"], async (tx) => {
    const state = tx.objectStore("state");
    const after = { ...(await state.get("sync")), ...facts };
    await state.put(after, "sync");
    return after;
  });

/** All that pages are told of, of one moment: what waits here, and how it went to send texts, and pictures. */
export const atOnce = (personId) =>
  read(personal(personId), ["state", "operations", "pictures"], async (tx) => {
    const [all, names] = [tx.objectStore("state"), ["operations", "pictures"]];
    const waiting = names.map((name) => tx.objectStore(name).index("waiting").getAll());
    const [state = {}, sending = {}, operations, pictures] = await Promise.all([all.get("sync"), all.get("pictures"), ...waiting]);
    return { state, sending, operations, pictures };
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
export const pill = async (personId, state) => pillOf(state, await unsent(personId));

/** The pill where so much waits. */
export function pillOf(state, count) {
  if (state.auth) return { state: "signin", count };
  const isOffline = !state.ok_at || OFFLINE.includes(state.error) || (state.error && count === 0);
  if (isOffline) return { state: "offline", count };
  return { state: count > 0 ? "waiting" : "synced", count };
}

/** How much waits here: operations, and pictures that the server does not have. */
export const unsent = (personId) =>
  read(personal(personId), ["operations", "pictures"], async (tx) => {
    const counts = ["operations", "pictures"].map((name) => tx.objectStore(name).index("waiting").count());
    const [operations, pictures] = await Promise.all(counts);
    return operations + pictures;
  });

/** The ledger: recorded here, received there, and the code of the part that has no gap. */
export async function ledger(personId, state) {
  const links = await read(personal(personId), LEDGER, (tx) => linksOf(tx, state));
  return lineOf(personId, state, links);
}

/** What to note where both sides have the same at this moment: when that was, and what both have; else nothing. */
export async function agreement(personId, now) {
  const { state, links, count } = await read(personal(personId), LEDGER, async (tx) => {
    const found = (await tx.objectStore("state").get("sync")) || {};
    const waiting = tx.objectStore("operations").index("waiting").count();
    return { state: found, links: await linksOf(tx, found), count: await waiting };
  });
  const { agrees, recorded, received, code: said } = await lineOf(personId, state, links);
  if (!agrees || recorded !== received || count > 0) return {};
  return { matched_at: new Date(now).toISOString(), matched_n: recorded, matched_code: said };
}

/** What the office may see of this phone and its `outbox.queue`, sent with each round trip. */
export async function report({ unsent: [oldest], unsent: { length: waiting }, last: recorded }, version, state) {
  const { persisted, usage } = await storage();
  return {
    moved_from: state.moved_from || "",
    version,
    recorded,
    waiting,
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
  const [all, { persisted, usage, quota }] = await Promise.all([atOnce(personId), storage()]);
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
    old_unsent: oldUnsent(all, now),
    lost: lost.length,
    lost_numbers: ranges(lost),
    new_version: hasNewVersion(),
  };
}

/** What a page warns of `atOnce`: unsent work older than a day, storage nearly full, a clock that is off. */
export async function warnings({ state, ...all }, now) {
  const { usage, quota } = await storage();
  return {
    old_unsent: oldUnsent(all, now),
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

const oldUnsent = ({ operations, pictures }, now) =>
  [...operations.map(outbox.madeAt), ...pictures.map(({ at }) => at)].filter((at) => now - at > OLD_MS).length;

// What the chain goes on from, and how: nothing but the database is awaited here.
async function linksOf(tx, { upto = 0 }) {
  const all = tx.objectStore("operations");
  const [recorded, before] = await Promise.all([outbox.lastOf(all), tx.objectStore("state").get("head")]);
  const n = Math.min(upto, recorded);
  const from = before && before.n <= n ? before : { n: 0, head: "" };
  return { recorded, n, from, hashes: await outbox.hashesOf(all, from.n + 1, n) };
}

async function lineOf(personId, { received = 0, ledger: theirs }, { recorded, n, from, hashes }) {
  const head = await extend(from.head, hashes);
  if (n > from.n) await write(personal(personId), ["state"], (tx) => tx.objectStore("state").put({ n, head }, "head"));
  return { recorded, received, code: code(head), agrees: Number(head === theirs) };
}

async function storage() {
  const { storage: kept } = self.navigator;
  if (!kept || !kept.estimate) return { persisted: false, usage: 0, quota: 0 };
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([kept.estimate(), kept.persisted()]);
  return { persisted, usage, quota };
}
