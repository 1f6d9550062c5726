// Pages that this phone does not draw: from the server, or a page that says why there is none.

import { answer, drawn, plainly } from "./drawing.js";
import * as identity from "./identity.js";
import { settings } from "./settings.js";
import { makeShelf } from "./shelf.js";
import * as standing from "./standing.js";
import { VIEWS } from "./views/index.js";

const PILL = /<a id="pill"[^]*?<\/a>/;

/** From the server; without a network, a page that says so. */
export async function online(asked, why = "offline") {
  try {
    // Who signed out without a network must not be shown what the server still shows that session.
    if (isInside(asked) && (await identity.isLeaving())) return Response.redirect("/signin", 303);
    return await honest(await fetch(asked.request), asked);
  } catch {
    return offline(asked, why);
  }
}

const isInside = ({ request, url }) => request.mode === "navigate" && !/^\/(signin$|card\/)/.test(url.pathname);

/** A page that says why there is nothing to show. */
export const offline = (asked, why = "offline") => missing(asked, why).catch(() => plainly());

async function missing({ url, version }, why) {
  const looks = { ...(await settings()), place: "phone", pill: { state: "offline", count: (await unsent()).count } };
  const context = VIEWS.missing(makeShelf([]), { path: url.pathname, why }, new Date().toISOString(), looks);
  return answer(version, "field/missing.html", context, 503);
}

/** The pill and the warnings, as talk.js sends them to open pages. */
export async function drawStanding(version, pill, warnings) {
  const { lang = "zh-CN" } = await settings();
  return drawn(version, "field/_standing.html", { page: { lang }, pill, warnings });
}

// The server does not know what waits here: its pages must not say that everything was sent.
async function honest(response, { version }) {
  const isPage = (response.headers.get("Content-Type") || "").startsWith("text/html");
  const pill = isPage ? await unsent() : { count: 0 };
  if (pill.count === 0) return response;
  const text = await response.text();
  const own = PILL.exec(await drawStanding(version, pill, {}));
  const headers = new Headers(response.headers);
  for (const name of ["Content-Length", "Content-Encoding"]) headers.delete(name);
  return new Response(text.replace(PILL, () => own[0]), { status: response.status, headers });
}

async function unsent() {
  const person = await identity.current();
  return person ? standing.pill(person.id, await standing.known(person.id)) : { state: "offline", count: 0 };
}
