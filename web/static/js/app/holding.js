// The data key while this page is open: had from the worker, given back to one that was started anew,
// dropped after five minutes without a touch. Drafts are enclosed with it.

const container = navigator.serviceWorker;
const IDLE_MS = 300_000;
const LOOK_MS = 10_000;
const TELL_MS = 15_000;

let held = null; // { person_id, key, used_at }
let toldAt = 0;
let asked = null;
let timer = 0;

/** Ask the worker for something about the key. Resolves with its answer, or null without a worker. */
export function askAbout(type, more = {}) {
  if (!container || !container.controller) return Promise.resolve(null);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    container.controller.postMessage({ type, ...more }, [port2]);
  });
}

/** { isSet, key, person } of whoever is signed in; the key is null while the phone is locked. */
export async function holding(isNew = false) {
  asked = (!isNew && asked) || askAbout("key").then(take);
  const isSet = await asked;
  return { isSet, key: held && held.key, person: held && held.person_id };
}

/** Watch over the key from now on. */
export function watchKey() {
  if (!container) return;
  container.addEventListener("message", ({ data, ports: [port] }) => {
    if (data && data.type === "key-wanted") port.postMessage(isFresh() ? held : null);
    if (data && data.type === "locked" && !isEntry()) leave();
    if (data && data.type === "unlocked" && isLock()) location.reload();
  });
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, { passive: true, capture: true });
  for (const kind of ["visibilitychange", "focus", "pageshow"]) window.addEventListener(kind, look);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("click", ({ target }) => target.closest && target.closest("[data-lock]") && lockNow());
  holding();
}

function take(said) {
  held = said && !isEntry() ? said.held : null;
  clearInterval(timer);
  if (held) timer = setInterval(look, LOOK_MS);
  return Boolean(said && said.isSet);
}

const isFresh = (now = Date.now()) => Boolean(held) && now - held.used_at < IDLE_MS && now > held.used_at - 60_000;

const isLock = () => Boolean(document.querySelector('[data-pin="open"], [data-pin="away"]'));
const isEntry = () => isLock() || location.pathname === "/signin";

function touched() {
  if (!held) return;
  const now = Date.now();
  if (!isFresh(now)) return look();
  held.used_at = now;
  if (now - toldAt < TELL_MS) return;
  toldAt = now;
  container.controller && container.controller.postMessage({ type: "used" });
}

// After a sleep nothing of what was on the page may be seen again.
async function look() {
  if (!held || isFresh()) return;
  document.documentElement.hidden = true;
  held = null;
  const said = await askAbout("key");
  if (said && said.held && (take(said), isFresh())) document.documentElement.hidden = false; // another page was in use
  else await lockNow();
}

async function lockNow() {
  held = null;
  await askAbout("pin", { act: "lock" });
  leave();
}

function leave() {
  held = null;
  document.documentElement.hidden = true;
  location.reload();
}
