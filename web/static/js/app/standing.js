// Shows on the page how the phone stands: the sync pill, warnings, a new version, records that came.
// The worker draws the words from the shared templates; here they are put in their place.

import { ask, takeNewVersion } from "./worker.js";

let isInHand = false;

/** Put the worker's word onto the page. */
export function showStanding({ html, complete, changed }) {
  if (html) show(new DOMParser().parseFromString(html, "text/html"));
  if (changed && complete) refresh();
}

function show(drawn) {
  put(drawn, "pill");
  if (!document.getElementById("warnings")) {
    const notice = document.getElementById("notice");
    if (notice) notice.after(drawn.getElementById("warnings"));
  } else put(drawn, "warnings");
}

function put(drawn, id) {
  const [before, after] = [document.getElementById(id), drawn.getElementById(id)];
  if (before && after && before.outerHTML !== after.outerHTML) before.replaceWith(after);
}

// Nothing moves under a finger: a page with a form, or one that shows what was just saved, stays.
function refresh() {
  const page = document.getElementById("page");
  // A warning may change while it is handed on: whoever answers it must see the newest words.
  const isKept = isInHand && !document.querySelector("[data-alert]");
  const isStill = isKept || document.querySelector("form[data-draft]") || document.visibilityState !== "visible";
  if (!page || !window.htmx || isStill) return;
  const path = location.pathname + location.search;
  window.htmx.ajax("GET", path, { target: "#page", select: "#page", swap: "outerMorph" });
}

document.addEventListener("htmx:after:swap", ({ detail }) => {
  isInHand = isInHand || detail.ctx.request.method !== "GET";
});

document.addEventListener("click", async ({ target }) => {
  if (!target.closest || !target.closest("[data-take-version]")) return;
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration && registration.waiting) takeNewVersion(registration.waiting);
  else ask("look");
});
