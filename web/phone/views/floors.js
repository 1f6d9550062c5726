// Where each door stands in a building: columns by unit and door, rows by floor, top first.
// Twin of server/field/views/floors.py.

import { doorOrder, natural } from "./doors.js";
import { sortBy } from "./order.js";

const MAX_COLUMNS = 12;

/** The column heads and the floors of a map. A place without a household has an id of "". */
export function floorsOf(building, households, cells, { onlyBright }) {
  const units = sortBy([...new Set(households.map((one) => one.unit))], natural);
  const places = new Map(units.map((unit) => [unit, new Map()]));
  households.forEach((household, at) => {
    const floors = places.get(household.unit);
    if (!floors.has(household.floor)) floors.set(household.floor, []);
    floors.get(household.floor).push([household, cells[at]]);
  });
  const widths = new Map(units.map((unit) => [unit, width(building, places.get(unit))]));

  const numbers = households.map((one) => one.floor);
  const bottom = Math.min(1, ...numbers);
  const floors = [];
  for (let floor = Math.max(building.floors, ...numbers); floor >= bottom; floor -= 1) {
    const row = units.map((unit) => rowOf(places.get(unit).get(floor) || [], widths.get(unit)));
    const bright = row.some((unit) => unit.some((cell) => cell.id && !cell.dim));
    if (bright || !onlyBright) floors.push({ floor, units: row });
  }
  return { columns: heads(units, widths), floors };
}

/** One head per unit; a building of one unit has one per door instead. */
function heads(units, widths) {
  if (units.length !== 1) return units.map((unit) => ({ unit, door: "", span: widths.get(unit) }));
  const [unit] = units;
  return Array.from({ length: widths.get(unit) }, (_, at) => ({
    unit,
    door: String(at + 1).padStart(2, "0"),
    span: 1,
  }));
}

function width(building, floors) {
  const placed = [...floors.values()];
  const positions = placed.flatMap((doors) => doors.map(([household]) => position(household)));
  const fitting = positions.filter((one) => one <= MAX_COLUMNS);
  return Math.max(building.doors, ...fitting, ...placed.map((doors) => doors.length));
}

/** The cells of one unit on one floor: by the door's last two digits, else the next free. */
function rowOf(placed, columns) {
  const row = Array.from({ length: columns }, () => ({ id: "", door_no: "" }));
  const later = [];
  for (const [household, cell] of sortBy(placed, ([one]) => doorOrder(one))) {
    const at = position(household);
    if (at >= 1 && at <= columns && !row[at - 1].id) row[at - 1] = cell;
    else later.push(cell);
  }
  for (const cell of later) row[row.findIndex((known) => !known.id)] = cell;
  return row;
}

function position(household) {
  const digits = household.door_no.replace(/[^0-9]/g, "");
  return Number(digits.length > 2 ? digits.slice(-2) : digits || 0);
}
