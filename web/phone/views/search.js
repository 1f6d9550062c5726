// 搜索: a door in any spelling, a name, its pinyin or initials, the last digits of a phone.
// Twin of server/field/views/search.py.

import * as addresses from "../addresses.js";
import * as doors from "./doors.js";
import { pick, sortBy } from "./order.js";
import { heads } from "./people.js";
import { pageOf, sceneOf } from "./scene.js";

const FOUND_SHOWN = 30;
const RECENT_SHOWN = 6;
const LONGEST = 60;
const DIGITS = /^\d{4,12}$/;
const LETTERS = /^[a-z' ]{1,40}$/;
const NOWHERE = { compound: "", building: "", unit: "", room: "" };

/** Names for field/search.html. `params`: q. */
export function search(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const asked = [...(params.q || "").trim()].slice(0, LONGEST).join("");
  const { found, wanted } = find(scene, asked);
  const tasks = doors.tasksByDoor(scene);
  const rows = found.slice(0, FOUND_SHOWN).map((household) => row(scene, household, tasks));

  return {
    ...pageOf(scene, "搜索", "/search", { tab: "search" }),
    q: asked,
    rows,
    found: found.length,
    hidden: Math.max(found.length - FOUND_SHOWN, 0),
    door: door(wanted),
    compounds: new Set(rows.map((one) => one.compound)).size,
    total: shelf.all("household").filter((one) => one.status === "active").length,
    recent: recent(scene),
  };
}

/** Households that answer, best first, and the door that the words were read as. */
function find(scene, asked) {
  if (!asked) return { found: [], wanted: null };
  const { wanted, byDoor } = readDoor(scene, asked);
  const byPerson = wanted && wanted.building ? [] : findPerson(scene, asked);
  const points = new Map();
  for (const [id, rank] of [...byDoor, ...byPerson]) points.set(id, Math.max(points.get(id) || 0, rank));
  const known = [...points.keys()].map((id) => scene.shelf.get("household", id));
  const here = known.filter((one) => one && one.status === "active");
  return { found: sortBy(here, (one) => best(scene, points.get(one.id), one)), wanted };
}

function best(scene, points, household) {
  const building = scene.shelf.get("building", household.building_id) || { order: 0 };
  const unit = doors.natural(household.unit);
  return [-points, building.order, household.building_id, unit, doors.doorOrder(household)];
}

function readDoor(scene, asked) {
  const buildings = scene.shelf.all("building");
  const readings = addresses.asked(asked, buildings.map((one) => one.compound));
  if (readings.length === 0) return { wanted: null, byDoor: [] };
  const addressOf = reader(buildings);
  const byDoor = [];
  let first = null;
  for (const household of scene.shelf.all("household")) {
    const at = addressOf(household);
    const ranks = readings.map((wanted) => addresses.rank(wanted, at));
    const top = Math.max(...ranks);
    if (!top) continue;
    byDoor.push([household.id, 2 * top]);
    first = first || readings[ranks.indexOf(top)];
  }
  return { wanted: first || (readings[0].building ? readings[0] : null), byDoor };
}

/** The address of a door. A building is read once, and "1 502" once for all buildings that have one. */
function reader(buildings) {
  const named = new Map(buildings.map(({ id, compound, name }) => [id, addresses.known(compound, name, "", "")]));
  const plates = new Map();
  return ({ building_id, unit, door_no }) => {
    const plate = `${unit} ${door_no}`;
    if (!plates.has(plate)) plates.set(plate, addresses.known("", "", unit, door_no));
    const { compound, building } = named.get(building_id) || NOWHERE;
    const { unit: stair, room } = plates.get(plate);
    return { compound, building, unit: stair, room };
  };
}

/** By name or its letters: 4 the whole name, 3 its beginning, 2 a part; by phone: 3. */
function findPerson(scene, asked) {
  const folded = asked.toLowerCase();
  if (DIGITS.test(folded)) {
    const contacts = scene.shelf.all("contact").filter((one) => one.phone.endsWith(folded));
    return contacts.map((one) => [one.household_id, 3]);
  }
  const isLetters = LETTERS.test(folded);
  const words = isLetters ? folded.replace(/[' ]/g, "") : folded;
  const match = isLetters ? byLetters : byName;
  const people = [...scene.shelf.all("resident"), ...(isLetters ? [] : scene.shelf.all("contact"))];
  return people.map((one) => [one.household_id, match(one, words)]).filter(([, rank]) => rank);
}

function byName(person, words) {
  const name = person.name.toLowerCase();
  if (name === words) return 4;
  if (!name.includes(words)) return 0;
  return name.startsWith(words) ? 3 : 2;
}

/** `pinyin` holds the whole name and its initials: "huangxiuzhen hxz". */
function byLetters(person, letters) {
  if (!person.pinyin.includes(letters)) return 0;
  const spelled = person.pinyin.split(" ");
  if (spelled.includes(letters)) return 4;
  return spelled.some((one) => one.startsWith(letters)) ? 3 : 0;
}

function row(scene, household, tasks) {
  const found = doors.row(scene, household, doors.stand(scene, household, tasks.get(household.id)));
  const { compound, name } = scene.shelf.get("building", household.building_id) || { compound: "", name: "" };
  const hidden = scene.isLeader ? { sign: "", badges: [] } : {};
  return { ...found, ...hidden, compound, building: name, plate: "shown" };
}

/** What the words were read as, for the line above the rows; `is` is 0 when as no door. */
function door(wanted) {
  if (!wanted) return { is: 0, is_lane: 0, ...NOWHERE };
  return { is: 1, is_lane: Number(wanted.building.includes("号")), ...pick(wanted, Object.keys(NOWHERE)) };
}

/** Doors looked at last, newest first; the phone remembers them, the server does not. */
function recent(scene) {
  const found = scene.settings.recent.slice(0, RECENT_SHOWN).map((id) => scene.shelf.get("household", id));
  return found
    .filter((one) => one)
    .map((one) => ({
      id: one.id,
      door_no: one.door_no,
      ...heads(scene, one, scene.shelf.of("resident", "household_id", one.id)),
    }));
}
