// Issues on this phone until the server has answered: what whoever raised or joined one reads of it.
// Twin of sync/issues.py and sync/issue_reports.py, as far as a phone can know: the limits, and what
// was done about it, come from the server.

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
  const { category, place, side, reported_at, close_due } = issue;
  const status = side || issue.state;
  const known = { category, place, reported_at, close_due, text: data.text || "", state: PUBLIC[status] || status };
  town.put("report", complete("report", { id: data.id, ...known, is_mine: 0, media }));
}

/** Whether somebody who met with this may have met with that issue. */
export function isNear(issue, buildingId, category, at) {
  if (!buildingId || issue.ended_at || issue.restricted) return false;
  if (issue.building_id !== buildingId || issue.category !== category) return false;
  return issue.reported_at >= stamp(Date.parse(at) - NEAR_DAYS * DAY_MS);
}

const ofOperation = (id, { media = [] }, { person }) => pictures(shown(media)).map((one) => ({ ...one, of: id, by: person.id }));
