// Records in memory that effects may change: by kind and id, and by household.

/**
 * `kept` are lists of [kind, record] as the server sent them. They are shared and never changed:
 * an effect puts a new record in the place of the old one.
 */
export function makeTown(kept) {
  const kinds = new Map();
  const of = (kind) => {
    if (!kinds.has(kind)) kinds.set(kind, new Map());
    return kinds.get(kind);
  };
  const byDoor = new Map();

  const put = (kind, record) => {
    const before = of(kind).get(record.id);
    // A record on the way to another building may be in two streams for a moment: the newer counts.
    of(kind).set(record.id, record);
    if (!before || before.household_id !== record.household_id) byDoor.delete(kind);
  };
  for (const list of kept) {
    for (const [kind, record] of list) {
      const twin = of(kind).get(record.id);
      if (!twin || twin.version < record.version) of(kind).set(record.id, record);
    }
  }

  const doors = (kind) => {
    if (!byDoor.has(kind)) {
      const found = new Map();
      for (const { id, household_id: door } of of(kind).values()) {
        if (!found.has(door)) found.set(door, []);
        found.get(door).push(id);
      }
      byDoor.set(kind, found);
    }
    return byDoor.get(kind);
  };

  return {
    put,
    get: (kind, id) => of(kind).get(id) || null,
    remove: (kind, id) => {
      of(kind).delete(id);
      byDoor.delete(kind);
    },
    /** The records of a door, by id. */
    ofHousehold: (kind, id) =>
      (doors(kind).get(id) || []).sort().map((one) => of(kind).get(one)).filter(Boolean),
    all: (kind) => [...of(kind).values()],
    /** Everything as [kind, record], for a shelf. */
    list: () => [...kinds].flatMap(([kind, map]) => [...map.values()].map((one) => [kind, one])),
  };
}
