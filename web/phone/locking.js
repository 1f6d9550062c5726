// Stands before every page and form while the phone is locked, and answers what pages ask about the PIN.

import { answer } from "./drawing.js";
import * as identity from "./identity.js";
import * as keys from "./keys.js";
import { online } from "./network.js";
import * as pins from "./pins.js";
import { settings } from "./settings.js";
import { makeShelf } from "./shelf.js";
import * as standing from "./standing.js";
import { isPossible } from "./vault.js";
import { pageOf, sceneOf } from "./views/scene.js";

const OPEN = /^\/(signin$|signout$|card\/|me\/signouts$|outbox\/sync$)/;
const WAYS = ["new", "change", "remove"];
const LOCKED = 423;

/** What is answered instead while this phone is locked; null when it is not. */
export async function lockScreen(asked) {
  if (OPEN.test(asked.url.pathname)) return null;
  const person = await identity.current();
  const why = person ? await keys.lockOf(person.id) : "";
  if (!why) return null;
  if (asked.request.mode === "navigate") return screen(asked, person, why === "away" ? why : "open");
  await tellPages("locked");
  return new Response("", { status: LOCKED });
}

/** The page on which a PIN is given, changed or taken away. */
export async function pinPage(asked) {
  const person = await identity.current();
  const way = asked.url.searchParams.get("way");
  if (!person || !isPossible() || !WAYS.includes(way)) return online(asked);
  return screen(asked, person, way);
}

/** Do what a page asks for: { act, pin, next }. Resolves with { error, left, wait_s }, error "" when it is done. */
export async function obey({ act, pin, next }) {
  const person = await identity.current();
  if (!person) return { error: "gone" };
  const done = await ACTS[act](person, pin, next);
  if (done.error === "wiped") await identity.forget();
  if (["lock", "forget"].includes(act) || done.error === "wiped") await tellPages("locked");
  if (act === "open" && !done.error) await tellPages("unlocked");
  return done;
}

/** What a page may have of the key: { isSet, held }. */
export async function keyForPages() {
  const person = await identity.current();
  if (!person) return { isSet: false, held: null };
  const { isSet, isLocked } = await keys.lockerOf(person.id);
  return { isSet, held: isSet && !isLocked ? keys.current() : null };
}

const ACTS = {
  open: ({ id }, pin) => pins.unlock(id, pin),
  new: async ({ id }, pin) => ({ error: await pins.give(id, pin) }),
  change: ({ id }, pin, next) => pins.change(id, pin, next),
  remove: ({ id }, pin) => pins.remove(id, pin),
  weigh: async (_, pin, next) => ({ error: pins.isWeak(next) ? "weak" : "" }),
  lock: async ({ id }) => ({ error: (await pins.lock(id)) || "" }),
  look: async ({ id }) => ({ error: await keys.lockOf(id) }),
  forget: async ({ id }) => ({ error: (await pins.wipe(id)) || "wiped" }),
};

async function tellPages(type) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type });
}

async function screen({ version, url }, { id, role }, way) {
  const [looks, pill] = await Promise.all([settings(), standing.known(id).then((state) => standing.pill(id, state))]);
  const mode = looks.mode || (role === "leader" ? "elder" : "normal");
  const scene = sceneOf(makeShelf([]), new Date().toISOString(), { ...looks, mode, place: "phone", version, pill });
  const isOwn = WAYS.includes(way);
  const frame = pageOf(scene, isOwn ? "密码锁" : "已锁", url.pathname, { back: isOwn ? "/me" : "" });
  return answer(version, "field/pin.html", { ...frame, way, waiting: pill.count, is_asked: Number(url.searchParams.has("asked")) });
}
