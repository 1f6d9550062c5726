// The records a person may hold, as a page reads them. Twin of server/field/shelf.py.

/**
 * A shelf over records that are already in memory: [[kind, record], …]. Records come complete:
 * what the wire left out (a leader's reduced forms) has its empty value.
 */
export function makeShelf(records) {
  const kinds = {};
  const byId = ([, one], [, other]) => (one.id < other.id ? -1 : 1);
  for (const [kind, record] of [...records].sort(byId)) {
    if (!kinds[kind]) kinds[kind] = new Map();
    kinds[kind].set(record.id, complete(kind, record));
  }
  const indexes = new Map();

  const all = (kind) => (kinds[kind] ? [...kinds[kind].values()] : []);

  const index = (kind, field) => {
    const name = `${kind} ${field}`;
    if (!indexes.has(name)) {
      const found = new Map();
      for (const record of all(kind)) {
        if (!found.has(record[field])) found.set(record[field], []);
        found.get(record[field]).push(record);
      }
      indexes.set(name, found);
    }
    return indexes.get(name);
  };

  return {
    /** Every record of a kind, ordered by id. */
    all,
    get: (kind, id) => (kinds[kind] && kinds[kind].get(id)) || null,
    /** The records whose `field` (building_id, household_id or resident_id) is `value`, by id. */
    of: (kind, field, value) => index(kind, field).get(value) || [],
  };
}

/** The record with an empty value for every name it does not carry. */
export function complete(kind, record) {
  return { ...EMPTY[kind], ...record };
}

// What a record of each kind holds when nothing is known: the defaults of sync/records.py.
export const EMPTY = {
  building: {
    id: "", version: 1, compound: "", name: "", label: "", grid_id: "", grid_name: "", units: 0,
    floors: 0, doors: 0, order: 0, style: "", leader_name: "", leader_phone: "",
  },
  household: {
    id: "", version: 1, building_id: "", unit: "", floor: 0, door_no: "", label: "", tenure: "",
    own_categories: [], categories: [], due_on: "", due_category: "", interval: 0,
    due_method: "", due_for: [], due_reasons: [], event: "", event_on: "", event_note: "",
    last_visit_at: "", last_result: "", door_contact_on: "", door_method: "", rest_until: "", status: "active",
    added_on: "", disputed: [], merged_ids: [], split_from: "", attention: 0,
  },
  resident: {
    id: "", version: 1, household_id: "", building_id: "", name: "", pinyin: "", birth_on: "",
    sex: "", relation_to_head: "", categories: [], status: "living", status_until: "", status_at: "",
    last_contact_on: "", last_method: "", event: "", event_on: "", event_note: "", paired: 0, consent: "", consent_on: "", visit_wish: "", added_on: "", disputed: [], merged_ids: [],
  },
  contact: {
    id: "", version: 1, household_id: "", building_id: "", resident_id: "", name: "", relation: "",
    phone: "", verified_on: "", disputed: [],
  },
  visit: {
    id: "", version: 1, household_id: "", building_id: "", by: "", by_name: "", at: "", true_at: "",
    received_at: "", type: "", method: "", result: "", note: "", resident_ids: [], started_at: "",
    ended_at: "", away_until: "", task_ids: [], checkups: [], media: [], followup: "", pairing_id: "",
    review: "none", questions: [], returned_reason: "", returned_field: "", corrected: 0,
    withdrawn: 0, before_transfer: 0,
  },
  task: {
    id: "", version: 1, household_id: "", building_id: "", resident_ids: [], reason: "", due_on: "",
    by: "", by_name: "", for_person: "", status: "open", done_visit_id: "",
  },
  followup: {
    id: "", version: 1, household_id: "", building_id: "", visit_id: "", what: "", status: "open",
    opened_at: "", by: "", by_name: "", result: "", note: "", closed_by: "", closed_at: "",
    resident_id: "", item: "", level: "", kind: "", due_at: "", recheck_days: 0, restricted: 0, entries: [],
    steps: [], done_visit_id: "", aliases: [],
  },
  pairing: {
    id: "", version: 1, household_id: "", building_id: "", resident_id: "", resident_name: "", resident_phone: "",
    label: "", name: "", phone: "", leader_id: "", from_on: "", until_on: "", contacted_on: "", status: "active",
  },
  pair: { id: "", version: 1, name: "", label: "", phone: "", contacted_on: "" },
  answers: { id: "", version: 1, household_id: "", building_id: "", items: {} },
  checklist: {
    id: "", version: 1, code: "", edition: "", title: "", purpose: "", sections: "", questions: "", cards: [],
    from_on: "", status: "published",
  },
  community: {
    id: "", version: 1, name: "", office_phone: "", gas_phone: "", timezone: "Asia/Shanghai", intervals: {},
    quiet: [["09:00", "12:00"], ["14:30", "20:30"]], knocks_per_week: 2, refused_rest_days: 30,
    festivals: [], contacts_per_day: 8, division_code: "", latitude: "", longitude: "", alert_minutes: {},
    alert_quiet: ["22:00", "07:00"], review_rules: {}, pin_required: 0,
    working_hours: [["09:00", "12:00"], ["14:00", "18:00"]], issue_limits: {}, subdistrict: "",
  },
  person: {
    id: "", version: 1, name: "", role: "", community_name: "", office_phone: "",
    timezone: "Asia/Shanghai", grid_names: [], building_ids: [], elsewhere: [], standing_in: [],
  },
  notice: {
    id: "", version: 1, operation_kind: "", outcome: "", code: "", message: "", state: "waiting",
    household_id: "", visit_id: "", field: "", reason: "", at: "",
  },
  alert: {
    id: "", version: 1, kind: "", colour: "", title: "", area: "", effect: "", sent_at: "", since_at: "", updated_at: "", received_at: "", onset_at: "",
    ends_at: "", state: "waiting", is_drill: 0, is_public: 1, edition: 1, message: "", short: "", guide: [], source: "",
    source_id: "", is_verified: 0, from_at: "", started_at: "", closes_at: "", closed_by: "", reason: "", merged_into: "", is_past: 0,
  },
  duty: {
    id: "", version: 1, incident_id: "", person_id: "", role: "", why: "asked", kind: "", colour: "", title: "", area: "",
    sent_at: "", ends_at: "", state: "open", is_drill: 0, edition: 1, message: "", short: "", guide: [], source: "",
    from_at: "", asked_at: "", repeated_at: "", office_phone: "", acknowledged_at: "", buildings: [], is_past: 0,
  },
  contact_task: {
    id: "", version: 1, incident_id: "", household_id: "", building_id: "", resident_ids: [], colour: "", is_red: 0, is_new: 0,
    method: "any", checklist: "", assigned_to: "", asked_at: "", again_at: "", begin_at: "", due_at: "", half_at: "",
    state: "open", outcome: "", by: "", by_name: "", at: "", is_late: 0, note: "", contacts: [], is_past: 0,
  },
  pair_task: {
    id: "", version: 1, incident_id: "", household_id: "", pairing_ids: [], resident_ids: [], title: "", colour: "",
    name: "", label: "", phone: "", method: "any", begin_at: "", due_at: "", half_at: "", state: "open", outcome: "",
    by_name: "", at: "",
  },
  issue: {
    id: "", version: 1, building_id: "", household_id: "", category: "", place: "", text: "", state: "reported", side: "",
    duplicate_of: "", source: "", source_number: "", ordered_on: "", visit_id: "", item: "", restricted: 0, by: "", by_name: "", reported_at: "",
    received_at: "", first_limit: "", close_limit: "", first_due: "", asked_due: "", close_due: "", extended: 0, suspended_at: "", first_at: "",
    holder: "", holder_name: "", level: "", raised_level: "", hard: 0, solved_on_spot: 0, done_by: "", done_by_name: "",
    done_at: "", checked_by: "", checked_by_name: "", ended_at: "", tell_at: "", climbed: "", reopened: 0, satisfied: "", media: [], joined: [],
    calls: [], calls_open: 0, call_due: "", entries: [], disputed: [],
  },
  report: {
    id: "", version: 1, category: "", place: "", text: "", state: "doing", is_mine: 1, reported_at: "", close_due: "",
    ended_at: "", may_reopen_until: "", media: [], entries: [],
  },
};
