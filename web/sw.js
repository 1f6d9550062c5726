// The phone's own small server: a table of routes. Shell files and field pages are answered here,
// forms of field pages become operations, everything else goes to the network.

import { exportFile } from "./phone/exporting.js";
import { putAway } from "./phone/hints.js";
import * as identity from "./phone/identity.js";
import { lockScreen, pinPage } from "./phone/locking.js";
import { offline, online } from "./phone/network.js";
import { draw, home, isFieldPage } from "./phone/pages.js";
import { giveUp, isPicture, keepPicture, showPicture, takeOut } from "./phone/photos.js";
import { isFieldForm, record } from "./phone/posts.js";
import { noticed, opened } from "./phone/pushes.js";
import { changeLooks } from "./phone/settings.js";
import { fromShell, install, isShellFile, tidy } from "./phone/shell.js";
import { hear, syncNow, tellPages } from "./phone/talk.js";

// The server writes its version here; it changes with any byte of what a phone keeps.
const VERSION = "__VERSION__";

const at = (...paths) => ({ url }) => paths.includes(url.pathname);
const isPage = ({ request }) => request.mode === "navigate";

const ROUTES = [
  { method: "GET", when: isShellFile, answer: ({ request }) => fromShell(VERSION, request) },
  { method: "GET", when: at("/me/pin"), answer: pinPage },
  { method: "GET", when: isPicture, answer: showPicture },
  { method: "GET", when: at("/"), answer: home },
  { method: "GET", when: isFieldPage, answer: draw },
  { method: "POST", when: at("/card/uses"), answer: changesPerson(identity.pass) },
  { method: "GET", when: isPage, answer: online },
  // What is searched for stays out of addresses and of the browser's history.
  { method: "POST", when: at("/search"), answer: draw },
  { method: "POST", when: isFieldForm, answer: saves(record) },
  { method: "POST", when: at("/media/kept"), answer: keepPicture },
  { method: "POST", when: at("/media/removals"), answer: takeOut },
  { method: "POST", when: at("/media/refusals"), answer: saves(giveUp) },
  { method: "POST", when: at("/outbox/sync"), answer: syncThenShow },
  { method: "POST", when: at("/outbox/export"), answer: exportFile },
  { method: "POST", when: at("/me/settings"), answer: changeLooks },
  { method: "POST", when: at("/me/hints"), answer: putAway },
  { method: "POST", when: at("/signin"), answer: changesPerson(identity.signIn) },
  { method: "POST", when: at("/signout", "/me/signouts"), answer: changesPerson(identity.signOut) },
  { method: "POST", when: at("/me/password"), answer: online },
];

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const asked = { request, event, url: new URL(request.url), version: VERSION };
  if (asked.url.origin !== self.location.origin) return;
  const route = ROUTES.find(({ method, when }) => method === request.method && when(asked));
  if (route) event.respondWith(route.when === isShellFile ? route.answer(asked) : unlessLocked(route, asked));
});

self.addEventListener("install", (event) => event.waitUntil(install(VERSION)));

self.addEventListener("activate", (event) =>
  event.waitUntil(tidy(VERSION).then(() => self.clients.claim())),
);

self.addEventListener("message", (event) => event.waitUntil(hear(event.data, VERSION, event.ports[0])));

self.addEventListener("sync", (event) => event.waitUntil(syncNow(VERSION)));

self.addEventListener("push", (event) => event.waitUntil(noticed(event.data, VERSION)));

self.addEventListener("notificationclick", (event) => event.waitUntil(opened(event.notification)));

async function unlessLocked(route, asked) {
  return (await lockScreen(asked).catch(() => null)) || route.answer(asked);
}

// Saving answers at once, but not before pages know that something waits; sending goes on after it.
function saves(answer) {
  return async (asked) => {
    const response = await answer(asked);
    const told = tellPages(VERSION);
    asked.event.waitUntil(told.then(() => syncNow(VERSION)).then(askToBeWoken));
    await told.catch(() => {});
    return response;
  };
}

// Where the browser knows Background Sync, it wakes the worker when there is a network again.
async function askToBeWoken() {
  const { sync } = self.registration;
  if (sync) await sync.register("outbox").catch(() => {});
}

function changesPerson(answer) {
  return async (asked) => {
    try {
      const response = await answer(asked.request);
      asked.event.waitUntil(tellPages(VERSION));
      return response;
    } catch (problem) {
      console.error("not reached:", problem);
      return offline(asked);
    }
  };
}

async function syncThenShow() {
  await syncNow(VERSION);
  return Response.redirect("/outbox", 303);
}
