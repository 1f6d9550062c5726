// The phone's databases: one for each person who signed in here, and a small one for the phone.

import { openDB } from "/static/vendor/idb.js";

/** The database of the phone itself: who is signed in, and the device each person has here. */
export const PHONE = "jinlin";

/** The database of one person; nobody else's pages or sync ever open it. */
export const personal = (personId) => `jinlin-${personId}`;

// A database's version is the length of its list. A step that was released is never changed.
const PHONE_UPGRADES = [
  (db) => {
    db.createObjectStore("people", { keyPath: "id" });
    db.createObjectStore("state");
  },
];
const PERSON_UPGRADES = [
  (db) => {
    // What was done here, numbered. `waiting`, `effect` and `tray` exist only while they are true,
    // so that their indexes hold just the few that matter.
    const operations = db.createObjectStore("operations", { keyPath: "n" });
    operations.createIndex("id", "id", { unique: true });
    for (const flag of ["waiting", "effect", "tray", "text_until"]) operations.createIndex(flag, flag);
    // What the server sent: a row per stream, with its cursor. `fresh` fills up beside it after the
    // server was restored, and then takes its place.
    db.createObjectStore("streams", { keyPath: "stream" });
    db.createObjectStore("fresh", { keyPath: "stream" });
    // Numbers of a device that the server no longer takes, kept for the record.
    db.createObjectStore("archive", { keyPath: ["device", "n"] });
    db.createObjectStore("state");
  },
  (db, tx) => {
    // Where each stream is read up to, without reading its megabyte of text.
    for (const name of ["streams", "fresh"]) tx.objectStore(name).createIndex("reached", ["stream", "cursor"]);
  },
  (db) => {
    // Pictures: `form` while a form holds them, `visit_id` once it was saved, `waiting` until the
    // server has them. Their bytes lie beside, so that counting reads none.
    const pictures = db.createObjectStore("pictures", { keyPath: "id", autoIncrement: true });
    for (const name of ["form", "visit_id", "waiting", "sha256"]) pictures.createIndex(name, name);
    db.createObjectStore("bytes");
  },
];

const opened = new Map();

/** Read in one transaction. Nothing but the database may be awaited inside `work`. */
export const read = (name, stores, work) => within(name, stores, "readonly", work);

/** Write in one transaction; resolves when it is on disk. Nothing else is awaited inside `work`. */
export const write = (name, stores, work) => within(name, stores, "readwrite", work);

/** Let go of a database, so that it can be deleted or opened anew. */
export async function close(name) {
  const opening = opened.get(name);
  opened.delete(name);
  if (opening) (await opening).close();
}

async function within(name, stores, mode, work) {
  let db = null;
  try {
    db = await open(name);
    return await once(db, stores, mode, work);
  } catch (problem) {
    if (!isLost(problem)) throw problem;
    if (db) letGo(name, db);
    return once(await open(name), stores, mode, work);
  }
}

async function once(db, stores, mode, work) {
  const tx = db.transaction(stores, mode, { durability: "strict" });
  try {
    const [answer] = await Promise.all([work(tx), tx.done]);
    return answer;
  } catch (problem) {
    giveUp(tx);
    throw problem;
  }
}

function giveUp(tx) {
  try {
    tx.abort();
  } catch {
    // It has ended already, with the problem that is being thrown.
  }
}

// Phones drop the connection of an app that slept; the data is fine and opens again.
function isLost(problem) {
  return problem.name === "InvalidStateError" || /connection.*(lost|clos)/i.test(problem.message);
}

function open(name) {
  if (!opened.has(name)) {
    const opening = openNow(name);
    opening.catch(() => opened.delete(name));
    opened.set(name, opening);
  }
  return opened.get(name);
}

function openNow(name) {
  const upgrades = name === PHONE ? PHONE_UPGRADES : PERSON_UPGRADES;
  const upgrade = (db, before, _after, tx) => {
    for (const one of upgrades.slice(before)) one(db, tx);
  };
  return openDB(name, upgrades.length, { upgrade, ...watching(name) }).catch((problem) => asItIs(name, problem));
}

const watching = (name) => ({
  blocking: (_now, _wanted, { target }) => letGo(name, target),
  terminated: () => opened.delete(name),
});

// A connection that is left open would stand in the way of the next upgrade, even one that was given up.
function letGo(name, db) {
  opened.delete(name);
  db.close();
}

// When a step fails, or a later release was here before, what is stored is used as it is: a queue that
// can be read and sent is worth more than the step. Nothing is made where nothing was.
function asItIs(name, problem) {
  const upgrade = (_db, _before, _after, tx) => tx.abort();
  console.error("not upgraded:", name, problem);
  return openDB(name, undefined, { upgrade, ...watching(name) }).catch(() => Promise.reject(problem));
}
