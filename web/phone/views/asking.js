// Who behind a door is asked what: for each person and list what is known from before.
// Twin of server/field/views/asking.py.

import { day } from "../days.js";
import { moment } from "../respect.js";
import { ELDER } from "./choices.js";
import { pick, sortBy } from "./order.js";
import * as people from "./people.js";

/** One entry for each person and list; `wanted` are lists to be asked besides, by code. */
export function asking(scene, here, wanted = []) {
  const present = people.present(scene.shelf.of("resident", "household_id", here.id));
  const editions = current(scene);
  const isAsked = (person, { code, purpose }) =>
    (purpose === "elder" && isElder(scene, person)) || (wanted.includes(code) && person === present[0]);
  return present.flatMap((person) =>
    editions.filter((one) => isAsked(person, one)).map((one) => entry(scene, person, one)),
  );
}

/** The edition of each list that is used today, by code. */
export function current(scene) {
  const newest = new Map();
  for (const one of scene.shelf.all("checklist")) {
    const isUsed = one.status === "published" && one.from_on <= scene.today;
    const known = newest.get(one.code);
    if (isUsed && (!known || known.edition < one.edition)) newest.set(one.code, one);
  }
  return sortBy([...newest.values()], ({ code }) => code);
}

export const isElder = (scene, person) =>
  people.categoriesOf(scene, person).some((code) => ELDER.includes(code));

function entry(scene, person, checklist) {
  const known = scene.shelf.get("answers", person.id);
  const prefix = `${checklist.code}.`;
  const items = Object.entries(known ? known.items : {}).filter(([name]) => name.startsWith(prefix));
  return {
    resident: person,
    checklist,
    last: Object.fromEntries(items.map(([name, one]) => [name.slice(prefix.length), pick(one, ["value", "on", "said"])])),
    facts: { today: scene.today, categories: people.categoriesOf(scene, person) },
  };
}

/** What a visit asked, as its author may put it right: by its own edition, where that is here. */
export function askedAt(scene, made) {
  return made.checkups.flatMap((held) => {
    const person = scene.shelf.get("resident", held.resident_id);
    const isOf = ({ code, edition: n }) => code === held.checklist_id && n === held.version;
    const edition = scene.shelf.all("checklist").find(isOf);
    if (!person || !edition) return [];
    const on = day(moment(made), scene.timezone);
    const consent = held.consent ? "" : agreed(person, held, edition);
    return {
      resident: { ...person, consent },
      checklist: edition,
      last: before(scene, made, held, edition, on),
      facts: { today: on, categories: people.categoriesOf(scene, person), corrects: 1 },
    };
  });
}

// Who was asked more than the safety minimum had agreed to it.
function agreed(person, held, { questions }) {
  return questions.some(({ id, safety }) => !safety && id in held.answers) ? "yes" : person.consent;
}

// Earlier answers as far as visits here tell; what this visit asked is due without a day.
function before(scene, made, held, { questions }, on) {
  const place = (one) => [moment(one), one.id];
  const visits = sortBy(scene.shelf.of("visit", "household_id", made.household_id), place);
  const earlier = {};
  for (const { withdrawn, checkups } of visits.slice(0, visits.findIndex(({ id }) => id === made.id))) {
    const same = withdrawn ? [] : checkups.filter((one) => isAbout(one, held));
    Object.assign(earlier, ...same.map(({ answers }) => answers));
  }
  const { items } = scene.shelf.get("answers", held.resident_id) || { items: {} };
  return Object.fromEntries(questions.map(({ id }) => {
    // What is for the office alone is in no visit here, but when it was asked is known.
    const item = items[`${held.checklist_id}.${id}`] || {};
    const isAsked = id in held.answers || item.visit_id === made.id;
    const { value, said } = earlier[id] || { value: "", said: [] };
    return [id, { value, on: isAsked ? "" : on, said }];
  }));
}

/** Whether two checkups asked the same person by the same list. */
export const isAbout = (one, other) => one.resident_id === other.resident_id && one.checklist_id === other.checklist_id;
