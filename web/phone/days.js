// Days and clocks of a community: arithmetic on "YYYY-MM-DD" and "YYYY-MM-DDTHH:MM".
// Twin of sync/days.py.

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A stored instant on the wall clock of the timezone, to the minute; "" stays "". */
export function local(instant, timezone) {
  if (!instant) return "";
  const at = Date.parse(instant);
  return new Date(at + offset(at, timezone)).toISOString().slice(0, 16);
}

/** The calendar day of a stored instant; "" stays "". */
export function day(instant, timezone) {
  return local(instant, timezone).slice(0, 10);
}

/** True when the instant lies on this day. Most are far from it, and a list asks for thousands. */
export function isOn(on, instant, timezone) {
  if (!instant || Math.abs(Date.parse(instant) - Date.parse(on)) > 2 * DAY_MS) return false;
  return day(instant, timezone) === on;
}

export function after(on, days) {
  return new Date(Date.parse(on) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one day to the other; negative when they are the wrong way round. */
export function between(earlier, later) {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / DAY_MS);
}

/** 0 is Monday. */
export function weekday(on) {
  return (new Date(Date.parse(on)).getUTCDay() + 6) % 7;
}

/** The Monday of the week that `on` lies in. */
export function weekOf(on) {
  return after(on, -weekday(on));
}

// The first question to Intl costs a cold worker 50 ms and more on a cheap phone. China's clocks
// have not changed since 1991, so its own are not asked for; every other timezone is.
const STEADY = { timezone: "Asia/Shanghai", from: Date.UTC(1992, 0, 1), offset: 8 * 60 * MINUTE_MS };

// A list asks for hundreds of instants, so an offset is kept per timezone and quarter of an hour,
// inside which none changes.
const SLOT_MS = 15 * MINUTE_MS;
const formats = new Map();
const offsets = new Map();

function offset(at, timezone) {
  if (timezone === STEADY.timezone && at >= STEADY.from) return STEADY.offset;
  const slot = `${timezone} ${Math.floor(at / SLOT_MS)}`;
  if (!offsets.has(slot)) offsets.set(slot, measure(at, timezone));
  return offsets.get(slot);
}

function measure(at, timezone) {
  if (!formats.has(timezone)) formats.set(timezone, formatFor(timezone));
  const part = {};
  for (const { type, value } of formats.get(timezone).formatToParts(at)) part[type] = Number(value);
  const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour % 24, part.minute);
  return wall - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

function formatFor(timeZone) {
  const numeric = "numeric";
  return new Intl.DateTimeFormat("en-US", {
    timeZone, hour12: false, year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric,
  });
}
