// Stores what the server answered, all of it in one transaction: receipts, records, cursors, epoch.

import { personal, read, write } from "./db.js";
import * as outbox from "./outbox.js";
import { reached } from "./keys.js";
import * as pulled from "./pulled.js";
import * as restored from "./restored.js";

const STORES = ["operations", "streams", "fresh", "state"];

/** Take in one answer of /sync. Resolves with how the phone stands now. */
export async function takeIn(personId, heard, now = Date.now()) {
  for (;;) {
    const before = await read(personal(personId), ["state"], async (tx) => (await tx.objectStore("state").get("sync")) || {});
    const plan = await pulled.planned(personId, target(before, heard.answer), heard.changes, heard.answer.cursors);
    const state = await put(personId, heard, plan, before, now);
    if (state) return state;
  }
}

/**
 * Take in what a locked phone was answered: receipts, and that the server was reached. Everything else
 * waits until somebody unlocks it.
 */
export const takeReceipts = (personId, { answer }, now = Date.now()) =>
  write(personal(personId), ["operations", "state"], async (tx) => {
    const kept = tx.objectStore("state");
    await outbox.takeReceipts(tx, answer.receipts, answer.epoch, now);
    if (answer.receipts.length > 0) await outbox.changedHere(tx);
    const before = (await kept.get("sync")) || {};
    const state = { ...before, auth: "", error: "", failures: 0, ok_at: new Date(now).toISOString() };
    await kept.put(state, "sync");
    await reached(tx, now);
    return state;
  });

/** Where the records of an answer go: after a restore (another epoch) beside those that are there. */
function target({ epoch: mine, fresh_epoch: fresh }, { epoch, more }) {
  if (!mine || mine === epoch) return { store: "streams", isFresh: false, own: "streams" };
  return { store: "fresh", isFresh: fresh !== epoch, own: more ? "streams" : "fresh" };
}

/** Resolves with null when what was planned is of yesterday. */
function put(personId, { answer, ahead, changes }, plan, seen, now) {
  return write(personal(personId), STORES, async (tx) => {
    const kept = tx.objectStore("state");
    const before = (await kept.get("sync")) || {};
    const isSame = before.epoch === seen.epoch && before.fresh_epoch === seen.fresh_epoch;
    if (!isSame || !(await pulled.isStill(tx, plan))) return null;
    const recorded = await tx.objectStore("operations").count();
    const isWiped = recorded === 0 && answer.device.received > 0;
    const isNews = changes.length + answer.left.length + answer.receipts.length > 0;

    await outbox.takeReceipts(tx, answer.receipts, answer.epoch, now);
    const { again, lost } = await lacking(tx, before, answer);
    const state = {
      ...before,
      lost,
      ...(await pull(tx, before, answer, plan)),
      seal: answer.seal || before.seal,
      heard_epoch: "",
      ahead_ms: Math.round(ahead),
      received: answer.device.received,
      upto: answer.device.upto,
      ledger: answer.device.ledger,
      auth: isWiped ? "wiped" : "",
      error: "",
      failures: 0,
      ok_at: new Date(now).toISOString(),
      moved_at: isNews ? now : before.moved_at || 0,
    };
    await leave(tx, answer.left);
    await outbox.settle(tx, () => pulled.arrivals(tx, plan.told, state), now);
    await kept.put(state, "sync");
    await reached(tx, now);
    // Pages read everything anew when these move: not after an answer that brought nothing.
    const moved = isNews || again > 0 || before.epoch !== state.epoch ? ["streams_revision", "outbox_revision"] : [];
    for (const name of moved) await kept.put(((await kept.get(name)) || 0) + 1, name);
    return state;
  });
}

/**
 * At the first answer of another epoch, before anything is pulled, what the server lost goes back into
 * the outbox. So it does when somebody put an old database there by hand, without a new epoch.
 */
async function lacking(tx, before, { epoch, device }) {
  const isNew = Boolean(before.epoch) && epoch !== (before.fresh_epoch || before.epoch);
  if (isNew || (await restored.isForgetful(tx, device))) return restored.takeUpAgain(tx, device, epoch);
  return { again: 0, lost: restored.stillLost(before.lost || [], device) };
}

/**
 * Put the changes where they belong. After a restore (another epoch) they fill a fresh replica
 * beside the old one, which stays in use until the fresh one is whole.
 */
async function pull(tx, before, { epoch, more }, plan) {
  const isKnown = !before.epoch || before.epoch === epoch;
  if (isKnown) {
    if (before.fresh_epoch) await tx.objectStore("fresh").clear();
    await pulled.takeChanges(tx, plan);
    return { epoch, fresh_epoch: "", complete: before.complete || Number(!more) };
  }
  if (before.fresh_epoch !== epoch) await tx.objectStore("fresh").clear();
  await pulled.takeChanges(tx, plan);
  if (more) return { fresh_epoch: epoch };
  await pulled.swap(tx);
  return { epoch, fresh_epoch: "", complete: 1 };
}

/** Forget buildings that are no longer this person's, once nothing of his own waits to be sent. */
async function leave(tx, names) {
  const unsent = await tx.objectStore("operations").index("waiting").count();
  if (unsent === 0) await pulled.erase(tx, names);
}
