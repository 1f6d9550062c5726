// The pictures of a visit's form, while it is filled in: chosen, shown, taken out again.

import * as album from "./album.js";
import { answer } from "./drawing.js";
import * as identity from "./identity.js";
import { online } from "./network.js";
import * as outbox from "./outbox.js";
import { settings } from "./settings.js";

const PICTURE = /^\/media\/([0-9a-f]{64})$/;
const FULL = "手机存满了，照片没有存下。请清理照片或别的应用再拍。";
const SENTENCES = {
  "": "",
  full: "一次最多 5 张照片。",
  unfit: "这张照片打不开，没有存下。请重新拍一张。",
};
// Never run, never guessed at: the same as the server sends (server/field/media.py).
const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; sandbox",
  "X-Content-Type-Options": "nosniff",
};

export const isPicture = ({ url }) => PICTURE.test(url.pathname);

/** A picture of this person's from this phone, else from the server. */
export async function showPicture(asked) {
  const { request, url } = asked;
  const person = await identity.current();
  const found = person && (await album.find(person.id, PICTURE.exec(url.pathname)[1]));
  if (!found && request.mode === "navigate") return online(asked);
  return found ? new Response(found.bytes, { headers: { ...HEADERS, "Content-Type": found.type } }) : fetch(request);
}

/** Keep a picture the moment it was chosen; answers what the form holds now. */
export async function keepPicture(asked) {
  const { request, url } = asked;
  const [form, purpose] = ["form", "purpose"].map((name) => url.searchParams.get(name) || "");
  const [width, height] = ["width", "height"].map((name) => Number(url.searchParams.get(name)) || 0);
  const said = { type: request.headers.get("Content-Type") || "", width, height, purpose: purpose || "photo" };
  const bytes = await request.arrayBuffer();
  return within(asked, form, async (personId) => SENTENCES[await album.keep(personId, form, { ...said, bytes })]);
}

/** Take a picture out of the form again; answers what it holds now. */
export async function takeOut(asked) {
  const fields = new URLSearchParams(await asked.request.text());
  const form = fields.get("form") || "";
  return within(asked, form, async (personId) => {
    await album.drop(personId, form, fields.get("sha256"));
    return "";
  });
}

/** Give up the pictures of a visit that the server refused; the visit itself stays as it is. */
export async function giveUp({ request }) {
  const person = await identity.current();
  const fields = new URLSearchParams(await request.text());
  if (person) await album.discard(person.id, fields.get("visit") || "");
  return Response.redirect("/outbox", 303);
}

/** What field/_photos.html shows of pictures that lie here or that a refused visit names. */
export const photosOf = (rows) => rows.map(({ sha256 }, at) => ({ sha256, n: at + 1 }));

/** What the page 待同步 says of pictures that the server does not have, visit by visit. */
export function photosLeft(rows) {
  const visits = new Map();
  for (const row of rows) {
    const { visit_id, at, error = "" } = row;
    const known = visits.get(visit_id) || { visit_id, at: new Date(at).toISOString(), left: 0, refused: 0, error: "" };
    const refused = known.refused + Number(album.isRefused(row));
    visits.set(visit_id, { ...known, left: known.left + 1, refused, error: known.error || error });
  }
  return [...visits.values()];
}

/**
 * Let a visit that is about to be saved speak of its form's pictures, and of those of the refused visit
 * that it replaces. `files` came with a form that the server drew.
 */
export async function addPictures(personId, taken, fields, files) {
  const { form, replaces } = taken;
  for (const file of files) {
    await album.keep(personId, form, { type: file.type, bytes: await file.arrayBuffer() });
  }
  const chosen = (row) => files.length > 0 || (fields.media || []).includes(row.sha256);
  const rows = (await album.ofForm(personId, form)).filter(chosen);
  const refused = replaces && (await outbox.find(personId, replaces));
  const before = (refused && refused.text && JSON.parse(refused.text).data.media) || [];
  if (rows.length + before.length === 0) return;
  taken.data.media = [...before, ...rows.map(album.said)];
  taken.pictures = { form, names: rows.map(({ sha256 }) => sha256) };
}

async function within({ version }, form, work) {
  const person = await identity.current();
  if (!person) return new Response("", { status: 401 });
  const error = await work(person.id).catch((problem) => {
    console.error("picture not kept:", problem);
    return FULL;
  });
  const { lang = "zh-CN" } = await settings();
  const photos = photosOf(await album.ofForm(person.id, form));
  return answer(version, "field/_photos.html", { page: { lang, place: "phone" }, photos, photo_error: error });
}
