// 要办的事: what is to be put right in the own buildings; one of them with what can be done now.
// Twin of server/field/views/matters.py.

import { ENDED, OPEN, TABLE, moves, publicOf, shownAs, statusOf } from "../issues.js";
import { line } from "./issues.js";
import { pick, sortBy } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

// What a phone offers, in this order: to whoever sees to it, and to whoever raised it.
const DOING = ["start", "negotiate", "done", "revisit", "note", "received"];
const ASKING = ["resubmit", "reopen", "note"];
// To whoever reported it, these are one.
const BEFORE = ["reported", "accepted", "assigned"];
// What the office asked, whom it told and how often it reminded, is no business of phones.
const HIDDEN = ["rated", "told", "urged"];
const UNMOVED = ["received", "note", "revisit", "joined", "called", "arrived", "result", "withdrawn"];

/** Names for field/matters.html. `params` is not used. */
export function matters(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const me = scene.person.id;
  const found = shelf.all("issue").filter((one) => isAsked(one, me)).map((one) => held(scene, one));
  const lines = sortBy(found, (one) => [Number(!one.due), one.due, one.id]);
  return {
    ...pageOf(scene, "要办的事", "/issues/todo", { tab: "today", back: "/today" }),
    mine: lines.filter(({ holder }) => holder === me),
    free: lines.filter(({ holder }) => !holder),
    others: lines.filter(({ holder }) => holder && holder !== me),
  };
}

/**
 * Names for field/matter.html; null when it is not on the shelf. `params`: id; error and field; given:
 * what was refused; replaces: its id; photos; sent: whether a step was kept just now.
 */
export function matter(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const issue = scene.isLeader ? null : shelf.get("issue", params.id);
  const report = shelf.get("report", params.id);
  if (!issue && !report) return null;
  const one = issue ? held(scene, issue) : read(scene, report);
  const given = { step: "", words: "", inner: "", ...(params.given || {}) };
  return {
    ...pageOf(scene, "事件", `/issues/${params.id}`, { back: issue ? "/issues/todo" : "/issues" }),
    one,
    steps: steps(scene, issue, report).map((code) => ({ code, chosen: Number(code === given.step) })),
    is_life: Number(Boolean(issue) && one.category === "life_safety"),
    given: pick(given, ["words", "inner"]),
    photos: params.photos || [],
    photo_error: "",
    error: params.error || "",
    field: params.field || "",
    replaces: params.replaces || "",
    saved: Number(params.sent || 0),
  };
}

/** How many this person has to see to, and of how many the time has run out. */
export function counts({ shelf, person, local, now }) {
  const open = shelf.all("issue").filter((one) => OPEN.includes(statusOf(one)));
  const mine = open.filter(({ holder }) => holder === person.id);
  const late = mine.filter((one) => one.close_due && local(one.close_due) < now).length;
  return { mine: mine.length, late, free: open.filter(({ holder }) => !holder).length };
}

/** Whether somebody is to do something, or this person waits for what they did or rests. */
function isAsked(issue, personId) {
  const status = statusOf(issue);
  return OPEN.includes(status) || (issue.holder === personId && !ENDED.includes(status));
}

/** An issue as whoever sees to it reads it. */
function held(scene, issue) {
  const { shelf, person } = scene;
  const status = statusOf(issue);
  const state = BEFORE.includes(status) ? status : publicOf(status);
  const entries = issue.entries.filter(({ what }) => !HIDDEN.includes(what)).map((one) => ({ ...pick(one, ["id", "at", "by_name", "inner"]), what: called(one), words: words(one) }));
  const door = shelf.get("household", issue.household_id);
  const { label } = door || shelf.get("building", issue.building_id) || { label: "" };
  return {
    ...line(scene, { ...issue, state, is_mine: Number(issue.by === person.id), entries }),
    label,
    household_id: door ? door.id : "",
    ...pick(issue, ["holder", "holder_name", "by_name"]),
    is_staff: 1,
  };
}

/** The same as whoever raised it reads it. */
const read = (scene, report) => ({ ...line(scene, report), label: "", household_id: "", holder: "", holder_name: "", by_name: "" });

/** What was said, after the department that it is about. */
const words = ({ department, words: said }) => [department, said].filter(Boolean).join("，");

const called = (one) => (UNMOVED.includes(one.what) ? one.what : shownAs(one));

function steps(scene, issue, report) {
  const found = issue ? DOING.filter((one) => isOpenTo(scene, issue, one)) : [];
  if (!report) return found;
  const can = { resubmit: report.state === "returned", reopen: line(scene, report).may_reopen };
  return [...found, ...ASKING.filter((one) => (one in can ? can[one] : !found.includes(one)))];
}

function isOpenTo({ person }, issue, step) {
  const status = statusOf(issue);
  if (step === "received") return !issue.first_at && !issue.entries.some(({ what }) => what === step) && OPEN.includes(status);
  if (step === "start" && !["", person.id].includes(issue.holder)) return false;
  return TABLE[step].from.length === 0 || moves(step, status);
}
