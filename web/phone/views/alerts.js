// 预警: the warnings, and of one what to hand on, to whom, and who has been silent.
// Twin of server/field/views/alerts.py.

import { askedOf } from "./calls.js";
import { sortBy } from "./order.js";
import { FIELD, pageOf, sceneOf } from "./scene.js";
import { concerns, warning, warnings } from "./warnings.js";

export const CHANNELS = ["wechat", "sms", "loudspeaker", "door", "notice"];
const ENDED_SHOWN = 20;
const OLD_MINUTES = 10;

/** Names for field/alerts.html. `params` is not used. */
export function alerts(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const found = warnings(scene);
  return {
    ...pageOf(scene, "预警", "/alerts", { tab: "alerts", back: homeOf(scene) }),
    open: found.filter(concerns),
    ended: found.filter((one) => !concerns(one)).slice(0, ENDED_SHOWN),
    age: ageOf(scene),
  };
}

/** Names for field/alert.html. `params`: id of the incident, error, why a form comes back. */
export function alert(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const found = warning(scene, params.id);
  if (!found) return null;
  const left = found.buildings.filter((one) => one.is_left);
  const own = left.filter((one) => one.is_own);
  const others = left.filter((one) => !one.is_own);
  return {
    ...pageOf(scene, found.title, `/alerts/${found.id}`, { tab: "alerts", back: "/alerts" }),
    alert: found,
    asks_ack: Number(Boolean(found.role && !found.acked_at && found.is_open)),
    now: own.slice(0, 1),
    next: own.slice(1),
    calls: sortBy(others, (one) => [one.is_heard, one.silent_since || "9", one.id]),
    done: found.buildings.filter(({ state }) => state === "done"),
    own: found.buildings.filter((one) => one.is_own),
    channels: CHANNELS,
    asked: askedOf(scene, found.id),
    age: ageOf(scene),
    error: params.error || "",
  };
}

function homeOf({ person: { role }, isLeader }) {
  if (FIELD.includes(role)) return "/today";
  return isLeader ? "/buildings" : "/office";
}

/** How old the records are; `is_old` when something may have happened meanwhile. */
function ageOf(scene) {
  const at = scene.local(scene.settings.data_at);
  const passed = at ? Date.parse(`${scene.now}Z`) - Date.parse(`${at}Z`) : 0;
  const minutes = Math.max(0, Math.floor(passed / 60_000));
  return { minutes, at, is_old: Number(minutes >= OLD_MINUTES) };
}
