// Records in memory, by kind and id: the shelf that pages read, and what effects may change on top of
// it. Same interface as makeShelf (shelf.js), but nothing is sorted or indexed before it is asked for.

import { EMPTY } from "./shelf.js";

/** The records of some streams, lists of [kind, record]. Records are shared and never changed. */
export function makeTown(lists) {
  const kinds = new Map();
  let isMixed = false;
  for (const list of lists) {
    for (const [kind, record] of list) {
      if (!kinds.has(kind)) kinds.set(kind, makeKind());
      const twin = kinds.get(kind).get(record.id);
      isMixed = isMixed || Boolean(twin);
      // On its way to another building a record may be in two streams: the newer counts.
      if (!twin || twin.version < record.version) kinds.get(kind).put(filled(kind, record));
    }
  }
  return town(kinds, isMixed);
}

/**
 * The town after some streams were read anew: without the records that were in them, with those that
 * are now. `base` stays as it is. Null when a record is in two streams: then all of them must be looked at.
 */
export function renewed(base, gone, come) {
  if (base.isMixed) return null;
  const kinds = new Map();
  const own = (kind) => {
    if (!kinds.has(kind)) kinds.set(kind, base.kinds.has(kind) ? base.kinds.get(kind).copy() : makeKind());
    return kinds.get(kind);
  };
  for (const [kind, record] of gone.flat()) own(kind).remove(record);
  for (const [kind, record] of come.flat()) {
    if (own(kind).get(record.id)) return null;
    own(kind).put(filled(kind, record));
  }
  return town(new Map([...base.kinds, ...kinds]), false);
}

/** A town that begins as `base` and may be changed; `base` stays as it is, and nothing of it is copied. */
export function overlay(base) {
  const kinds = new Map(base.kinds);
  const own = (kind) => {
    const before = base.kinds.get(kind);
    if (kinds.get(kind) === before) kinds.set(kind, layer(before || makeKind()));
    return kinds.get(kind);
  };
  return {
    ...town(kinds),
    /** Put a record in the place of the one with its id. */
    put: (kind, record) => own(kind).put(record),
  };
}

function town(kinds, isMixed = false) {
  const all = (kind) => (kinds.has(kind) ? kinds.get(kind).all() : []);
  const of = (kind, field, value) => (kinds.has(kind) ? kinds.get(kind).of(field, value) : []);
  return {
    kinds,
    isMixed,
    all,
    of,
    get: (kind, id) => (kinds.has(kind) && kinds.get(kind).get(id)) || null,
    ofHousehold: (kind, id) => of(kind, "household_id", id),
    list: () => [...kinds.keys()].flatMap((kind) => all(kind).map((record) => [kind, record])),
  };
}

function makeKind(records = new Map(), indexes = new Map()) {
  let sorted = null;

  const index = (field) => {
    if (!indexes.has(field)) {
      const found = new Map();
      for (const record of records.values()) add(found, record[field], record);
      indexes.set(field, found);
    }
    return indexes.get(field);
  };

  // Lists in an index may be shared with the kind that this one was copied from: they are never changed.
  const remove = ({ id }) => {
    const before = records.get(id);
    if (!before) return;
    records.delete(id);
    sorted = null;
    for (const [field, found] of indexes) found.set(before[field], found.get(before[field]).filter((one) => one !== before));
  };

  return {
    get: (id) => records.get(id),
    all: () => (sorted = sorted || [...records.values()].sort(byId)),
    of: (field, value) => {
      const found = index(field).get(value) || [];
      if (found.length > 1 && !found.isSorted) found.sort(byId).isSorted = true;
      return found;
    },
    remove,
    put: (record) => {
      remove(record);
      records.set(record.id, record);
      sorted = null;
      for (const [field, found] of indexes) found.set(record[field], [...(found.get(record[field]) || []), record]);
    },
    copy: () => makeKind(new Map(records), new Map([...indexes].map(([field, found]) => [field, new Map(found)]))),
  };
}

/** A kind as it is `under` this one, with some records put in the place of others. */
function layer(under) {
  const own = makeKind();
  let sorted = null;

  const merged = (theirs, ours) => {
    const rest = theirs.filter(({ id }) => !own.get(id));
    return ours.length > 0 ? [...rest, ...ours].sort(byId) : rest;
  };

  return {
    get: (id) => own.get(id) || under.get(id),
    all: () => (sorted = sorted || merged(under.all(), own.all())),
    of: (field, value) => merged(under.of(field, value), own.of(field, value)),
    put: (record) => {
      own.put(record);
      sorted = null;
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
