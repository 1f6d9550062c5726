// Who behind a door is asked what: for each person and list what is known from before.
// Twin of server/field/views/asking.py.

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
