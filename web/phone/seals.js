// What only the server can open, so that a locked phone sends what it cannot read. Twin of
// server/seals.py; sync/README.md says how it is made.

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const utf8 = new TextEncoder();

/** Bytes sealed to the server's key { id, key }: { id, data }. */
export async function seal({ id, key }, about, plain) {
  const theirs = unpacked(key);
  const once = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const known = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: known }, once.privateKey, 256);
  const stock = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: joined(point, theirs), info: utf8.encode("jinlin seal 1") };
  const aes = await crypto.subtle.deriveKey(how, stock, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bound = { name: "AES-GCM", iv, additionalData: utf8.encode(about) };
  const bytes = typeof plain === "string" ? utf8.encode(plain) : plain;
  return { id, data: joined(point, iv, new Uint8Array(await crypto.subtle.encrypt(bound, aes, bytes))) };
}

/** An element of `ops`: a sealed entry as /sync takes it. */
export const element = ({ n, sealed: { id, data } }) => JSON.stringify({ n, sealed: `${id}.${packed(data)}` });

const packed = (bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const unpacked = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}
