// Which hints of the first days a person has read on this phone. Pages that the server draws read a
// cookie that says the same of whoever read one last (server/field/looks.py).

import { personal, read, write } from "./db.js";
import * as identity from "./identity.js";
import { setCookie } from "./settings.js";

const HINTS = ["today", "door", "outbox", "building", "alert"];
const KEY = "hints";

/** What this person has not put away here. */
export async function left(personId) {
  const mine = (await known(personId)) || [];
  return HINTS.filter((name) => !mine.includes(name));
}

/** Take over what was read before this worker was there, once. */
export async function adopt(personId, cookie = "") {
  const [whose, names = ""] = cookie.split(":");
  if (whose === personId && !(await known(personId))) await keep(personId, names.split("."));
}

/** Answer the button of a hint; where none is named, all come again. */
export async function putAway({ request }) {
  const hint = new URLSearchParams(await request.text()).get("hint");
  const { id } = (await identity.current()) || {};
  if (!id) return Response.redirect("/", 303);
  const names = hint ? [...((await known(id)) || []), hint] : [];
  await keep(id, names);
  await setCookie("jinlin_hints", `${id}:${names.join(".")}`);
  return hint ? new Response("") : Response.redirect("/", 303);
}

const known = (personId) => read(personal(personId), ["state"], (tx) => tx.objectStore("state").get(KEY));

const keep = (personId, names) =>
  write(personal(personId), ["state"], (tx) => tx.objectStore("state").put(names, KEY));
