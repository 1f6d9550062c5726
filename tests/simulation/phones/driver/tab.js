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

// Who is signed in, once anybody is: nobody else ever is on this phone.
let signedIn = null;
const current = async () => (signedIn = signedIn || (await identity.current()));

// The door of each visit recorded here that the office did not refuse, as far as entries were read.
const visits = new Map();
let reached = 0;

/** Read on where reading ended last time: what was recorded once is never forgotten again. */
async function readOn(personId) {
  const more = IDBKeyRange.lowerBound(reached, true);
  for (const { n, text } of await operations(personId, (all) => all.getAll(more))) {
    const { id, kind, data } = JSON.parse(text);
    if (n > reached && kind === "visit.record") visits.set(id, data.household_id);
    reached = Math.max(n, reached);
  }
}

/** Of these visits those that the phone does not show, and that neither the office nor the window took. */
async function gone(personId, recorded, shelf) {
  const isShown = ([id, home]) => shelf.get("visit", id) || shelf.ofHousehold("visit", home).length >= WINDOW;
  const lacking = recorded.filter((one) => !isShown(one)).map(([id]) => id);
  if (lacking.length === 0) return [];
  const kept = await operations(personId, (all) => Promise.all(lacking.map((id) => all.index("id").get(id))));
  const isRefused = (at) => kept[at] && kept[at].receipt && kept[at].receipt.outcome === "quarantined";
  for (const id of lacking.filter((_, at) => isRefused(at))) visits.delete(id);
  return lacking.filter((_, at) => !isRefused(at));
}

function receipted(text) {
  try {
    return JSON.parse(text).receipts.map(({ id }) => id);
  } catch {
    return [];
  }
}

const operations = (id, work) => read(personal(id), ["operations"], (tx) => work(tx.objectStore("operations")));

// One after the other where the person waits for it; nobody waits for a sync.
const DOES = {
  async start() {
    await hear({ type: "hello", looks: {} }, VERSION);
    return identity.current();
  },
  sync: ({ why }) => hear({ type: "sync", why }, VERSION),
  // What any page shows: the records, and the pill.
  async look() {
    const person = await current();
    if (!person) return;
    await readOn(person.id);
    const recorded = [...visits];
    const since = clock();
    const { shelf, state } = await replica.snapshot(person.id);
    const pill = await standing.pill(person.id, state);
    const at = clock();
    tell("looked", { since, at, pill, gone: await gone(person.id, recorded, shelf) });
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
  const person = await current();
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

DOES.stands = async () => {
  const person = await current();
  const state = await standing.known(person.id);
  return { state, pill: await standing.pill(person.id, state) };
};
ASKED.push("stands");

/** Everything a judge wants to know of this phone. */
DOES.account = async () => {
  const person = await current();
  const state = await standing.known(person.id);
  return {
    person,
    state,
    entries: (await operations(person.id, (all) => all.getAll())).map(({ text, hash, ...rest }) => ({ ...rest, text: text || "" })),
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
