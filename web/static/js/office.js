/** Office pages: keep what is shown fresh, say when it no longer is, and let keys do the work. */

// A burst of changes is one redraw, and a busy morning is one every few seconds.
const WAIT_MS = 400;
const APART_MS = 3000;
const RETRY_MS = 5000;
const MINUTE_MS = 60_000;

const live = document.getElementById("live");
let seenAt = live.dataset.clock;
let drawnAt = 0;
let timer = 0;

/** Redraw the parts that are marked, except where somebody is typing. */
async function refresh() {
  timer = 0;
  drawnAt = Date.now();
  let answer;
  try {
    answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "error" });
  } catch {
    return lost();
  }
  if (!answer.ok) return lost();
  const text = await answer.text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const clock = fresh.getElementById("live");
  if (!clock) return lost();
  seenAt = clock.dataset.clock;
  for (const part of document.querySelectorAll("[data-live]")) {
    if (!fresh.getElementById(part.id) || isBusy(part)) continue;
    const select = `#${CSS.escape(part.id)}`;
    await htmx.swap({ text, target: part, select, swap: "outerMorph", sourceElement: part });
  }
  connected();
}

/** True while a form inside is open or somebody is typing there: their words stay. */
function isBusy(part) {
  const active = document.activeElement;
  const typing = part.contains(active) && active.matches("input, textarea, select");
  return typing || part.querySelector("details[open] form, input:checked") !== null;
}

function connected() {
  live.classList.remove("live--lost");
  live.textContent = `实时 · ${seenAt}`;
}

function lost() {
  live.classList.add("live--lost");
  live.textContent = `断开，显示的是 ${seenAt} 的内容`;
}

function later() {
  if (timer) return;
  timer = setTimeout(refresh, Math.max(WAIT_MS, drawnAt + APART_MS - Date.now()));
}

/** What only the passing of time changes, such as a phone that falls silent, no line tells of. */
function keepTime() {
  if (document.querySelector("[data-minutely]")) setInterval(later, MINUTE_MS);
}

function listen() {
  const source = new EventSource("/live");
  let wasLost = false;
  source.addEventListener("open", () => {
    if (wasLost) later();
    else connected();
    wasLost = false;
  });
  source.addEventListener("moved", later);
  source.addEventListener("error", () => {
    wasLost = true;
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

/** A key presses whatever is marked with it; while somebody types it is only a letter. One that is
 * held down presses once: nothing is decided that nobody saw. */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.key === "Escape") return foldUp(event.target);
  const typing = event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");
  if (typing || event.target.closest("dialog")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const marked = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isOpen);
  if (!marked || marked.disabled) return;
  if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
  event.preventDefault();
  if (marked.matches("input:not([type=checkbox])")) marked.focus();
  else marked.click();
}

/** False for what a closed fold hides. */
function isOpen(marked) {
  return marked.closest("details:not([open]) > :not(summary)") === null;
}

function foldUp(from) {
  const fold = from.closest("details.fold[open]") || document.querySelector("details.fold[open]");
  if (!fold) return;
  fold.open = false;
  fold.querySelector("summary").focus();
}

/** What a choice says goes onto the button that sends it. */
function choose(event) {
  const says = event.target.dataset.says;
  const form = event.target.form;
  if (says === undefined || !form) return;
  const button = form.querySelector("[data-says-here]");
  button.querySelector("[data-words]").textContent = says;
  button.disabled = false;
  form.querySelector("[data-other]")?.toggleAttribute("hidden", event.target.value !== "other");
  if (event.target.value === "other") form.querySelector("[data-other] input, [data-other] select")?.focus();
}

/** A fold that was opened on purpose is where the next words go. */
function unfold(event) {
  if (event.target.matches("details[open]")) event.target.querySelector("[data-first], textarea, select, input:not([type=hidden])")?.focus();
}

function settle() {
  document.querySelector("#notice > #refusal, #met")?.focus();
  if (document.activeElement === document.body) document.querySelector("[data-after]")?.focus({ preventScroll: true });
  document.querySelector(".queue__row[aria-current]")?.scrollIntoView({ block: "nearest" });
  for (const button of document.querySelectorAll("[data-says-here][data-unchosen]")) button.disabled = !button.form.querySelector("[data-says]:checked");
}

document.addEventListener("keydown", press);
document.addEventListener("change", choose);
document.addEventListener("toggle", unfold, true);
document.addEventListener("htmx:after:swap", settle);
document.addEventListener("htmx:before:request", () => document.getElementById("notice").replaceChildren());
settle();
listen();
keepTime();
