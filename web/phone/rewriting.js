// Rewrites all that is kept of a person when a PIN comes or goes: read, turned, and put in one transaction,
// so that a kill leaves everything as it was or everything as it is to be.

import { BOTH, opened, shut } from "./album.js";
import { personal, read, write } from "./db.js";
import * as keys from "./keys.js";
import { alone } from "./locks.js";

const ENTRIES = ["operations", "archive"];
export const STREAMS = ["streams", "fresh"];
const STORES = [...ENTRIES, ...STREAMS, ...BOTH, "state"];

/** From one locker into another, with the row of the PIN; again when something moved meanwhile. */
export const rewrite = (personId, from, to, row) =>
  alone(`jinlin-record-${personId}`, async () => {
    for (let isDone = false; !isDone; ) {
      const before = await read(personal(personId), STORES, contents);
      const after = await turned(before, from, to);
      isDone = await write(personal(personId), STORES, async (tx) => {
        if ((await marks(tx)) !== before.marks) return false;
        for (const [name, rows] of after.stores) await replaced(tx.objectStore(name), rows);
        await tx.objectStore("bytes").clear();
        for (const [id, kept] of after.bytes) await tx.objectStore("bytes").put(kept, id);
        if (row) await tx.objectStore("state").put(row, "vault");
        else await tx.objectStore("state").delete("vault");
        return true;
      });
    }
  });

async function turned({ stores, pictures, bytes }, from, to) {
  const turn = async ([name, rows]) => {
    const about = ENTRIES.includes(name) ? keys.ofEntry : keys.ofStream;
    return [name, await Promise.all(rows.map(async (one) => to.close(about, await from.open(about, one))))];
  };
  const named = new Map(pictures.map(({ id, sha256 }) => [id, sha256]));
  const picture = async ([id, kept]) => {
    const plain = await opened(from, named.get(id), kept);
    return [id, plain ? await shut(to, named.get(id), plain) : kept];
  };
  return { stores: await Promise.all(stores.map(turn)), bytes: await Promise.all(bytes.map(picture)) };
}

async function contents(tx) {
  const all = (name) => tx.objectStore(name).getAll();
  const stores = await Promise.all([...ENTRIES, ...STREAMS].map(async (name) => [name, await all(name)]));
  const [ids, values] = await Promise.all([tx.objectStore("bytes").getAllKeys(), all("bytes")]);
  const bytes = ids.map((id, at) => [id, values[at]]);
  return { stores, bytes, pictures: await all("pictures"), marks: await marks(tx) };
}

// What moves when something is recorded, chosen, sent or received.
async function marks(tx) {
  const state = tx.objectStore("state");
  const found = await Promise.all([
    state.get("outbox_revision"), state.get("streams_revision"), state.get("vault").then(Boolean), tx.objectStore("operations").count(),
    tx.objectStore("bytes").getAllKeys(), tx.objectStore("streams").getAllKeys(), tx.objectStore("fresh").getAllKeys(),
  ]);
  return JSON.stringify(found);
}

async function replaced(store, rows) {
  await store.clear();
  for (const one of rows) await store.put(one);
}
