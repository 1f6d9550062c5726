// Being told of warnings while the app is closed: asked for on the page about oneself, by a tap alone.

/** Show how it stands in [data-push], which says in [data-push-is="on|off|denied|failed"] what it can be. */
export async function watchPushes(place) {
  if (!window.PushManager || !window.Notification || !navigator.serviceWorker) return;
  const registration = await navigator.serviceWorker.ready;
  const look = async () => show(place, await standing(registration));
  const tapped = (work) => async () => {
    try {
      await work(registration);
      await look();
    } catch (problem) {
      console.warn("not told of warnings:", problem);
      show(place, Notification.permission === "denied" ? "denied" : "failed");
    }
  };
  place.querySelectorAll("[data-push-on]").forEach((button) => button.addEventListener("click", tapped(begin)));
  place.querySelector("[data-push-off]").addEventListener("click", tapped(end));
  await look();
}

async function standing({ pushManager }) {
  if (Notification.permission === "denied") return "denied";
  return (await pushManager.getSubscription()) ? "on" : "off";
}

function show(place, state) {
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
