// Issues on this phone until the server has answered: what whoever raised or joined one reads of it,
// and what whoever sees to it did. Twin of sync/issues.py, issue_fold.py and issue_reports.py, as far
// as a phone can know: limits come from the server. Held equal by tests/vectors/issue_effects.json.

import { pictures, shown } from "./media.js";
import { doneAt } from "./doors.js";
import { stamp } from "./operations.js";
import { complete } from "./shelf.js";

const DAY_MS = 86_400_000;
const NEAR_DAYS = 10;
const REOPEN_DAYS = 15;
const LIFE = "life_safety";
const PUBLIC = {
  reported: "doing", accepted: "doing", assigned: "doing", in_progress: "doing", negotiating: "negotiating",
  calling: "calling", done_pending_check: "done",
};
export const OPEN = ["reported", "accepted", "assigned", "in_progress", "negotiating", "calling"];
export const ENDED = ["closed", "duplicate", "cancelled"];
/** What a phone offers to do about an issue: from which statuses, and to which. */
export const TABLE = {
  start: { from: OPEN, to: "in_progress" },
  negotiate: { from: OPEN, to: "negotiating" },
  done: { from: OPEN, to: "done_pending_check" },
  resubmit: { from: ["returned"], to: "reported" },
  reopen: { from: ENDED, to: "accepted" },
  revisit: { from: [] },
  note: { from: [] },
  received: { from: [] },
};
const TAKERS = ["start", "negotiate"];
const WITH_WORDS = ["received", "joined"];

export const statusOf = ({ state, side }) => side || state;
export const publicOf = (status) => PUBLIC[status] || status;
export const moves = (step, status) => TABLE[step].from.includes(status) && TABLE[step].to !== status;
/** What an entry is called where it is read: a step that moved nothing is a word among others. */
export const shownAs = ({ what, moved }) => (moved || WITH_WORDS.includes(what) ? what : "note");

/** Whoever raises one can follow it from then on. */
export function raise({ id, at, data }, town, scene) {
  const reported_at = doneAt(at, scene);
  const ended = data.solved_on_spot && data.category !== LIFE;
  const said = { category: data.category, place: data.place || "", text: data.text, reported_at };
  const state = ended ? "closed" : data.solved_on_spot ? "done" : "doing";
  const end = ended ? { ended_at: reported_at, may_reopen_until: stamp(Date.parse(reported_at) + REOPEN_DAYS * DAY_MS) } : {};
  town.put("report", complete("report", { id, ...said, state, ...end, media: ofOperation(id, data, scene) }));
}

/** Whoever met with the same follows it, too; what was said of it before comes from the server. */
export function join({ id, data }, town, scene) {
  const issue = town.get("issue", data.id);
  const before = town.get("report", data.id);
  if (!issue && !before) return;
  const media = ofOperation(id, data, scene);
  if (before) {
    town.put("report", { ...before, media: [...before.media, ...media] });
    return;
  }
  const { category, place, reported_at, close_due } = issue;
  const known = { category, place, reported_at, close_due, text: data.text || "", state: publicOf(statusOf(issue)) };
  town.put("report", complete("report", { id: data.id, ...known, is_mine: 0, media }));
}

/** Whoever sees to it says what was done; whoever raised it adds a word, or asks for it once more. */
export function step({ id, at, data }, town, scene) {
  const now = doneAt(at, scene);
  const { person } = scene;
  const { words = "", inner = "" } = data;
  const by = { id, at: now, by_name: person.name, what: data.step, words };
  const media = ofOperation(id, data, scene);
  const issue = town.get("issue", data.id);
  const report = town.get("report", data.id);
  const moved = Number(issue ? moves(data.step, statusOf(issue)) : moves(data.step, report ? report.state : ""));
  if (issue) {
    const entry = { ...by, by: person.id, role: person.role, inner, moved, why: moved || TABLE[data.step].from.length === 0 ? "" : "state" };
    town.put("issue", { ...issue, ...(moved ? after(data.step, issue, person, now) : {}), media: [...issue.media, ...media], entries: [...issue.entries, entry] });
  }
  if (!report) return;
  const isHidden = data.step === "revisit" || !TABLE[data.step];
  const entries = isHidden ? report.entries : [...report.entries, { ...by, what: shownAs({ what: data.step, moved }) }];
  const state = moved ? { state: publicOf(TABLE[data.step].to), ...(ENDED.includes(report.state) ? { ended_at: "", may_reopen_until: "" } : {}) } : {};
  town.put("report", { ...report, ...state, media: [...report.media, ...media], entries });
}

function after(name, issue, { id, name: called }, at) {
  const first_at = issue.first_at || (["resubmit", "reopen"].includes(name) ? "" : at);
  const moved = { first_at, state: TABLE[name].to, side: "" };
  if (TAKERS.includes(name) && !issue.holder) return { ...moved, holder: id, holder_name: called };
  if (name === "done") return { ...moved, done_by: id, done_by_name: called, done_at: at };
  return name === "reopen" ? { ...moved, done_by: "", done_by_name: "", done_at: "", ended_at: "" } : moved;
}

/** Whether somebody who met with this may have met with that issue. */
export function isNear(issue, buildingId, category, at) {
  if (!buildingId || issue.ended_at || issue.restricted) return false;
  if (issue.building_id !== buildingId || issue.category !== category) return false;
  return issue.reported_at >= stamp(Date.parse(at) - NEAR_DAYS * DAY_MS);
}

const ofOperation = (id, { media = [] }, { person }) => pictures(shown(media)).map((one) => ({ ...one, of: id, by: person.id }));
