// What the form of a contact because of a warning becomes. Twin of server/field/weather_forms.py.

import { checkups } from "./checkup_forms.js";
import { filled, isEmpty, MAX_NOTE, one, size, wrong } from "./forms.js";

const OUTCOMES = ["safe", "needs_help", "no_answer", "moved", "declined"];
const METHODS = ["door", "phone", "video"];
// Somebody was spoken to, so that a list may have been gone through.
const SPOKE = ["safe", "needs_help", "moved"];
const SPOKE_TO_NOBODY = "清单里已经答了。没有问到人，请把清单里的答案去掉，或改选问到的结果。";

/** Data of alert.contact, about a task of the weather list or of a pair. */
export function alertContact(fields, task, now, asking = []) {
  const [outcome, method] = [one(fields, "outcome"), one(fields, "method")];
  const note = one(fields, "note").trim();
  if (!OUTCOMES.includes(outcome)) return wrong("请先选问到怎样。", "outcome");
  if (size(note) > MAX_NOTE) return wrong(`备注最多 ${MAX_NOTE} 字，现在 ${size(note)} 字。`, "note");
  const asked = checkups(fields, asking, "weather");
  if (asked.error) return wrong(asked.error, asked.field);
  const isAnswered = asked.checkups.some(({ answers }) => !isEmpty(answers));
  if (isAnswered && !SPOKE.includes(outcome)) return wrong(SPOKE_TO_NOBODY, "outcome");
  const { incident_id, household_id, resident_ids } = task;
  return filled({
    incident_id, household_id, resident_ids, outcome,
    method: METHODS.includes(method) ? method : "phone",
    note,
    started_at: one(fields, "started_at"),
    ended_at: now,
    ...(asked.checkups.length > 0 ? { checkups: asked.checkups } : {}),
  });
}
