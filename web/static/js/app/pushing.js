// Being told of warnings while the app is closed: asked for on the page about oneself, by a tap alone.
// [data-push] holds one part for each way in which it can stand, [data-push-is="on|off|denied|failed"].

let registration = null;

/** Show how it stands and hear taps, also after the page was drawn anew. */
export async function watchPushes() {
  if (!window.PushManager || !window.Notification || !navigator.serviceWorker) return;
  registration = await navigator.serviceWorker.ready;
  document.addEventListener("click", tapped);
  document.addEventListener("htmx:after:swap", look);
  await look();
}

async function tapped({ target }) {
  const button = target.closest && target.closest("[data-push-on], [data-push-off]");
  if (!button) return;
  try {
    await ("pushOn" in button.dataset ? begin(registration) : end(registration));
    await look();
  } catch (problem) {
    console.warn("not told of warnings:", problem);
    show(Notification.permission === "denied" ? "denied" : "failed");
  }
}

async function look() {
  const isOn = await registration.pushManager.getSubscription();
  show(Notification.permission === "denied" ? "denied" : isOn ? "on" : "off");
}

function show(state) {
  const place = document.querySelector("[data-push]");
  if (!place) return;
  place.hidden = false;
  for (const one of place.querySelectorAll("[data-push-is]")) one.hidden = one.dataset.pushIs !== state;
}

// The server is told each time: it may have been restored, or somebody else was signed in before.
async function begin({ pushManager }) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  const { key } = await (await send("/push/key")).json();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await send("/push/subscriptions", JSON.stringify(subscription));
}

async function end({ pushManager }) {
  const subscription = await pushManager.getSubscription();
  await send("/push/removals", "{}");
  if (subscription) await subscription.unsubscribe();
}

async function send(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(path, body ? { method: "POST", headers, body } : {});
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}
