// 更多: my day, what waits, how pages look, password, sign-out. Twin of server/field/views/me.py.

import * as days from "../days.js";
import { moment } from "../respect.js";
import { EMPTY } from "../shelf.js";
import { pick, sortBy } from "./order.js";
import { NO_DEVICE } from "./outbox.js";
import { heads } from "./people.js";
import { FIELD, pageOf, sceneOf } from "./scene.js";
import { EFFECTIVE } from "./visits.js";

const LINES_SHOWN = 60;

/** Names for field/me.html. `params`: device (see outbox), said and error for the forms. */
export function me(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const mine = madeToday(scene);
  const back = FIELD.includes(scene.person.role) ? "" : "/";
  return {
    ...pageOf(scene, "更多", "/me", { tab: "me", back }),
    person: pick(scene.person, ["name", "grid_names"]),
    day: {
      doors: new Set(mine.map((one) => one.household_id)).size,
      visits: mine.length,
      effective: mine.filter((one) => EFFECTIVE.includes(one.result)).length,
      waiting: mine.filter((one) => scene.isWaiting(one.id)).length,
    },
    lines: mine.slice(0, LINES_SHOWN).map((one) => line(scene, one)),
    waiting: scene.settings.pill.count,
    device: { ...NO_DEVICE, ...(params.device || {}) },
    said: params.said || "",
    error: params.error || "",
  };
}

/** My visits of this day, newest first. */
function madeToday(scene) {
  const isToday = (instant) => days.day(instant, scene.timezone) === scene.today;
  const touched = scene.shelf.all("household").filter((one) => isToday(one.last_visit_at));
  const found = touched.flatMap((one) => scene.shelf.of("visit", "household_id", one.id));
  const mine = found.filter((one) => one.by === scene.person.id && !one.withdrawn && isToday(moment(one)));
  return sortBy(mine, (one) => [moment(one), one.id]).reverse();
}

function line(scene, visit) {
  const household = scene.shelf.get("household", visit.household_id) || EMPTY.household;
  return {
    id: visit.id,
    household_id: visit.household_id,
    label: household.label,
    at: scene.local(moment(visit)),
    result: visit.result,
    waiting: scene.isWaiting(visit.id),
    ...heads(scene, household, scene.shelf.of("resident", "household_id", visit.household_id)),
  };
}
