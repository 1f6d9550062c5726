// What an operation of this phone does to the records shown here until the server has answered.
// Twin of the server's rules, held equal by tests/vectors/effects.json. The server alone says what
// the office should look at, and gives versions: neither is guessed here.

import * as alerts from "./alerts.js";
import { recordConsent } from "./checkups.js";
import * as doors from "./doors.js";
import * as issues from "./issues.js";
import { takeStep } from "./ladder.js";
import * as lifeEvents from "./life_events.js";
import * as pairings from "./pairings.js";
import { follow } from "./redirects.js";
import { closeFollowup } from "./tasks.js";
import * as visits from "./visits.js";
import { contact } from "./weather_contacts.js";

const RULES = {
  "visit.record": visits.record,
  "visit.correct": visits.correct,
  "visit.withdraw": visits.withdraw,
  "life_event.record": lifeEvents.record,
  "pairing.contact": pairings.contact,
  "contact.add": doors.addContact,
  "contact.change": doors.changeContact,
  "resident.change": doors.changeResident,
  "household.change": doors.changeHousehold,
  "followup.close": closeFollowup,
  "ladder.step": takeStep,
  "issue.raise": issues.raise,
  "issue.join": issues.join,
  "issue.step": issues.step,
  "consent.record": recordConsent,
  "alert.contact": contact,
  "alert.acknowledge": alerts.acknowledge,
  "alert.forward": alerts.forward,
  "alert.confirm": alerts.confirm,
  "alert.unreachable": alerts.unreachable,
};

/**
 * Put into `town` what the operation changes. `scene` is { person, community, intervals, today, now }.
 * An operation about records that are no longer here changes nothing.
 */
export function apply(operation, town, scene) {
  const rule = RULES[operation.kind];
  if (rule) rule(follow(operation, town), town, { ...scene, at: operation.at });
}

/** The ids of the records that an operation makes or changes, to mark them as waiting. */
export function touched({ id, data }) {
  const { incident_id: incident, building_id: building } = data;
  return [id, data.id, incident, incident && building && `${incident} ${building}`].filter(Boolean);
}
