// Categories of people and doors, and how often each is seen.
// Twin of sync/care.py, held equal by tests/vectors/care.json. Records are the wire's plain objects.

import * as days from "./days.js";

export const ORDINARY = "ordinary";
export const HIGH_RISK = "high_risk_elder";

export const DEFAULT_INTERVALS = {
  high_risk_elder: 7,
  dementia: 7,
  new_resident: 7,
  living_alone: 15,
  childless_alone: 15,
  empty_nest: 31,
  oldest_old: 31,
  functional_loss: 31,
  severe_disability: 31,
  special_family: 31,
  destitute_support: 31,
  subsistence_allowance: 31,
  child_in_need: 31,
  low_income_edge: 92,
  hardship: 92,
  disability: 92,
  tenant: 92,
  ordinary: 183,
  vacant: 183,
};

export const SPECIAL_ELDER = [
  "high_risk_elder", "living_alone", "empty_nest", "functional_loss", "dementia", "severe_disability", "special_family",
  "destitute_support", "childless_alone",
];

// Given or taken only by the office, because money hangs on them.
export const OFFICE_ONLY = ["subsistence_allowance", "low_income_edge", "destitute_support", "severe_disability", "disability"];
export const GONE = ["moved_out", "deceased"];
export const PAUSED = ["hospital", "institution", "away"];
export const ATTENTION_DAYS = 31;
const OLD_AGE = 80;
export const RED_DAYS = 7;
const AMBER_DAYS = 31;
export const EARLY_SHARE = 5;

/** Whole years on `today`; -1 when the birth date is unknown. */
export function ageOn(birthOn, today) {
  if (!birthOn) return -1;
  const had = today.slice(5) >= birthOn.slice(5);
  return Number(today.slice(0, 4)) - Number(birthOn.slice(0, 4)) - (had ? 0 : 1);
}

/** 80 and over living alone or as an old couple alone, or with dementia at any age. */
export function isHighRisk(categories, birthOn, today) {
  if (categories.includes("dementia")) return true;
  const known = ageOn(birthOn, today);
  const old = known >= OLD_AGE || (known < 0 && categories.includes("oldest_old"));
  return old && (categories.includes("living_alone") || categories.includes("empty_nest"));
}

/** A person's categories with the derived one, sorted. */
export function categoriesOf(resident, today) {
  const held = new Set(resident.categories);
  if (isHighRisk([...held], resident.birth_on, today)) held.add(HIGH_RISK);
  return [...held].sort();
}

/** Smallest interval and the category that asks for it; ordinary when none asks for anything. */
export function tightest(categories, intervals) {
  const asked = categories.filter((code) => code in intervals);
  if (asked.length === 0) return [intervals[ORDINARY], ORDINARY];
  return asked.map((code) => [intervals[code], code]).reduce(smaller);
}

/** Someone a visitor may expect to meet at this door, now or later. */
export function isActive(resident) {
  return !GONE.includes(resident.status);
}

/** Everything that is true of this door: its own categories, its tenure, its people's. */
export function householdCategories(household, residents, today) {
  const held = new Set(household.own_categories);
  for (const code of tenureCategory(household)) held.add(code);
  for (const resident of residents.filter(isActive)) {
    for (const code of categoriesOf(resident, today)) held.add(code);
  }
  return [...held].sort();
}

/** How often, as the sign shows it: red up to a week, amber up to a month, green beyond. */
export function sign(interval) {
  if (interval <= RED_DAYS) return "red";
  return interval <= AMBER_DAYS ? "amber" : "green";
}

/** True inside the last fifth of the interval, when a door next door may be taken along. */
export function mayBeEarly(dueOn, interval, today) {
  if (!dueOn || dueOn <= today) return false;
  return days.between(today, dueOn) <= Math.floor(interval / EARLY_SHARE);
}

export function needsAttention(interval) {
  return interval > 0 && interval <= ATTENTION_DAYS;
}

export function tenureCategory(household) {
  return { vacant: ["vacant"], rent: ["tenant"] }[household.tenure] || [];
}

const smaller = (one, other) => (order(one, other) <= 0 ? one : other);

function order(one, other) {
  const at = one.findIndex((value, index) => value !== other[index]);
  if (at < 0) return 0;
  return one[at] < other[at] ? -1 : 1;
}
