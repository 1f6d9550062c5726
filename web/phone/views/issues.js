// 报事件: the form of an issue, at a door, in a building or nowhere; 我报的事: what became of it.
// Twin of server/field/views/issues.py.

import { CATEGORIES } from "../issue_forms.js";
import { QUICK } from "../issue_words.js";
import { ENDED, isNear } from "../issues.js";
import { pictures } from "../media.js";
import * as choices from "./choices.js";
import { pick, sortBy } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

const SAID_SHOWN = 40;
const NOTHING = { category: "", text: "", place: "", solved_on_spot: 0, id: "" };
const SHOWN = ["id", "category", "place", "text"];

/**
 * Names for field/issue.html; null when the place is not on the shelf. `params`: household_id or
 * building_id, or neither; error and field; given: what was refused; replaces: its id; photos.
 */
export function issue(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const doorId = params.household_id || "";
  const door = shelf.get("household", doorId);
  if (doorId && (!door || door.status !== "active" || scene.isLeader)) return null;
  const building_id = door ? door.building_id : params.building_id || "";
  const building = shelf.get("building", building_id);
  if (building_id && !building) return null;

  const back = door ? `/households/${door.id}` : building_id ? `/buildings/${building_id}` : "/issues";
  const given = { ...NOTHING, ...(params.given || {}) };
  return {
    ...pageOf(scene, "报事件", building_id ? `${back}/issue` : "/issues/new", { back }),
    household_id: door ? door.id : "",
    building_id,
    draft: `issue-${doorId || building_id || "new"}`,
    label: (door || building || { label: "" }).label,
    buildings: building_id ? [] : buildings(scene, given.building_id || ""),
    quick: QUICK,
    categories: choices.results(CATEGORIES, given.category),
    near: allNear(scene, building_id, nowIso).map((one) => near(scene, one, given.id)),
    given: pick(given, ["text", "place"]),
    solved: Number(given.solved_on_spot),
    photos: params.photos || [],
    photo_error: "",
    error: params.error || "",
    field: params.field || "",
    replaces: params.replaces || "",
  };
}

/** Names for field/issues.html. `params`: saved, the id of one that was raised just now. */
export function issues(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const lines = sortBy(shelf.all("report").map((one) => line(scene, one)), (one) => [one.at, one.id]).reverse();
  return {
    ...pageOf(scene, "我报的事", "/issues", { tab: "me", back: "/me" }),
    open: lines.filter(({ ended }) => !ended),
    ended: lines.filter(({ ended }) => ended),
    saved: Number(lines.some(({ id }) => id === params.saved)),
  };
}

/** Names for field/_issue.html. `params`: id, and back: where it was raised. */
export function savedIssue(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const found = shelf.get("report", params.id);
  const back = params.back || "";
  return {
    ...pageOf(scene, "报事件", "/issues/new", { back: back || "/issues" }),
    raised: found ? [line(scene, found)] : [],
    to_door: Number(back.startsWith("/households/")),
    to_building: Number(back.startsWith("/buildings/")),
  };
}

/** How many of what this person reported are not ended. */
export const stillOpen = (shelf) => shelf.all("report").filter(({ state }) => !ENDED.includes(state)).length;

/** Where what was refused can be put right: at its place, or at that of the issue it joins. */
export function formOf({ shelf, isLeader }, household, data) {
  if (household && !isLeader) return `/households/${household}/issue`;
  const { building_id: id = "" } = shelf.get("issue", data.id || "") || data;
  return shelf.get("building", id) ? `/buildings/${id}/issue` : "/issues/new";
}

/** What an issue is about; "" for any other operation. */
export function said({ shelf }, kind, { id = "", text = "" }) {
  if (!kind.startsWith("issue.")) return "";
  const known = shelf.get("report", id) || shelf.get("issue", id) || { text: "" };
  return Array.from(text || known.text).slice(0, SAID_SHOWN).join("");
}

/** The issue of which an operation shows pictures, and these; nothing of any other operation. */
export function pictured({ shelf }, operationId) {
  const mine = ({ media }) => pictures(media).filter((one) => one.of === operationId);
  const report = shelf.all("report").find((one) => mine(one).length > 0);
  return report ? [report.id, mine(report)] : ["", []];
}

function allNear({ shelf }, buildingId, now) {
  const here = buildingId ? shelf.of("issue", "building_id", buildingId) : [];
  const found = here.filter((one) => isNear(one, buildingId, one.category, now));
  return sortBy(found, (one) => [one.reported_at, one.id]).reverse();
}

const near = (scene, one, chosen) => ({ ...pick(one, SHOWN), at: scene.local(one.reported_at), chosen: Number(one.id === chosen) });

// Whoever has one building means that one.
function buildings({ shelf }, chosen) {
  const found = sortBy(shelf.all("building"), (one) => [one.label, one.id]);
  const isChosen = ({ id }) => found.length === 1 || id === chosen;
  return found.map((one) => ({ ...pick(one, ["id", "label"]), chosen: Number(isChosen(one)) }));
}

/** What a person reported, as they read it; `late` when its time has run out. */
export function line(scene, report) {
  const shown = pictures(report.media);
  const due = scene.local(report.close_due);
  const ended = ENDED.includes(report.state);
  return {
    ...pick(report, [...SHOWN, "state", "is_mine"]),
    is_staff: 0,
    at: scene.local(report.reported_at),
    due,
    late: Number(Boolean(due) && !ended && due < scene.now),
    ended: Number(ended),
    ended_at: scene.local(report.ended_at),
    may_reopen: Number(ended && scene.local(report.may_reopen_until || "") >= scene.now),
    waiting: scene.isWaiting(report.id),
    photos: shown.map(({ sha256 }, at) => ({ sha256, n: at + 1 })),
    arrived: shown.reduce((sum, one) => sum + one.arrived, 0),
    entries: [...report.entries].reverse().map((one) => ({ inner: "", ...one, at: scene.local(one.at) })),
  };
}
