// The field pages as this phone draws them: which path shows what, from the records here.

import * as album from "./album.js";
import { answer, prepare } from "./drawing.js";
import * as hints from "./hints.js";
import * as identity from "./identity.js";
import { lockerOf } from "./keys.js";
import { offline, online } from "./network.js";
import * as outbox from "./outbox.js";
import { photosLeft, photosOf } from "./photos.js";
import * as recent from "./recent.js";
import { ofPath } from "./redirects.js";
import * as replica from "./replica.js";
import { settings } from "./settings.js";
import * as standing from "./standing.js";
import { isPossible } from "./vault.js";
import { VIEWS } from "./views/index.js";

const WALKERS = ["worker", "chief", "social"];
const AT_DOORS = [...WALKERS, "leader"];
const OUTBOX = "/outbox";

const asked = (...names) => (_, query) => Object.fromEntries(names.map((name) => [name, query.get(name) || ""]));
const named = (name, ...more) => ([id], query) => ({ [name]: id, ...asked(...more)([], query) });
const PAGES = [
  { path: /^\/today$/, view: "today", roles: WALKERS, params: asked() },
  { path: /^\/buildings$/, view: "buildings", roles: AT_DOORS, params: asked() },
  { path: /^\/buildings\/([^/]+)$/, view: "building", roles: AT_DOORS, params: named("id", "door", "show") },
  { path: /^\/households\/([^/]+)$/, view: "household", roles: AT_DOORS, params: named("id", "saved"), isSeen: true },
  { path: /^\/households\/([^/]+)\/visit$/, view: "visit", roles: WALKERS, params: redone(visitParams) },
  { path: /^\/households\/([^/]+)\/contact$/, view: "contact", roles: WALKERS, params: redone(named("household_id", "error", "field")) },
  { path: /^\/contacts\/([^/]+)\/change$/, view: "contact", roles: WALKERS, params: redone(named("id", "error", "field")) },
  { path: /^\/visits\/([^/]+)\/correction$/, view: "correction", roles: WALKERS, params: redone(named("id", "error", "field")) },
  { path: /^\/followups$/, view: "followups", roles: WALKERS, params: asked() },
  { path: /^\/followups\/([^/]+)$/, view: "followup", roles: WALKERS, params: named("id", "error", "field") },
  { path: /^\/households\/([^/]+)\/ladder$/, view: "ladder", roles: WALKERS, params: named("id", "error") },
  { path: /^\/households\/([^/]+)\/event$/, view: "event", roles: WALKERS, params: redone(named("id", "error", "field")) },
  { path: /^\/residents\/([^/]+)\/proposal$/, view: "proposal", roles: WALKERS, params: named("id", "error", "field") },
  { path: /^\/issues$/, view: "issues", roles: AT_DOORS, params: asked("saved") },
  { path: /^\/issues\/new$/, view: "issue", roles: AT_DOORS, params: redone(issueParams("")) },
  { path: /^\/issues\/todo$/, view: "matters", roles: WALKERS, params: asked() },
  { path: /^\/issues\/([^/]+)$/, view: "matter", roles: AT_DOORS, params: redone(stepParams) },
  { path: /^\/buildings\/([^/]+)\/issue$/, view: "issue", roles: AT_DOORS, params: redone(issueParams("building_id")) },
  { path: /^\/households\/([^/]+)\/issue$/, view: "issue", roles: WALKERS, params: redone(issueParams("household_id")) },
  { path: /^\/pairs$/, view: "pairs", roles: ["leader"], params: asked("error") },
  { path: /^\/alerts\/([^/]+)\/contacts$/, view: "calls", roles: AT_DOORS, params: named("id") },
  { path: /^\/contact-tasks\/([^/]+)$/, view: "call", roles: AT_DOORS, params: redone(named("id", "error", "field")) },
  { path: /^\/alerts$/, view: "alerts", roles: AT_DOORS, params: asked() },
  { path: /^\/alerts\/([^/]+)$/, view: "alert", roles: AT_DOORS, params: named("id", "error") },
  { path: /^\/search$/, view: "search", roles: WALKERS, params: asked("q") },
  { path: /^\/outbox$/, view: "outbox", roles: AT_DOORS, params: outboxParams, isPlain: true },
  { path: /^\/me$/, view: "me", roles: AT_DOORS, params: meParams, isPlain: true },
  { path: /^\/feedback$/, view: "feedback", roles: AT_DOORS, params: redone(feedbackParams) },
];

export const isFieldPage = ({ url }) => PAGES.some(({ path }) => path.test(url.pathname));

/** Draw a field page from the records here; ask the server where this phone does not hold them. */
export async function draw(request) {
  prepare(request.version);
  try {
    const here = await onThisPhone(request.version, request.url.pathname === OUTBOX);
    return here ? await drawHere(request, here) : elsewhere(request);
  } catch (problem) {
    console.error("not drawn:", problem);
    return online(request, "wrong");
  }
}

async function drawHere({ url, version, event, request }, here) {
  const { path, view, roles, params, isSeen, isPlain } = PAGES.find((page) => page.path.test(url.pathname));
  if (!roles.includes(here.person.role)) return missing(here, url, "forbidden", 403);
  if (request.mode === "navigate" && !isPlain && (await lacksPin(here))) return Response.redirect("/me/pin?way=new&asked=1", 303);
  const ids = path.exec(url.pathname).slice(1).map((id) => ofPath(url, id, here.shelf));
  const query = request.method === "GET" ? url.searchParams : new URLSearchParams(await request.clone().text());
  const context = VIEWS[view](here.shelf, await params(ids, query, here), here.now, here.settings);
  if (!context) return missing(here, url, "absent", 404);
  if (isSeen) event.waitUntil(recent.note(here.person.id, ids[0]));
  return answer(version, `field/${view}.html`, context);
}

// The office may want a PIN on every phone; where none can be set, none is asked for.
async function lacksPin({ person, shelf }) {
  const isWanted = shelf.all("community").some((one) => one.pin_required);
  return isWanted && isPossible() && !(await lockerOf(person.id)).isSet;
}

/** The first page of whoever is signed in. */
export async function home(request) {
  const here = await onThisPhone(request.version);
  if (!here) return elsewhere(request);
  const [only, ...others] = here.shelf.all("building");
  const ofLeader = only && others.length === 0 ? `/buildings/${only.id}` : "/buildings";
  return Response.redirect(here.person.role === "leader" ? ofLeader : "/today", 303);
}

// From the server; a phone that was shut out says so itself.
async function elsewhere(request) {
  const person = await identity.current();
  const { revoked } = person ? await standing.known(person.id) : {};
  return revoked ? offline(request, "revoked") : online(request);
}

/**
 * What pages are drawn from: person, shelf, settings, now; null when this phone cannot draw them.
 * The outbox is drawn without any record: whose phone was shut out still hands over what it holds.
 */
export async function onThisPhone(version, isOutbox = false) {
  const person = await identity.current();
  if (!person || !AT_DOORS.includes(person.role)) return null;
  const all = [replica.snapshot(person.id), settings(), recent.of(person.id), hints.left(person.id)];
  const [{ shelf, waiting, state }, looks, seen, left] = await Promise.all(all);
  if (!state.complete && !(isOutbox && state.auth)) return null;
  const pill = await standing.pill(person.id, state);
  return {
    person, shelf, state, waiting,
    now: new Date().toISOString(),
    settings: {
      ...looks,
      person_id: person.id,
      place: "phone",
      data_at: state.ok_at || "",
      offline: Number(pill.state === "offline"),
      version, pill, waiting,
      recent: seen,
      hints: left,
    },
  };
}

function missing({ shelf, now, settings: looks }, url, why, status) {
  return answer(looks.version, "field/missing.html", VIEWS.missing(shelf, { path: url.pathname, why }, now, looks), status);
}

async function visitParams(ids, query, { person }) {
  const kept = await album.ofForm(person.id, `visit-${ids[0]}`);
  return { ...named("id", "care", "list", "from", "error", "field")(ids, query), photos: photosOf(kept) };
}

function issueParams(name) {
  return async ([id = ""], query, { person }) => {
    const kept = await album.ofForm(person.id, `issue-${id || "new"}`);
    return { ...named(name, "error", "field")([id], query), photos: photosOf(kept) };
  };
}

async function stepParams([id], query, { person }) {
  const kept = await album.ofForm(person.id, `step-${id}`);
  return { ...named("id", "error", "field")([id], query), sent: Number(query.get("sent")), photos: photosOf(kept) };
}

// What the server did not take opens in its form again, as it was filled in.
function redone(params) {
  return async (ids, query, here) => {
    const refused = query.get("redo") && (await outbox.find(here.person.id, query.get("redo")));
    const said = await params(ids, query, here);
    if (!refused || !refused.text) return said;
    const { data } = JSON.parse(refused.text);
    return { ...said, text: data.text, given: data.changes || data, replaces: refused.id };
  };
}

async function outboxParams(_ids, _query, { person, state }) {
  const device = await standing.device(person.id, state, Date.now());
  const queue = (await outbox.waiting(person.id)).filter(({ text }) => text).map(({ text }) => JSON.parse(text));
  const kept = await outbox.tray(person.id);
  const tray = kept.map(({ text, receipt }) => ({ ...JSON.parse(text), ...receipt, at: JSON.parse(text).at }));
  return { device, queue, tray, photos: photosLeft(await album.waiting(person.id)) };
}

function feedbackParams(ids, query) {
  return { ...asked("page", "error")(ids, query), sent: Number(query.get("sent")) };
}

async function meParams(ids, query, { person, state }) {
  const device = await standing.device(person.id, state, Date.now());
  const { isSet } = await lockerOf(person.id);
  return { ...asked("said", "error")(ids, query), device, pin: Number(isSet) };
}
