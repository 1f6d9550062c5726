// What every page knows before it starts: who looks, when, at which records, and how.
// Twin of server/field/views/scene.py.

import { DEFAULT_INTERVALS } from "../care.js";
import * as days from "../days.js";
import { EMPTY } from "../shelf.js";
import { bands } from "./warnings.js";

export const DEFAULT_SETTINGS = {
  person_id: "",
  lang: "zh-CN",
  mode: "",
  theme: "",
  size: "",
  place: "server",
  data_at: "",
  offline: 0,
  hints: [],
  version: "",
  pill: { state: "synced", count: 0 },
  waiting: {},
  recent: [],
};
export const FIELD = ["worker", "chief", "social"];

/** `settings` may leave out what DEFAULT_SETTINGS has. `now` is on the local clock. */
export function sceneOf(shelf, nowIso, given) {
  const settings = { ...DEFAULT_SETTINGS, ...given };
  const person = shelf.get("person", settings.person_id) || EMPTY.person;
  const known = shelf.all("community");
  const community = known.length ? known[0] : { ...EMPTY.community, timezone: person.timezone };
  const { timezone } = community;
  const now = days.local(nowIso, timezone);
  return {
    shelf,
    person,
    community,
    intervals: { ...DEFAULT_INTERVALS, ...community.intervals },
    now,
    today: now.slice(0, 10),
    timezone,
    settings,
    isLeader: Number(person.role === "leader"),
    local: (instant) => days.local(instant, timezone),
    isWaiting: (id) => Number(Object.hasOwnProperty.call(settings.waiting, id)),
  };
}

/** The two names that base.html needs of every page: `page` and `pill`. */
export function pageOf(scene, title, path, { tab = "", back = "" } = {}) {
  const { settings, person, community } = scene;
  const { role } = person;
  const page = {
    title,
    path,
    tab,
    back,
    now: scene.now,
    today: scene.today,
    data_at: scene.local(settings.data_at),
    role,
    leader: scene.isLeader,
    pairs: scene.shelf.all("pair").length,
    bands: bands(scene),
    walks: Number(FIELD.includes(role)),
    person_name: person.name,
    community_name: person.community_name || community.name,
    office_phone: person.office_phone || community.office_phone,
    mode: settings.mode || (role === "leader" ? "elder" : "normal"),
  };
  for (const name of ["lang", "theme", "size", "place", "offline", "version", "hints"]) page[name] = settings[name];
  return { page, pill: settings.pill };
}
