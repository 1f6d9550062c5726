// The line to the service worker: registering it, asking it, hearing how the phone stands.

const container = navigator.serviceWorker;
const LOOKS = /(?:^|; )jinlin_(lang|mode|size|theme|hints)=([^;]*)/g;
const heard = [];

/** Call `listener` with each { type: "state", … } the worker tells. */
export const onState = (listener) => heard.push(listener);

/** Ask the worker for something; without one nothing happens. */
export function ask(type, more = {}) {
  if (container && container.controller) container.controller.postMessage({ type, ...more });
}

/** Let the newer worker that waits take over, and draw this page anew with it. */
export function takeNewVersion(waiting) {
  container.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage({ type: "skip-waiting" });
}

/**
 * Register the worker where the browser can run one made of modules; elsewhere the server draws the
 * pages. Resolves with the registration, or null.
 */
export async function register() {
  if (!container) return null;
  container.addEventListener("message", ({ data }) => {
    if (data && data.type === "erased") location.replace("/");
    if (data && data.type === "state") for (const listener of heard) listener(data);
  });
  container.addEventListener("controllerchange", greet);
  greet();
  try {
    const registration = await container.register("/sw.js", { type: "module", updateViaCache: "none" });
    watchForNewVersion(registration);
    container.ready.then(takeCare);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    return registration;
  } catch (problem) {
    console.warn("no worker, the server draws the pages:", problem);
    return null;
  }
}

// A page that was on its way while the worker woke is in nobody's care: no later claim of its own
// reaches it.
function takeCare({ active }) {
  if (!container.controller) active.postMessage({ type: "claim" });
}

function greet() {
  const looks = Object.fromEntries([...document.cookie.matchAll(LOOKS)].map(([, name, value]) => [name, value]));
  ask("hello", { looks });
}

// The worker in charge tells all pages when another one waits to take over.
function watchForNewVersion(registration) {
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    if (coming) coming.addEventListener("statechange", () => ask("look"));
  });
}
