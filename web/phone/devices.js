// A person's device changed on this phone, because the server took the old one away. Numbers belong
// to a device, so what was never answered for is numbered anew; the old numbers stay on record.

import { personal, read, write } from "./db.js";
import { hashOf } from "./ledger.js";
import { changedHere } from "./outbox.js";

/** Make everything unsent the work of `device`. Ids stay, so nothing can count twice. */
export async function moveTo(personId, before, device) {
  const all = await read(personal(personId), ["operations"], (tx) => tx.objectStore("operations").getAll());
  const unsent = all.filter(({ waiting }) => waiting);
  const anew = await Promise.all(unsent.map(renumbered));
  await write(personal(personId), ["operations", "archive", "state"], async (tx) => {
    const [operations, state] = [tx.objectStore("operations"), tx.objectStore("state")];
    for (const entry of all) await tx.objectStore("archive").put({ ...entry, device: before });
    await operations.clear();
    for (const entry of anew) await operations.add(entry);
    await state.delete("head");
    await state.put({ ...(await state.get("sync")), received: 0, upto: 0, ledger: "", moved_from: before }, "sync");
    await changedHere(tx);
  });
}

async function renumbered(entry, at) {
  const n = at + 1;
  const text = JSON.stringify({ ...JSON.parse(entry.text), n });
  return { ...entry, n, text, hash: await hashOf(text) };
}
