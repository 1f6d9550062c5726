// 结对: whom a building leader looks after, and that they were in touch.
// Twin of server/field/views/pairs.py.

import { pick, sortBy } from "./order.js";
import { pageOf, sceneOf } from "./scene.js";

/** Names for field/pairs.html. `params`: error, why a form comes back. */
export function pairs(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const found = sortBy(shelf.all("pair"), (one) => [one.label, one.id]);
  return {
    ...pageOf(scene, "我的结对", "/pairs", { tab: "pairs", back: "/buildings" }),
    pairs: found.map((one) => line(scene, one)),
    error: params.error || "",
  };
}

/** Names for field/_pair.html, after a contact was recorded. `params`: id of the pair. */
export function changedPair(shelf, params, nowIso, settings) {
  const scene = sceneOf(shelf, nowIso, settings);
  const known = shelf.get("pair", params.id);
  return known && { ...pageOf(scene, "我的结对", "/pairs"), pair: { ...line(scene, known), fresh: 1 } };
}

const line = (scene, one) => ({
  ...pick(one, ["id", "name", "label", "phone", "contacted_on"]),
  done: Number(one.contacted_on === scene.today),
  fresh: 0,
});
