// A server that was restored from a backup lacks what came after it. Whatever it does not name as
// received is sent again; what this phone no longer has in words is named by its numbers.

const NAMED = 1000; // as many missing numbers as an answer names
const KEPT = 1000;

/**
 * Put back into the outbox what `device` shows the server lacks, inside the transaction that stores
 * the answer. Resolves with { again, lost }: how many go out again, and the numbers whose texts are
 * gone. What the server has after all it answers as a duplicate; nothing goes twice in one epoch.
 */
export async function takeUpAgain(tx, device, epoch) {
  const all = tx.objectStore("operations");
  const { isLacking, isUnnamed } = gaps(device);
  const lost = [];
  let again = 0;
  for (const entry of await all.getAll(IDBKeyRange.lowerBound(device.upto, true))) {
    const { n } = entry;
    const text = entry.text || entry.box;
    if (entry.waiting || !(isLacking(n) || isUnnamed(n))) continue;
    if (!text && isLacking(n)) lost.push(n);
    if (!text || entry.again === epoch) continue;
    await all.put(unanswered(entry, epoch));
    again += 1;
  }
  return { again, lost: lost.slice(0, KEPT) };
}

/** An entry as it waits to go out once more. */
export function unanswered(entry, epoch) {
  if (entry.waiting) return entry;
  const { receipt, tray, text_until: until, effect, ...kept } = entry;
  const isShown = receipt && receipt.outcome !== "quarantined"; // as it was before
  return { ...kept, again: epoch, waiting: 1, ...(isShown ? { effect: 1 } : {}) };
}

/** Whether the server has less than it gave receipts for. Call it after the receipts were taken. */
export async function isForgetful(tx, device) {
  const all = tx.objectStore("operations");
  return (await all.count()) - (await all.index("waiting").count()) > device.received;
}

/** Of lost numbers, those that the server still lacks. */
export const stillLost = (lost, device) => lost.filter((n) => n > device.upto && gaps(device).isLacking(n));

/** Numbers as people read them: "3–5、9". */
export function ranges(numbers) {
  const found = [];
  for (const n of numbers) {
    const last = found[found.length - 1];
    if (last && last[1] === n - 1) last[1] = n;
    else found.push([n, n]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join("、");
}

// Beyond the last number that an answer has room to name, nobody knows.
function gaps({ received, upto, missing }) {
  const named = new Set(missing);
  const isWhole = missing.length < NAMED;
  const highest = isWhole ? Math.max(upto, received + missing.length) : missing[missing.length - 1];
  const isBeyond = (n) => n > highest;
  return { isLacking: (n) => named.has(n) || (isWhole && isBeyond(n)), isUnnamed: (n) => !isWhole && isBeyond(n) };
}
