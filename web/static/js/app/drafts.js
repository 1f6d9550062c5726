// Half-filled forms survive a killed browser: every change is stored, by person and form, and goes
// away when the form was saved. `data-draft` on a form names it.

import { holding } from "./holding.js";
import { disclose, enclose, textOf } from "/phone/vault.js";
import { onState } from "./worker.js";

const KEEP_MS = 7 * 86_400_000;
const GIVEN = ["redo", "from"];
// What was begun on this page, also before the worker has said whose it is.
const begun = new WeakSet();
const saved = new WeakSet();
let person = "";
// The form that changed last, and what is done with drafts, one after the other.
let changed = null;
let done = Promise.resolve();

export function keepDrafts() {
  const hear = ({ target, type }) => {
    const form = target.closest && target.closest("form[data-draft]");
    // What was saved tells a late change when its fields leave the page; only typing begins anew.
    if (form && saved.has(form) && type === "change") return;
    keep(form);
  };
  document.addEventListener("input", hear);
  document.addEventListener("change", hear);
  document.addEventListener("submit", ({ target }) => target.matches("form[data-draft]") && name(target), { capture: true });
  document.addEventListener("htmx:after:request", dropWhenSaved);
  document.querySelectorAll("form[data-draft]").forEach((form) => isTouched(form) && keep(form));
  onState(({ person_id: id }) => {
    if (!id || id === person) return;
    person = id;
    // What was begun before there was a PIN is enclosed as well.
    inTurn(async () => rekeep(id, null, (await holding()).key));
    document.querySelectorAll("form[data-draft]").forEach((form) => (begun.has(form) ? keep(form) : restore(form)));
  });
}

// Whoever is quick taps and types before this script is there.
const isTouched = ({ elements }) => [...elements].some((one) => one.checked !== one.defaultChecked || (one.matches("textarea") && one.value !== one.defaultValue));

// At once, without waiting for a pause: whoever types and taps away has typed. While one is being
// written, only the last change waits.
function keep(form) {
  if (!form) return;
  begun.add(form);
  saved.delete(form);
  name(form);
  if (!person) return;
  const isWaiting = changed !== null;
  changed = form;
  if (!isWaiting) inTurn(write);
}

function write() {
  const form = changed;
  changed = null;
  return form && put({ key: keyOf(form), at: Date.now(), fields: fieldsOf(form) });
}

function inTurn(work) {
  done = done.then(work).catch((problem) => console.warn("a draft could not be stored:", problem));
}

async function restore(form) {
  const isGiven = GIVEN.some((name) => new URLSearchParams(location.search).has(name));
  const kept = isGiven ? null : await get(keyOf(form));
  if (!kept || Date.now() - kept.at > KEEP_MS || begun.has(form)) return;
  name(form, (kept.fields.find(([field]) => field === "form_id") || [])[1]);
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden") continue;
    const values = kept.fields.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (values.length > 0) [control.value] = values;
    if (control.value && control.checked !== false) {
      const fold = control.closest("details");
      if (fold) fold.open = true;
    }
  }
  form.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
}

function dropWhenSaved({ target, detail }) {
  const form = target.closest && target.closest("form[data-draft]");
  const { response } = detail.ctx;
  if (!form || !response || response.status >= 400) return;
  changed = null;
  saved.add(form);
  drop(keyOf(form));
  const given = form.elements.form_id;
  if (given) given.remove();
}

// What the form becomes has an id from the start. Killed between the save and the end of the draft,
// the browser shows the form again; saved again, it is the same visit.
function name(form, id = newId()) {
  if (form.elements.form_id) return;
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "form_id", value: id });
  form.append(field);
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(Date.now() / 256 ** (5 - at)) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const keyOf = (form) => `${person} ${form.dataset.draft}`;

const fieldsOf = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");

async function get(key) {
  const draft = await inStore("readonly", (store) => store.get(key));
  if (!draft || !draft.box) return draft;
  const held = await holding();
  return held.key && { ...draft, fields: await said(held.key, draft) };
}

const said = async (held, { key, box }) => JSON.parse(textOf(await disclose(held, `draft ${key}`, box)));

// Behind a PIN nothing is kept that anybody could read; while the phone is locked, nothing at all.
async function put({ key, at, fields }) {
  const held = await holding();
  if (held.isSet && !held.key) return;
  const draft = held.key ? { key, at, box: await enclose(held.key, `draft ${key}`, JSON.stringify(fields)) } : { key, at, fields };
  await inStore("readwrite", (store) => store.put(draft));
}

/** Keep the drafts of a person as they are to be kept from now on: with a key, or without one. */
export async function rekeep(personId, from, to) {
  const all = await inStore("readonly", (store) => store.getAll());
  const mine = all.filter(({ key }) => key.startsWith(`${personId} `));
  for (const { key, at, box, fields } of mine) {
    if (Boolean(box) === Boolean(to)) continue;
    const words = fields || (await said(from, { key, box }));
    const draft = to ? { key, at, box: await enclose(to, `draft ${key}`, JSON.stringify(words)) } : { key, at, fields: words };
    await inStore("readwrite", (store) => store.put(draft));
  }
}
const drop = (key) => inStore("readwrite", (store) => store.delete(key));

// A database of its own: the worker's are the worker's alone.
function inStore(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("jinlin-drafts", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drafts", { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const db = opening.result;
      const tx = db.transaction("drafts", mode, { durability: "strict" });
      const asked = work(tx.objectStore("drafts"));
      tx.oncomplete = () => {
        db.close();
        resolve(asked.result);
      };
      tx.onabort = () => {
        db.close();
        reject(tx.error);
      };
    };
  });
}
