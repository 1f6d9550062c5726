// What a field form says becomes the data of an operation, or a sentence about what is missing.
// Fields arrive as lists of strings, named as in the templates. Twin of server/field/forms.py, held
// equal by tests/vectors/forms.json.

import { OFFICE_ONLY } from "./care.js";
import { checkups, putRight } from "./checkup_forms.js";

const MET_SOMEBODY = ["met", "met_family", "phone_ok"];
const ABOUT_SOMEBODY = ["hospital", "institution", "away", "moved_out", "deceased"];
// Nobody at home settles no request, though the form has it ticked beforehand.
const SETTLES_TASKS = [...MET_SOMEBODY, "vacant"];
const WITH_A_DAY = ["rescheduled", "hospital", "institution", "away"];
const VISIT_FIELDS = ["type", "method", "result", "resident_ids", "note", "away_until", "followup"];
const ASKED_NOBODY = "清单里已经答了。结果请选见到本人、见到家属或电话平安；没有问到人，请把清单里的答案去掉。";
const STEPS = ["self", "contact", "neighbour", "leader", "office", "110", "120", "quiet", "signs", "knock", "consent"];
const MAX_WHO = 100;
export const MAX_NOTE = 1000;
const MAX_FOLLOWUP = 200;
const MAX_FEEDBACK = 2000;
const MAX_EVENT_NOTE = 200;

/**
 * Data of visit.record. `now` is an instant, `today` the day at the community. `asking` says who can be
 * asked what (views/asking.js). Who answered was met.
 */
export function visit(fields, household, residents, now, today, asking = []) {
  const data = visitData(fields);
  const problem = visitProblem(data, residents.length, today);
  if (problem) return problem;
  const asked = checkups(fields, asking, data.type);
  if (asked.error) return wrong(asked.error, asked.field);
  const answered = asked.checkups.filter(({ answers }) => !isEmpty(answers)).map((one) => one.resident_id);
  if (answered.length > 0 && !MET_SOMEBODY.includes(data.result)) return wrong(ASKED_NOBODY, "result");
  data.resident_ids = [...new Set([...data.resident_ids, ...answered])];
  const task_ids = SETTLES_TASKS.includes(data.result) ? all(fields, "task_ids") : [];
  const started = { started_at: one(fields, "started_at"), ended_at: now, task_ids };
  const pairing = one(fields, "pairing_id");
  const said = asked.checkups.length > 0 ? { checkups: asked.checkups } : {};
  return filled({ household_id: household.id, ...data, ...started, ...said, ...(pairing ? { pairing_id: pairing } : {}) });
}

/** Data of visit.correct: only what differs from the visit as it is. `asking`: what it asked (views/asking.js). */
export function correction(fields, before, residents, today, asking = []) {
  const data = visitData(fields);
  const earliest = before.away_until && before.away_until < today ? before.away_until : today;
  const problem = visitProblem(data, residents.length, earliest);
  if (problem) return problem;
  const asked = checkups(fields, asking, data.type);
  if (asked.error) return wrong(asked.error, asked.field);
  const changes = different(VISIT_FIELDS.map((name) => [name, data[name]]), before);
  const { known, after } = putRight(before.checkups, asked.checkups, fields, asking);
  if (JSON.stringify(after) !== JSON.stringify(known)) changes.checkups = after;
  if (isEmpty(changes)) return wrong("没有改动。", "result");
  return filled({ id: before.id, changes, reason: one(fields, "reason") });
}

/** Data of followup.close. */
export function closing(fields, found) {
  const [result, note] = [one(fields, "result"), one(fields, "note").trim()];
  if (!result) return wrong("请选办得怎样。", "result");
  if (result === "其他" && !note) return wrong("选了“其他”，请写一句做了什么。", "note");
  if (size(note) > MAX_FOLLOWUP) return wrong(`最多 ${MAX_FOLLOWUP} 字，现在 ${size(note)} 字。`, "note");
  return filled({ id: found.id, result: Array.from(result).slice(0, MAX_FOLLOWUP).join(""), note });
}

/** Data of ladder.step, about the visit where nobody answered. */
export function ladderStep(fields, { visit_id }) {
  const [step, who] = [one(fields, "step"), Array.from(one(fields, "who")).slice(0, MAX_WHO).join("")];
  return STEPS.includes(step) ? filled({ visit_id, step, who }) : wrong("这一步没有记下，请再点一次。", "step");
}

/** Data of life_event.record; `what` "none" takes back what was recorded. */
export function lifeEvent(fields, household, today) {
  const what = one(fields, "what");
  const on = one(fields, "on") || today;
  const note = one(fields, "note").trim();
  if (!what) return wrong("请先选是什么事。", "what");
  if (!isDay(on)) return wrong("日期不对，请重新选。", "on");
  if (on > today) return wrong("日期还没到，请选今天或以前的。", "on");
  if (size(note) > MAX_EVENT_NOTE) return wrong(`备注最多 ${MAX_EVENT_NOTE} 字，现在 ${size(note)} 字。`, "note");
  const about = { household_id: household.id, resident_id: one(fields, "resident_id") };
  return filled(what === "none" ? { ...about, what: "", on: today, note: "" } : { ...about, what, on, note });
}

/** Data of resident.change: categories that only the office gives, for it to decide. */
export function proposal(fields, { id, categories: known }) {
  const chosen = (fields.category || []).filter((code) => OFFICE_ONLY.includes(code));
  const categories = [...new Set([...known, ...chosen])].sort();
  return categories.length === known.length ? wrong("请先选要提议的类别。", "category") : filled({ id, changes: { categories } });
}

/** Data of pairing.contact. */
export function pairingContact(fields, pair) {
  const method = one(fields, "method");
  if (!["door", "phone"].includes(method)) return wrong("请选是打了电话还是上门看了。", "method");
  return filled({ id: pair.id, method });
}

/** Data of feedback.send. */
export function feedback(fields) {
  const text = one(fields, "text").trim();
  if (!text) return wrong("请写一句再交。", "text");
  if (size(text) > MAX_FEEDBACK) return wrong(`最多 ${MAX_FEEDBACK} 字，现在 ${size(text)} 字。`, "text");
  return filled({ text, page: Array.from(one(fields, "page")).slice(0, 100).join("") });
}

function visitData(fields) {
  const result = one(fields, "result");
  const chosen = one(fields, "method") || "door";
  const concerned = MET_SOMEBODY.includes(result) || ABOUT_SOMEBODY.includes(result);
  const said = [...all(fields, "phrase"), one(fields, "note").trim()];
  return {
    type: one(fields, "type") || "routine",
    method: result === "phone_ok" && chosen === "door" ? "phone" : chosen,
    result,
    resident_ids: concerned ? all(fields, "resident_ids") : [],
    note: said.filter(Boolean).join("；"),
    away_until: WITH_A_DAY.includes(result) ? one(fields, "away_until") : "",
    followup: one(fields, "followup").trim(),
  };
}

function visitProblem(data, atHome, today) {
  const { result, resident_ids: named, away_until: until, note, followup } = data;
  if (!result) return wrong("请先选走访结果。", "result");
  if (ABOUT_SOMEBODY.includes(result) && named.length === 0 && atHome > 1) {
    return wrong("请选是哪一位。", "resident_ids");
  }
  if (result === "deceased" && named.length > 1) return wrong("去世一次只记一位，请只选一位。", "resident_ids");
  if (until && !isDay(until)) return wrong("日期不对，请重新选。", "away_until");
  if (until && until < today) return wrong("日期已经过去了，请选今天以后的。", "away_until");
  if (size(note) > MAX_NOTE) return wrong(`备注最多 ${MAX_NOTE} 字，现在 ${size(note)} 字。`, "note");
  if (size(followup) > MAX_FOLLOWUP) return wrong(`跟进最多 ${MAX_FOLLOWUP} 字，现在 ${size(followup)} 字。`, "followup");
  return null;
}

export const different = (named, before) =>
  Object.fromEntries(named.filter(([name, value]) => String(value) !== String(before[name])));

const isDay = (text) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

export const isEmpty = (object) => Object.keys(object).length === 0;
export const filled = (data) => ({ data, error: "", field: "" });
export const wrong = (error, field) => ({ data: {}, error, field });
const all = (fields, name) => fields[name] || [];
export const one = (fields, name) => all(fields, name)[0] || "";
export const size = (text) => Array.from(text).length;
