// What a person says of a warning, on their own duty. Twin of sync/duties.py, where it is told how.

import { stamp } from "./operations.js";

const LATE_MS = 60 * 1000;

export const acknowledge = (operation, town, scene) => said(operation, town, scene, heard);

export const forward = (operation, town, scene) =>
  said(operation, town, scene, (event, one) => {
    const isFirst = !one.forwarded_at || event.at < one.forwarded_at;
    const first = isFirst ? { forwarded_at: event.at, channel: event.channel, is_late: event.isLate } : {};
    return { ...heard(event, one), ...first, edition: Math.max(one.edition, event.edition) };
  });

export const confirm = (operation, town, scene) =>
  said(operation, town, scene, (event, one) => ({ ...heard(event, one), confirmed_at: earlier(one.confirmed_at, event.at) }));

export const unreachable = (operation, town, scene) =>
  said(operation, town, scene, (event, one) => ({ ...one, unreachable_at: event.at > one.unreachable_at ? event.at : one.unreachable_at }));

function said({ kind, at, data }, town, scene, after) {
  const [duty] = town.of("duty", "incident_id", data.incident_id);
  if (!duty) return;
  const { edition = 1, building_id, channel } = data;
  const now = stamp(scene.now);
  const made = stamp(at);
  const isLate = Number(Date.parse(now) - Date.parse(made) > LATE_MS);
  const event = { at: made < now ? made : now, isLate, edition, channel, current: duty.edition };
  const isHere = ({ id, is_own }) => (building_id ? id === building_id : is_own);
  const buildings = duty.buildings.map((one) => (isHere(one) ? after(event, one) : one));
  const isAnswer = kind !== "alert.unreachable" && edition >= duty.edition;
  const acknowledged_at = isAnswer ? earlier(duty.acknowledged_at, event.at) : duty.acknowledged_at;
  town.put("duty", { ...duty, buildings, acknowledged_at });
}

const heard = ({ at, edition, current }, one) => (edition >= current ? { ...one, heard_at: earlier(one.heard_at, at) } : { ...one });

const earlier = (known, at) => (known && known < at ? known : at);
