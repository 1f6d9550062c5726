// The people behind a door, in the few words that fit on a row or a cell of the map.
// Twin of server/field/views/people.py.

import { DEFAULT_INTERVALS, ORDINARY, ageOn, isHighRisk, tightest } from "../care.js";
import { sortBy } from "./order.js";

const BY_WEIGHT = [
  "dementia", "living_alone", "childless_alone", "functional_loss", "severe_disability", "empty_nest",
  "special_family", "destitute_support", "child_in_need", "pregnancy_newborn", "major_change",
  "new_resident", "subsistence_allowance", "low_income_edge", "hardship", "disability", "oldest_old",
  "tenant", "vacant", "veteran", "party_member", "volunteer",
];
const NAMES_SHOWN = 2;
const BADGES_SHOWN = 2;
const SHOW_AGE_FROM = 60;
const GONE = ["moved_out", "deceased"];
export const RED_DAYS = 7;

/** Who belongs to the door, head of the household first, then the oldest. */
export function present(residents) {
  const here = residents.filter((one) => !GONE.includes(one.status));
  return sortBy(here, (one) => [Number(one.relation_to_head !== "head"), one.birth_on || "9999", one.id]);
}

/** A person's categories, the weightiest first, with the derived one in front. */
export function categoriesOf(scene, resident) {
  const held = new Set(resident.categories);
  if (isHighRisk([...held], resident.birth_on, scene.today)) held.add("high_risk_elder");
  return sortBy([...held], weight);
}

/** Days between contacts that this person's categories ask for; 0 when they ask for none. */
export function careInterval(scene, resident) {
  const [interval, category] = tightest(categoriesOf(scene, resident), scene.intervals);
  return category === ORDINARY ? 0 : interval;
}

/** Names for a row: those who are cared for, else the head with the family. */
export function heads(scene, household, residents) {
  const people = present(residents);
  const cared = people.filter((one) => careInterval(scene, one));
  const named = cared.length ? cared.slice(0, NAMES_SHOWN) : people.slice(0, 1);
  return {
    names: named.map((one) => one.name),
    family: Number(cared.length === 0 && people.length > 1),
    vacant: Number(household.tenure === "vacant"),
  };
}

/** At most two facts about a door, each with an age when it is about one older person. */
export function badges(scene, household, residents) {
  const shown = [];
  for (const person of present(residents)) {
    const interval = careInterval(scene, person);
    if (interval) shown.push(badge(scene, person, interval));
  }
  const merged = merge(shown);
  const named = merged.map((one) => one.code);
  const own = new Set([...household.own_categories, ...tenure(household)]);
  for (const code of sortBy([...own], weight)) {
    if (code in DEFAULT_INTERVALS && !named.includes(code)) merged.push({ code, age: 0, weekly: 0 });
  }
  return merged.slice(0, BADGES_SHOWN);
}

function badge(scene, person, interval) {
  const code = categoriesOf(scene, person).find((one) => one !== "high_risk_elder");
  const age = ageOn(person.birth_on, scene.today);
  return { code, age: age >= SHOW_AGE_FROM ? age : 0, weekly: Number(interval <= RED_DAYS) };
}

/** One badge per category; two people of one category share it and lose the age. */
function merge(shown) {
  const merged = new Map();
  for (const one of shown) {
    const known = merged.get(one.code);
    if (known) {
      known.age = 0;
      known.weekly = Math.max(known.weekly, one.weekly);
    } else {
      merged.set(one.code, one);
    }
  }
  return sortBy([...merged.values()], (one) => [-one.weekly, ...weight(one.code)]);
}

const tenure = (household) => ({ vacant: ["vacant"], rent: ["tenant"] })[household.tenure] || [];

const weight = (code) => [BY_WEIGHT.includes(code) ? BY_WEIGHT.indexOf(code) : BY_WEIGHT.length, code];
