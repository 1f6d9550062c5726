// What a person does becomes an operation: one frozen text with an id, a number and the phone's time.

import { hashOf } from "./ledger.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMES = { started_at: "", ended_at: "" };

/**
 * The text of an operation. It is built once: what is stored, hashed and sent is this very string.
 * `moment` is the phone's clock in milliseconds.
 */
export function textOf({ id, n, kind, moment, base, after, replaces, data }) {
  const operation = { id, n, kind, at: withOffset(moment) };
  if (base !== undefined) operation.base = base;
  if (after && after.length > 0) operation.after = after;
  if (replaces) operation.replaces = replaces;
  return JSON.stringify({ ...operation, data });
}

/** A version 7 UUID: ids of one phone sort by time, and no two phones make the same. */
export function newId(moment) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(moment / 256 ** (5 - at)) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The phone's clock with its offset: 2026-09-15T09:52:11.123+08:00. */
export function withOffset(moment) {
  const minutes = -new Date(moment).getTimezoneOffset();
  const wall = new Date(moment + minutes * 60_000).toISOString().slice(0, -1);
  const size = Math.abs(minutes);
  const two = (number) => String(number).padStart(2, "0");
  return `${wall}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The id that a form was given when somebody began to fill it in; none where nothing gave one. */
export const idOf = ({ form_id: given = [] }) => (UUID.test(given[0]) ? given[0] : undefined);

/** Whether a kept text says what a form says. When it was opened and saved is no difference. */
export function says(text, { kind, data }) {
  const said = JSON.parse(text);
  return said.kind === kind && JSON.stringify({ ...said.data, ...TIMES }) === JSON.stringify({ ...data, ...TIMES });
}

/**
 * The id of a form that was filled in again for something else under the id of what it was first.
 * Saved once more because the browser was killed, it gets this id again.
 */
export async function otherId(id, { kind, data }) {
  const hash = await hashOf(JSON.stringify([id, kind, { ...data, ...TIMES }]));
  const variant = "89ab"[parseInt(hash[3], 16) % 4];
  return `${id.slice(0, 15)}${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** Any instant as records write it: UTC with milliseconds. */
export const stamp = (at) => new Date(at).toISOString();
