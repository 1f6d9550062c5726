// What each field page shows: one pure function per page from a shelf to the template's names.
// Each takes (shelf, params, nowIso, settings); see DEFAULT_SETTINGS in scene.js.

import { alert, alerts } from "./alerts.js";
import { changedContact, changedVisit, savedVisit } from "./answers.js";
import { building } from "./building.js";
import { buildings } from "./buildings.js";
import { call, calls, savedCall } from "./calls.js";
import { contact } from "./contact.js";
import { correction } from "./correction.js";
import { followup, followups } from "./followups.js";
import { event } from "./event.js";
import { household } from "./household.js";
import { issue, issues, savedIssue } from "./issues.js";
import { ladder } from "./ladder.js";
import { matter, matters } from "./matters.js";
import { me } from "./me.js";
import { outbox } from "./outbox.js";
import { changedPair, pairs } from "./pairs.js";
import { feedback, missing, signin } from "./plain.js";
import { proposal } from "./proposal.js";
import { search } from "./search.js";
import { today } from "./today.js";
import { visit } from "./visit.js";

export const VIEWS = {
  today,
  buildings,
  building,
  household,
  followups,
  followup,
  visit,
  correction,
  contact,
  event,
  proposal,
  issue,
  issues,
  saved_issue: savedIssue,
  matters,
  matter,
  ladder,
  pairs,
  alerts,
  alert,
  search,
  outbox,
  me,
  feedback,
  signin,
  missing,
  saved_visit: savedVisit,
  changed_visit: changedVisit,
  changed_contact: changedContact,
  changed_pair: changedPair,
  calls,
  call,
  saved_call: savedCall,
};
