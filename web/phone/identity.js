// Who is signed in on this phone. Each person has a database and a device of their own here, so one
// can neither read nor send what another recorded.

import { PHONE, read, write } from "./db.js";
import { letGo, lockerOf } from "./keys.js";
import { moveTo } from "./devices.js";
import { erase } from "./revoked.js";
import * as standing from "./standing.js";

/** The person whose pages are shown: { id, name, role, username, device }; null when nobody's. */
export const current = () =>
  read(PHONE, ["people", "state"], async (tx) => {
    const id = await tx.objectStore("state").get("current");
    return (id && (await tx.objectStore("people").get(id))) || null;
  });

/** Everybody who ever signed in here. */
export const everybody = () => read(PHONE, ["people"], (tx) => tx.objectStore("people").getAll());

/**
 * Ask the server who is signed in and show that person's pages. Resolves with "ok", "signin" or
 * "offline"; without an answer of ours nothing changes.
 */
export async function refresh(username = "") {
  if (await isLeaving()) return "offline";
  const { status, session } = await asked();
  const before = await current();
  if (status === 401 && session) {
    if (before) await standing.note(before.id, { auth: "signin" });
    if (before && session.code === "device.revoked") await erase(before.id);
    // An account that was disabled sees nobody either; it may be enabled again.
    if (before && session.code === "person.inactive") await standing.forgetRecords(before.id);
    return "signin";
  }
  if (!session || !session.person || typeof session.epoch !== "string") return "offline";
  return remember(session, username);
}

/** Pass the sign-in form on, with the device this person has here, and see who it let in. */
export async function signIn(request) {
  const form = new URLSearchParams(await request.text());
  const username = form.get("username") || "";
  form.set("device", (await deviceOf(username)) || form.get("device") || "");
  const response = await fetch(new Request(request.url, { ...FORM, body: form }));
  if (response.type === "opaqueredirect") await changed(username);
  return response;
}

/** Fetch something that may change who is signed in, such as a sign-in card. */
export async function pass(request) {
  const response = await fetch(request);
  await changed("");
  return response;
}

/** Sign out, with or without a network; what was not sent stays, under its author. */
export async function signOut(request) {
  const before = await current();
  await forget();
  if (before) await standing.forgetRecords(before.id);
  const response = await leave(request.url);
  return response || Response.redirect("/signin", 303);
}

/** Nobody is signed in here any more; the server is told when it can be. */
export async function forget() {
  letGo();
  await write(PHONE, ["state"], async (tx) => {
    await tx.objectStore("state").delete("current");
    await tx.objectStore("state").put(1, "leaving");
  });
}

/** The numbers of this device cannot go on (the phone's storage was emptied): sign in for a new one. */
export async function giveUpDevice(person) {
  await write(PHONE, ["people"], (tx) => tx.objectStore("people").put({ ...person, device: "", lost: person.device }));
  await leave("/signout");
}

const FORM = { method: "POST", credentials: "same-origin", redirect: "manual" };

// A new session is not the one that was to be ended.
async function changed(username) {
  await write(PHONE, ["state"], (tx) => tx.objectStore("state").delete("leaving"));
  const found = await refresh(username);
  if (found === "offline") await write(PHONE, ["state"], (tx) => tx.objectStore("state").delete("current"));
}

async function asked() {
  try {
    const response = await fetch("/api/session", { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    return { status: response.status, session: await response.json() };
  } catch {
    return { status: 0, session: null };
  }
}

async function remember({ person, device, epoch }, username) {
  const { id, name, role } = person;
  const before = (await everybody()).find((one) => one.id === id) || {};
  const isLost = before.lost === device;
  // What is locked cannot be numbered anew: the new device waits until somebody unlocks it.
  if (before.device && before.device !== device && (await lockerOf(id)).isLocked) return stayed(id);
  if (!isLost && before.device && before.device !== device) await moveTo(id, before.device, device);
  const row = { ...before, id, name, role, username: username || before.username || "", device: isLost ? "" : device };
  await write(PHONE, ["people", "state"], async (tx) => {
    await tx.objectStore("people").put(row);
    await tx.objectStore("state").put(id, "current");
  });
  await standing.note(id, { auth: isLost ? "wiped" : "", heard_epoch: epoch, revoked: 0 });
  return isLost ? "signin" : "ok";
}

async function stayed(id) {
  await write(PHONE, ["state"], (tx) => tx.objectStore("state").put(id, "current"));
  await standing.note(id, { auth: "signin" });
  return "signin";
}

// A name typed here before has its device; the server takes it only if it is that person's own.
async function deviceOf(username) {
  const here = await everybody();
  const known = here.find((one) => one.username === username.trim()) || here.find((one) => !one.username);
  return known ? known.device : "";
}

/** Whether a sign-out that could not reach the server is still to be told; tells it if possible. */
export async function isLeaving() {
  const leaving = await read(PHONE, ["state"], (tx) => tx.objectStore("state").get("leaving"));
  return Boolean(leaving) && !(await leave("/signout"));
}

async function leave(url) {
  try {
    const response = await fetch(url, FORM);
    if (response.type !== "opaqueredirect") return null;
    await write(PHONE, ["state"], (tx) => tx.objectStore("state").delete("leaving"));
    return response;
  } catch {
    return null;
  }
}
