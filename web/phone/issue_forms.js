// The form of an issue → data of issue.raise, or of issue.join where it was raised already.
// Twin of server/field/issue_forms.py, held equal by tests/vectors/forms.json.

import { filled, one, size, wrong } from "./forms.js";
import { proposed } from "./issue_words.js";

const [MAX_TEXT, MAX_PLACE] = [1000, 100];
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
