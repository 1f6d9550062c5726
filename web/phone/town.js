// Records in memory, by kind and id: the shelf that pages read, and what effects may change on top of
// it. Same interface as makeShelf (shelf.js), but nothing is sorted or indexed before it is asked for.

import { EMPTY } from "./shelf.js";

/** The records of some streams, lists of [kind, record]. Records are shared and never changed. */
export function makeTown(lists) {
  const kinds = new Map();
  for (const list of lists) {
    for (const [kind, record] of list) {
      if (!kinds.has(kind)) kinds.set(kind, new Map());
      const twin = kinds.get(kind).get(record.id);
      // On its way to another building a record may be in two streams: the newer counts.
      if (!twin || twin.version < record.version) kinds.get(kind).set(record.id, filled(kind, record));
    }
  }
  return town(new Map([...kinds].map(([kind, records]) => [kind, makeKind(records)])));
}

/** A town that begins as `base` and may be changed; kinds that are not touched stay shared. */
export function overlay(base) {
  const kinds = new Map(base.kinds);
  const own = (kind) => {
    const before = kinds.get(kind);
    if (!before || before === base.kinds.get(kind)) kinds.set(kind, makeKind(new Map(before ? before.records : [])));
    return kinds.get(kind);
  };
  return {
    ...town(kinds),
    /** Put a record in the place of the one with its id. */
    put: (kind, record) => own(kind).put(record),
  };
}

function town(kinds) {
  const all = (kind) => (kinds.has(kind) ? kinds.get(kind).all() : []);
  const of = (kind, field, value) => (kinds.has(kind) ? kinds.get(kind).of(field, value) : []);
  return {
    kinds,
    all,
    of,
    get: (kind, id) => (kinds.has(kind) && kinds.get(kind).records.get(id)) || null,
    ofHousehold: (kind, id) => of(kind, "household_id", id),
    list: () => [...kinds.keys()].flatMap((kind) => all(kind).map((record) => [kind, record])),
  };
}

function makeKind(records) {
  let sorted = null;
  const indexes = new Map();

  const index = (field) => {
    if (!indexes.has(field)) {
      const found = new Map();
      for (const record of records.values()) add(found, record[field], record);
      indexes.set(field, found);
    }
    return indexes.get(field);
  };

  return {
    records,
    all: () => (sorted = sorted || [...records.values()].sort(byId)),
    of: (field, value) => {
      const found = index(field).get(value) || [];
      if (found.length > 1 && !found.isSorted) found.sort(byId).isSorted = true;
      return found;
    },
    put: (record) => {
      const before = records.get(record.id);
      records.set(record.id, record);
      sorted = null;
      for (const [field, found] of indexes) {
        if (before) found.set(before[field], found.get(before[field]).filter(({ id }) => id !== record.id));
        found.set(record[field], [...(found.get(record[field]) || []), record]);
      }
    },
  };
}

function add(found, value, record) {
  const some = found.get(value);
  if (some) some.push(record);
  else found.set(value, [record]);
}

// What the wire left out has its empty value; the record was just parsed and is nobody else's yet.
function filled(kind, record) {
  const empty = EMPTY[kind];
  for (const name in empty) if (!(name in record)) record[name] = empty[name];
  return record;
}

const byId = (one, other) => (one.id < other.id ? -1 : 1);
