// One life of the phone's worker: the modules of web/phone, asked as web/sw.js asks them. Stopping
// this worker and starting another is what happens to a service worker at any moment.

import { personal, read } from "/phone/db.js";
import * as identity from "/phone/identity.js";
import * as outbox from "/phone/outbox.js";
import * as replica from "/phone/replica.js";
import * as standing from "/phone/standing.js";
import { hear, syncNow, tellPages } from "/phone/talk.js";

const VERSION = "simulated";
// The phone's patience runs twenty times as fast: half a minute without an answer is 1.5 s here.
const HURRY = 20;
const LONG_MS = 1000;
const WINDOW = 12; // visits of one door that a phone holds
const GHOST = "00000000-0000-7000-8000-00000000dead";
const ROUTINE = { type: "routine", method: "door" };

const setTimer = self.setTimeout.bind(self);
self.setTimeout = (work, wait = 0, ...more) => setTimer(work, wait >= LONG_MS ? wait / HURRY : wait, ...more);

// All workers and pages of one machine share this clock.
const clock = () => performance.timeOrigin + performance.now();
const tell = (kind, said) => self.postMessage({ kind, at: clock(), ...said });

// What talk.js tells open pages is what the people of this simulation see. It tells one thing after
// the other: what it says now was counted after it had said what it said before.
let before = clock();
const page = {
  postMessage({ pill = null }) {
    tell("told", { since: before, pill });
    before = clock();
  },
};
self.clients = { matchAll: async () => [page] };

// Listens to what the server answered, before the phone's modules get to see it.
const ask = self.fetch.bind(self);
self.fetch = async (what, init) => {
  const answer = await ask(what, init);
  if (what !== "/sync" || answer.status !== 200) return answer;
  const text = await answer.text();
  tell("heard", { ids: receipted(text) });
  return new Response(text, { status: answer.status, headers: answer.headers });
};

/** Visits recorded here that the phone does not show, and neither the office nor the window took. */
async function gone(personId) {
  const before = await entries(personId);
  const { shelf } = await replica.snapshot(personId);
  const after = new Map((await entries(personId)).map((one) => [one.id, one]));
  const isShown = ({ id, text }) => {
    const { kind, data } = JSON.parse(text);
    if (kind !== "visit.record" || shelf.get("visit", id)) return true;
    const { receipt } = after.get(id);
    return (receipt && receipt.outcome === "quarantined") || shelf.ofHousehold("visit", data.household_id).length >= WINDOW;
  };
  return before.filter((one) => !isShown(one)).map(({ id }) => id);
}

function receipted(text) {
  try {
    return JSON.parse(text).receipts.map(({ id }) => id);
  } catch {
    return [];
  }
}

const entries = (id) =>
  read(personal(id), ["operations"], (tx) => tx.objectStore("operations").getAll());

// One after the other where the person waits for it; nobody waits for a sync.
const DOES = {
  async start() {
    await hear({ type: "hello", looks: {} }, VERSION);
    return identity.current();
  },
  sync: ({ why }) => hear({ type: "sync", why }, VERSION),
  async look() {
    const since = clock();
    const person = await identity.current();
    if (!person) return;
    const pill = await standing.pill(person.id, await standing.known(person.id));
    tell("looked", { since, pill, gone: await gone(person.id) });
  },
  visit: ({ door, result, note, followup }, shelf) => {
    const home = pick(shelf.all("household"), door);
    const resident_ids = result === "not_home" ? [] : shelf.ofHousehold("resident", home.id).map(({ id }) => id);
    const data = { ...ROUTINE, household_id: home.id, result, resident_ids, note };
    return { kind: "visit.record", data: followup ? { ...data, followup } : data };
  },
  edit: ({ contact, phone, name }, shelf) => {
    const { id, version } = pick(shelf.all("contact"), contact);
    return { kind: "contact.change", base: version, data: { id, changes: name ? { name } : { phone } } };
  },
  newcomer: ({ door, phone }, shelf) => ({
    kind: "contact.add",
    data: { household_id: pick(shelf.all("household"), door).id, phone, relation: "neighbour" },
  }),
  resident: ({ door, name }, shelf) => {
    const { id, version } = pick(shelf.all("resident"), door);
    return { kind: "resident.change", base: version, data: { id, changes: { name } } };
  },
  correct: ({ which, note }, shelf, person) => {
    const visit = pick(own(shelf, person), which);
    const after = visit && !visit.received_at ? [visit.id] : [];
    return visit && { kind: "visit.correct", after, data: { id: visit.id, changes: { note } } };
  },
  withdraw: ({ which }, shelf, person) => {
    const visit = pick(own(shelf, person), which);
    return visit && { kind: "visit.withdraw", data: { id: visit.id } };
  },
  early: () => ({ kind: "visit.withdraw", data: { id: GHOST } }),
  odd: ({ contact, phone }, shelf) => ({
    kind: "contact.change",
    data: { id: pick(shelf.all("contact"), contact).id, changes: { phone } },
  }),
  // The same work again, as somebody does who saw it come back from the office.
  redo: async ({ which, note }, shelf, person) => {
    const back = (await outbox.tray(person.id)).filter(({ receipt }) => receipt.outcome === "quarantined");
    const before = pick(back, which);
    const data = { ...ROUTINE, household_id: pick(shelf.all("household"), which).id, result: "met", resident_ids: [], note };
    return before && { kind: "visit.record", replaces: before.id, data };
  },
};
const ASKED = ["start", "sync", "look"];

const pick = (some, at) => some[at % some.length];
const own = (shelf, person) => shelf.all("visit").filter(({ by, withdrawn }) => by === person.id && !withdrawn);

async function obey(asked) {
  if (ASKED.includes(asked.do)) return DOES[asked.do](asked);
  const person = await identity.current();
  const { shelf } = await replica.snapshot(person.id);
  const isThere = shelf.all("household").length > 0;
  const operation = isThere && (await DOES[asked.do](asked, shelf, person));
  if (!operation) return null;
  const entry = await outbox.record(person.id, operation);
  tell("recorded", { id: entry.id, n: entry.n });
  // As sw.js: saving answers when pages know; sending goes on after it.
  const told = tellPages(VERSION);
  told.then(() => syncNow(VERSION)).catch(trouble);
  await told;
  return entry.id;
}

/** Everything a judge wants to know of this phone. */
DOES.account = async () => {
  const person = await identity.current();
  const state = await standing.known(person.id);
  return {
    person,
    state,
    entries: (await entries(person.id)).map(({ text, hash, ...rest }) => ({ ...rest, text: text || "" })),
    digests: await replica.digests(person.id),
    cursors: await replica.cursors(person.id, "streams"),
    ledger: await standing.ledger(person.id, state),
    pill: await standing.pill(person.id, state),
  };
};
ASKED.push("account");

const trouble = (problem) => tell("trouble", { what: `${problem.name}: ${problem.message}` });

self.onmessage = async ({ data }) => {
  try {
    tell("done", { number: data.number, answer: await obey(data) });
  } catch (problem) {
    tell("done", { number: data.number, problem: `${problem.name}: ${problem.message} ${problem.stack}` });
  }
};
