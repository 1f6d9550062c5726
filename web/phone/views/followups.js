// 跟进: what must follow from what was seen, the most urgent first, and one of them to be closed.
// Twin of server/field/views/followups.py.

import { heldBy } from "../climbing.js";
import { ITEM } from "../ladder.js";
import { pick, sortBy } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

const LEVELS = ["now", "red", "amber"];
const SHOWN = 200;
const RESULTS = ["已办好", "已送医或联系医生", "家属在办", "已转社区或部门", "本人不需要"];
const OTHER = "其他";
const KEPT = ["id", "household_id", "what", "level", "kind", "by_name", "status", "result", "note", "closed_by", "recheck_days"];

/** Names for field/followups.html. `params` is not used. */
export function followups(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const rows = ordered(scene, shelf.all("followup"));
  return {
    ...pageOf(scene, "跟进", "/followups", { back: "/today" }),
    rows: rows.slice(0, SHOWN),
    further: Math.max(rows.length - SHOWN, 0),
    counts: counts(scene),
  };
}

/** Names for field/followup.html and _followup.html. `params`: id, error and field. */
export function followup(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const found = shelf.get("followup", params.id);
  if (!found || scene.isLeader) return null;
  return {
    ...pageOf(scene, "跟进", `/followups/${found.id}`, { back: `/households/${found.household_id}` }),
    one: row(scene, found),
    results: [...RESULTS, OTHER],
    error: params.error || "",
    field: params.field || "",
  };
}

/** How many are open, how many of them red, late, or with this chief by now. */
export function counts(scene) {
  const rows = ordered(scene, scene.shelf.all("followup"));
  return {
    open: rows.length,
    red: rows.filter(({ level }) => ["now", "red"].includes(level)).length,
    late: rows.filter((one) => one.held_by !== "worker").length,
    mine: rows.filter(({ mine }) => mine).length,
  };
}

/** Those that are open: a chief's own first, red before amber, then by their limit. */
export function ordered(scene, found) {
  const rows = found.filter(({ status }) => status === "open").map((one) => row(scene, one));
  return sortBy(rows, (one) => [-one.mine, rank(one.level), one.due_at || "9999", one.id]);
}

/** One follow-up for the list, the door's page and its own. */
export function row(scene, one) {
  const here = scene.shelf.get("household", one.household_id);
  const person = scene.shelf.get("resident", one.resident_id);
  const due_at = scene.local(one.due_at);
  const holder = heldBy(due_at, scene.now);
  const ladder = Number(one.item === ITEM);
  return {
    ...pick(one, KEPT),
    label: here ? here.label : "",
    name: person ? person.name : "",
    opened_at: scene.local(one.opened_at),
    closed_at: scene.local(one.closed_at),
    due_at,
    held_by: holder,
    mine: Number(holder === "chief" && scene.person.role === "chief"),
    ladder,
    href: ladder ? `/households/${one.household_id}/ladder` : `/followups/${one.id}`,
    waiting: isWaiting(scene, one),
    entries: one.entries.map((entry) => ({ at: scene.local(entry.at), ...pick(entry, ["by_name", "text"]) })),
  };
}

/** Whether it was closed here, or a visit asks for it that has yet to be sent. */
const isWaiting = (scene, { id, entries }) =>
  Math.max(...[id, ...entries.map((entry) => entry.visit_id)].map((one) => scene.isWaiting(one)));

const rank = (level) => (LEVELS.includes(level) ? LEVELS.indexOf(level) : LEVELS.length);
