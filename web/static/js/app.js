// What a field page does beside being a page: it wakes the worker, shows how the phone stands, keeps
// drafts. Pages work without this file, online.

import { keepDrafts } from "./app/drafts.js";
import { watchKey } from "./app/holding.js";
import { followLive } from "./app/live.js";
import { keepPhotos } from "./app/photos.js";
import { showStanding } from "./app/standing.js";
import { watchTaps } from "./app/taps.js";
import { ask, onState, register } from "./app/worker.js";
import { keepTime } from "./app/timing.js";

watchTaps();
watchKey();
keepDrafts();
keepPhotos();
onState(showStanding);
onState(keepTime);
register();
followLive((why, reached) => ask("sync", { why, reached }));
if (document.querySelector("[data-alert]")) import("./app/copying.js").then(({ watchTexts }) => watchTexts());
if (document.querySelector("[data-push]")) import("./app/pushing.js").then(({ watchPushes }) => watchPushes());
const pin = document.querySelector("[data-pin]");
if (pin) import("./app/pin.js").then(({ watchPin }) => watchPin(pin));
const issue = document.querySelector("[data-issue]");
if (issue) import("./app/issues.js").then(({ watchIssue }) => watchIssue(issue));
if (document.querySelector("[data-checkup]")) import("./app/checkups.js").then(({ watchCheckups }) => watchCheckups());
