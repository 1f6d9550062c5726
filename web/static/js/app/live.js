// Hears from the server that something moved, never what. One tab listens for all.

// Long enough not to connect for a page that is only passed through.
const PAUSE_MS = 1500;

const AGAIN_MS = 30_000;

/**
 * Call `news` with "live" when a stream of this person moved, and with "opened" when the line is up:
 * the first sign that a server is back; then also with how far each stream has come, for what moved
 * between two pages. Does nothing where Web Locks are unknown.
 */
export function followLive(news) {
  if (!navigator.locks || !window.EventSource) return;
  navigator.locks.request("jinlin-live", () => new Promise(() => listen(news))).catch(() => {});
}

function listen(news) {
  let source = null;
  const close = () => {
    if (source) source.close();
    source = null;
  };
  const open = () => {
    if (source) return;
    source = new EventSource("/live");
    source.addEventListener("open", ({ data }) => news("opened", data));
    source.addEventListener("moved", () => news("live"));
    source.addEventListener("error", broken);
  };
  // The browser tries again by itself, unless something answered that is no line of ours: a session
  // that ended, somebody else's page. Sync finds out which.
  const broken = () => {
    if (!source || source.readyState !== EventSource.CLOSED) return;
    news("live");
    setTimeout(() => [close(), follow()], AGAIN_MS);
  };
  const follow = () => (document.visibilityState === "visible" ? open() : close());
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", ({ persisted }) => persisted && follow());
  setTimeout(follow, PAUSE_MS);
}
