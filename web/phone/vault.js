// What a PIN locks. A random data key encrypts records, queue and pictures; a key made from the PIN
// wraps it. Both are out of reach of scripts once they are in use. Nothing here is stored.

const ITERATIONS = 310_000;
const AES = { name: "AES-GCM", length: 256 };
const USES = ["encrypt", "decrypt"];
const utf8 = new TextEncoder();

/** Whether this browser can lock anything: over http it cannot. */
export const isPossible = () => Boolean(self.crypto && self.crypto.subtle && self.indexedDB);

/** A new data key under a PIN: { row, key }, `row` being what is kept of it. */
export async function make(pin) {
  const fresh = await crypto.subtle.generateKey(AES, true, USES);
  const row = await wrapped(fresh, pin);
  return { row, key: await unwrapped(row, pin, false) };
}

/** The data key of a row, or null when the PIN is another. */
export const open = (row, pin) => unwrapped(row, pin, false).catch(() => null);

/** The row under another PIN. The data key stays, so nothing has to be written anew. */
export const rewrap = async (row, pin, next) => wrapped(await unwrapped(row, pin, true), next);

/** Bytes or a text as nobody reads it without the key; `about` binds it to its record. */
export async function enclose(key, about, plain) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = typeof plain === "string" ? utf8.encode(plain) : plain;
  return { iv, data: await crypto.subtle.encrypt(bound(iv, about), key, bytes) };
}

/** The bytes of a box. Throws when it was made with another key or for another record. */
export const disclose = (key, about, { iv, data }) => crypto.subtle.decrypt(bound(iv, about), key, data);

export const textOf = (bytes) => new TextDecoder().decode(bytes);

const bound = (iv, about) => ({ name: "AES-GCM", iv, additionalData: utf8.encode(about) });

async function wrapped(key, pin) {
  const [salt, iv] = [16, 12].map((size) => crypto.getRandomValues(new Uint8Array(size)));
  const row = { salt, iv, iterations: ITERATIONS, tries: 0, next_at: 0 };
  return { ...row, key: await crypto.subtle.wrapKey("raw", key, await fromPin(pin, row), { name: "AES-GCM", iv }) };
}

const unwrapped = async (row, pin, isExtractable) =>
  crypto.subtle.unwrapKey("raw", row.key, await fromPin(pin, row), { name: "AES-GCM", iv: row.iv }, AES, isExtractable, USES);

async function fromPin(pin, { salt, iterations }) {
  const typed = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, typed, AES, false, ["wrapKey", "unwrapKey"]);
}
