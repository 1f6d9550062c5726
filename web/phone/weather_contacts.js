// Somebody on the weather list was asked after: a visit of its own, and the task is told of it.
// Twin of sync/weather_contacts.py.

import * as days from "./days.js";
import { madeAt } from "./newest.js";
import { stamp } from "./operations.js";
import * as pairings from "./pairings.js";
import * as visits from "./visits.js";
import { SETTLES, withContact } from "./weather_list.js";

const HELP = "天气叫应：需要帮助";
const HELP_WITHIN_MS = 3600 * 1000;
const LATE_MS = 60 * 1000;
const MAX_FOLLOWUP = 200;
const RESULTS = { no_answer: "no_answer", moved: "away", declined: "refused" };

/** A visit with the id of the operation, what became of the task, and a cry for help at once. */
export function contact(operation, town, scene) {
  const { id, at, data } = operation;
  const made = madeAt({ true_at: stamp(at), received_at: "" }, scene);
  if (scene.person.role === "leader") return ofPair(operation, made, town, scene);
  visits.record({ id, at, data: visitOf(data, made, scene) }, town, scene);
  const visit = town.get("visit", id);
  if (!visit) return null;
  const cry = data.outcome === "needs_help" && town.get("followup", id);
  if (cry) town.put("followup", { ...cry, level: "red", kind: data.outcome, due_at: stamp(Date.parse(made) + HELP_WITHIN_MS) });
  for (const task of town.ofHousehold("contact_task", data.household_id)) {
    if (task.incident_id === data.incident_id) town.put("contact_task", withContact(task, said(visit, data, made, scene)));
  }
  return null;
}

function visitOf(data, made, { community }) {
  const { household_id, resident_ids, outcome, method, note = "", checkups = [], started_at = "", ended_at = "" } = data;
  const met = method === "door" ? "met" : "phone_ok";
  const text = Array.from(note ? `${HELP}：${note}` : HELP).slice(0, MAX_FOLLOWUP).join("");
  return {
    household_id, resident_ids, method, note, checkups, started_at, ended_at,
    type: "weather",
    result: RESULTS[outcome] || met,
    away_until: outcome === "moved" ? days.after(days.day(made, community.timezone), 1) : "",
    followup: outcome === "needs_help" ? text : "",
    task_ids: [],
    pairing_id: "",
  };
}

function said({ id, by, by_name, method, note }, { outcome }, at, { now }) {
  return { id, at, by, by_name, outcome, method, note, is_late: Number(Date.parse(now) - Date.parse(at) > LATE_MS) };
}

// A leader's own phone knows its pairs only.
function ofPair({ at, data }, made, town, scene) {
  for (const task of town.ofHousehold("pair_task", data.household_id)) {
    const isOf = task.incident_id === data.incident_id && task.state !== "done";
    const state = SETTLES.includes(data.outcome) ? "done" : task.state;
    if (isOf) town.put("pair_task", { ...task, state, outcome: data.outcome, by_name: scene.person.name, at: made });
    const met = ["safe", "needs_help"].includes(data.outcome) ? task.pairing_ids : [];
    for (const id of met) pairings.contact({ at, data: { id } }, town, scene);
  }
}
