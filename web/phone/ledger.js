// The hash chain of a device's operations, so that two people can compare it by voice.
// Twin of sync/ledger.py, held equal by tests/vectors/ledger.json.

const START = new Uint8Array(32);
const utf8 = new TextEncoder();

/** SHA-256 of the text of one operation, in hex. */
export async function hashOf(text) {
  return hex(await sha256(utf8.encode(text)));
}

/** h(n) from h(n-1) and the hashes that follow, all in hex; "" is h(0). */
export async function extend(head, hashes) {
  let bytes = head ? unhex(head) : START;
  for (const one of hashes) {
    const pair = new Uint8Array(64);
    pair.set(bytes);
    pair.set(unhex(one), 32);
    bytes = await sha256(pair);
  }
  return hex(bytes);
}

/** The first eight hex digits as people read them out: 7F3A-91C2. */
export function code(head) {
  const digits = (head || hex(START)).slice(0, 8).toUpperCase();
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
