// Volunteers who look after somebody, as far as a phone knows. Twin of sync/pairings.py.

import { GONE } from "./care.js";
import * as days from "./days.js";

const EFFECTIVE = ["met", "met_family", "phone_ok"];

/** A leader's own phone knows its pairs only: that they were in touch today. */
export function contact({ at, data }, town, scene) {
  const pair = town.get("pair", data.id);
  if (!pair) return;
  const on = days.day(sooner(new Date(at).toISOString(), scene.now), scene.community.timezone);
  town.put("pair", { ...pair, contacted_on: on > pair.contacted_on ? on : pair.contacted_on });
}

/** The pair that a visit names, with the day of its last contact. */
export function afterVisit(visit, visits, town, scene) {
  const pairing = visit.pairing_id && town.get("pairing", visit.pairing_id);
  if (!pairing || pairing.household_id !== visit.household_id) return;
  const counts = (one) => one.pairing_id === pairing.id && EFFECTIVE.includes(one.result) && !one.withdrawn;
  const moment = (one) => sooner(one.received_at || scene.now, one.true_at);
  const made = visits.filter(counts).map((one) => days.day(moment(one), scene.community.timezone));
  town.put("pairing", { ...pairing, contacted_on: made.sort().pop() || "" });
}

/** Nobody looks after who died or moved away any more. */
export function part(door, residents, town, scene) {
  const gone = residents.filter(({ paired, status }) => paired && GONE.includes(status)).map(({ id }) => id);
  for (const one of town.ofHousehold("pairing", door.id)) {
    const ends = gone.includes(one.resident_id) && one.status === "active";
    if (ends) town.put("pairing", { ...one, status: "ended", until_on: scene.today });
  }
  for (const one of residents) if (gone.includes(one.id)) town.put("resident", { ...one, paired: 0 });
}

// No contact was made after it arrived, whatever the clock of its phone said.
const sooner = (one, other) => (one <= other ? one : other);
