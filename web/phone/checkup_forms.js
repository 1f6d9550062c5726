// What the part of a visit's form that asks people becomes: checkups, or a sentence. How fields are
// named says server/field/checkup_forms.py, whose twin this is, held equal by tests/vectors/forms.json.

import { calculated, problems } from "./checklists.js";
import { standing } from "./filling.js";

const EVENT = "event_triggered";
const YES_NO_WORDS = { yes: "是", no: "否", na: "不适用" };
const SENTENCES = {
  type: "填的不对，请再看一下。",
  option: "选的不在清单里，请重新选。",
  alone: "选了“没有”这一类，就不能再选别的。",
  long: "最多 200 字。",
  constraint: "填的不对，请再看一下。",
};
const NOTHING = { answers: {}, consent: "", cards: [] };
const NUMBER = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;

/** What people were asked: { checkups, error, field }. `asking`: as views/asking says it. */
export function checkups(fields, asking, visitType) {
  const made = [];
  for (const { resident, checklist, last, facts: known } of asking) {
    const key = `${resident.id}|${checklist.code}`;
    if (!(`ask|${key}` in fields)) continue;
    const consent = first(fields, `consent|${resident.id}`);
    const facts = factsOf({ facts: known }, consent || resident.consent, visitType);
    const found = standing(checklist, own(fields, key, checklist), same(fields, key, checklist), last, facts);
    const wrong = problems(checklist, found.values, last, facts);
    const question = checklist.questions.find(({ id }) => id in wrong && wrong[id] !== "required");
    if (question) {
      const error = `${question.ask} ${sentence(question, wrong[question.id])}`;
      return { checkups: [], error, field: `a|${key}|${question.id}` };
    }
    const said = consent !== resident.consent ? consent : "";
    const checkup = {
      resident_id: resident.id,
      checklist_id: checklist.code,
      version: checklist.edition,
      answers: answersOf(checklist, found, last, facts),
      consent: said,
      consent_method: said ? "oral" : "",
      cards: cardsOf(fields, key, checklist).filter((card) => card.opened_at),
    };
    const isAnswered = Object.keys(checkup.answers).length > 0;
    if (isAnswered || said || checkup.cards.length > 0) made.push(checkup);
  }
  return { checkups: made, error: "", field: "" };
}

/**
 * The checkups of a visit as an operation says them (`known`), and as this form puts them right (`after`).
 * What was not touched keeps the words it was asked by, and what the form does not show stays.
 */
export function putRight(before, made, fields, asking) {
  const known = before.map(said);
  const after = known.flatMap((one) => {
    const key = `${one.resident_id}|${one.checklist_id}`;
    const asked = asking.find(({ resident, checklist }) => `${resident.id}|${checklist.code}` === key);
    if (!asked || !(`ask|${key}` in fields)) return one;
    const now = made.find((each) => `${each.resident_id}|${each.checklist_id}` === key) || NOTHING;
    const consent_method = now.consent === one.consent ? one.consent_method : "oral";
    const answers = mended(one.answers, now.answers, asked.checklist);
    const isLeft = Object.keys(answers).length > 0 || now.consent || now.cards.length > 0;
    return isLeft ? { ...one, ...now, answers, consent_method } : [];
  });
  return { known, after };
}

// A checkup of a record as an operation says it.
function said(checkup) {
  const plain = ({ value, unchanged, asked, said: words }) => ({ value, unchanged: Boolean(unchanged), asked, said: words });
  const answers = Object.entries(checkup.answers).map(([id, answer]) => [id, plain(answer)]);
  return { ...checkup, answers: Object.fromEntries(answers) };
}

function mended(before, now, { questions }) {
  const isShown = (name) => questions.some(({ id, type }) => id === name && !["note", "photo"].includes(type));
  const isSame = (name, { value }) => name in now && JSON.stringify(now[name].value) === JSON.stringify(value);
  const kept = Object.entries(before).filter(([name]) => name in now || !isShown(name));
  const mine = kept.map(([name, answer]) => [name, !isShown(name) || isSame(name, answer) ? answer : now[name]]);
  return { ...Object.fromEntries(mine), ...now, ...Object.fromEntries(mine) };
}

/** What the rules know of a person at this visit. */
export function factsOf(one, consent, visitType) {
  return { ...one.facts, consent, changed: Number(visitType === EVENT) };
}

/** What was done with a card as the text of its field. */
export function stampsOf({ opened_at, calls, closed_at }) {
  const said = [["open", opened_at], ...calls.map(({ to, at }) => [to, at])];
  if (closed_at) said.push(["closed", closed_at]);
  return said.map((one) => one.join("@")).join(" ");
}

function own(fields, key, { questions }) {
  return Object.fromEntries(questions.map((one) => [one.id, value(one, fields[`a|${key}|${one.id}`] || [])]));
}

function value({ type }, said) {
  if (type === "multi") return said;
  const text = (said[0] || "").trim();
  return ["int", "decimal"].includes(type) && NUMBER.test(text) ? Number(text) : text;
}

function same(fields, key, { sections }) {
  return sections.map(({ id }) => id).filter((id) => `same|${key}|${id}` in fields);
}

function answersOf(checklist, { values, unchanged }, last, facts) {
  if (Object.keys(values).length === 0) return {};
  const worked = calculated(checklist, values, last, facts);
  const answer = (one) => ({
    value: worked[one.id],
    unchanged: unchanged.includes(one.id),
    asked: one.ask,
    said: saidOf(one, worked[one.id]),
  });
  return Object.fromEntries(checklist.questions.filter(({ id }) => id in worked).map((one) => [one.id, answer(one)]));
}

/** The labels of what was chosen, as the visitor saw them. */
export function saidOf({ type, options }, said) {
  const labels = Object.fromEntries(options.map(({ code, label }) => [code, label]));
  const words = type.startsWith("yes_no") ? YES_NO_WORDS : labels;
  return [].concat(said).filter((code) => Object.hasOwnProperty.call(words, code)).map((code) => words[code]);
}

function cardsOf(fields, key, { cards }) {
  return cards.map(({ id }) => card(id, first(fields, `card|${key}|${id}`)));
}

function card(id, text) {
  const stamps = text.split(" ").filter((part) => part.includes("@")).map((part) => part.split(/@(.*)/, 2));
  const at = (wanted) => (stamps.filter(([to]) => to === wanted).pop() || ["", ""])[1];
  const calls = stamps.filter(([to]) => !["open", "closed"].includes(to)).map(([to, when]) => ({ to, at: when }));
  return { id, opened_at: at("open"), calls, closed_at: at("closed") };
}

function sentence({ constraint_message }, code) {
  return (code === "constraint" && constraint_message) || SENTENCES[code];
}

const first = (fields, name) => (fields[name] || [])[0] || "";
