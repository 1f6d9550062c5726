"""The schema, as a list of steps that have run and are never edited again."""

import hashlib
from collections.abc import Callable

import msgspec
from sqlite_utils import Database

from server.store.views import VIEWS

Step = Callable[[Database], None]


def the_spine(database: Database) -> None:
    """Operations, feed, records and people: needed by everyone from the first day."""
    _run(database, _SPINE)
    for kind, columns in _NOUNS.items():
        lines = ", ".join(f"{name} {kinds}" for name, kinds in columns.items())
        _run(
            database,
            f"create table {kind} (community_id text not null, id text not null,"
            f" version integer not null, {lines}, stamps text not null default '{{}}',"
            " primary key (community_id, id)) without rowid",
        )
    _run(database, _NOUN_INDEXES)


def _run(database: Database, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            database.execute(statement)


_TEXT, _INT = "text not null default ''", "integer not null default 0"
_LIST = "text not null default '[]'"
_MAP = "text not null default '{}'"

_NOUNS = {
    "building": {
        "compound": _TEXT,
        "name": _TEXT,
        "label": _TEXT,
        "grid_id": _TEXT,
        "grid_name": _TEXT,
        "units": _INT,
        "floors": _INT,
        "doors": _INT,
        '"order"': _INT,
        "style": _TEXT,
        "leader_name": _TEXT,
    },
    "household": {
        "building_id": _TEXT,
        "unit": _TEXT,
        "floor": _INT,
        "door_no": _TEXT,
        "label": _TEXT,
        "tenure": _TEXT,
        "own_categories": _LIST,
        "categories": _LIST,
        "due_on": _TEXT,
        "due_category": _TEXT,
        "interval": _INT,
        "last_visit_at": _TEXT,
        "last_result": _TEXT,
        "door_contact_on": _TEXT,
        "rest_until": _TEXT,
        "status": _TEXT,
        "added_on": _TEXT,
        "disputed": _LIST,
    },
    "resident": {
        "household_id": _TEXT,
        "building_id": _TEXT,
        "name": _TEXT,
        "pinyin": _TEXT,
        "birth_on": _TEXT,
        "sex": _TEXT,
        "relation_to_head": _TEXT,
        "categories": _LIST,
        "status": _TEXT,
        "status_until": _TEXT,
        "last_contact_on": _TEXT,
        "added_on": _TEXT,
        "disputed": _LIST,
    },
    "contact": {
        "household_id": _TEXT,
        "building_id": _TEXT,
        "resident_id": _TEXT,
        "name": _TEXT,
        "relation": _TEXT,
        "phone": _TEXT,
        "verified_on": _TEXT,
        "disputed": _LIST,
    },
    "visit": {
        "household_id": _TEXT,
        "building_id": _TEXT,
        "by": _TEXT,
        "by_name": _TEXT,
        "at": _TEXT,
        "true_at": _TEXT,
        "received_at": _TEXT,
        "type": _TEXT,
        "method": _TEXT,
        "result": _TEXT,
        "note": _TEXT,
        "resident_ids": _LIST,
        "started_at": _TEXT,
        "ended_at": _TEXT,
        "away_until": _TEXT,
        "task_ids": _LIST,
        "checkups": _LIST,
        "media": _LIST,
        "followup": _TEXT,
        "review": _TEXT,
        "questions": _LIST,
        "returned_reason": _TEXT,
        "returned_field": _TEXT,
        "corrected": _INT,
        "withdrawn": _INT,
        "before_transfer": _INT,
    },
    "task": {
        "household_id": _TEXT,
        "building_id": _TEXT,
        "resident_ids": _LIST,
        "reason": _TEXT,
        "due_on": _TEXT,
        "by": _TEXT,
        "by_name": _TEXT,
        "for_person": _TEXT,
        "status": _TEXT,
        "done_visit_id": _TEXT,
    },
    "followup": {
        "household_id": _TEXT,
        "building_id": _TEXT,
        "visit_id": _TEXT,
        "what": _TEXT,
        "status": _TEXT,
        "opened_at": _TEXT,
        "by": _TEXT,
        "by_name": _TEXT,
        "result": _TEXT,
        "note": _TEXT,
        "closed_by": _TEXT,
        "closed_at": _TEXT,
    },
    "community": {
        "name": _TEXT,
        "office_phone": _TEXT,
        "timezone": _TEXT,
        "intervals": _MAP,
        "quiet": _LIST,
        "knocks_per_week": _INT,
        "refused_rest_days": _INT,
    },
}

_NOUN_INDEXES = """
create unique index building_by_name on building (community_id, compound, name);
create unique index household_by_door on household (community_id, building_id, unit, door_no);
create index household_by_due on household (community_id, due_on);
create index resident_by_household on resident (community_id, household_id);
create index resident_by_name on resident (community_id, name);
create index contact_by_household on contact (community_id, household_id);
create index visit_by_household on visit (community_id, household_id, true_at);
create index visit_by_person on visit (community_id, "by", true_at);
create index visit_by_day on visit (community_id, true_at);
create index visit_by_review on visit (community_id, review, received_at);
create index task_by_household on task (community_id, household_id);
create index followup_by_household on followup (community_id, household_id);
create index followup_by_status on followup (community_id, status, opened_at)
"""

_SPINE = """
create table setting (
  name text primary key, value text not null
);
create table person (
  community_id text not null, id text not null, username text not null unique, name text not null,
  role text not null, phone text not null default '', password_hash text not null default '',
  active integer not null default 1, created_at text not null,
  primary key (community_id, id)
);
create table person_building (
  community_id text not null, person_id text not null, building_id text not null,
  from_on text not null, until_on text not null default '',
  primary key (community_id, person_id, building_id, from_on)
);
create index person_building_by_building on person_building (community_id, building_id);
create table device (
  community_id text not null, id text not null, person_id text not null,
  name text not null default '', created_at text not null, revoked_at text not null default '',
  seen_at text not null default '', offset_ms integer not null default 0,
  report text not null default '{}', received integer not null default 0,
  upto integer not null default 0, head text not null default '',
  primary key (community_id, id)
);
create index device_by_person on device (community_id, person_id);
create table session (
  token_hash text primary key, community_id text not null, person_id text not null,
  device_id text not null, created_at text not null, seen_at text not null,
  expires_at text not null, revoked_at text not null default ''
);
create index session_by_person on session (community_id, person_id);
create table sign_in_card (
  code_hash text primary key, community_id text not null, person_id text not null,
  made_by text not null, created_at text not null, expires_at text not null,
  used_at text not null default ''
);
create table sign_in_failure (
  community_id text not null default '', username text not null, address text not null,
  at text not null
);
create index sign_in_failure_by_name on sign_in_failure (username, at);
create index sign_in_failure_by_address on sign_in_failure (address, at);
create table audit (
  community_id text not null, id text not null, at text not null, person_id text not null,
  role text not null default '', action text not null, target text not null default '',
  outcome text not null default '', address text not null default '',
  detail text not null default '',
  primary key (community_id, id)
);
create index audit_by_time on audit (community_id, at);
create table operation (
  community_id text not null, id text not null, device_id text not null, n integer not null,
  person_id text not null, kind text not null, at text not null, true_at text not null,
  received_at text not null, body blob not null, hash text not null, outcome text not null,
  code text not null default '', sentence text not null default '', state text not null,
  seqs text not null default '{}', household_id text not null default '',
  decided_by text not null default '',
  primary key (community_id, id)
);
create index operation_by_device on operation (community_id, device_id, n);
create index operation_by_state on operation (community_id, state, received_at);
create index operation_by_kind on operation (community_id, kind, received_at);
create index operation_by_household on operation (community_id, household_id, received_at);
create table received (
  community_id text not null, device_id text not null, n integer not null, hash text not null,
  operation_id text not null,
  primary key (community_id, device_id, n)
);
create table waiting (
  community_id text not null, operation_id text not null, needs text not null,
  primary key (community_id, operation_id)
);
create index waiting_by_needs on waiting (community_id, needs);
create table quarantine (
  community_id text not null, "key" text not null, operation_id text not null default '',
  device_id text not null, person_id text not null, n integer not null default 0,
  kind text not null default '', body blob not null, code text not null, sentence text not null,
  received_at text not null, state text not null, decided_by text not null default '',
  decided_at text not null default '', reason text not null default '',
  primary key (community_id, "key")
);
create index quarantine_by_state on quarantine (community_id, state, received_at);
create table dispute (
  community_id text not null, id text not null, operation_id text not null,
  kind text not null, record_id text not null, field text not null,
  building_id text not null default '', household_id text not null default '',
  base integer not null, current text not null, proposed text not null,
  current_device text not null default '', current_n integer not null default 0,
  device_id text not null, person_id text not null, at text not null, received_at text not null,
  state text not null, value text not null default '', decided_by text not null default '',
  decided_at text not null default '',
  primary key (community_id, id)
);
create index dispute_by_state on dispute (community_id, state, received_at);
create index dispute_by_record on dispute (community_id, kind, record_id, field);
create table stream (
  community_id text not null, stream text not null, seq integer not null,
  primary key (community_id, stream)
);
create table feed (
  community_id text not null, stream text not null, kind text not null, id text not null,
  seq integer not null, record text,
  primary key (community_id, stream, kind, id)
) without rowid;
create index feed_by_seq on feed (community_id, stream, seq);
create table identity (
  community_id text not null, resident_id text not null, cipher blob not null,
  hash text not null, last4 text not null,
  primary key (community_id, resident_id)
);
create index identity_by_hash on identity (community_id, hash);
create table import_batch (
  community_id text not null, id text not null, file_name text not null, file_hash text not null,
  made_by text not null, created_at text not null, state text not null,
  summary text not null default '{}', plan blob, undo text not null default '[]',
  done integer not null default 0, total integer not null default 0,
  confirmed_at text not null default '',
  primary key (community_id, id)
);
create table import_row (
  community_id text not null, batch_id text not null, sheet text not null,
  "row" integer not null, class text not null, reason text not null default '',
  cells text not null default '{}', id_cipher blob, state text not null default 'waiting',
  decided_by text not null default '', decided_at text not null default '',
  primary key (community_id, batch_id, sheet, "row")
)
"""


def passwords_given_out(database: Database) -> None:
    """The office hands out a password for a few days; until then the person sets an own one."""
    database.execute("alter table person add column password_until text not null default ''")


def what_rosters_said(database: Database) -> None:
    """The office imports a roster again and again: only what it says anew may change anything,
    and a day long a whole import can be taken back."""
    _run(database, _ROSTERS)


_ROSTERS = """
create table roster_said (
  community_id text not null, record_id text not null, said text not null,
  primary key (community_id, record_id)
);
create table roster_missing (
  community_id text not null, resident_id text not null, batch_id text not null,
  file_hash text not null, state text not null default 'waiting',
  decided_by text not null default '', decided_at text not null default '',
  primary key (community_id, resident_id)
);
create table import_step (
  community_id text not null, batch_id text not null, number integer not null,
  kind text not null, record_id text not null, device_id text not null default '',
  n integer not null default 0, before text not null default '{}',
  said_before text not null default '', identity_before blob,
  sheet text not null default '', "row" integer not null default 0,
  state text not null default 'done', reason text not null default '',
  primary key (community_id, batch_id, number)
);
alter table import_row add column number integer not null default 0;
alter table import_row add column draft text not null default '{}';
create index import_row_by_number on import_row (community_id, batch_id, number);
create index import_row_by_state on import_row (community_id, state)
"""


def why_a_row_was_left_out(database: Database) -> None:
    """Whoever leaves a rejected row out says why, for whoever asks later."""
    database.execute("alter table import_row add column decision text not null default ''")


def operations_of_two_streams(database: Database) -> None:
    """What one operation did in several streams of a phone is handed out in one answer."""
    _run(
        database,
        """
        create table joint (
          community_id text not null, stream text not null, seq integer not null,
          other text not null, other_seq integer not null,
          primary key (community_id, stream, seq, other)
        ) without rowid
        """,
    )


def outboxes_as_files(database: Database) -> None:
    """A phone that cannot send hands its outbox to the office as a file; and a phone that was
    emptied must not make the server forget how much it once had recorded."""
    _run(database, _OUTBOXES)
    found = database.execute("select community_id, id, report from device").fetchall()
    for community_id, device_id, report in found:
        said = msgspec.json.decode(report).get("recorded", 0)
        if isinstance(said, int) and 0 < said < 2**31:
            database.execute(
                "update device set recorded = ? where community_id = ? and id = ?",
                [said, community_id, device_id],
            )


_OUTBOXES = """
alter table device add column recorded integer not null default 0;
create table outbox_file (
  community_id text not null, id text not null, device_id text not null, person_id text not null,
  made_at text not null default '', made_by text not null, created_at text not null,
  state text not null, content blob, facts text not null default '{}',
  applied_at text not null default '',
  primary key (community_id, id)
);
create table outbox_item (
  community_id text not null, file_id text not null, number integer not null,
  operation_id text not null default '', n integer not null default 0,
  kind text not null default '', outcome text not null, code text not null default '',
  sentence text not null default '',
  primary key (community_id, file_id, number)
);
create index outbox_item_by_operation on outbox_item (community_id, operation_id)
"""


def pictures_of_visits(database: Database) -> None:
    """Phones send pictures after the text of a visit; both sides count what has come."""
    _run(
        database,
        """
        create table media (
          community_id text not null, sha256 text not null, person_id text not null,
          type text not null, width integer not null default 0, height integer not null default 0,
          size integer not null, arrived_at text not null,
          primary key (community_id, sha256, person_id)
        );
        create index media_by_hash on media (sha256);
        create table media_visit (
          community_id text not null, sha256 text not null, visit_id text not null,
          person_id text not null,
          primary key (community_id, sha256, visit_id)
        )
        """,
    )


def phones_that_moved_on(database: Database) -> None:
    """A phone whose device was shut out goes on as another, with its unsent work: what lacks of
    the old one is not lost."""
    database.execute("alter table device add column moved_to text not null default ''")


def rows_one_after_another(database: Database) -> None:
    """Records are written where the last ones were, and only small indexes all over the file; what
    nearly every operation is in, no index names. A push dirties a fraction of the pages."""
    for table in (*_NOUNS, "feed"):
        _rebuild(database, table)
    _run(database, _LEAN)


def _rebuild(database: Database, table: str) -> None:
    """The same table, its rows one after another instead of in the tree of its key."""
    text = database.execute(
        "select sql from sqlite_schema where type = 'table' and name = ?", [table]
    ).fetchone()[0]
    indexes = database.execute(
        "select sql from sqlite_schema where type = 'index' and tbl_name = ? and sql <> ''", [table]
    ).fetchall()
    names = ", ".join(f'"{column.name}"' for column in database[table].columns)
    database.execute(f"create table {table}_again {text[text.index('(') : text.rindex(')') + 1]}")
    database.execute(f"insert into {table}_again ({names}) select {names} from {table}")
    database.execute(f"drop table {table}")
    database.execute(f"alter table {table}_again rename to {table}")
    for (index,) in indexes:
        database.execute(index)


_LEAN = """
drop index operation_by_device;
drop index operation_by_state;
drop index operation_by_kind;
create index operation_held on operation (community_id, received_at) where state = 'held';
create index operation_feedback on operation (community_id, received_at)
  where kind = 'feedback.send';
drop index visit_by_review;
create index visit_to_review on visit (community_id, received_at) where review = 'waiting';
create table received_again (
  community_id text not null, device_id text not null, n integer not null, hash text not null,
  operation_id text not null,
  primary key (community_id, device_id, n)
) without rowid;
insert into received_again (community_id, device_id, n, hash, operation_id)
  select community_id, device_id, n, hash, operation_id from received;
drop table received;
alter table received_again rename to received
"""


def what_was_asked(database: Database) -> None:
    """Visitors ask by checklists that the office makes; what they see is followed up."""
    _run(database, _CHECKUPS)


_CHECKUPS = """
alter table resident add column consent text not null default '';
alter table resident add column consent_on text not null default '';
alter table resident add column visit_wish text not null default '';
alter table followup add column resident_id text not null default '';
alter table followup add column item text not null default '';
alter table followup add column level text not null default '';
alter table followup add column kind text not null default '';
alter table followup add column due_at text not null default '';
alter table followup add column recheck_days integer not null default 0;
alter table followup add column restricted integer not null default 0;
alter table followup add column entries text not null default '[]';
create index followup_flagged on followup (community_id, resident_id) where item <> '';
create table checklist (
  community_id text not null, id text not null, version integer not null,
  code text not null, edition integer not null, title text not null, purpose text not null,
  sections text not null, questions text not null, cards text not null,
  from_on text not null, status text not null, stamps text not null default '{}',
  primary key (community_id, id)
);
create unique index checklist_by_edition on checklist (community_id, code, edition);
create table answers (
  community_id text not null, id text not null, version integer not null,
  household_id text not null, building_id text not null, items text not null default '{}',
  stamps text not null default '{}',
  primary key (community_id, id)
);
create index answers_by_household on answers (community_id, household_id);
create table checked_visit (
  community_id text not null, resident_id text not null, visit_id text not null,
  primary key (community_id, resident_id, visit_id)
) without rowid;
create index visit_with_answers on visit (community_id, true_at) where checkups <> '[]'
"""


def months_of_the_register(database: Database) -> None:
    """What a month came to stays as it was, whatever becomes of its people later."""
    _run(database, _MONTHS)


_MONTHS = """
create table month_standing (
  community_id text not null, month text not null, resident_id text not null,
  building_id text not null, categories text not null, interval integer not null,
  apart text not null, seen_on text not null, contacts integer not null,
  at_door integer not null, due integer not null, on_time integer not null,
  counted_on text not null,
  primary key (community_id, month, resident_id)
) without rowid
"""


def columns_of_the_street(database: Database) -> None:
    """Each street has a form of its own: the office says once which columns it wants, in what
    order and under which words, and every report comes so."""
    _run(
        database,
        """
        create table report_columns (
          community_id text not null, report text not null, columns text not null,
          changed_by text not null, changed_at text not null,
          primary key (community_id, report)
        )
        """,
    )


def what_is_planned(database: Database) -> None:
    """A door says for whom it is due, by which way and why; something that happened and a festival
    ask for contacts of their own."""
    _run(database, _PLANS)


_PLANS = """
alter table household add column due_method text not null default '';
alter table household add column due_for text not null default '[]';
alter table household add column due_reasons text not null default '[]';
alter table household add column event text not null default '';
alter table household add column event_on text not null default '';
alter table household add column event_note text not null default '';
alter table household add column door_method text not null default '';
alter table resident add column last_method text not null default '';
alter table resident add column event text not null default '';
alter table resident add column event_on text not null default '';
alter table resident add column event_note text not null default '';
alter table resident add column paired integer not null default 0;
alter table community add column festivals text not null default '[]'
"""


def who_looks_after_whom(database: Database) -> None:
    """Volunteers look after old people; what they do counts as a visit of the pair."""
    _run(database, _PAIRINGS)


_PAIRINGS = """
create table pairing (
  community_id text not null, id text not null, version integer not null,
  household_id text not null, building_id text not null, resident_id text not null,
  resident_name text not null default '', resident_phone text not null default '',
  label text not null default '', name text not null, phone text not null default '',
  leader_id text not null default '', from_on text not null default '',
  until_on text not null default '', contacted_on text not null default '',
  status text not null default 'active', stamps text not null default '{}',
  primary key (community_id, id)
);
create index pairing_by_household on pairing (community_id, household_id);
alter table visit add column pairing_id text not null default ''
"""


def who_stands_in(database: Database) -> None:
    """Somebody is away for some days and somebody else goes instead; the office counts what a day
    of work holds."""
    _run(database, _LEAVES)


_LEAVES = """
create table leave (
  community_id text not null, id text not null, person_id text not null,
  deputy_id text not null, from_on text not null, until_on text not null,
  set_by text not null, set_at text not null,
  primary key (community_id, id)
);
create index leave_by_deputy on leave (community_id, deputy_id);
alter table community add column contacts_per_day integer not null default 8
"""


def which_days_are_off(database: Database) -> None:
    """What people can do in a month is counted without public holidays, which each year's notice
    moves about."""
    _run(database, _HOLIDAYS)


_HOLIDAYS = """
create table holiday (
  community_id text not null, day_on text not null, worked integer not null,
  set_by text not null, set_at text not null,
  primary key (community_id, day_on)
)
"""


def what_was_sent_back(database: Database) -> None:
    """The office sees how many visits it sent back, month by month, without reading all work."""
    database.execute(
        "create index operation_returns on operation (community_id, received_at)"
        " where kind = 'review.return'"
    )


def what_was_lent(database: Database) -> None:
    """Two colleagues on leave on the same days had one deputy, who lost the buildings of both when
    the first came back."""
    _run(database, _LENT)


_LENT = """
alter table person_building add column leave_id text not null default '';
update person_building set leave_id = coalesce((
  select leave.id from leave
  where leave.community_id = person_building.community_id
    and leave.deputy_id = person_building.person_id
    and leave.from_on = person_building.from_on and leave.until_on = person_building.until_on
  order by leave.id limit 1
), '')
"""


def who_is_looked_for(database: Database) -> None:
    """Where nobody answered, each step that was taken to find them; and whom one dials for it."""
    _run(database, _LADDER)


_LADDER = """
alter table followup add column steps text not null default '[]';
alter table followup add column done_visit_id text not null default '';
alter table building add column leader_phone text not null default '';
alter table community add column gas_phone text not null default '';
update building set leader_phone = coalesce((
  select person.phone from person
  join person_building on person_building.community_id = person.community_id
    and person_building.person_id = person.id
  where person.community_id = building.community_id and instr(building.leader_name, person.name) > 0
    and person_building.building_id = building.id
    and person.role = 'leader' and person.active = 1
  order by person.id limit 1
), '') where leader_name <> ''
"""


def what_warnings_ask(database: Database) -> None:
    """Warnings come in, chain into incidents, and are handed on from person to person."""
    _run(database, _ALERTS)


_ALERTS = """
alter table community add column division_code text not null default '';
alter table community add column latitude text not null default '';
alter table community add column longitude text not null default '';
alter table community add column alert_minutes text not null default '{}';
alter table community add column alert_quiet text not null default '["22:00","07:00"]';
create table alert (
  community_id text not null, id text not null, version integer not null,
  kind text not null, colour text not null, title text not null, area text not null,
  effect text not null, sent_at text not null, since_at text not null,
  updated_at text not null, received_at text not null,
  onset_at text not null, ends_at text not null, state text not null,
  is_drill integer not null, is_public integer not null, edition integer not null,
  message text not null, short text not null, guide text not null, source text not null,
  source_id text not null, is_verified integer not null, from_at text not null,
  started_at text not null, closes_at text not null, closed_by text not null,
  reason text not null, merged_into text not null, is_past integer not null,
  stamps text not null default '{}',
  primary key (community_id, id)
);
create index alert_by_state on alert (community_id, state);
create table duty (
  community_id text not null, id text not null, version integer not null,
  incident_id text not null, person_id text not null, role text not null, why text not null,
  kind text not null, colour text not null, title text not null, area text not null,
  sent_at text not null, ends_at text not null, state text not null,
  is_drill integer not null, edition integer not null, message text not null,
  short text not null, guide text not null, source text not null, from_at text not null,
  asked_at text not null, repeated_at text not null, office_phone text not null,
  acknowledged_at text not null, buildings text not null, is_past integer not null,
  stamps text not null default '{}',
  primary key (community_id, id)
);
create index duty_by_incident on duty (community_id, incident_id);
create index duty_by_person on duty (community_id, person_id, state);
create table contact_task (
  community_id text not null, id text not null, version integer not null,
  incident_id text not null, household_id text not null, building_id text not null,
  resident_ids text not null, is_red integer not null, method text not null,
  checklist text not null, assigned_to text not null, due_at text not null,
  half_at text not null, state text not null, outcome text not null, "by" text not null,
  by_name text not null, at text not null, is_late integer not null, note text not null,
  is_past integer not null, stamps text not null default '{}',
  primary key (community_id, id)
);
create index contact_task_by_incident on contact_task (community_id, incident_id);
create index contact_task_by_household on contact_task (community_id, household_id);
create table alert_message (
  community_id text not null, id text not null, sha256 text not null, part integer not null,
  digest text not null, raw blob not null, media_type text not null, source text not null,
  feed_id text not null, person_id text not null, received_at text not null,
  sender text not null, identifier text not null, sent_at text not null,
  message text not null, sign text not null, warnings text not null,
  incident_id text not null default '', is_verified integer not null,
  primary key (community_id, id)
);
create unique index alert_message_by_hash on alert_message (community_id, sha256, part);
create index alert_message_by_name on alert_message (community_id, sender, identifier);
create index alert_message_by_time on alert_message (community_id, sent_at);
create index alert_message_by_incident on alert_message (community_id, incident_id);
create table incident (
  community_id text not null, id text not null, head text not null, roster text not null,
  minutes text not null, edition integer not null, told_at text not null,
  next_at text not null default '',
  primary key (community_id, id)
);
create index incident_by_next on incident (community_id, next_at) where next_at <> '';
create table alert_event (
  community_id text not null, id text not null, building_id text not null,
  incident_id text not null, hop text not null, person_id text not null, at text not null,
  received_at text not null, edition integer not null, channel text not null,
  primary key (community_id, id, building_id)
) without rowid;
create index alert_event_by_time on alert_event (community_id, incident_id, at);
create table alert_hop (
  community_id text not null, incident_id text not null, building_id text not null,
  hop text not null, event_id text not null, at text not null, received_at text not null,
  person_id text not null, edition integer not null, channel text not null,
  last_at text not null, newest integer not null, heard_at text not null,
  primary key (community_id, incident_id, building_id, hop)
) without rowid;
create table alert_step (
  community_id text not null, incident_id text not null, edition integer not null,
  at text not null, kind text not null, to_id text not null, building_ids text not null,
  taken_at text not null,
  primary key (community_id, incident_id, edition, kind, to_id, at)
) without rowid;
create table alert_feed (
  community_id text not null, id text not null, url text not null, name text not null,
  kind text not null default '', secrets text not null default '', is_on integer not null default 1,
  state text not null default '{}', told text not null default '{}',
  primary key (community_id, id)
);
create table alert_text (
  community_id text not null, kind text not null, colour text not null, message text not null,
  short text not null, guide text not null, source text not null, dated_on text not null,
  changed_by text not null, changed_at text not null,
  primary key (community_id, kind, colour)
);
create table channel (
  community_id text not null, id text not null, kind text not null, name text not null,
  secret text not null, grid_id text not null default '', is_on integer not null default 1,
  primary key (community_id, id)
);
create table dispatch (
  community_id text not null, id text not null, incident_id text not null,
  channel_id text not null, edition integer not null, why text not null,
  attempt integer not null, at text not null, outcome text not null, code text not null,
  words text not null,
  primary key (community_id, id)
);
create index dispatch_by_incident on dispatch (community_id, incident_id);
create table push_subscription (
  community_id text not null, person_id text not null, device_id text not null,
  endpoint text not null, keys text not null, made_at text not null,
  primary key (community_id, person_id, device_id)
)
"""


def how_feeds_are_kept(database: Database) -> None:
    """Addresses of feeds may carry keys: they are sealed, and whoever asks a feed claims it."""
    _run(database, _FEEDS)


_FEEDS = """
drop table alert_feed;
create table alert_feed (
  community_id text not null, id text not null, name text not null,
  shown_url text not null, sealed blob not null, scope text not null, every_s integer not null,
  is_on integer not null, state text not null, next_at text not null default '',
  claim text not null default '', claimed_until text not null default '',
  taken integer not null default 0, taken_at text not null default '',
  set_by text not null, set_at text not null,
  primary key (community_id, id)
)
"""


def what_groups_are_told(database: Database) -> None:
    """Each group and phone is told once of each turn of a warning, also by a server that was away
    in between."""
    _run(database, _DIGESTS)


_DIGESTS = """
alter table channel add column audience text not null default 'staff';
create table digest (
  community_id text not null, id text not null, incident_id text not null,
  channel_id text not null, person_id text not null, device_id text not null,
  edition integer not null, why text not null, building_ids text not null,
  title text not null, text text not null, until_at text not null, made_at text not null,
  due_at text not null, claim text not null default '', claimed_until text not null default '',
  tries integer not null, parts_accepted integer not null, state text not null,
  primary key (community_id, id)
);
create index digest_due on digest (community_id, due_at) where state = 'waiting';
create index digest_by_incident
  on digest (community_id, incident_id, channel_id, person_id, device_id);
create index dispatch_by_channel on dispatch (community_id, channel_id, at)
"""


def who_is_asked_after(database: Database) -> None:
    """A contact because of a warning says when it is to begin, and keeps every try."""
    _run(database, _CONTACTS)


_CONTACTS = """
alter table contact_task add column colour text not null default '';
alter table contact_task add column is_new integer not null default 0;
alter table contact_task add column asked_at text not null default '';
alter table contact_task add column again_at text not null default '';
alter table contact_task add column begin_at text not null default '';
alter table contact_task add column contacts text not null default '[]'
"""


def rows_that_stay(database: Database) -> None:
    """The trail is a chain that nobody changes; rows of before are chained as they stand."""
    _run(database, _CHAINED)
    last: dict[str, tuple[int, str]] = {}
    rows = database.execute(
        "select community_id, id, at, person_id, role, action, target, outcome, address, detail"
        " from audit order by community_id, at, id"
    ).fetchall()
    for community_id, *said in rows:
        n, code = last.get(community_id, (0, _before_all(community_id)))
        told = msgspec.json.encode([n + 1, *said])
        code = hashlib.sha256(bytes.fromhex(code) + told).hexdigest()
        database.execute(
            "update audit set n = ?, hash = ? where community_id = ? and id = ?",
            (n + 1, code, community_id, said[0]),
        )
        last[community_id] = n + 1, code
    database.execute("create unique index audit_by_number on audit (community_id, n)")
    for trigger in _UNCHANGED:
        database.execute(trigger)


def _before_all(community_id: str) -> str:
    return hashlib.sha256(f"jinlin trail {community_id}".encode()).hexdigest()


_CHAINED = """
alter table audit add column n integer not null default 0;
alter table audit add column hash text not null default '';
create table audit_anchor (
  community_id text not null, n integer not null, why text not null, hash text not null,
  at text not null, signature text not null,
  primary key (community_id, n, why)
);
create index audit_by_target on audit (community_id, target, n)
"""

# Old rows go only as far as an anchor says: whoever makes one signs what stood there.
_UNCHANGED = (
    """
    create trigger audit_is_never_changed before update on audit begin
      select raise(abort, 'rows of the trail are never changed');
    end
    """,
    """
    create trigger audit_is_never_replaced before insert on audit
    when exists (
      select 1 from audit where community_id = new.community_id and (id = new.id or n >= new.n)
    ) begin
      select raise(abort, 'rows of the trail are only added at its end');
    end
    """,
    """
    create trigger audit_goes_only_when_signed before delete on audit
    when old.n > coalesce((
      select max(n) from audit_anchor where community_id = old.community_id and why = 'cut'
    ), 0) begin
      select raise(abort, 'rows of the trail go only as far as an anchor says');
    end
    """,
    """
    create trigger anchor_is_never_changed before update on audit_anchor begin
      select raise(abort, 'anchors of the trail are never changed');
    end
    """,
    """
    create trigger anchor_never_goes before delete on audit_anchor begin
      select raise(abort, 'anchors of the trail never go');
    end
    """,
)


def phones_given_out(database: Database) -> None:
    """A code that no longer works says why, the office sees which phone it made, and a phone that
    was shut out says when it had erased itself."""
    _run(database, _GIVEN_OUT)


_GIVEN_OUT = """
alter table sign_in_card add column withdrawn_at text not null default '';
alter table sign_in_card add column device_id text not null default '';
create index sign_in_card_by_person on sign_in_card (community_id, person_id, created_at);
alter table device add column erased_at text not null default '';
alter table device add column kept integer not null default 0
"""


def what_each_edit_set(database: Database) -> None:
    """Old and new value of every field of the roster that an operation set."""
    _run(database, _EDITS)


_EDITS = """
create table edit (
  community_id text not null, record_id text not null, version integer not null,
  field text not null, kind text not null, operation_id text not null,
  before text not null, after text not null,
  primary key (community_id, record_id, version, field)
);
create index edit_by_operation on edit (community_id, operation_id)
"""


def how_visits_are_reviewed(database: Database) -> None:
    """The office has rules of its own, shares the queue among its people, and reads back what was
    decided."""
    _run(database, _REVIEWS)


_REVIEWS = """
alter table community add column review_rules text not null default '{}';
create table review_assignment (
  community_id text not null, visit_id text not null, person_id text not null,
  "by" text not null, at text not null,
  primary key (community_id, visit_id)
);
create index operation_of_review on operation (community_id, received_at, id)
  where kind in ('review.approve', 'review.return', 'visit.correct')
"""


def who_hands_on_what(database: Database) -> None:
    """A hand-over of buildings, with how it was before and who was told."""
    _run(database, _HANDOVERS)


_HANDOVERS = """
create table handover (
  community_id text not null, id text not null, from_id text not null, to_id text not null,
  from_on text not null, buildings text not null, before text not null, after text not null,
  note text not null default '', told text not null default '[]',
  set_by text not null, set_at text not null,
  undone_by text not null default '', undone_at text not null default '',
  primary key (community_id, id)
)
"""


def what_is_kept_how_long(database: Database) -> None:
    """A community decides how long it keeps what, and answers residents who ask about theirs."""
    _run(database, _KEPT)


_KEPT = """
create table retention (
  community_id text not null, code text not null, days integer not null, set_by text not null,
  set_at text not null,
  primary key (community_id, code)
) without rowid;
create table retention_hold (
  community_id text not null, id text not null, household_id text not null, reason text not null,
  set_by text not null, set_at text not null, ended_by text not null default '',
  ended_at text not null default '',
  primary key (community_id, id)
);
create table retention_run (
  community_id text not null, code text not null, day text not null, at text not null,
  claimed_until text not null, state text not null default 'running',
  before text not null default '', went text not null default '{}',
  held integer not null default 0,
  primary key (community_id, code, day)
) without rowid;
create table wish (
  community_id text not null, id text not null, resident_id text not null, kind text not null,
  how text not null, asked_on text not null, due_on text not null, note text not null,
  by text not null, at text not null, answer text not null default '',
  reply text not null default '', answered_by text not null default '',
  answered_at text not null default '',
  primary key (community_id, id)
);
create index wish_by_resident on wish (community_id, resident_id);
alter table operation add column emptied_at text not null default ''
"""


def who_was_merged(database: Database) -> None:
    """Records that were merged lead to the one that was kept, and it knows their ids; of others it
    was said that they are two."""
    _run(database, _MERGES)


_MERGES = """
alter table household add column merged_ids text not null default '[]';
alter table household add column split_from text not null default '';
alter table resident add column merged_ids text not null default '[]';
alter table followup add column aliases text not null default '[]';
create table redirect (
  community_id text not null, id text not null, version integer not null,
  "of" text not null, "into" text not null, "by" text not null, by_name text not null,
  at text not null, dropped text not null, kept text not null, set_by text not null,
  decided text not null,
  work text not null, stamps text not null,
  primary key (community_id, id)
);
create table not_same (
  community_id text not null, kind text not null, one_id text not null, other_id text not null,
  "by" text not null, at text not null, why text not null,
  primary key (community_id, kind, one_id, other_id)
)
"""


def whether_phones_are_locked(database: Database) -> None:
    """Whether the office wants a PIN on every phone."""
    database.execute("alter table community add column pin_required integer not null default 0")


def how_it_opens(database: Database) -> None:
    """Whoever opens the file in Datasette finds views with plain names, without any secret."""
    _run(database, VIEWS)


def until_when_issues_wait(database: Database) -> None:
    """Offices have hours and limits of their own."""
    database.execute(
        """
        alter table community add column working_hours text not null
        default '[["09:00","12:00"],["14:00","18:00"]]'
        """
    )
    database.execute("alter table community add column issue_limits text not null default '{}'")


def when_a_status_was_set(database: Database) -> None:
    """Since when somebody's status is what an edit said, so that no earlier visit tells it anew."""
    database.execute("alter table resident add column status_at text not null default ''")


def what_is_made_at_night(database: Database) -> None:
    """Reports that the office wants each week or month, and the files that were made of them."""
    _run(database, _SCHEDULES)


_SCHEDULES = """
create table report_schedule (
  community_id text not null, id text not null, report text not null, kind text not null,
  day integer not null, place text not null default '', since text not null, set_by text not null,
  set_at text not null, made_at text not null, ended_by text not null default '',
  ended_at text not null default '',
  primary key (community_id, id)
) without rowid;
create table report_file (
  community_id text not null, schedule_id text not null, due_on text not null,
  report text not null, state text not null default 'running', problem text not null default '',
  at text not null, claimed_until text not null, days text not null default '',
  place text not null default '', lines integer not null default 0,
  primary key (community_id, schedule_id, due_on)
) without rowid
"""


def what_is_to_be_put_right(database: Database) -> None:
    """Issues: what somebody raised, all that was done about it, and until when."""
    _run(database, _ISSUES)


_ISSUES = """
create table issue (
  community_id text not null, id text not null, version integer not null, building_id text
  not null, household_id text not null, category text not null, place text not null, text
  text not null, state text not null, side text not null, duplicate_of text not null, source
  text not null, source_number text not null, visit_id text not null, item text not null,
  restricted integer not null, "by" text not null, by_name text not null, reported_at text
  not null, received_at text not null, close_limit text not null, first_due text not null,
  asked_due text not null, close_due text not null, extended integer not null, suspended_at
  text not null, first_at text not null, holder text not null, holder_name text not null,
  level text not null, raised_level text not null, hard integer not null, solved_on_spot
  integer not null, done_by text not null, done_by_name text not null, done_at text not
  null, checked_by text not null, checked_by_name text not null, ended_at text not null,
  reopened integer not null, satisfied text not null, media text not null, joined text not
  null, entries text not null, disputed text not null, stamps text not null,
  primary key (community_id, id)
);
create index issue_by_household on issue (community_id, household_id);
create index issue_by_building on issue (community_id, building_id, category, reported_at);
create index issue_by_due on issue (community_id, close_due, id) where ended_at = '';
create index issue_by_duplicate on issue (community_id, duplicate_of) where duplicate_of <> '';
create table media_issue (
  community_id text not null, sha256 text not null, issue_id text not null,
  person_id text not null,
  primary key (community_id, sha256, issue_id, person_id)
) without rowid
"""


def by_when_orders_ask(database: Database) -> None:
    """An order of a hotline comes with a day of its own."""
    database.execute("alter table issue add column ordered_on text not null default ''")


def what_was_decided_anew(database: Database) -> None:
    """A decision that was a slip of the finger is taken back, and the history shows both."""
    _run(database, _REOPENED)


_REOPENED = """
drop index operation_of_review;
create index operation_of_review on operation (community_id, received_at, id)
  where kind in ('review.approve', 'review.return', 'review.reopen', 'visit.correct');
create index operation_reopens on operation (community_id, received_at)
  where kind = 'review.reopen'
"""


def who_is_told_that_time_runs_out(database: Database) -> None:
    """When somebody is told next about an issue, and who was told so far."""
    for column in ("first_limit", "tell_at", "climbed"):
        database.execute(f"alter table issue add column {column} text not null default ''")
    database.execute("update issue set tell_at = close_due where ended_at = ''")
    database.execute("create index issue_by_telling on issue (tell_at) where tell_at <> ''")


def open_issues_without_their_words(database: Database) -> None:
    """The office's board of twenty thousand open issues read all their words to count them."""
    database.execute("drop index issue_by_due")
    database.execute(
        """
        create index issue_open on issue (
          community_id, close_due, id, first_due, first_at, suspended_at, state, side, category,
          building_id, source, holder, holder_name, hard, satisfied
        ) where ended_at = ''
        """
    )


def where_it_belongs(database: Database) -> None:
    """A community lies in a subdistrict, whose people see its numbers."""
    database.execute("alter table community add column subdistrict text not null default ''")


def who_files_with_a_key(database: Database) -> None:
    """The hotline of a city files what it hears and follows what becomes of it."""
    _run(database, _API_KEYS)


_API_KEYS = """
create table api_key (
  community_id text not null, id text not null, name text not null, key_hash text not null,
  made_by text not null, created_at text not null, withdrawn_at text not null,
  primary key (community_id, id)
) without rowid;
create index api_key_by_hash on api_key (community_id, key_hash);
create index issue_by_day on issue (community_id, reported_at)
"""


def what_is_talked_about(database: Database) -> None:
    """Hard issues are talked about on Fridays and once a month, and what is decided is kept."""
    _run(database, _MEETINGS)


_MEETINGS = """
create table meeting (
  community_id text not null, id text not null, kind text not null, held_on text not null,
  chair text not null default '', present text not null default '',
  note text not null default '', made_by text not null, made_at text not null,
  closed_by text not null default '', closed_at text not null default '',
  primary key (community_id, id)
);
create index meeting_by_day on meeting (community_id, held_on);
create table meeting_item (
  community_id text not null, meeting_id text not null, issue_id text not null,
  decision text not null default '', holder_name text not null default '',
  due_on text not null default '', decided_by text not null default '',
  decided_at text not null default '',
  primary key (community_id, meeting_id, issue_id)
);
create index meeting_item_by_issue on meeting_item (community_id, issue_id)
"""


def who_is_called_to_an_issue(database: Database) -> None:
    """The street calls departments, each with a duty telephone and a limit; and who came."""
    _run(database, _DEPARTMENTS)


_DEPARTMENTS = """
create table department (
  community_id text not null, id text not null, name text not null, phone text not null,
  arrives text not null, note text not null, is_on integer not null,
  primary key (community_id, id)
);
create unique index department_by_name on department (community_id, name);
alter table issue add column calls text not null default '[]';
alter table issue add column calls_open integer not null default 0;
alter table issue add column call_due text not null default '';
create index issue_by_call on issue (community_id, reported_at, id)
  where ended_at = '' and (state = 'calling' or calls_open > 0)
"""


MIGRATIONS: list[Step] = [
    the_spine,
    passwords_given_out,
    what_rosters_said,
    why_a_row_was_left_out,
    operations_of_two_streams,
    outboxes_as_files,
    pictures_of_visits,
    phones_that_moved_on,
    rows_one_after_another,
    what_was_asked,
    months_of_the_register,
    columns_of_the_street,
    what_is_planned,
    who_looks_after_whom,
    who_stands_in,
    which_days_are_off,
    what_was_sent_back,
    what_was_lent,
    who_is_looked_for,
    what_warnings_ask,
    how_feeds_are_kept,
    what_groups_are_told,
    who_is_asked_after,
    rows_that_stay,
    phones_given_out,
    what_each_edit_set,
    how_visits_are_reviewed,
    who_hands_on_what,
    what_is_kept_how_long,
    who_was_merged,
    whether_phones_are_locked,
    how_it_opens,
    until_when_issues_wait,
    when_a_status_was_set,
    what_is_made_at_night,
    what_is_to_be_put_right,
    by_when_orders_ask,
    what_was_decided_anew,
    who_is_told_that_time_runs_out,
    open_issues_without_their_words,
    where_it_belongs,
    who_files_with_a_key,
    what_is_talked_about,
    who_is_called_to_an_issue,
]
