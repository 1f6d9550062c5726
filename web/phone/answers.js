// Stores what the server answered, all of it in one transaction: receipts, records, cursors, epoch.

import { personal, write } from "./db.js";
import * as outbox from "./outbox.js";
import * as replica from "./replica.js";
import * as restored from "./restored.js";

const STORES = ["operations", "streams", "fresh", "state"];

/** Take in one answer of /sync. Resolves with how the phone stands now. */
export function takeIn(personId, { answer, changes, ahead }, now = Date.now()) {
  return write(personal(personId), STORES, async (tx) => {
    const kept = tx.objectStore("state");
    const before = (await kept.get("sync")) || {};
    const recorded = await tx.objectStore("operations").count();
    const isWiped = recorded === 0 && answer.device.received > 0;
    const isNews = changes.length + answer.left.length + answer.receipts.length > 0;

    await outbox.takeReceipts(tx, answer.receipts, answer.epoch, now);
    const { again, lost } = await lacking(tx, before, answer);
    const state = {
      ...before,
      lost,
      ...(await pull(tx, before, answer, changes)),
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
    await outbox.settle(tx, await replica.arrivals(tx, personId, state), now);
    await kept.put(state, "sync");
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
async function pull(tx, before, answer, changes) {
  const { epoch, cursors, more } = answer;
  const isKnown = !before.epoch || before.epoch === epoch;
  if (isKnown) {
    await tx.objectStore("fresh").clear();
    await replica.takeChanges(tx, "streams", changes, cursors);
    return { epoch, fresh_epoch: "", complete: before.complete || Number(!more) };
  }
  if (before.fresh_epoch !== epoch) await tx.objectStore("fresh").clear();
  await replica.takeChanges(tx, "fresh", changes, cursors);
  if (more) return { fresh_epoch: epoch };
  await replica.swap(tx);
  return { epoch, fresh_epoch: "", complete: 1 };
}

/** Forget buildings that are no longer this person's, once nothing of his own waits to be sent. */
async function leave(tx, names) {
  const unsent = await tx.objectStore("operations").index("waiting").count();
  if (unsent === 0) await replica.erase(tx, names);
}
