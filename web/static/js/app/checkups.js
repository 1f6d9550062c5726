// A checklist while somebody taps: what shows, what is flagged, what is left, by the rules that the
// worker and the server use. It only shows, hides and ticks what the templates have drawn.

import { standing } from "/phone/filling.js";

import { showOnward } from "./onward.js";
import { openCard, watchCards } from "./redcard.js";

const CHOOSE = "input[type=radio], input[type=checkbox]";

export function watchCheckups() {
  document.addEventListener("input", ({ target }) => target.form && heard(target));
  document.addEventListener("click", tapped);
  document.addEventListener("keydown", stay);
  document.addEventListener("restored", ({ target }) => [renew(target, false), watchCards(target, clear)]);
  document.querySelectorAll("form").forEach((form) => [renew(form, false), watchCards(form, clear)]);
}

function heard(control) {
  const panel = control.closest("[data-checkup]");
  if (panel && control.checked && control.closest("[data-question]")) exclude(control);
  if (panel || control.name === "type") renew(control.form, true);
}

// "Nothing" and something cannot both be.
function exclude(control) {
  if (control.type !== "checkbox") return;
  const others = [...control.closest("label").parentElement.querySelectorAll("input")].filter((one) => one !== control);
  const isAlone = "alone" in control.dataset;
  for (const one of others) if (isAlone || "alone" in one.dataset) one.checked = false;
}

function tapped({ target }) {
  const button = target.closest && target.closest("[data-step], [data-change], [data-next]");
  const panel = button && button.closest("[data-checkup]");
  if (!panel) return;
  if (button.dataset.step) step(button);
  if ("change" in button.dataset) button.closest("[data-question]").classList.add("is-open");
  if ("next" in button.dataset) goOn(panel);
}

function step(button) {
  const field = button.parentElement.querySelector("input");
  field.value = Math.max(0, (Number(field.value || field.placeholder) || 0) + Number(button.dataset.step));
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function goOn(panel) {
  const open = [...panel.querySelectorAll("[data-question]")].find((one) => !one.hidden && one.dataset.left);
  if (!open) return;
  open.scrollIntoView({ block: "center" });
  const control = open.querySelector("input, textarea");
  if (control) control.focus({ preventScroll: true });
}

// Enter in a number must not save the visit.
function stay(event) {
  const { target, key } = event;
  if (key === "Enter" && target.matches("[data-checkup] input")) event.preventDefault();
}

/** Work every list of the form out anew; a card opens only for what was tapped just now. */
function renew(form, isTapped) {
  const panels = [...form.querySelectorAll("[data-checkup]")];
  showOnward(panels, new Map(panels.map((panel) => [panel, show(panel, form, isTapped)])));
}

function show(panel, form, isTapped) {
  const { rules, last, facts, questions } = known(panel);
  const chosen = new Map();
  for (const [id, fieldset] of questions) chosen.set(id, answerOf(fieldset));
  const own = Object.fromEntries(chosen);
  const same = [...panel.querySelectorAll("[data-same] input:checked")].map((one) => one.closest("[data-section]").dataset.section);
  const said = panel.querySelector("input[name^='consent|']:checked");
  const type = form.querySelector("input[name=type]:checked");
  const now = { ...facts, consent: said ? said.value : facts.consent, changed: Number(Boolean(type) && type.value === "event_triggered") };
  const found = standing(rules, own, same, last, now);
  for (const [id, fieldset] of questions) showQuestion(fieldset, id, found);
  panel.querySelectorAll("[data-section]").forEach((section) => showSection(section, found, last));
  panel.querySelector("[data-refused]").hidden = now.consent !== "no";
  const row = form.querySelector(`[data-row="${panel.id}"]`);
  const isBegun = Object.keys(found.values).length > 0;
  showLeft(panel.querySelector(".checkup__actions [data-left]"), found);
  panel.querySelector("[data-next]").hidden = found.left.length === 0;
  if (row && isBegun) showLeft(row.querySelector("[data-left]"), found);
  const cards = found.flags.filter(({ level, card }) => level === "now" && card);
  if (isTapped) cards.forEach(({ card }) => openCard(`card-${panel.id.slice(4)}-${card}`));
  return found.left.length;
}

const parsed = new WeakMap();
function known(panel) {
  if (!parsed.has(panel)) {
    const [rules, last, facts] = ["rules", "last", "facts"].map((name) => JSON.parse(panel.dataset[name]));
    const questions = new Map([...panel.querySelectorAll("[data-question]")].map((one) => [one.dataset.question, one]));
    parsed.set(panel, { rules, last, facts, questions });
  }
  return parsed.get(panel);
}

function answerOf(fieldset) {
  const ticked = [...fieldset.querySelectorAll("input:checked")].map(({ value }) => value);
  if (fieldset.querySelector("input[type=checkbox]")) return ticked;
  if (fieldset.querySelector("input[type=radio]")) return ticked[0] || "";
  const field = fieldset.querySelector("input, textarea");
  const text = field ? field.value.trim() : "";
  return field && field.inputMode && /^-?\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : text;
}

function showQuestion(fieldset, id, { shown, values, unchanged, left, flags }) {
  const mine = flags.filter(({ question }) => question === id);
  fieldset.hidden = !shown.includes(id);
  fieldset.dataset.left = left.includes(id) ? "1" : "";
  fieldset.classList.toggle("item--same", unchanged.includes(id));
  if (id in values && !unchanged.includes(id)) fieldset.classList.remove("is-open");
  fieldset.classList.toggle("item--red", mine.some(({ level }) => level !== "amber"));
  for (const note of fieldset.querySelectorAll("[data-flag]")) {
    note.hidden = !mine.some(({ flag }) => flag === Number(note.dataset.flag));
  }
}

function showSection(section, { shown, values, left }, last) {
  const ids = [...section.querySelectorAll("[data-question]")].map((one) => one.dataset.question);
  const done = ids.filter((id) => id in values).length;
  const count = section.querySelector("[data-count]");
  section.hidden = !ids.some((id) => shown.includes(id));
  section.querySelector("[data-same]").hidden = !ids.some((id) => shown.includes(id) && id in last && last[id].value !== "");
  const total = done + ids.filter((id) => left.includes(id)).length;
  count.hidden = total === 0;
  count.textContent = count.dataset.count.replace("{total}", total).replace("{done}", done);
}

function showLeft(words, { left }) {
  words.textContent = left.length > 0 ? words.dataset.left.replace("{n}", left.length) : words.dataset.done;
}

/** Take back the answers that opened a card by mistake. */
function clear(panel, cardId) {
  const link = panel.querySelectorAll(`[data-open="${cardId}"]`);
  for (const one of link) {
    if (one.closest("[data-flag]").hidden) continue;
    const fieldset = one.closest("[data-question]");
    fieldset.querySelectorAll(CHOOSE).forEach((control) => (control.checked = false));
    fieldset.querySelectorAll("input[inputmode], textarea").forEach((control) => (control.value = ""));
  }
  renew(panel.closest("form") || panel.querySelector("form"), false);
}
