// When to sync: now and then while a page is looked at, since a worker cannot keep time by itself.

import { ask } from "./worker.js";

const QUIET_MS = 300_000;
const FIRST_MS = 10_000;
const LONGEST_TIMER_MS = 2_000_000_000;
let timer = 0;

/** Plan the next try from what the worker told: its backoff, or a look every few minutes. */
export function keepTime({ next_at: nextAt, pill }) {
  clearTimeout(timer);
  const wait = nextAt ? nextAt - Date.now() : QUIET_MS;
  const why = nextAt || (pill && pill.count > 0) ? "timer" : "quiet";
  timer = setTimeout(() => isVisible() && ask("sync", { why }), Math.min(Math.max(wait, 0) + 50, LONGEST_TIMER_MS));
}

// Until the worker has told anything; it may still be settling in.
keepTime({ next_at: Date.now() + FIRST_MS });

function isVisible() {
  return document.visibilityState === "visible";
}

document.addEventListener("visibilitychange", () => isVisible() && ask("sync", { why: "visible" }));
window.addEventListener("online", () => ask("sync", { why: "online" }));
window.addEventListener("offline", () => ask("sync", { why: "offline" }));
window.addEventListener("pageshow", ({ persisted }) => persisted && ask("sync", { why: "visible" }));
