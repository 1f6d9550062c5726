// What is to be done and what came of it. Twin of what sync/tasks.py does for those who visit.

import * as days from "./days.js";
import { namesOf } from "./followups.js";
import { stamp } from "./operations.js";
import { complete } from "./shelf.js";

const MAX_REASON = 200;

/** Say what came of a follow-up; where it is to be looked at again, that becomes a task. */
export function closeFollowup({ id, at, data }, town, { person, community }) {
  const found = town.get("followup", data.id) || town.all("followup").find((one) => namesOf(one).includes(data.id));
  if (!found || found.status !== "open") return;
  const said = { result: data.result, note: data.note || "", closed_by: person.name, closed_at: stamp(at) };
  const done = { ...found, status: "closed", ...said };
  town.put("followup", done);
  if (!done.recheck_days || done.restricted) return;

  const { household_id, building_id, resident_id } = done;
  const on = days.day(stamp(at), community.timezone);
  town.put("task", complete("task", {
    id, household_id, building_id, resident_ids: [resident_id], reason: [...`复查：${done.what}`].slice(0, MAX_REASON).join(""),
    due_on: days.after(on, done.recheck_days), by: person.id, by_name: person.name,
  }));
}
