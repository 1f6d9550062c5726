// What a visit says of its pictures. Twin of sync/media.py.

const HASH = /^[0-9a-f]{64}$/;
const MAX_SAID = 2 ** 31;
const EMPTY = { type: "", width: 0, height: 0, size: 0, purpose: "photo" };

/** Media of a visit's data as its record keeps them; none of this phone's own has arrived yet. */
export const shown = (media) => media.map((one) => (nameOf(one) ? entry(one) : one));

/** The entries of a record that name a picture. */
export const pictures = (media) => media.filter((one) => one && one.arrived !== undefined && nameOf(one));

/** The hash that an entry names; "" when it names none. */
export function nameOf(one) {
  const name = one && typeof one === "object" ? one.sha256 : one;
  return typeof name === "string" && HASH.test(name) ? name : "";
}

function entry(one) {
  const said = typeof one === "object" ? one : {};
  const fields = Object.entries(EMPTY).map(([name, empty]) => [name, fit(said[name], empty)]);
  return { sha256: nameOf(one), ...Object.fromEntries(fields), arrived: 0 };
}

function fit(value, empty) {
  if (typeof empty === "string") {
    return typeof value === "string" && value !== "" && Array.from(value).length <= 40 ? value : empty;
  }
  return Number.isInteger(value) && value >= 0 && value <= MAX_SAID ? value : empty;
}
