// The action card: opens over everything, stamps each call as it is tapped, asks after five minutes.
// Its stamps lie in a field of the form ("open@… 120@… closed@…"), so the draft keeps them.

const ASK_MS = 300_000;
const timers = new Map();
let forget = () => {};
let isWatching = false;

/** Show what the field of each card says; one that was open is opened again. */
export function watchCards(form, clear) {
  forget = clear;
  if (!isWatching) document.addEventListener("click", tapped);
  isWatching = true;
  for (const card of form.querySelectorAll("[data-card]")) {
    show(card);
    if (isOpen(card)) [open(card), (location.hash = card.id)];
  }
}

/** Open a card, unless everybody knows already; one that was left open only when it `isAsked` for. */
export function openCard(id, isAsked = false) {
  const card = document.getElementById(id);
  if (!card || read(card).some(([to]) => to === "closed") || (isOpen(card) && !isAsked)) return;
  if (!isOpen(card)) stamp(card, "open");
  open(card);
  location.hash = id;
}

function open(card) {
  const [, at] = read(card).find(([to]) => to === "open");
  remind(card, Math.max(Date.parse(at) + ASK_MS - Date.now(), 0));
}

// Asks until somebody was dialled, or the card is closed.
function remind(card, wait) {
  clearTimeout(timers.get(card.id));
  const ask = () => isOpen(card) && !isDialled(card) && (card.querySelector("[data-ask]").hidden = false);
  timers.set(card.id, setTimeout(ask, wait));
}

function tapped(event) {
  const card = event.target.closest && event.target.closest("[data-card]");
  if (!card) return;
  const find = (what) => event.target.closest(what);
  const call = find("[data-call]");
  if (call) [stamp(card, call.dataset.call), quiet(card)];
  if (call && call.getAttribute("href").startsWith("#")) event.preventDefault();
  if (find("[data-dialled]")) [stamp(card, card.querySelector("[data-call]").dataset.call), quiet(card)];
  if (find("[data-not-yet]")) [quiet(card), remind(card, ASK_MS)];
  if (find("[data-told]")) stamp(card, "closed");
  if (find("[data-mistaken]")) takeBack(card);
}

// Whoever dialled before noticing leaves the stamps, with the time at which it was a mistake.
function takeBack(card) {
  if (isDialled(card)) [stamp(card, "mistaken"), stamp(card, "closed")];
  else write(card, "");
  forget(document.getElementById(card.dataset.card), card.id);
}

const quiet = (card) => (card.querySelector("[data-ask]").hidden = true);
const field = (card) => card.querySelector("[data-stamps]");
const read = (card) => field(card).value.split(" ").filter(Boolean).map((one) => one.split("@"));
const isOpen = (card) => read(card).some(([to]) => to === "open") && !read(card).some(([to]) => to === "closed");
const isDialled = (card) => read(card).some(([to]) => !["open", "closed", "mistaken"].includes(to));

function stamp(card, to) {
  write(card, `${field(card).value} ${to}@${new Date().toISOString()}`.trim());
}

function write(card, text) {
  field(card).value = text;
  field(card).dispatchEvent(new Event("input", { bubbles: true }));
  show(card);
}

function show(card) {
  for (const call of card.querySelectorAll("[data-call]")) {
    const [, at] = read(card).filter(([to]) => to === call.dataset.call).pop() || [];
    const said = call.querySelector("[data-said]");
    said.hidden = !at;
    if (at) said.textContent = said.dataset.said.replace("{clock}", new Date(at).toTimeString().slice(0, 5));
  }
}
