"""Views with plain names for whoever opens the database in Datasette: no secret is in any.

A migration made them: a change is another migration, docs/data.md and docs/metadata.json follow.
"""

VIEWS = """
create view v_buildings as
  select community_id, id, compound, name, label, grid_name, units, floors, leader_name
  from building;
create view v_households as
  select household.community_id, household.id, household.building_id, building.label as building,
    building.grid_name,
    household.unit, household.floor, household.door_no, household.label, household.tenure,
    household.categories, household.status, household.due_on, household.due_method,
    household.interval as interval_days, household.rest_until, household.last_visit_at,
    household.last_result, household.added_on
  from household
  left join building on building.community_id = household.community_id
    and building.id = household.building_id;
create view v_residents as
  select resident.community_id, resident.id, resident.household_id, household.label as household,
    resident.name,
    resident.sex, resident.birth_on, resident.relation_to_head, resident.categories,
    resident.status, resident.last_contact_on, resident.last_method, resident.consent,
    resident.consent_on, resident.added_on
  from resident
  left join household on household.community_id = resident.community_id
    and household.id = resident.household_id;
create view v_contacts as
  select contact.community_id, contact.id, contact.household_id, household.label as household,
    contact.resident_id,
    contact.name, contact.relation, contact.phone, contact.verified_on
  from contact
  left join household on household.community_id = contact.community_id
    and household.id = contact.household_id;
create view v_visits as
  select visit.community_id, visit.id, visit.household_id, household.label as household,
    visit."by" as person_id, visit.by_name as person_name, visit.true_at as visited_at,
    visit.received_at, visit.type, visit.method, visit.result, visit.resident_ids, visit.note,
    visit.followup as to_follow, visit.review, visit.corrected, visit.withdrawn
  from visit
  left join household on household.community_id = visit.community_id
    and household.id = visit.household_id;
create view v_followups as
  select followup.community_id, followup.id, followup.household_id, household.label as household,
    followup.resident_id, followup.visit_id, followup.level, followup.what, followup.status,
    followup.opened_at, followup.by_name as opened_by, followup.due_at, followup.closed_at,
    followup.closed_by, followup.result
  from followup
  left join household on household.community_id = followup.community_id
    and household.id = followup.household_id
  where followup.restricted = 0;
create view v_tasks as
  select task.community_id, task.id, task.household_id, household.label as household, task.reason,
    task.due_on,
    task.by_name as asked_by, task.for_person as for_person_id, task.status, task.done_visit_id
  from task
  left join household on household.community_id = task.community_id
    and household.id = task.household_id;
create view v_pairings as
  select community_id, id, household_id, label as household, resident_id, resident_name, name,
    phone,
    from_on, until_on, contacted_on, status
  from pairing;
create view v_alerts as
  select community_id, id, kind, colour, title, area, sent_at, received_at, ends_at, state,
    is_drill, source,
    is_verified, started_at, closes_at
  from alert;
create view v_people as
  select community_id, id, username, name, role, phone, active, created_at
  from person;
create view v_people_buildings as
  select person_building.community_id, person_building.person_id, person.name as person_name,
    person_building.building_id,
    building.label as building, person_building.from_on, person_building.until_on
  from person_building
  join person on person.community_id = person_building.community_id
    and person.id = person_building.person_id
  left join building on building.community_id = person_building.community_id
    and building.id = person_building.building_id;
create view v_months as
  select community_id, month, resident_id, building_id, categories, interval as interval_days,
    apart as not_counted_because, seen_on as first_seen_on, contacts, at_door as contacts_at_door,
    due, on_time, counted_on
  from month_standing
"""
