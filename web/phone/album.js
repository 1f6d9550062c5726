// Pictures on this phone: kept the moment they are chosen, until some time after the server has them.
// All bytes of pictures are read and written here.

import { personal, read, write } from "./db.js";
import { lockerOf } from "./keys.js";
import { seal } from "./seals.js";
import { disclose, enclose } from "./vault.js";

/** A form takes no more than this. */
export const MOST = 5;
const MAX_BYTES = 2 * 1024 * 1024;
const TYPES = ["image/jpeg", "image/webp"];
const DAY_MS = 86_400_000;
const FORM_KEPT_MS = 7 * DAY_MS;
// A server that was restored from last night's backup can be given again what it lost.
const SENT_KEPT_MS = 3 * DAY_MS;
// What asking again does not change: only the worker can let go of it.
const REFUSED = ["media.type", "media.unreadable", "media.too_large", "media.name", "media.lost"];
export const BOTH = ["pictures", "bytes"];
const SAID = ["sha256", "type", "width", "height", "size", "purpose"];

/**
 * Keep a picture that a form holds. Resolves, once it is on disk, with "" or why it was not kept:
 * "full" (the form has enough), "unfit".
 */
export async function keep(personId, form, { bytes, type, width = 0, height = 0, purpose = "photo" }, now = Date.now()) {
  if (!TYPES.includes(type) || bytes.byteLength === 0 || bytes.byteLength > MAX_BYTES) return "unfit";
  const sha256 = await nameFor(bytes);
  const row = { sha256, type, width, height, size: bytes.byteLength, purpose, form, at: now };
  const kept = await shut(await lockerOf(personId), sha256, bytes);
  return write(personal(personId), BOTH, async (tx) => {
    const all = tx.objectStore("pictures");
    const there = await all.index("form").getAll(form);
    if (there.some((one) => one.sha256 === sha256)) return "";
    if (there.length >= MOST) return "full";
    await tx.objectStore("bytes").put(kept, await all.add(row));
    return "";
  });
}

/** The pictures a form holds, in the order in which they were chosen. */
export const ofForm = (personId, form) => inPictures(personId, (all) => all.index("form").getAll(form));

/** Take a picture out of a form again. */
export const drop = (personId, form, sha256) =>
  write(personal(personId), BOTH, async (tx) => {
    const there = await tx.objectStore("pictures").index("form").getAll(form);
    for (const { id } of there.filter((one) => one.sha256 === sha256)) await forget(tx, id);
  });

/** What the data of a visit says of a picture. */
export const said = (row) => Object.fromEntries(SAID.map((name) => [name, row[name]]));

/**
 * Hand the pictures of a form over to the visit that was saved, inside the transaction that keeps it;
 * with them those of the refused visit that this one `replaces`.
 */
export async function handOver(tx, { form, names, replaces }, visitId) {
  const all = tx.objectStore("pictures");
  const refused = replaces ? await all.index("visit_id").getAll(replaces) : [];
  for (const row of await all.index("form").getAll(form)) {
    if (names.includes(row.sha256)) await all.put(without({ ...row, visit_id: visitId, waiting: 1 }, "form"));
  }
  for (const row of refused) await all.put({ ...row, visit_id: visitId });
}

/** What the server does not have yet, oldest first. */
export const waiting = (personId) => inPictures(personId, (all) => all.index("waiting").getAll());

export const isRefused = ({ error }) => REFUSED.includes(error);

/** Let go of the pictures of a visit that the server will never take. Done twice, it does nothing more. */
export const discard = (personId, visitId) =>
  write(personal(personId), BOTH, async (tx) => {
    const there = await tx.objectStore("pictures").index("visit_id").getAll(visitId);
    for (const row of there) if (row.waiting && isRefused(row)) await forget(tx, row.id);
  });

/** What is kept of a row: { bytes }, or { sealed, isHidden } while nobody here may see them; {} when they are gone. */
export async function bytesOf(personId, { id, sha256 }) {
  const kept = await read(personal(personId), ["bytes"], (tx) => tx.objectStore("bytes").get(id));
  const bytes = await opened(await lockerOf(personId), sha256, kept);
  return bytes ? { bytes } : kept ? { sealed: kept.sealed, isHidden: 1 } : {};
}

/** Bytes of a picture as they are stored under a PIN: enclosed, and sealed for the server. */
export async function shut({ key, isSet, sealing }, sha256, bytes) {
  if (!isSet) return bytes;
  const [box, sealed] = await Promise.all([enclose(key, about(sha256), bytes), sealing ? seal(sealing, about(sha256), bytes) : null]);
  return { box, sealed };
}

/** The bytes that were stored, or undefined where nobody here may see them. */
export async function opened({ key }, sha256, kept) {
  if (!kept || !(kept.box || kept.sealed)) return kept;
  return key && kept.box ? disclose(key, about(sha256), kept.box) : undefined;
}

/** A picture by its hash, if this phone has it: { bytes, type }. */
export async function find(personId, sha256) {
  const row = await inPictures(personId, (all) => all.index("sha256").get(sha256));
  const { bytes } = row ? await bytesOf(personId, row) : {};
  return bytes ? { bytes, type: row.type } : null;
}

/** Note something about a row, such as why the server did not take it. */
export const note = (personId, id, facts) => change(personId, id, (row) => ({ ...row, ...facts }));

/** The server has it. */
export const arrived = (personId, id, now = Date.now()) =>
  change(personId, id, (row) => without({ ...row, sent_at: now }, "waiting", "error", "next_at", "tries"));

/** Send again everything whose bytes are still here: the server may have lost it. */
export const takeUpAgain = (personId) =>
  write(personal(personId), ["pictures"], async (tx) => {
    const all = tx.objectStore("pictures");
    for (const row of await all.getAll()) if (row.visit_id) await all.put({ ...row, waiting: 1 });
  });

/** Let go of what was sent some days ago, and of forms that were never sent. */
export const tidy = (personId, now = Date.now()) =>
  write(personal(personId), BOTH, async (tx) => {
    for (const row of await tx.objectStore("pictures").getAll()) {
      const isSent = row.sent_at && !row.waiting && now - row.sent_at > SENT_KEPT_MS;
      if (isSent || (row.form && now - row.at > FORM_KEPT_MS)) await forget(tx, row.id);
    }
  });

const about = (sha256) => `picture ${sha256}`;

async function nameFor(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forget(tx, id) {
  await tx.objectStore("pictures").delete(id);
  await tx.objectStore("bytes").delete(id);
}

const change = (personId, id, changed) =>
  write(personal(personId), ["pictures"], async (tx) => {
    const all = tx.objectStore("pictures");
    const row = await all.get(id);
    if (row) await all.put(changed(row));
  });

function without(row, ...names) {
  const kept = { ...row };
  for (const name of names) delete kept[name];
  return kept;
}

const inPictures = (personId, work) => read(personal(personId), ["pictures"], (tx) => work(tx.objectStore("pictures")));
