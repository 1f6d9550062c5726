// What a form offers: results, types, methods, phrases and people, each with what is chosen.
// Twin of server/field/views/choices.py.

import { MAJOR_CHANGE } from "../plans.js";
import { pick } from "./order.js";
import * as people from "./people.js";

export const MAIN_RESULTS = ["met", "met_family", "phone_ok", "not_home", "refused", "no_answer"];
export const OTHER_RESULTS = [
  "rescheduled", "hospital", "institution", "away", "moved_out", "deceased", "vacant", "wrong_info",
];
export const TYPES = [
  "routine", "elder_care", "phone", "event_triggered", "new_resident", "recheck", "service", "survey",
  "hazard", "dispute", "weather",
];
export const METHODS = ["door", "phone", "video"];
export const ELDER = [
  "high_risk_elder", "living_alone", "empty_nest", "functional_loss", "dementia", "severe_disability",
  "special_family", "destitute_support", "childless_alone", "oldest_old",
];
// Kept in Chinese, the language of the records, whatever language the page is shown in.
const ELDER_PHRASES = ["精神好", "门窗已关好", "要代办", "已提醒用药"];
const OTHER_PHRASES = ["情况没变化", "要代办", "已讲用电用气", "已留联系卡"];
const RELATIVES_SHOWN = 3;

/** The type that the due category suggests; the worker may change it. */
export function typeFor(household) {
  if (ELDER.includes(household.due_category)) return "elder_care";
  if (household.due_category === MAJOR_CHANGE) return "event_triggered";
  return household.due_category === "new_resident" ? "new_resident" : "routine";
}

export function phrasesFor(household) {
  return household.categories.some((code) => ELDER.includes(code)) ? ELDER_PHRASES : OTHER_PHRASES;
}

export const results = (codes, chosen) => codes.map((code) => ({ code, chosen: Number(code === chosen) }));

const presentOf = (scene, household) =>
  people.present(scene.shelf.of("resident", "household_id", household.id));

/** People of the door as choices. */
export function residents(scene, household, chosen) {
  const choice = (one) => ({ ...pick(one, ["id", "name", "status"]), chosen: Number(chosen.includes(one.id)) });
  return presentOf(scene, household).map(choice);
}

/** Who is ticked before anybody tapped: the only person, or the only one cared for. */
export function likelyMet(scene, household) {
  const present = presentOf(scene, household);
  const cared = present.filter((one) => people.careInterval(scene, one));
  const only = [present, cared].find((group) => group.length === 1);
  return only ? [only[0].id] : [];
}

/** People reached through this door who do not live here: they are named in the note. */
export function relatives(scene, household) {
  const found = scene.shelf.of("contact", "household_id", household.id);
  const named = found.filter((one) => one.name && !["self", "head"].includes(one.relation));
  return named.slice(0, RELATIVES_SHOWN).map((one) => pick(one, ["name", "relation"]));
}
