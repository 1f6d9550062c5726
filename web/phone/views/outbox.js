// 待同步: what waits and why, what came back, and the line two people compare by voice.
// Twin of server/field/views/outbox.py.

import { pictures } from "../media.js";
import { EMPTY } from "../shelf.js";
import * as issues from "./issues.js";
import { pick, sortBy } from "./order.js";
import { heads } from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

// What the place where a page is drawn knows about this phone; the server knows little of it.
export const NO_DEVICE = {
  recorded: 0, received: 0, code: "", matched_at: "", matched_n: 0, matched_code: "", tried_at: "",
  tried_why: "", next_s: 0, persisted: "", usage_mb: 0, free_mb: 0, ahead_minutes: 0, new_version: 0,
  old_unsent: 0, lost: 0, lost_numbers: "",
};
const NOTHING = {
  n: 0, household_id: "", door: "", label: "", names: [], family: 0, vacant: 0, result: "", phone: "",
  outcome: "", message: "", state: "waiting", reason: "", field: "", visit_id: "", redo: "", followup: "", media: 0,
  said: "",
};
export const OPEN = ["waiting", "returned"];
const SETTLED_SHOWN = 5;
// What is in conflict was applied: there is nothing to send anew.
const REDONE = ["held", "quarantined"];

/**
 * Names for field/outbox.html. `params`: device (names of NO_DEVICE); queue and tray: operations as
 * {id, n, kind, at, data}, those of the tray with outcome, code and message too; photos:
 * {visit_id, at, left, refused, error} for each visit of which some are still to be sent.
 */
export function outbox(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const queue = (params.queue || []).map((one) => item(scene, one));
  const tray = (params.tray || []).map((one) => item(scene, one));
  const held = tray.map((one) => one.id);
  const told = shelf.all("notice").filter((one) => !["handover", "reminder"].includes(one.outcome) && !held.includes(one.id)).map((one) => toldLine(scene, one));
  const newest = (lines) => sortBy(lines, (one) => [one.at, one.id]).reverse();
  const isOpen = (one) => OPEN.includes(one.state);
  const device = { ...NO_DEVICE, ...(params.device || {}) };

  return {
    ...pageOf(scene, "待同步", "/outbox", { tab: "me", back: "/me" }),
    device: {
      ...device,
      matched_at: scene.local(device.matched_at),
      tried_at: scene.local(device.tried_at),
      differs: Number(device.recorded !== device.received),
    },
    queue: sortBy(queue, (one) => -one.n),
    photos: (params.photos || []).map((one) => photos(scene, one)),
    photos_left: (params.photos || []).reduce((sum, one) => sum + one.left, 0),
    oldest_at: queue.map((one) => one.at).sort()[0] || "",
    returned: newest([...tray, ...told].filter(isOpen)),
    settled: newest(told.filter((one) => !isOpen(one))).slice(0, SETTLED_SHOWN),
  };
}

/** An operation of this phone as a line; its data says what it was. */
function item(scene, operation) {
  const { id, n, kind, at, data, outcome = "", message = "" } = operation;
  const changes = data.changes || {};
  return {
    ...NOTHING,
    id,
    kind,
    at: scene.local(at),
    label: (scene.shelf.get("building", data.building_id || "") || { label: "" }).label,
    ...where(scene, data.household_id || about(scene, data).household_id || ""),
    n,
    result: data.result || changes.result || "",
    phone: data.phone || changes.phone || "",
    outcome,
    message,
    redo: REDONE.includes(outcome) ? formOf(scene, operation) : "",
    followup: followupOf(scene, kind, data),
    media: (data.media || []).length,
    said: issues.said(scene, kind, data),
  };
}

/** Where an operation can be put right and sent anew; "" where no form is for it or its record is not here. */
function formOf(scene, { id, kind, data }) {
  const { shelf } = scene;
  const known = (name, key) => (shelf.get(name, key || "") ? key : "");
  const [household, contact, visit] = [known("household", data.household_id), known("contact", data.id), known("visit", data.id)];
  const paths = {
    "visit.record": household && `/households/${household}/visit`,
    "visit.correct": visit && `/visits/${visit}/correction`,
    "contact.add": household && `/households/${household}/contact`,
    "contact.change": contact && `/contacts/${contact}/change`,
    "life_event.record": household && `/households/${household}/event`,
    "alert.contact": taskOf(scene, data),
    "issue.raise": issues.formOf(scene, household, data),
    "issue.join": issues.formOf(scene, "", data),
    "issue.step": `/issues/${data.id}`,
    "feedback.send": "/feedback",
  };
  return paths[kind] ? `${paths[kind]}?redo=${id}` : "";
}

/** The form about a door that a warning asks after. */
function taskOf({ shelf, isLeader }, { household_id: id, incident_id: incident }) {
  const found = shelf.of(isLeader ? "pair_task" : "contact_task", "household_id", id || "");
  const task = found.find((one) => one.incident_id === incident);
  return task ? `/contact-tasks/${task.id}` : "";
}

/** Where the follow-up is that was closed, or all of them; "" for any other operation. */
function followupOf({ shelf }, kind, { id = "" }) {
  if (kind !== "followup.close") return "";
  return shelf.get("followup", id) ? `/followups/${id}` : "/followups";
}

/** Pictures of a visit, or of an issue, that this phone still has to send. */
function photos(scene, { visit_id: id, at, left, refused = 0, error }) {
  const [report, ofIssue] = issues.pictured(scene, id);
  const visit = (!report && scene.shelf.get("visit", id)) || EMPTY.visit;
  const of = Math.max((report ? ofIssue : pictures(visit.media)).length, left);
  const kind = report ? "issue.raise" : "visit.record";
  const line = { ...NOTHING, id, kind, at: scene.local(at), ...where(scene, visit.household_id) };
  return { ...line, said: issues.said(scene, kind, { id: report }), result: visit.result, left, of, refused, error };
}

/** What the server told this person about an operation. */
function toldLine(scene, notice) {
  const made = scene.shelf.get("visit", notice.visit_id);
  return {
    ...NOTHING,
    id: notice.id,
    kind: notice.operation_kind,
    at: scene.local(notice.at),
    ...where(scene, notice.household_id),
    result: made ? made.result : "",
    ...pick(notice, ["outcome", "message", "state", "reason", "field", "visit_id"]),
    followup: followupOf(scene, notice.operation_kind, {}),
  };
}

/** The record that an operation names by `id`. */
function about(scene, data) {
  const kinds = ["visit", "contact", "resident", "followup"];
  return kinds.map((kind) => scene.shelf.get(kind, data.id || data.visit_id || "")).find((known) => known) || {};
}

function where(scene, householdId) {
  const household = scene.shelf.get("household", householdId);
  if (!household) return {};
  const building = scene.shelf.get("building", household.building_id);
  return {
    household_id: householdId,
    door: [household.unit, household.door_no].filter((part) => part).join("-"),
    label: building ? building.label : household.label,
    ...heads(scene, household, scene.shelf.of("resident", "household_id", householdId)),
  };
}
