// The keypad: six digits, once or twice, and what became of them.

import { rekeep } from "./drafts.js";
import { askAbout, holding } from "./holding.js";

const LENGTH = 6;
const FEW = 3; // tries left, from which on it is said what happens then
const STEPS = { open: ["pin"], remove: ["pin"], new: ["next", "again"], change: ["pin", "next", "again"] };

/** Let the page [data-pin] be typed on, by finger and by keyboard. */
export function watchPin(place) {
  const way = place.dataset.pin;
  place.addEventListener("click", ({ target }) => {
    const forget = target.closest("[data-pin-forget]");
    if (forget && window.confirm(forget.dataset.pinForget)) askAbout("pin", { act: "forget" }).then(() => location.assign("/signin"));
    if (target.closest("[data-pin-reach]")) reach(place, target.closest("[data-pin-reach]"));
  });
  if (STEPS[way]) typing(place, way);
}

async function reach(place, button) {
  button.disabled = true;
  await fetch("/outbox/sync", { method: "POST", redirect: "manual" }).catch(() => {});
  const { error } = await askAbout("pin", { act: "look" });
  if (error !== "away") return void location.reload();
  place.querySelector("[data-pin-wrong]").textContent = place.querySelector('[data-pin-word="unreached"]').textContent;
  button.disabled = false;
}

// The phone is empty now: say so, before anybody wonders where everything is.
function wiped(place) {
  const said = place.querySelector("[data-pin-wiped]");
  place.replaceChildren(said);
  said.hidden = false;
  said.querySelector("a").focus();
}

function typing(place, way) {
  const one = (where) => place.querySelector(where);
  const ask = one("#pin-ask");
  const first = ask.textContent;
  let [step, typed, said, isBusy] = [0, "", {}, false];

  const word = (name) => one(`[data-pin-word="${name}"]`).textContent;
  const long = (s) => (s < 60 ? word("s").replace("{n}", s) : word("min").replace("{n}", Math.ceil(s / 60)));
  const wrong = (text) => (one("[data-pin-wrong]").textContent = text);

  const show = () => {
    const dots = one("[data-pin-dots]");
    [...dots.children].forEach((dot, at) => dot.classList.toggle("is-on", at < typed.length));
    dots.setAttribute("aria-label", word("typed").replace("{n}", typed.length));
    ask.textContent = isBusy ? one('[data-pin-ask="busy"]').textContent : step === 0 ? first : one(`[data-pin-ask="${STEPS[way][step]}"]`).textContent;
  };
  const again = (text) => {
    [step, typed, said, isBusy] = [0, "", {}, false];
    wrong(text);
    show();
  };

  // The new one is asked for again; the old one was right.
  const anew = (text) => {
    [step, typed, isBusy] = [STEPS[way].indexOf("next"), "", false];
    wrong(text);
    show();
  };

  const tell = ({ error, left, wait_s: wait }) => {
    const isLong = wait > 0 ? word("wait").replace("{wait}", long(wait)) : "";
    if (error === "wait") return again(isLong);
    if (error === "wrong") {
      one("[data-pin-last]").textContent = left <= FEW ? word("last") : "";
      return again([word("wrong").replace("{left}", left), isLong].filter(Boolean).join("\n"));
    }
    if (error === "weak") return anew(word(error));
    return again(word(error === "unready" ? error : "failed"));
  };

  const send = async () => {
    isBusy = true;
    show();
    const before = await holding();
    const done = (await askAbout("pin", { act: way, pin: said.pin || said.next, next: said.next })) || { error: "failed" };
    if (done.error === "wiped") return wiped(place);
    if (done.error) return tell(done);
    if (way === "open") return location.reload();
    const now = way === "new" ? await holding(true) : before;
    if (way !== "change") await rekeep(now.person, before.key, way === "new" ? now.key : null);
    return location.assign(`/me?said=${encodeURIComponent(one(`[data-pin-done="${way}"]`).textContent)}`);
  };

  const press = (digit) => {
    if (isBusy) return;
    wrong("");
    typed = digit === "" ? typed.slice(0, -1) : (typed + digit).slice(0, LENGTH);
    if (typed.length === LENGTH) {
      const name = STEPS[way][step];
      said[name] = typed;
      if (name === "again" && said.next !== said.again) return void anew(word("differs"));
      if (name === "next") askAbout("pin", { act: "weigh", next: typed }).then((done) => done && done.error && tell(done));
      [step, typed] = [step + 1, ""];
      if (step === STEPS[way].length) return void send();
    }
    show();
  };

  place.addEventListener("click", ({ target }) => target.closest("[data-digit]") && press(target.closest("[data-digit]").dataset.digit));
  document.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (ctrlKey || metaKey) return;
    if (/^\d$/.test(key)) press(key);
    if (key === "Backspace") press("");
  });
}
