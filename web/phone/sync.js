// Brings outbox and replica together with the server, again and again until both have everything.

import { takeIn, takeReceipts } from "./answers.js";
import * as devices from "./devices.js";
import { lockerOf } from "./keys.js";
import { unlessBusy } from "./locks.js";
import * as outbox from "./outbox.js";
import * as replica from "./replica.js";
import { erase } from "./revoked.js";
import { exchange } from "./roundtrip.js";
import { element } from "./seals.js";
import * as standing from "./standing.js";

const MAX_OPS = 200;
const MAX_BYTES = 900_000; // of 1 MiB, with room for the head
const LIMIT = 500;
const SLICE_MS = 60_000; // a worker is not left at work for longer; pages ask again
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;
const HOUR_MS = 3_600_000;
const MAX_STUCK = 3;

let size = MAX_OPS;
let isWanted = false;
let tidiedAt = 0;

/**
 * Sync once, or, when that is being done, once more after it. Resolves with how the phone stands:
 * `next_at` is when to try again, 0 when there is nothing to try for; with null when somebody is at it.
 */
export async function sync(person, version) {
  isWanted = true;
  let done = null;
  while (isWanted) {
    isWanted = false;
    const state = await unlessBusy(`jinlin-sync-${person.id}`, () => work(person, version), null);
    if (state === null) {
      isWanted = true;
      break;
    }
    done = state;
    if (done.error || done.auth) break;
  }
  return done;
}

async function work(person, version) {
  const until = Date.now() + SLICE_MS;
  const stuck = new Set();
  let before = await standing.note(person.id, { tried_at: new Date().toISOString() });
  for (;; before = await standing.known(person.id)) {
    isWanted = false;
    const { isLocked } = await lockerOf(person.id);
    const queue = await outbox.queue(person.id);
    const batch = isStrange(before) && !isLocked ? [] : await nextBatch(person.id, queue, stuck, isLocked);
    const heard = await exchange(await question(person, version, before, queue, isLocked), batch.map(said));
    if (heard.kind === "answer") {
      const state = await (isLocked ? takeReceipts : takeWhole)(person.id, heard);
      size = Math.min(size * 2, MAX_OPS);
      if (state.auth) return state;
      const left = (await outbox.unread(person.id)).filter(sendable(isLocked));
      if (left.length <= stuck.size && (isLocked || !heard.answer.more)) return finish(person.id, stuck);
      if (Date.now() > until) return standing.note(person.id, { next_at: Date.now() });
    } else if (!smaller(heard, batch, stuck)) {
      return failed(person.id, heard, before);
    }
  }
}

// A server that was restored since is first asked what it has: that may change every number here.
const isStrange = ({ heard_epoch: heard, fresh_epoch: fresh, epoch }) => Boolean(heard && epoch) && heard !== (fresh || epoch);

/**
 * Whether to try again at once with less: half the batch, or without the one that always fails.
 * What the line could not carry is halved for the next try; a server that is away gets the same again.
 */
function smaller({ kind }, batch, stuck) {
  if (kind === "timeout" || kind === "cut") size = Math.max(1, Math.ceil(batch.length / 2));
  if (!["too_large", "unreadable", "trouble"].includes(kind) || batch.length === 0) return false;
  size = Math.max(1, Math.ceil(batch.length / 2));
  if (batch.length > 1) return true;
  stuck.add(batch[0].n);
  return stuck.size < MAX_STUCK;
}

async function takeWhole(personId, heard) {
  await devices.gather(personId, heard.answer);
  return takeIn(personId, heard);
}

// A locked phone sends what it sealed; what it cannot send waits until it is unlocked.
const sendable = (isLocked) => (one) => one.sealed || !isLocked;

const said = (entry) => entry.text || element(entry);

async function nextBatch(personId, { unsent }, stuck, isLocked) {
  const isNext = ({ n }) => !stuck.has(n);
  const found = unsent.filter(sendable(isLocked)).filter(isNext).slice(0, size);
  const batch = await outbox.opened(personId, found);
  let bytes = 0;
  const fits = batch.findIndex((one) => (bytes += said(one).length * 3) > MAX_BYTES);
  return fits > 0 ? batch.slice(0, fits) : batch;
}

async function question(person, version, state, queue, isLocked) {
  const fresh = state.fresh_epoch;
  return {
    protocol: 1,
    device: person.device,
    ...(state.epoch ? { epoch: fresh || state.epoch } : {}),
    cursors: isLocked ? {} : await replica.cursors(person.id, fresh ? "fresh" : "streams"),
    limit: isLocked ? 0 : LIMIT,
    phone: await standing.report(queue, version, state),
  };
}

async function finish(personId, stuck) {
  if (Date.now() - tidiedAt > HOUR_MS) {
    await devices.tidy(personId);
    tidiedAt = Date.now();
  }
  const agreed = await standing.agreement(personId, Date.now());
  if (stuck.size === 0) return standing.note(personId, { ...agreed, next_at: 0 });
  return failed(personId, { kind: "trouble", code: "operation.stuck" }, await standing.note(personId, agreed));
}

async function failed(personId, { kind, code, retry_ms: asked = 0 }, before) {
  if (code === "device.revoked") await erase(personId);
  if (code === "person.inactive") await standing.forgetRecords(personId);
  const failures = (before.failures || 0) + 1;
  const backoff = Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4);
  const wait = Math.max(backoff, asked);
  const auth = kind === "signin" || kind === "mismatch" ? kind : "";
  const error = auth ? "" : code;
  return standing.note(personId, { auth, error, failures, next_at: auth ? 0 : Date.now() + wait });
}
