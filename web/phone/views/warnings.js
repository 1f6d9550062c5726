// Warnings on a shelf: what everybody is told, together with what is asked of this person.
// Twin of server/field/views/warnings.py.

import { EMPTY } from "../shelf.js";
import { pick, sortBy } from "./order.js";

const LEVELS = { white: 1, blue: 2, yellow: 3, orange: 4, red: 5 };
const DRILL = "演练";
// What both records say; the duty is of the text this person is to hand on.
const SHARED = [
  "kind", "colour", "title", "area", "sent_at", "ends_at", "state", "is_drill", "edition", "message", "short",
  "guide", "source", "from_at",
];
// A building of a duty as far as the server says something of it.
const BUILDING = {
  id: "", name: "", households: 0, is_own: 0, is_late: 0, edition: 0, heard_at: "", forwarded_at: "", channel: "", confirmed_at: "",
  unreachable_at: "", leader_name: "", leader_phone: "", silent_since: "",
};
const BAND = [
  "id", "title", "colour", "level", "state", "is_open", "sent_at", "sent_today", "ends_at", "ends_today", "from_at", "is_early", "role", "todo", "silent", "stale",
];
// The all-clear goes to exactly those who were told.
const ASKS = { open: ["todo", "stale"], closed: ["stale"] };
// The office alone knows of others.
const TOLD = ["open", "closed", "expired"];
const KEPT = ["id", "kind", "colour", "area", "effect", "edition", "guide", "source", "source_id", "is_verified", "is_drill"];

/** All of them, each with what is asked in it; the open first, the gravest and newest of these. */
export function warnings(scene) {
  const { shelf } = scene;
  const duties = new Map(shelf.all("duty").map((duty) => [duty.incident_id, duty]));
  const alerts = new Map(shelf.all("alert").map((alert) => [alert.id, alert]));
  const ids = [...new Set([...duties.keys(), ...alerts.keys()])];
  const found = ids.map((id) => warningOf(scene, id, alerts.get(id), duties.get(id)));
  const told = sortBy(found.filter(({ state }) => TOLD.includes(state)), ({ sent_at, id }) => [sent_at, id]).reverse();
  return sortBy(told, ({ is_open, level }) => [1 - is_open, -level * is_open]);
}

export const warning = (scene, id) => warnings(scene).find((one) => one.id === id);

/** What stands first on a page. */
export const bands = (scene) => warnings(scene).filter(concerns).map((one) => pick(one, BAND));

/** It goes on, or something is still asked after it has ended. */
export const concerns = (one) => Boolean(one.is_open || one.todo || one.silent);

// A duty is told once a warning counts: whoever holds nothing else need not doubt it.
const UNKNOWN = { ...EMPTY.alert, is_verified: 1 };

function warningOf(scene, id, alert = UNKNOWN, duty = null) {
  const head = { ...alert, ...(duty && pick(duty, SHARED)), id };
  const asked = duty || EMPTY.duty;
  const times = timesOf(scene, head);
  const isOver = head.state === "open" && times.ends_at && times.ends_at <= scene.now;
  const state = isOver ? "expired" : head.state;
  const buildings = asked.buildings.map((one) => buildingOf(scene, head, { ...BUILDING, ...one }, ASKS[state] || []));
  const left = buildings.filter((one) => one.is_left);
  const own = left.filter((one) => one.is_own);
  return {
    ...pick(head, KEPT),
    ...Object.fromEntries(["title", "message", "short"].map((name) => [name, marked(head[name], head.is_drill)])),
    ...times,
    level: LEVELS[head.colour] || 0,
    state,
    is_open: Number(state === "open"),
    role: asked.role,
    acked_at: scene.local(asked.acknowledged_at),
    waiting: scene.isWaiting(id),
    office_phone: asked.office_phone || scene.community.office_phone,
    buildings,
    todo: own.length,
    silent: left.filter((one) => !one.is_own && !one.is_heard).length,
    stale: own.filter((one) => one.state === "stale").length,
  };
}

/** On the local clock; without the day where it is today's. */
function timesOf(scene, head) {
  const [sent, ends, from] = [head.sent_at, head.ends_at, head.from_at].map(scene.local);
  return {
    sent_at: sent,
    sent_today: Number(sent.slice(0, 10) === scene.today),
    ends_at: ends,
    ends_today: Number(ends.slice(0, 10) === scene.today),
    from_at: from,
    is_early: Number(from > scene.now),
  };
}

/** A building of a duty. `stale` is one whose households have an earlier text. */
function buildingOf(scene, head, one, asks) {
  const times = ["forwarded_at", "confirmed_at", "unreachable_at", "silent_since"];
  const handedOn = one.edition >= head.edition ? "done" : "stale";
  const state = one.forwarded_at ? handedOn : "todo";
  return {
    ...pick(one, ["id", "name", "households", "is_own", "channel", "leader_name", "leader_phone"]),
    ...Object.fromEntries(times.map((name) => [name, scene.local(one[name])])),
    is_heard: Number(one.heard_at !== ""),
    state,
    is_left: Number(asks.includes(state)),
    waiting: scene.isWaiting(`${head.id} ${one.id}`),
  };
}

/** Nobody takes a drill for the real thing. */
const marked = (text, isDrill) => (isDrill && !text.includes(DRILL) ? `【${DRILL}】${text}` : text);
