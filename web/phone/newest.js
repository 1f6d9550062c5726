// The newest answers of one person, by the true time of the visits they were given at.
// Twin of sync/newest.py. A place in time is a text: the true time, and the visit's id among equals.

import { counted, questionOf } from "./wordings.js";

export const CONSENT = "consent";
/** What they said outside of visits has the id of its operation behind it. */
export const RECORDED = "consent ";
/** The newest visit that asked anything, even if all of it was declined. */
export const ASKED = "asked";
const WISHES = ["less", "phone", "none"];

/** After every visit. */
export const LAST = "~";

/** When a visit counts: no visit was made after it arrived. */
export function madeAt({ true_at: at, received_at: received }, { now }) {
  const arrived = received || now;
  return arrived < at ? arrived : at;
}

export const place = (visit, scene) => `${madeAt(visit, scene)} ${visit.id}`;
export const placeOf = ({ at, visit_id: id }) => `${at} ${id}`;

export function newer(items, name, item) {
  const before = items[name];
  return before && placeOf(before) > placeOf(item) ? items : { ...items, [name]: item };
}

/** What was known before a visit; null when it came later. */
export const earlier = (items, name, visitPlace) =>
  items[name] && placeOf(items[name]) < visitPlace ? items[name] : null;

/** What a person had said to being asked, up to and at this visit. */
export const agreed = (items, visitPlace) =>
  items[CONSENT] && placeOf(items[CONSENT]) <= visitPlace ? items[CONSENT].value : "";

/** With what the person had said to being asked by then, if it was not at a visit. */
export const heard = (items, until) =>
  Object.entries(items)
    .filter(([name, one]) => name.startsWith(RECORDED) && placeOf(one) <= until)
    .reduce((after, [, one]) => newer(after, CONSENT, one), items);

/** The newest answers after those of one checkup. */
export function taken(checkup, definition, stood, items) {
  let after = items;
  for (const [name, { value, asked, said, restricted }] of counted(checkup)) {
    const question = questionOf(definition, name);
    const item = { value, ...stood, edition: checkup.version, asked, said };
    if (restricted) item.restricted = 1;
    if (question && question.safety) item.safety = 1;
    if (question && question.sets) item.sets = question.sets;
    after = newer(after, `${checkup.checklist_id}.${name}`, item);
  }
  return after;
}

/** A person with what their answers say of how they want to be visited, and asked. */
export function withFields(person, items) {
  const { value: consent = "", on: consent_on = "" } = items[CONSENT] || {};
  const wishes = Object.values(items).filter((one) => one.sets === "visit_wish");
  const { value: wish } = wishes.sort((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1))[0] || {};
  return { ...person, consent, consent_on, visit_wish: WISHES.includes(wish) ? wish : "" };
}

/** What leaves the office of a person's answers (sync/scope.py). */
export function outside(answers) {
  const isTold = !answers.items[CONSENT] || answers.items[CONSENT].value !== "no";
  const open = ([name, item]) => {
    const stays = isTold || !name.includes(".") || item.safety || item.sets;
    return [name, stays && !item.restricted ? item : { ...item, value: "", said: [] }];
  };
  return { ...answers, items: Object.fromEntries(Object.entries(answers.items).map(open)) };
}
