// 楼栋: my buildings, with what is due in each. Twin of server/field/views/buildings.py.

import { askedAbout } from "./calls.js";
import * as doors from "./doors.js";
import { pick, sortBy } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

const SHOWN = ["id", "compound", "name", "label", "grid_name", "leader_name"];

/** Names for field/buildings.html. `params` is not used. */
export function buildings(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const counts = countByBuilding(scene);
  const sorted = sortBy(shelf.all("building"), (one) => [one.order, one.id]);
  const rows = sorted.map((one) => ({ ...pick(one, SHOWN), ...(counts.get(one.id) || { doors: 0, due: 0, late: 0 }) }));
  const groups = new Map();
  for (const row of rows) groups.set(row.compound, [...(groups.get(row.compound) || []), row]);
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);

  return {
    ...pageOf(scene, "楼栋", "/buildings", { tab: "buildings" }),
    groups: [...groups].map(([compound, found]) => ({ compound, rows: found })),
    calls: scene.isLeader ? askedAbout(scene) : [],
    total: { buildings: rows.length, doors: sum("doors"), due: sum("due"), late: sum("late") },
  };
}

/** Doors of each building: all of them, those to do today, those late among them. */
function countByBuilding(scene) {
  const tasks = doors.tasksByDoor(scene);
  const counts = new Map();
  for (const household of scene.shelf.all("household")) {
    if (household.status !== "active") continue;
    const { state } = doors.stand(scene, household, tasks.get(household.id));
    if (!counts.has(household.building_id)) counts.set(household.building_id, { doors: 0, due: 0, late: 0 });
    const known = counts.get(household.building_id);
    known.doors += 1;
    known.due += Number(doors.TO_DO.includes(state));
    known.late += Number(state === "late");
  }
  return counts;
}
