// What is tapped about a warning becomes the data of an operation, or a sentence about what is missing.
// `alert` is a warning of views/warnings.js. Twin of server/field/alerts.py, held equal by
// tests/vectors/alert_forms.json.

const CHANNELS = ["wechat", "sms", "loudspeaker", "door", "notice", "phone"];
const HOWS = ["reply", "visit", "call"];

/** Data of alert.acknowledge; the edition is of the text that was on the page. */
export const acknowledging = (fields, alert) => filled({ incident_id: alert.id, edition: editionOf(fields, alert) });

/** Data of alert.forward. */
export function forwarding(fields, alert) {
  const channel = one(fields, "channel");
  if (!CHANNELS.includes(channel)) return wrong("请选怎么通知的。", "channel");
  return onBuilding(fields, alert, { channel });
}

/** Data of alert.confirm. */
export function confirming(fields, alert) {
  const how = one(fields, "how");
  return HOWS.includes(how) ? onBuilding(fields, alert, { how }) : wrong("请选居民是怎么回应的。", "how");
}

/** Data of alert.unreachable. */
export const unreached = (fields, alert) => onBuilding(fields, alert, {});

function onBuilding(fields, alert, said) {
  const known = alert.buildings.find(({ id }) => id === one(fields, "building_id"));
  if (!known) return wrong("这一栋不在您的名单里。", "building_id");
  return filled({ incident_id: alert.id, building_id: known.id, edition: editionOf(fields, alert), ...said });
}

// Nobody hands on a text that is not there yet.
function editionOf(fields, alert) {
  const said = one(fields, "edition");
  return /^\d{1,6}$/.test(said) ? Math.max(1, Math.min(Number(said), alert.edition)) : alert.edition;
}

const one = (fields, name) => (fields[name] || [])[0] || "";
const filled = (data) => ({ data, error: "", field: "" });
const wrong = (error, field) => ({ data: {}, error, field });
