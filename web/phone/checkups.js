// What people were asked at a visit, and what follows: newest answers, consent, follow-ups.
// Twin of sync/checkups.py, where it is told why. A phone goes through the visits that it holds.

import { categoriesOf } from "./care.js";
import * as days from "./days.js";
import { entriesOf } from "./entries.js";
import { OTHERWISE, PUT_RIGHT, TAKEN_BACK, renew } from "./followups.js";
import {
  ASKED, CONSENT, LAST, RECORDED, agreed, heard, madeAt, newer, outside, place, placeOf, taken, withFields,
} from "./newest.js";
import { stamp } from "./operations.js";
import { complete } from "./shelf.js";
import { explained, outside as outsideVisit } from "./wordings.js";

/** Who was asked at a visit. */
export const peopleOf = ({ checkups }) => [...new Set(checkups.map((one) => one.resident_id))];

/** Store what follows from a new visit's answers; the visit and its people as they are then. */
export const takeIn = (visit, residents, town, scene) => renewAll(visit, residents, peopleOf(visit), OTHERWISE, town, scene);

/** The same for a visit that was corrected or taken back. Whom it takes out was not asked there. */
export function putRight(before, after, residents, town, scene) {
  const out = before.resident_ids.filter((id) => !after.resident_ids.includes(id));
  const left = { ...after, checkups: after.checkups.filter((one) => !out.includes(one.resident_id)) };
  const concerned = [...new Set([...peopleOf(before), ...peopleOf(left)])];
  return renewAll(left, residents, concerned, after.withdrawn ? TAKEN_BACK : PUT_RIGHT, town, scene);
}

/** What a person said outside of a visit, which counts from then on. */
export function recordConsent({ id, at, data }, town, scene) {
  const person = town.get("resident", data.resident_id);
  if (!person) return;
  const made = madeAt({ true_at: stamp(at), received_at: "" }, scene);
  const today = days.day(made, scene.community.timezone);
  const on = data.on && data.on < today ? data.on : today;
  const item = { value: data.consent, on, at: made, visit_id: "", method: data.method || "oral" };
  let items = { ...answersOf(person, town).items, [RECORDED + id]: item };
  let chain = [];
  if (isMasked(person) || Object.values(items).some((one) => placeOf(one) > placeOf(item))) {
    [chain, items] = fromTheStart(person, items, null, town, scene);
  }
  const visits = new Map();
  const after = goThrough(person, chain, items, placeOf(item), "", visits, town, scene);
  for (const one of visits.values()) town.put("visit", outsideVisit(one));
  town.put("resident", after);
}

function renewAll(visit, residents, concerned, why, town, scene) {
  const here = place(visit, scene);
  const visits = new Map([[visit.id, visit]]);
  const after = new Map(residents.map((one) => [one.id, one]));
  for (const person of concerned.map((id) => after.get(id)).filter(Boolean)) {
    let { items } = answersOf(person, town);
    let chain = [visit];
    if (why !== OTHERWISE || isMasked(person) || Object.values(items).some((one) => placeOf(one) > here)) {
      [chain, items] = fromTheStart(person, items, visit, town, scene);
    }
    after.set(person.id, goThrough(person, chain, items, here, visit.id, visits, town, scene, why));
  }
  for (const one of visits.values()) town.put("visit", outsideVisit(one));
  return { visit: visits.get(visit.id), residents: [...after.values()] };
}

/** Whether a phone holds less of their answers than the server does. */
const isMasked = ({ consent }) => consent === "no";

/** Every visit that asked this person, oldest first, and what is known from elsewhere. */
function fromTheStart(person, items, changed, town, scene) {
  const asked = town.all("visit").filter((one) => peopleOf(one).includes(person.id));
  const visits = new Map([...asked, ...(changed ? [changed] : [])].map((one) => [one.id, one]));
  const chain = [...visits.values()].filter((one) => !one.withdrawn && peopleOf(one).includes(person.id));
  // What is for the office alone is in no visit that a phone holds; it goes with its visit alone.
  const isElsewhere = (one) => !visits.has(one.visit_id) || (one.restricted && chain.some(({ id }) => id === one.visit_id));
  const left = Object.fromEntries(Object.entries(items).filter(([, one]) => isElsewhere(one)));
  if (left[CONSENT] && !left[CONSENT].visit_id) delete left[CONSENT];
  return [chain.sort((one, other) => (place(one, scene) < place(other, scene) ? -1 : 1)), left];
}

/** Store what follows when these visits follow each other upon `items`; the person as they are then. */
function goThrough(person, chain, items, since, sinceId, visits, town, scene, why = OTHERWISE) {
  const wanted = new Map([[sinceId, {}]]);
  let now = items;
  for (const one of chain) {
    const asked = ask(visits.get(one.id) || one, person, heard(now, place(one, scene)), town, scene);
    now = asked.items;
    if (place(one, scene) >= since) wanted.set(one.id, asked.entries);
    if (asked.visit !== one) visits.set(one.id, asked.visit);
  }
  now = heard(now, LAST);
  const before = answersOf(person, town);
  const isKnown = Object.keys(now).length > 0 || Object.keys(before.items).length > 0;
  if (isKnown) town.put("answers", outside({ ...before, items: now }));
  const ending = { by: scene.person.name, at: stamp(scene.at), why };
  for (const one of renew(person, wanted, town.of("followup", "household_id", person.household_id), ending)) {
    if (!one.restricted) town.put("followup", one);
  }
  return withFields(person, now);
}

/** Go through what a visit asked one person, when `items` was known before. */
function ask(visit, person, items, town, scene) {
  const [at, here] = [madeAt(visit, scene), place(visit, scene)];
  const on = days.day(at, scene.community.timezone);
  const stood = { on, at, visit_id: visit.id };
  const entries = {};
  let now = newer(items, ASKED, { value: "", ...stood });
  const checkups = visit.checkups.map((checkup) => {
    if (checkup.resident_id !== person.id) return checkup;
    const { consent: said, consent_method: method } = checkup;
    if (said) now = newer(now, CONSENT, { value: said, ...stood, method });
    const consent = agreed(now, here);
    const editions = editionsOf(checkup.checklist_id, town);
    const kept = explained(checkup, consent, editions);
    const definition = editions.find((one) => one.edition === checkup.version);
    const changed = Number(visit.type === "event_triggered");
    const facts = { today: on, categories: categoriesOf(person, on), changed, consent };
    if (definition) Object.assign(entries, entriesOf(visit, at, kept, definition, now, facts, here));
    now = taken(kept, definition, stood, now);
    return kept;
  });
  const isSame = JSON.stringify(checkups) === JSON.stringify(visit.checkups);
  return { visit: isSame ? visit : { ...visit, checkups }, items: now, entries };
}

const editionsOf = (code, town) =>
  town.all("checklist").filter((one) => one.code === code).sort((one, other) => other.edition - one.edition);

const answersOf = ({ id, household_id, building_id }, town) =>
  town.get("answers", id) || complete("answers", { id, household_id, building_id });
