// Sorting by keys that are numbers, texts or lists of them, as Python sorts tuples.

/** The list sorted by the key of each element; the list itself stays as it was. */
export function sortBy(list, key) {
  return list
    .map((one) => [key(one), one])
    .sort(([one], [other]) => compare(one, other))
    .map(([, one]) => one);
}

/** The element with the smallest key; undefined of an empty list. */
export const leastBy = (list, key) => sortBy(list, key)[0];

export function compare(one, other) {
  if (!Array.isArray(one)) return one === other ? 0 : one < other ? -1 : 1;
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const found = compare(one[at], other[at]);
    if (found !== 0) return found;
  }
  return one.length - other.length;
}

/** Those of the object's names that are listed, in that order. */
export const pick = (record, names) => Object.fromEntries(names.map((name) => [name, record[name]]));
