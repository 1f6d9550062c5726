// A person's device changed on this phone, because the server took the old one away. Numbers belong
// to a device, so what was never answered for is numbered anew; the old numbers stay on record, and
// their texts as long as others, in case a restored server lacks them.

import { personal, read, write } from "./db.js";
import { Locked, lockerOf, ofEntry } from "./keys.js";
import { hashOf } from "./ledger.js";
import { alone } from "./locks.js";
import { changedHere, unsaid } from "./outbox.js";
import { unanswered } from "./restored.js";

const STORES = ["operations", "archive", "state"];

/** Make everything unsent the work of `device`. Ids stay, so nothing can count twice. */
export function moveTo(personId, before, device) {
  return anew(personId, async ({ mine, archived, sync }) => {
    if (sync.moved_to === device) return null; // killed before the phone knew that this was done
    const era = Math.max(0, ...archived.map((one) => one.era || 0)) + 1;
    const epoch = sync.fresh_epoch || sync.epoch || "";
    const unsent = mine.filter(({ waiting }) => waiting);
    // What only the server can read keeps the number that is inside.
    const [spoken, silent] = [unsent.filter(({ text }) => text), unsent.filter(({ text }) => !text)];
    return {
      operations: [...silent, ...(await numbered(spoken, new Set(silent.map(({ n }) => n))))],
      archive: mine.map((one) => ({ ...(one.waiting ? unsaid(one) : one), device: before, era, epoch })),
      facts: { moved_from: before, moved_to: device },
    };
  });
}

/**
 * A restored server has nothing of this device, so it may lack what went out under earlier ones, too.
 * Then everything whose text is kept goes out again in the order in which it was done: earlier devices'
 * work first, because a device's lower number never overwrites its higher one.
 */
export async function gather(personId, { epoch, device }) {
  if (device.received > 0) return;
  await anew(personId, async ({ mine, archived }) => {
    const isPending = (one) => one.text && one.receipt && (one.epoch || one.receipt.epoch) !== epoch;
    const here = new Set(mine.map(({ id }) => id));
    const pending = archived.filter((one) => isPending(one) && !here.has(one.id)).sort(inOrder);
    if (pending.length === 0) return null;
    const spoken = [...pending, ...mine.filter(({ text }) => text)];
    const silent = mine.filter(({ text }) => !text);
    const again = await numbered(spoken.map((one) => unanswered(one, epoch)), new Set(silent.map(({ n }) => n)));
    return { operations: [...silent, ...again], archive: pending.map(unsaid), facts: {} };
  });
}

/** Forget the words of what was answered for long ago; numbers and hashes stay. */
export const tidy = (personId, now = Date.now()) =>
  write(personal(personId), ["archive"], async (tx) => {
    const archive = tx.objectStore("archive");
    for (const one of await archive.getAll()) {
      if (one.text_until <= now) await archive.put(unsaid(one));
    }
  });

/** Number the outbox anew, in one transaction; whatever is recorded meanwhile begins it again. */
function anew(personId, planned) {
  return alone(`jinlin-record-${personId}`, async () => {
    const locker = await lockerOf(personId);
    if (locker.isLocked) throw new Locked("numbers stay while the phone is locked");
    const each = (rows, work) => Promise.all(rows.map((row) => work(ofEntry, row)));
    for (let isDone = false; !isDone; ) {
      const before = await read(personal(personId), STORES, async (tx) => ({
        mine: await tx.objectStore("operations").getAll(),
        archived: await tx.objectStore("archive").getAll(),
        sync: (await tx.objectStore("state").get("sync")) || {},
      }));
      const [mine, archived] = [await each(before.mine, locker.open), await each(before.archived, locker.open)];
      const plan = await planned({ ...before, mine, archived });
      if (!plan) return;
      const [operations, archive] = [await each(plan.operations, locker.close), await each(plan.archive, locker.close)];
      isDone = await write(personal(personId), STORES, (tx) => put(tx, before, { ...plan, operations, archive }));
    }
  });
}

async function put(tx, { mine }, { operations, archive, facts }) {
  const [all, old, state] = STORES.map((name) => tx.objectStore(name));
  if ((await all.count()) !== mine.length) return false;
  for (const entry of archive) await old.put(entry);
  await all.clear();
  for (const entry of operations) await all.add(entry);
  await state.delete("head");
  await state.put({ ...(await state.get("sync")), received: 0, upto: 0, ledger: "", ...facts }, "sync");
  await changedHere(tx);
  return true;
}

// Earlier devices first, and each one's work in the order of its numbers.
const inOrder = (one, other) => (one.era || 0) - (other.era || 0) || one.n - other.n;

/** Entries with the numbers 1, 2, 3 … that are not `taken`. */
function numbered(entries, taken) {
  let n = 0;
  const renumbered = async (entry, own) => {
    const text = JSON.stringify({ ...JSON.parse(entry.text), n: own });
    return { ...without(entry, "device", "era", "epoch", "sealed"), n: own, text, hash: await hashOf(text) };
  };
  return Promise.all(
    entries.map((entry) => {
      do n += 1;
      while (taken.has(n));
      return renumbered(entry, n);
    }),
  );
}

function without(entry, ...names) {
  const kept = { ...entry };
  for (const name of names) delete kept[name];
  return kept;
}
