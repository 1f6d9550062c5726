// A person's PIN on this phone: given, changed, taken away, tried. What it locks is rewritten in one
// transaction, so that a kill leaves all of it as it was or all of it as it is to be.

import { BOTH } from "./album.js";
import { personal, read, write } from "./db.js";
import * as keys from "./keys.js";
import { changedHere, unsaid } from "./outbox.js";
import * as replica from "./replica.js";
import { forgetDrafts } from "./revoked.js";
import { rewrite, STREAMS } from "./rewriting.js";
import { scrub } from "./scrubbing.js";
import * as vault from "./vault.js";

const STORES = ["operations", "archive", ...STREAMS, ...BOTH, "state"];
const MOST_TRIES = 10;
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;
const PIN = /^\d{6}$/;
const WEAK = /^(\d)\1*$|^(012345|123456|234567|345678|456789|567890|654321|543210|987654|876543|765432|112233|123123)$/;

/** Whether anybody would try this one first, or it is none. */
export const isWeak = (pin) => !PIN.test(pin) || WEAK.test(pin);

/** Lock everything here behind a PIN. Resolves with "" or why not: "weak", "unready" before the server's key is here. */
export async function give(personId, pin) {
  if (isWeak(pin)) return "weak";
  const state = await stateOf(personId);
  if (state.vault) return "there";
  if (!state.sync || !state.sync.seal) return "unready";
  const { row, key } = await vault.make(pin);
  await rewrite(personId, keys.PLAIN, keys.unlocked(key, state.sync.seal), { ...row, untidy: 1 });
  keys.hold({ person_id: personId, key, used_at: Date.now() });
  await tidied(personId);
  return "";
}

/** Have the key in memory if this is the PIN: { error, left, wait_s }; error is "", "wrong", "wait" or "wiped". */
export const unlock = (personId, pin) =>
  tried(personId, pin, async ({ untidy }, key) => {
    keys.hold({ person_id: personId, key, used_at: Date.now() });
    if (untidy) await tidied(personId);
  });

/** Another PIN in the place of this one. */
export async function change(personId, pin, next) {
  if (isWeak(next)) return { error: "weak" };
  return tried(personId, pin, async (row) => {
    const made = await vault.rewrap(row, pin, next);
    await write(personal(personId), ["state"], (tx) => tx.objectStore("state").put({ ...row, ...made }, "vault"));
  });
}

/** No PIN any more: everything as it was before there was one. */
export const remove = (personId, pin) =>
  tried(personId, pin, async (_row, key) => {
    await rewrite(personId, keys.unlocked(key), keys.PLAIN, null);
    keys.letGo();
  });

/** Lock now. */
export async function lock(personId) {
  keys.letGo();
  replica.letGo();
  await noted(personId, { locked_at: Date.now() });
}

/** Erase what the server has. What it lacks stays, sealed: it goes out once somebody signs in again. */
export async function wipe(personId) {
  keys.letGo();
  replica.letGo();
  await forgetDrafts(personId);
  await write(personal(personId), STORES, async (tx) => {
    const [all, archive, state, pictures, bytes] = ["operations", "archive", "state", ...BOTH].map((name) => tx.objectStore(name));
    for (const one of await all.getAll()) await all.put(one.waiting ? onlySealed(one) : quiet(unsaid(one)));
    for (const one of await archive.getAll()) await archive.put(unsaid(one));
    for (const name of STREAMS) await tx.objectStore(name).clear();
    for (const { id, waiting } of await pictures.getAll()) {
      const kept = waiting && (await bytes.get(id));
      if (kept && kept.sealed) await bytes.put({ sealed: kept.sealed }, id);
      else await Promise.all([pictures.delete(id), bytes.delete(id)]);
    }
    await Promise.all([state.delete("vault"), state.delete("away"), state.delete("recent")]);
    await state.put({ ...(await state.get("sync")), complete: 0, fresh_epoch: "" }, "sync");
    await state.put(((await state.get("streams_revision")) || 0) + 1, "streams_revision");
    await changedHere(tx);
  });
}

// What was there in words before the PIN is dropped from the browser's files, too; after a kill, later.
async function tidied(personId) {
  await scrub();
  await noted(personId, { untidy: 0 });
}

const noted = (personId, facts) =>
  write(personal(personId), ["state"], async (tx) => {
    const row = await tx.objectStore("state").get("vault");
    if (row) await tx.objectStore("state").put({ ...row, ...facts }, "vault");
  });

// Counted before it is tried: an app that is killed in between has used its try.
async function tried(personId, pin, work) {
  const { row, wait } = await counted(personId, Date.now());
  if (!row || wait > 0) return { error: row ? "wait" : "", wait_s: Math.ceil(wait / 1000) };
  const key = await vault.open(row, pin);
  if (key) {
    const clean = { tries: 0, next_at: 0 };
    await noted(personId, clean);
    await work({ ...row, ...clean }, key);
    return { error: "" };
  }
  if (row.tries >= MOST_TRIES) await wipe(personId);
  return { error: row.tries >= MOST_TRIES ? "wiped" : "wrong", left: MOST_TRIES - row.tries, wait_s: Math.ceil(waitAfter(row.tries) / 1000) };
}

const counted = (personId, now) =>
  write(personal(personId), ["state"], async (tx) => {
    const state = tx.objectStore("state");
    const row = await state.get("vault");
    if (!row) return { row: null, wait: 0 };
    // A clock that was set back must not lock for longer than the longest wait.
    const until = Math.min(row.next_at, now + LONGEST_WAIT_MS);
    const wait = Math.max(0, until - now);
    const next = wait > 0 ? { ...row, next_at: until } : { ...row, tries: row.tries + 1, next_at: now + waitAfter(row.tries + 1) };
    await state.put(next, "vault");
    return { row: next, wait };
  });

const waitAfter = (tries) => (tries < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (tries - FREE_TRIES), LONGEST_WAIT_MS));

const stateOf = (personId) =>
  read(personal(personId), ["state"], async (tx) => {
    const [row, sync] = await Promise.all(["vault", "sync"].map((name) => tx.objectStore("state").get(name)));
    return { vault: row, sync };
  });

const onlySealed = ({ box, text, ...kept }) => quiet(kept.sealed ? kept : { ...kept, ...(text ? { text } : {}), ...(box ? { box } : {}) });

const quiet = ({ effect, tray, ...kept }) => kept;
