// 更多: my day, what waits, how pages look, password, sign-out. Twin of server/field/views/me.py.

import * as days from "../days.js";
import { moment } from "../respect.js";
import { EMPTY } from "../shelf.js";
import { stillOpen } from "./issues.js";
import { pick, sortBy } from "./order.js";
import { NO_DEVICE, OPEN } from "./outbox.js";
import { heads } from "./people.js";
import { FIELD, pageOf, sceneOf } from "./scene.js";
import { EFFECTIVE } from "./visits.js";

const LINES_SHOWN = 60;

/** Names for field/me.html. `params`: device (see outbox), said and error for the forms, pin: whether this phone has one. */
export function me(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const month = madeSince(scene, `${scene.today.slice(0, 7)}-01`);
  const mine = month.filter((one) => days.day(moment(one), scene.timezone) === scene.today);
  const before = scene.person.elsewhere.filter(([day]) => day.slice(0, 7) === scene.today.slice(0, 7));
  const handed = before.filter(([day]) => day === scene.today);
  const back = FIELD.includes(scene.person.role) ? "" : "/";
  return {
    ...pageOf(scene, "更多", "/me", { tab: "me", back }),
    person: pick(scene.person, ["name", "grid_names"]),
    day: {
      doors: new Set(mine.map((one) => one.household_id)).size + sum(handed, 1),
      visits: mine.length + sum(handed, 2),
      effective: mine.filter((one) => EFFECTIVE.includes(one.result)).length + sum(handed, 3),
      waiting: mine.filter((one) => scene.isWaiting(one.id)).length,
      month: month.length + sum(before, 2),
      elsewhere: sum(before, 2),
    },
    lines: mine.slice(0, LINES_SHOWN).map((one) => line(scene, one)),
    waiting: scene.settings.pill.count,
    asked: shelf.all("notice").filter((one) => OPEN.includes(one.state)).length,
    issues: stillOpen(shelf),
    device: { ...NO_DEVICE, ...(params.device || {}) },
    said: params.said || "",
    error: params.error || "",
    pin: params.pin || 0,
  };
}

const sum = (rows, at) => rows.reduce((total, row) => total + row[at], 0);

/**
 * My visits since a day, newest first. What was sent from a building that is somebody else's by now
 * is counted by the server and told with my own record.
 */
function madeSince(scene, first) {
  const isSince = (instant) => days.day(instant, scene.timezone) >= first;
  const touched = scene.shelf.all("household").filter((one) => isSince(one.last_visit_at));
  const found = touched.flatMap((one) => scene.shelf.of("visit", "household_id", one.id));
  const held = new Set(scene.person.building_ids);
  const isCounted = (one) => held.has(one.building_id) || scene.isWaiting(one.id);
  const mine = found.filter(
    (one) => one.by === scene.person.id && !one.withdrawn && isCounted(one) && isSince(moment(one)),
  );
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
