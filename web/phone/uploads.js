// Brings pictures to the server: after the text of their visit, one at a time, and after a cut line
// on from where it was cut. No text ever waits for a picture.

import * as album from "./album.js";
import { personal, read, write } from "./db.js";
import { unlessBusy } from "./locks.js";
import * as outbox from "./outbox.js";
import { isAway, retryAfter } from "./roundtrip.js";

const SLICE_MS = 60_000;
const TIMEOUT_MS = 30_000;
const FIRST_PIECE = 256 * 1024;
const LARGEST_PIECE = 1024 * 1024;
const SMALLEST_PIECE = 16 * 1024;
const MAX_LOST = 6;
const MAX_BUSY = 3;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const REFUSED_WAIT_MS = 3_600_000;
const KINDS = { 401: "signin", 408: "busy", 409: "gap", 429: "busy" };
// What lay there was not what had been sent: it begins anew.
const AGAIN = "media.other_hash";
let isTidy = false;

/** Send what can be sent now. Resolves with how many pictures arrived, and whether some are `left`. */
export const send = (person, epoch) =>
  unlessBusy(`jinlin-pictures-${person.id}`, () => work(person.id, epoch), { arrived: 0, left: true });

// How the queue stood: { next_at, error, epoch }, next_at 0 when there was nothing to try for; how many wait.
const known = (personId) =>
  read(personal(personId), ["state", "pictures"], async (tx) => {
    const [before = {}, count] = await Promise.all([tx.objectStore("state").get("pictures"), tx.objectStore("pictures").index("waiting").count()]);
    return { before, count };
  });

async function work(personId, epoch) {
  const { before, count } = await known(personId);
  if (before.epoch && epoch && before.epoch !== epoch) await album.takeUpAgain(personId);
  if (!isTidy) await album.tidy(personId);
  isTidy = true;
  if (before.epoch === epoch && count === 0) return { arrived: 0, left: false };
  const until = Date.now() + SLICE_MS;
  let [arrived, busy, error, retry] = [0, 0, "", 0];
  for (const row of await ready(personId)) {
    if (Date.now() > until || busy >= MAX_BUSY || error) break;
    const { kind, code, retry_ms: asked = 0 } = await bring(personId, row);
    if (kind === "here") {
      await album.arrived(personId, row.id);
      arrived += 1;
    } else if (kind === "refused") await putOff(personId, row, code, REFUSED_WAIT_MS);
    else if (kind === "busy") {
      await putOff(personId, row, code, Math.max(waitAfter(row.tries || 0), asked));
      busy += 1; // one that always fails stops no other
    } else [error, retry] = [code, asked];
  }
  const left = await stand(personId, before, { arrived, error, epoch, retry });
  return { arrived, left };
}

/** Rows whose text the server has named in a receipt, and that were not put off. */
async function ready(personId) {
  const unsent = new Set((await outbox.unread(personId)).map(({ id }) => id));
  const rows = await album.waiting(personId);
  return rows.filter(({ visit_id: id, next_at: at = 0 }) => !unsent.has(id) && at <= Date.now());
}

/** One picture: { kind: "here" | "refused" | "signin" | "busy" | "offline" | "away", code }. */
async function bring(personId, row) {
  const { bytes, sealed, isHidden } = await album.bytesOf(personId, row);
  if (!bytes && sealed) return whole(row, sealed);
  if (!bytes) return isHidden ? { kind: "busy", code: "phone.locked" } : { kind: "refused", code: "media.lost" };
  let [size, most, lost] = [FIRST_PIECE, LARGEST_PIECE, 0];
  let heard = await ask(`/media/${row.sha256}/received`, {});
  while (heard.kind === "answer" && !heard.complete) {
    const at = Math.min(heard.received, bytes.byteLength - 1);
    const end = Math.min(at + size, bytes.byteLength);
    heard = await piece(row, bytes, at, end);
    if (heard.kind === "answer" && heard.received > at) [lost, size] = [0, Math.min(size * 2, most)];
    else if (["answer", "offline", "gap"].includes(heard.kind) && lost < MAX_LOST) {
      lost += 1;
      size = most = Math.max(Math.floor((end - at) / 2), SMALLEST_PIECE);
      heard = await ask(`/media/${row.sha256}/received`, {});
    } else if (heard.kind === "answer") return { kind: "busy", code: "media.stuck" };
  }
  return heard.kind === "answer" ? { kind: "here" } : heard;
}

// A locked phone cannot cut what it cannot read: it goes as a whole.
async function whole(row, { id, data }) {
  const headers = { "Content-Type": "application/x-jinlin-sealed", "Jinlin-Seal": `${id} ${row.type}` };
  const heard = await ask(`/media/${row.sha256}`, { method: "PUT", headers, body: data });
  return heard.kind === "answer" ? { kind: "here" } : heard;
}

const piece = (row, bytes, at, end) =>
  ask(`/media/${row.sha256}`, {
    method: "PUT",
    headers: { "Content-Type": row.type, "Content-Range": `bytes ${at}-${end - 1}/${bytes.byteLength}` },
    body: bytes.slice(at, end),
  });

async function ask(path, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  const ours = { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal };
  try {
    const response = await fetch(path, { ...options, ...ours });
    return { ...understood(response.status, await response.json().catch(() => null)), retry_ms: retryAfter(response) };
  } catch {
    return { kind: "offline", code: "network" };
  } finally {
    clearTimeout(timer);
  }
}

// What names neither a picture nor a code is nobody of ours: a captive portal, a proxy.
function understood(status, found) {
  if (found && typeof found.received === "number") return { kind: "answer", ...found };
  const isOurs = found && typeof found.code === "string";
  if (!isOurs && (isAway(status) || status === 429)) return { kind: "away", code: `http.${status}` };
  if (status >= 500) return { kind: "busy", code: `http.${status}` };
  if (!isOurs) return { kind: "offline", code: "portal" };
  return { kind: found.code === AGAIN ? "busy" : KINDS[status] || "refused", code: found.code };
}

const putOff = (personId, { id, tries = 0 }, code, wait) =>
  album.note(personId, id, { error: code, tries: tries + 1, next_at: Date.now() + wait });

const waitAfter = (failures) => Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);

/** Note when to try again: soon when the line failed, at the hour of a refused one, or not at all. Whether any wait. */
async function stand(personId, before, { arrived, error, epoch, retry }) {
  const failures = error ? (arrived ? 0 : before.failures || 0) + 1 : 0;
  const unsent = new Set((await outbox.unread(personId)).map(({ id }) => id));
  const waiting = await album.waiting(personId);
  const left = waiting.filter(({ visit_id: id }) => !unsent.has(id));
  const soonest = left.length > 0 ? Math.min(...left.map(({ next_at: at = 0 }) => at)) : 0;
  const due = left.length > 0 ? Math.max(soonest, Date.now()) : 0;
  const facts = { error, failures, next_at: error ? Date.now() + Math.max(waitAfter(failures - 1), retry) : due, epoch: epoch || before.epoch };
  await write(personal(personId), ["state"], (tx) => tx.objectStore("state").put(facts, "pictures"));
  return waiting.length > 0;
}
