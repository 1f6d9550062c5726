// The form of an issue → data of issue.raise, or of issue.join where it was raised already.
// Twin of server/field/issue_forms.py, held equal by tests/vectors/forms.json.

import { filled, one, size, wrong } from "./forms.js";
import { TABLE } from "./issues.js";
import { proposed } from "./issue_words.js";

const [MAX_TEXT, MAX_PLACE] = [1000, 100];
// What whoever reads it cannot make out without a word.
const SAID = ["reopen", "resubmit"];
/** The kinds of issues, in the order of sync/issue_limits.py. */
export const CATEGORIES = [
  "life_safety", "fire_hazard", "utility_fault", "public_facility", "environment", "order", "dispute",
  "elder_need", "relief", "policy_service", "building_danger", "suggestion", "other",
];

/** What was tapped comes before what was written. A kind that nobody chose follows the words. */
export function raising(fields, building_id, household_id) {
  const text = [one(fields, "quick"), one(fields, "text").trim()].filter(Boolean).join("；");
  const place = one(fields, "place").trim();
  if (!text) return wrong("请点一样，或写一句是什么事。", "text");
  if (size(text) > MAX_TEXT) return wrong(`最多 ${MAX_TEXT} 字，现在 ${size(text)} 字。`, "text");
  if (size(place) > MAX_PLACE) return wrong(`地点最多 ${MAX_PLACE} 字，现在 ${size(place)} 字。`, "place");
  if (one(fields, "joins")) return filled({ id: one(fields, "joins"), text });
  const chosen = one(fields, "category");
  const category = CATEGORIES.includes(chosen) ? chosen : proposed(text);
  return filled({ category, text, building_id, household_id, place, solved_on_spot: Boolean(one(fields, "solved")) });
}

/** What was done about an issue. `words` are for whoever raised it, `inner` for the staff. */
export function stepping(fields, id, photos) {
  const step = one(fields, "step");
  const [words, inner] = [one(fields, "words").trim(), one(fields, "inner").trim()];
  if (!Object.keys(TABLE).includes(step)) return wrong("请选这一步做了什么。", "step");
  if ((SAID.includes(step) && !words) || (step === "note" && !words && !inner)) return wrong("请写一句。", "words");
  if (step === "done" && !words && !photos) return wrong("办好了，请写一句怎么办的，或拍一张照片。", "words");
  const long = Object.entries({ words, inner }).find(([, text]) => size(text) > MAX_TEXT);
  if (long) return wrong(`最多 ${MAX_TEXT} 字，现在 ${size(long[1])} 字。`, long[0]);
  return filled({ id, step, words, inner });
}
