// A phone that the office shut out erases itself: residents, half-filled forms, and the words and
// pictures that the server has. What it never sent stays, under its author, to be handed over as a file.

import { openDB } from "/static/vendor/idb.js";
import { personal, write } from "./db.js";
import { changedHere } from "./outbox.js";
import * as standing from "./standing.js";

const STORES = ["operations", "archive", "pictures", "bytes", "state"];

/** Erase, send open pages away, and tell the server what is left. Done again, it only tells. */
export async function erase(personId) {
  const { revoked } = await standing.known(personId);
  await standing.forgetRecords(personId);
  await write(personal(personId), STORES, forgetWords);
  await forgetDrafts(personId);
  await standing.note(personId, { auth: "signin", revoked: 1 });
  if (!revoked && self.clients) await sendAway();
  await tell(await standing.unsent(personId));
}

async function forgetWords(tx) {
  const [all, archive, pictures, bytes] = STORES.map((name) => tx.objectStore(name));
  for (const one of await all.getAll()) if (!one.waiting) await all.put(wordless(one));
  for (const one of await archive.getAll()) await archive.put(wordless(one));
  for (const { id, waiting } of await pictures.getAll()) {
    if (waiting) continue;
    await pictures.delete(id);
    await bytes.delete(id);
  }
  await changedHere(tx);
}

function wordless({ text, box, sealed, text_until: until, effect, tray, ...kept }) {
  return kept;
}

/** Half-filled forms of a person. */
export async function forgetDrafts(personId) {
  const upgrade = (db) => db.createObjectStore("drafts", { keyPath: "key" });
  const db = await openDB("jinlin-drafts", 1, { upgrade });
  await db.delete("drafts", IDBKeyRange.bound(`${personId} `, `${personId} \uffff`));
  db.close();
}

async function sendAway() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type: "erased" });
}

// Until the server has heard it, it says at each contact that this phone was shut out.
const tell = (kept) =>
  fetch("/api/erasures", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ kept }),
    credentials: "same-origin",
  }).catch(() => {});
