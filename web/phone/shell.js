// The files that draw pages without a network, kept per version. A half-fetched version is never used.

import { compile } from "./render.js";

const LIST = "/shell.json";
// Everything that drawing needs, in one entry: a worker that wakes reads it once, templates compiled.
const DRAWING = "/shell/drawing.json";
const TEMPLATES = "/templates/";
const PREFIX = "shell-";
const FOLDERS = /^\/(static|templates|locale)\/|^\/manifest\.webmanifest$/;
// The worker's own modules are kept by the browser with the worker.
const WORKER_ONLY = /^\/phone\/|^\/static\/vendor\/(nunjucks|idb)/;

export const isShellFile = ({ url }) => FOLDERS.test(url.pathname);

/** Fetch all files of this version, or fail as a whole and leave the working version alone. */
export async function install(version) {
  const listed = await (await fetch(LIST, { cache: "no-store" })).json();
  if (listed.version !== version) throw new Error(`shell ${listed.version} is not ${version}`);
  const files = listed.files.filter((file) => !WORKER_ONLY.test(file));
  const cache = await caches.open(PREFIX + version);
  try {
    await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
    await cache.put(DRAWING, new Response(JSON.stringify(await gathered(cache, files))));
  } catch (problem) {
    await caches.delete(PREFIX + version);
    throw problem;
  }
}

/** Drop what earlier versions kept. */
export async function tidy(version) {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + version);
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
  return kept.json();
}

async function gathered(cache, files) {
  const sources = files.filter((file) => file.startsWith(TEMPLATES));
  const text = async (file) => [file.slice(TEMPLATES.length), await (await cache.match(file)).text()];
  const words = async (name) => (await cache.match(`/locale/${name}.json`)).json();
  return {
    compiled: compile(Object.fromEntries(await Promise.all(sources.map(text)))),
    labels: await words("labels"),
    english: await words("en"),
  };
}

const match = async (version, path) => (await caches.open(PREFIX + version)).match(path);
