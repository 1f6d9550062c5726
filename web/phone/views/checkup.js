// The checklists of a visit's form: every question of a person, what shows, what follows.
// Twin of server/field/views/checkup.py.

import { codes } from "../answer_types.js";
import { ageOn } from "../care.js";
import { factsOf, saidOf } from "../checkup_forms.js";
import { standing } from "../filling.js";
import { askedAt, asking, isAbout } from "./asking.js";
import { pick } from "./order.js";
import { redcard } from "./redcard.js";

const RULES = ["id", "section", "type", "required", "relevant", "constraint", "calculate", "every", "valid_days", "months", "safety", "restricted"];
const NOTHING = { answers: {}, consent: "", cards: [] };
const UNCOUNTED = ["note", "photo"];

/** One for each person and list. `given` is what the form held before, as data of a visit. */
export function checkups(scene, here, given, wanted) {
  const found = asking(scene, here, wanted).map((one) => checkup(scene, here, one, given));
  return found.map((one, at) => ({ ...one, corrects: 0, ...onward(one, [...found.slice(at + 1), ...found.slice(0, at)]) }));
}

/** The same for a visit that was made: what was answered then, to be put right. */
export function corrected(scene, here, made, given) {
  const plain = (answers) => Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, { value }]));
  const held = { ...given, checkups: given.checkups.map((one) => ({ ...one, answers: plain(one.answers) })) };
  return askedAt(scene, made).map((one) => {
    const found = checkup(scene, here, one, held);
    return { ...found, corrects: 1, ...onward(found, []) };
  });
}

/** Whether others are asked as well, and who is next once nothing is left of this one. */
function onward({ resident, left }, following) {
  const others = following.filter((one) => one.resident.id !== resident.id);
  const next = others.find((one) => one.left > 0 && left === 0);
  return { several: Number(others.length > 0), onward: next ? { id: next.id, name: next.resident.name } : { id: "", name: "" } };
}

function checkup(scene, here, one, given) {
  const { resident: person, checklist, last } = one;
  const mine = { resident_id: person.id, checklist_id: checklist.code };
  const held = { ...NOTHING, ...given.checkups.find((each) => isAbout(each, mine)) };
  const answers = Object.entries(held.answers);
  const own = Object.fromEntries(answers.filter(([, { unchanged }]) => !unchanged).map(([id, { value }]) => [id, value]));
  const isSame = ({ id }) => id in held.answers && Boolean(held.answers[id].unchanged);
  const same = [...new Set(checklist.questions.filter(isSame).map(({ section }) => section))];
  const consent = held.consent || person.consent;
  const found = standing(checklist, own, same, last, factsOf(one, consent, given.type));
  const key = `${person.id}|${checklist.code}`;
  const sections = checklist.sections.map((each) => section(checklist, each, key, found, own, same, last));
  const cards = checklist.cards.map((each) => redcard(scene, here, person, each, key, held));
  const opened = found.flags.filter(({ level }) => level === "now").map((flag) => flag.card);
  return {
    id: `ask-${person.id}-${checklist.code}`,
    key,
    code: checklist.code,
    resident: { ...pick(person, ["id", "name"]), age: Math.max(ageOn(person.birth_on, scene.today), 0), born: person.birth_on },
    title: checklist.title,
    edition: checklist.edition,
    consent,
    total: Object.keys(found.values).length + found.left.length,
    left: found.left.length,
    sections: sections.filter(({ questions }) => questions.length > 0),
    cards,
    open_cards: cards.filter((each) => opened.includes(each.card)),
    rules: JSON.stringify(rules(checklist)),
    last: JSON.stringify(Object.fromEntries(Object.entries(last).map(([id, said]) => [id, { ...said, said: [] }]))),
    facts: JSON.stringify({ ...one.facts, consent: person.consent }),
  };
}

function section(checklist, { id, label }, key, found, own, same, last) {
  const questions = checklist.questions
    .filter((one) => one.section === id && one.type !== "calculate")
    .map((one) => question(one, key, found, own, last));
  const counted = questions.filter(({ shown, type }) => shown && !UNCOUNTED.includes(type));
  return {
    id,
    name: `same|${key}|${id}`,
    label,
    same: Number(same.includes(id)),
    can: Number(counted.some((one) => one.last !== "")),
    shown: Number(questions.some(({ shown }) => shown)),
    total: counted.filter(({ id: name }) => name in found.values || found.left.includes(name)).length,
    done: counted.filter((one) => one.id in found.values).length,
    questions,
  };
}

function question(one, key, found, own, last) {
  const value = one.id in own ? own[one.id] : "";
  const before = last[one.id] || { value: "", on: "", said: [] };
  const mine = found.flags.filter((flag) => flag.question === one.id);
  const words = before.said.length > 0 ? before.said : saidOf(one, before.value);
  const isLonely = (code) => one.options.some((option) => option.code === code && option.alone);
  return {
    ...pick(one, ["id", "type", "ask", "hint", "restricted"]),
    name: `a|${key}|${one.id}`,
    message: one.constraint_message,
    shown: Number(found.shown.includes(one.id)),
    same: Number(found.unchanged.includes(one.id)),
    worst: ["now", "red", "amber"].find((level) => mine.some((flag) => flag.level === level)) || "",
    last: words.join("、") || plain(before.value),
    last_on: before.on,
    value: plain(value),
    options: codes(one).map((code) => ({
      code,
      label: saidOf(one, code).join(""),
      alone: Number(isLonely(code)),
      chosen: Number([].concat(value).includes(code)),
      last: Number([].concat(before.value).includes(code)),
    })),
    flags: one.flags.map((flag, at) => ({
      at,
      ...pick(flag, ["level", "text", "card"]),
      office_only: Math.max(flag.office_only, one.restricted),
      shown: Number(mine.some((each) => each.flag === at)),
    })),
  };
}

function rules({ code, questions }) {
  const slim = (one) => ({
    ...pick(one, RULES),
    options: one.options.map((option) => pick(option, ["code", "alone"])),
    flags: one.flags.map((flag) => pick(flag, ["when", "level", "card"])),
  });
  return { code, questions: questions.map(slim) };
}

const plain = (value) => (Array.isArray(value) ? "" : String(value));
