// The files that draw pages without a network, kept per version. A half-fetched version is never used.

import { compile } from "./render.js";

const LIST = "/shell.json";
// Everything that drawing needs, in one entry: a worker that wakes reads it once, templates compiled.
const DRAWING = "/shell/drawing.json";
// Kept once somebody here chose English: most never do, and the first install is for them.
const ENGLISH = "/locale/en.json";
const PREFIX = "shell-";
const FOLDERS = /^\/(static|locale|phone)\/|^\/manifest\.webmanifest$/;
const PATIENCE_MS = 15_000;

export const isShellFile = ({ url }) => FOLDERS.test(url.pathname);

/** Fetch all files of this version, or fail as a whole and leave the working version alone. */
export async function install(version) {
  const { templates, labels, files, ...listed } = await (await fetch(LIST, { cache: "no-store" })).json();
  if (listed.version !== version) throw new Error(`shell ${listed.version} is not ${version}`);
  const cache = await caches.open(PREFIX + version);
  try {
    if (await hasEnglish()) files.push(ENGLISH);
    await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
    await cache.put(DRAWING, new Response(JSON.stringify({ compiled: compile(templates), labels })));
  } catch (problem) {
    await caches.delete(PREFIX + version);
    throw problem;
  }
}

/** Drop what earlier versions kept. */
export async function tidy(version) {
  const old = (await names()).filter((name) => name !== PREFIX + version);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** A file of this version; from the network when it is not among those kept. */
export async function fromShell(version, request) {
  const kept = await match(version, new URL(request.url).pathname);
  return kept || fetch(request);
}

/** What makeDrawing takes, of this version; fetched again if the browser threw it away. */
export async function drawingOf(version) {
  let kept = await match(version, DRAWING);
  if (!kept) {
    await install(version);
    kept = await match(version, DRAWING);
  }
  const english = await match(version, ENGLISH);
  return { ...(await kept.json()), english: english ? await english.json() : null };
}

/** Whether pages can be drawn in English. */
export const hasEnglish = async () => Boolean(await caches.match(ENGLISH));

/** Have English from now on, in this version and in one that waits; false when it cannot be fetched. */
export async function keepEnglish(version) {
  if (await hasEnglish()) return true;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const response = await fetch(ENGLISH, { cache: "no-cache", signal: stop.signal });
    const text = JSON.stringify(await response.json());
    if (!response.ok) return false;
    const keep = async (name) => (await caches.open(name)).put(ENGLISH, new Response(text));
    await Promise.all([...new Set([PREFIX + version, ...(await names())])].map(keep));
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));
const match = async (version, path) => (await caches.open(PREFIX + version)).match(path);
