// What open pages and the worker say to each other. Pages ask for sync, since a worker that nobody
// asks is stopped after half a minute; the worker tells all pages how the phone stands.
//
// From a page: { type: "hello", looks }, { type: "sync", why, reached }, { type: "look" }, { type: "skip-waiting" },
//              { type: "kept" } from the sign-in page, answered through its port: { name, count }.
//              { type: "pin", act, pin, next } and { type: "key" }, answered through their port (locking.js),
//              { type: "used" }.
// To pages:    { type: "locked" }, { type: "unlocked" }, { type: "key-wanted" } with a port;
//              { type: "state", person_id, pill, html, next_at, complete, changed }; `html` holds the
//              pill and the warnings as field/_standing.html draws them.

import { adopt } from "./hints.js";
import * as identity from "./identity.js";
import { used } from "./keys.js";
import { keyForPages, obey as obeyPin } from "./locking.js";
import { drawStanding } from "./network.js";
import * as replica from "./replica.js";
import { choose, fetchWords, settings } from "./settings.js";
import * as standing from "./standing.js";
import { sync } from "./sync.js";
import * as uploads from "./uploads.js";

const { OFFLINE } = standing;
const FRESH_MS = 20_000;
let isGreeted = false;

/** Do what a page asked for. Whatever goes wrong, pages are told how the phone stands. */
export async function hear(said, version, port) {
  try {
    if (said.type === "kept") port.postMessage(await kept());
    else if (said.type === "key") port.postMessage(await keyForPages());
    else if (said.type === "pin") await aboutPin(said, version, port);
    else if (said.type === "used") used();
    else await obey(said, version);
  } catch (problem) {
    console.error("not done:", said.type, problem);
    await tellPages(version);
  }
}

async function aboutPin(said, version, port) {
  const done = await obeyPin(said).catch((problem) => {
    console.error("pin:", said.act, problem);
    return { error: "failed" };
  });
  port.postMessage(done);
  if (said.act === "open" && !done.error) await syncNow(version, "unlocked");
}

async function obey(said, version) {
  if (said.type === "skip-waiting") return self.skipWaiting();
  if (said.type === "claim") return self.clients.claim();
  if (said.type === "hello") await greet(said);
  if (said.type === "look") return tellPages(version);
  if (said.type === "hello") await tellPages(version);
  if (said.type === "hello") await fetchWords(version);
  if (said.type === "hello") return syncNow(version, "opened");
  if (said.type === "sync") return syncNow(version, said.why, said.reached);
  return undefined;
}

/** One round of sync for whoever is signed in, told to all pages before and after. */
export async function syncNow(version, why = "", reached = "") {
  let person = await identity.current();
  if (!person || !person.device) person = await signedIn();
  if (!person) return tellPages(version);
  const before = await standing.known(person.id);
  if (!(await isWorthIt(person, before, why, reached))) return tellPages(version);
  if (before.auth && (await identity.refresh()) !== "ok") return tellPages(version);

  const state = await sync(person, version);
  if (!state) return undefined; // whoever is at it tells the pages
  if (state.auth === "wiped") await identity.giveUpDevice(person);
  if (state.auth === "mismatch") await identity.refresh();
  await tellPages(version, state.moved_at !== before.moved_at);
  if (!state.auth && !OFFLINE.includes(state.error)) await sendPictures(person, version, state);
  return undefined;
}

// After the text; what arrived comes back in the records of its visits.
async function sendPictures(person, version, { epoch, moved_at: before }) {
  const { arrived, left } = await uploads.send(person, epoch);
  if (arrived > 0) {
    const state = await sync(person, version);
    if (state) await tellPages(version, state.moved_at !== before);
  } else if (left) await tellPages(version);
}

// A timer keeps to the backoff; opening one page after the other is no reason to ask each time.
async function isWorthIt(person, { next_at: nextAt = 0, ok_at: okAt = "", error, auth }, why, reached) {
  const now = Date.now();
  if (why === "timer") return nextAt <= now;
  const isFresh = !error && !auth && now - Date.parse(okAt) < FRESH_MS;
  return why !== "opened" || !isFresh || (await isBehind(person, reached)) || (await standing.unsent(person.id)) > 0;
}

// The line says "stream=number …" when it opens: what moved between two pages was told to nobody.
async function isBehind(person, reached) {
  if (!reached) return false;
  const at = await replica.cursors(person.id, "streams");
  const heads = reached.split(" ").map((one) => [one.slice(0, one.lastIndexOf("=")), Number(one.slice(one.lastIndexOf("=") + 1))]);
  return heads.some(([stream, number]) => number > (at[stream] || 0));
}

let telling = Promise.resolve();

/** Tell every open page how the phone stands; `changed` when records have come. */
export function tellPages(version, changed = false) {
  // One after the other, so that what was true earlier never arrives later.
  const told = telling.then(() => tell(version, changed));
  telling = told.catch(() => {});
  return told;
}

async function tell(version, changed) {
  const told = await stateNow(version);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ ...told, changed });
}

async function stateNow(version) {
  const person = await identity.current();
  if (!person) return { type: "state", person_id: "", complete: 0, next_at: 0, html: "" };
  const all = await standing.atOnce(person.id);
  const pill = standing.pillOf(all.state, all.operations.length + all.pictures.length);
  return {
    type: "state",
    person_id: person.id,
    pill,
    html: await standingOf(version, all, pill),
    complete: all.state.complete || 0,
    next_at: soonest(all.state, all.sending),
  };
}

// Before everything is here, pages come from the server; only what waits is worth a word on them.
async function standingOf(version, all, pill) {
  if (!all.state.complete && pill.count === 0) return "";
  return drawStanding(version, pill, await standing.warnings(all, Date.now()));
}

// When to try again; 0 when there is nothing to try for.
function soonest(...queues) {
  const times = queues.map(({ next_at: at }) => at).filter(Boolean);
  return times.length > 0 ? Math.min(...times) : 0;
}

/** Whose work waits here; the most when several people's does. */
async function kept() {
  const people = await identity.everybody();
  const counts = await Promise.all(people.map(({ id }) => standing.unsent(id)));
  const most = Math.max(0, ...counts);
  return most > 0 ? { name: people[counts.indexOf(most)].name, count: most } : { name: "", count: 0 };
}

// A page may have been signed in before this worker was there to see it.
async function greet({ looks = {} }) {
  const chosen = await settings();
  if (Object.keys(chosen).length === 0) await choose(looks);
  if (!isGreeted) isGreeted = (await identity.refresh()) !== "offline";
  const person = await identity.current();
  if (person) await adopt(person.id, looks.hints);
}

async function signedIn() {
  const found = await identity.refresh();
  return found === "ok" ? identity.current() : null;
}
