// The records on this phone: what the server sent, with the effects of what it has not yet sent back.
// All pages read here; all that comes from the server is stored here.

import { personal, read } from "./db.js";
import { DEFAULT_INTERVALS } from "./care.js";
import * as days from "./days.js";
import { apply, touched } from "./effects.js";
import { NOTHING, cursorsOf, reread } from "./held.js";
import { ofStream, opened } from "./keys.js";
import * as outbox from "./outbox.js";
import { complete } from "./shelf.js";
import * as streams from "./streams.js";
import { overlay } from "./town.js";

const MAX_AGAIN = 5;

let held = { personId: "" };
let turn = Promise.resolve();

/**
 * What pages read now: { shelf, waiting, state }. `waiting` names the records that the server has
 * not confirmed; `state` is how the phone stands with the server (standing.js).
 */
export function snapshot(personId, now = Date.now()) {
  const taken = turn.then(() => take(personId, now));
  turn = taken.catch(() => {});
  return taken;
}

/** The cursors to ask with, from `streams`, or from `fresh` while that fills up. */
export const cursors = (personId, store) =>
  read(personal(personId), [store], async (tx) => Object.fromEntries(await cursorsOf(tx.objectStore(store))));

/** What server and phone compare, by stream. */
export const digests = async (personId) => {
  const kept = await read(personal(personId), ["streams"], (tx) => tx.objectStore("streams").getAll());
  const rows = await opened(personId, ofStream, kept);
  const found = await Promise.all(rows.map((row) => streams.digest(row.text)));
  return Object.fromEntries(rows.map(({ stream }, at) => [stream, found[at]]));
};

/** Forget what is in memory. */
export const letGo = () => (held = { personId: "" });

async function take(personId, now) {
  let kept = await revisions(personId);
  // An answer that is stored between reading the records and reading the outbox would leave a visit
  // in neither: what was read counts only if nothing moved meanwhile.
  for (let again = 0; again < MAX_AGAIN && !isHeld(personId, kept); again += 1) {
    await load(personId, kept, now);
    kept = await revisions(personId);
  }
  return { shelf: held.shelf, waiting: held.waiting, state: kept.state };
}

const isHeld = (personId, { streamsRevision, outboxRevision }) =>
  held.personId === personId && held.streamsRevision === streamsRevision && held.outboxRevision === outboxRevision;

const revisions = (personId) =>
  read(personal(personId), ["state"], async (tx) => {
    const names = ["sync", "streams_revision", "outbox_revision"];
    const found = await Promise.all(names.map((name) => tx.objectStore("state").get(name)));
    const [state = {}, streamsRevision = 0, outboxRevision = 0] = found;
    return { state, streamsRevision, outboxRevision };
  });

async function load(personId, { streamsRevision, outboxRevision }, now) {
  if (held.personId !== personId) held = { personId, records: NOTHING };
  if (held.streamsRevision !== streamsRevision) held.records = await reread(personId, held.records);
  const entries = await outbox.effective(personId);
  Object.assign(held, build(personId, entries, now), { streamsRevision, outboxRevision });
}

function build(personId, entries, now) {
  const town = overlay(held.records.town);
  const scene = sceneOf(personId, town, now);
  const read = entries.filter(({ text }) => text);
  const operations = read.map((entry) => JSON.parse(entry.text));
  for (const operation of operations) apply(operation, town, scene);
  const isOpen = (_, at) => !read[at].receipt || read[at].receipt.outcome === "held";
  const waiting = Object.fromEntries(operations.filter(isOpen).flatMap(touched).map((id) => [id, 1]));
  return { shelf: town, waiting };
}

function sceneOf(personId, town, now) {
  const person = complete("person", town.get("person", personId) || { id: personId });
  const [found] = town.all("community");
  const community = complete("community", found || { timezone: person.timezone });
  const at = new Date(now).toISOString();
  const today = days.day(at, community.timezone);
  return { person, community, intervals: { ...DEFAULT_INTERVALS, ...community.intervals }, today, now: at };
}
