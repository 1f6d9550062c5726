// What a field page does beside being a page: it wakes the worker, shows how the phone stands, keeps
// drafts. Pages work without this file, online.

import { watchCheckups } from "./app/checkups.js";
import { watchTexts } from "./app/copying.js";
import { keepDrafts } from "./app/drafts.js";
import { watchKey } from "./app/holding.js";
import { watchIssue } from "./app/issues.js";
import { followLive } from "./app/live.js";
import { keepPhotos } from "./app/photos.js";
import { watchPin } from "./app/pin.js";
import { watchPushes } from "./app/pushing.js";
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
if (document.querySelector("[data-alert]")) watchTexts();
if (document.querySelector("[data-push]")) watchPushes();
const pin = document.querySelector("[data-pin]");
if (pin) watchPin(pin);
const issue = document.querySelector("[data-issue]");
if (issue) watchIssue(issue);
if (document.querySelector("[data-checkup]")) watchCheckups();
