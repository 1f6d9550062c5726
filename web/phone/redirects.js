// Own work that calls somebody, or a door, by the id of a record that was merged into another.
// Twin of `follow` in sync/redirects.py: what was kept knows the ids that it took in.

const NAMES = { household_id: "household", resident_id: "resident" };

/** The operation with the ids of the records that were kept. */
export function follow(operation, town) {
  const [kind, what] = operation.kind.split(".");
  const data = fields(operation.data, town);
  if (what === "change") data.id = kept(kind, data.id, town);
  if (data.changes) data.changes = fields(data.changes, town);
  return { ...operation, data };
}

/** The id under which a record is known now. */
export function kept(kind, id, town) {
  if (!id || town.get(kind, id)) return id;
  const found = town.all(kind).find((one) => one.merged_ids && one.merged_ids.includes(id));
  return found ? found.id : id;
}

/** The id that a page or a form is about, when its door has another now. */
export const ofPath = ({ pathname }, id, shelf) => (pathname.startsWith("/households/") ? kept("household", id, shelf) : id);

function fields(data, town) {
  const found = { ...data };
  for (const name of Object.keys(NAMES)) if (data[name]) found[name] = kept(NAMES[name], data[name], town);
  const person = (id) => kept("resident", id, town);
  if (data.resident_ids) found.resident_ids = [...new Set(data.resident_ids.map(person))];
  if (data.checkups) found.checkups = data.checkups.map((one) => ({ ...one, resident_id: person(one.resident_id) }));
  return found;
}
