"""Who may open what: every route of the application, every role, in their own area, in another of
the community, and in another community of the same server. Nothing of that one is ever told.

A new route fails here until its line says who may use it, and, if its address names something that
there is no example of, until everything.py makes one.
"""

import io
import re
import zipfile
from html import unescape

import pytest

from server import web
from server.office import finds
from server.office.lists import FORMS, LISTS
from server.reports.catalogue import REPORTS
from sync.scope import FIELD, OFFICE, ROLES
from tests.server import everything, filled
from tests.server.everything import MIRRORED, NUMBER, SECRETLY
from tests.server.test_sync import Phone
from tests.server.town import CAST, DOORS

PUBLIC = frozenset({"nobody", *ROLES})
EVERYBODY = ROLES
WALKERS = FIELD
AT_DOORS = FIELD | {"leader"}
PEOPLE = OFFICE | {"admin"}
NUMBERS = OFFICE | {"street"}
AT_DESKS = OFFICE | {"admin", "street"}

# Method and path: the roles that may. Names in braces lie in a building or belong to the community
# (see everything.py and filled.py); a field role or a leader must also look after that building.
TABLE = {
    "GET /": EVERYBODY,
    "GET /up": PUBLIC,
    "GET /health": PUBLIC,
    "GET /api/openapi.json": PUBLIC,
    # what the public may know of issues, and what only a key opens: test_open311.py
    "GET /open311/v2/discovery.json": PUBLIC,
    "GET /open311/v2/discovery.xml": PUBLIC,
    "GET /open311/v2/services.json": PUBLIC,
    "GET /open311/v2/services.xml": PUBLIC,
    "GET /open311/v2/services/{service_code}": PUBLIC,
    "GET /open311/v2/requests.json": PUBLIC,
    "GET /open311/v2/requests.xml": PUBLIC,
    "GET /open311/v2/requests/{service_request_id}": PUBLIC,
    "POST /open311/v2/requests.json": PUBLIC,
    "POST /open311/v2/requests.xml": PUBLIC,
    "GET /metrics": PUBLIC,  # by a token of its own, see test_running.py
    "GET /sw.js": PUBLIC,
    "GET /shell.json": PUBLIC,
    "GET /manifest.webmanifest": PUBLIC,
    "GET /static/{file_path}": PUBLIC,
    "GET /phone/{file_path}": PUBLIC,
    "GET /locale/{file_path}": PUBLIC,
    "GET /signin": PUBLIC,
    "POST /signin": PUBLIC,
    "POST /api/session": PUBLIC,
    "GET /card": PUBLIC,
    "POST /card/readings": PUBLIC,
    "POST /card/uses": PUBLIC,
    "POST /api/erasures": PUBLIC,
    "GET /api/session": EVERYBODY,
    "POST /sync": EVERYBODY,
    "POST /api/alerts": AT_DESKS,
    "GET /live": EVERYBODY,
    # whose picture may be seen, and by whom: test_media.py
    "PUT /media/{sha256}": FIELD | OFFICE | {"leader"},
    "GET /media/{sha256}": FIELD | OFFICE | {"leader"},
    "GET /media/{sha256}/received": FIELD | OFFICE | {"leader"},
    "POST /signout": EVERYBODY,
    "POST /me/signouts": EVERYBODY,
    "GET /me/password": EVERYBODY,
    "POST /me/password": EVERYBODY,
    # field pages
    "GET /today": WALKERS,
    "GET /buildings": AT_DOORS,
    "GET /buildings/{building_id}": AT_DOORS,
    "GET /households/{household_id}": AT_DOORS,
    "GET /households/{household_id}/visit": WALKERS,
    "GET /households/{household_id}/contact": WALKERS,
    "GET /households/{household_id}/event": WALKERS,
    "GET /residents/{resident_id}/proposal": WALKERS,
    "GET /households/{household_id}/issue": WALKERS,
    "GET /buildings/{building_id}/issue": AT_DOORS,
    "GET /issues/new": AT_DOORS,
    "GET /issues": AT_DOORS,
    "GET /issues/todo": WALKERS,
    "GET /issues/{issue_id}": AT_DOORS,
    "POST /issues": AT_DOORS,
    "POST /issues/{issue_id}/steps": AT_DOORS,
    "GET /households/{household_id}/ladder": WALKERS,
    "GET /contacts/{contact_id}/change": WALKERS,
    "GET /visits/{visit_id}/correction": WALKERS,
    "GET /followups": WALKERS,
    "GET /followups/{followup_id}": WALKERS,
    "GET /search": WALKERS,
    "POST /search": WALKERS,
    "GET /outbox": AT_DOORS,
    "GET /me": EVERYBODY,
    "GET /feedback": EVERYBODY,
    "GET /help": AT_DOORS,
    "GET /help/{name}": AT_DOORS,
    "POST /households/{household_id}/visits": WALKERS,
    "POST /households/{household_id}/contacts": WALKERS,
    "POST /households/{household_id}/events": WALKERS,
    "POST /residents/{resident_id}/proposals": WALKERS,
    "POST /households/{household_id}/ladder/steps": WALKERS,
    "GET /alerts": AT_DOORS | OFFICE,
    "GET /alerts/{incident_id}": AT_DOORS | OFFICE,
    "GET /alerts/{incident_id}/contacts": AT_DOORS,
    "GET /contact-tasks/{task_id}": AT_DOORS,
    "POST /contact-tasks/{task_id}/contacts": AT_DOORS,
    "POST /alerts/{incident_id}/acknowledgements": AT_DOORS | OFFICE,
    "POST /alerts/{incident_id}/confirmations": AT_DOORS | OFFICE,
    "POST /alerts/{incident_id}/forwards": AT_DOORS | OFFICE,
    "POST /alerts/{incident_id}/silences": AT_DOORS | OFFICE,
    "GET /push/key": AT_DOORS | OFFICE,
    "POST /push/subscriptions": AT_DOORS | OFFICE,
    "POST /push/removals": AT_DOORS | OFFICE,
    "GET /pairs": {"leader"},
    "POST /pairs/{pairing_id}/contacts": {"leader"},
    "POST /contacts/{contact_id}/changes": WALKERS,
    "POST /followups/{followup_id}/closings": WALKERS,
    "POST /visits/{visit_id}/corrections": WALKERS,
    "POST /visits/{visit_id}/withdrawals": WALKERS,
    "POST /feedback": EVERYBODY,
    "POST /me/settings": EVERYBODY,
    "POST /me/hints": AT_DOORS,
    "POST /outbox/sync": EVERYBODY,
    # the office: people
    "GET /office/backups": PEOPLE,
    "POST /office/backups": PEOPLE,
    "POST /office/backups/{name}/restores": {"admin"},
    "GET /office/server": PEOPLE,
    "GET /office/open311": {"admin"},
    "POST /office/open311/keys": {"admin"},
    "POST /office/open311/keys/{key_id}/withdrawals": {"admin"},
    "GET /office/people": PEOPLE,
    "POST /office/people": PEOPLE,
    "GET /office/people/cards": PEOPLE,
    "POST /office/people/cards": PEOPLE,
    "GET /office/people/{person_id}": PEOPLE,
    "POST /office/people/{person_id}/changes": PEOPLE,
    "GET /office/people/{person_id}/closing": PEOPLE,
    "GET /office/people/{person_id}/enrolment": PEOPLE,
    "POST /office/people/{person_id}/enrolments": PEOPLE,
    "POST /office/people/{person_id}/passwords": PEOPLE,
    "POST /office/people/{person_id}/signouts": PEOPLE,
    "POST /office/people/{person_id}/card-withdrawals": PEOPLE,
    "POST /office/people/{person_id}/buildings": OFFICE,
    "POST /office/people/{person_id}/ends": OFFICE,
    "POST /office/devices/{device_id}/revocations": PEOPLE,
    "GET /office/devices/{device_id}/loss": PEOPLE,
    "GET /office/devices/{device_id}/loss/note": PEOPLE,
    "GET /office/bulk": PEOPLE,
    "GET /office/bulk/file.xlsx": PEOPLE,
    "POST /office/bulk": PEOPLE,
    "POST /office/bulk/confirmations": PEOPLE,
    "GET /office/areas": OFFICE,
    "POST /office/areas/community": OFFICE,
    "POST /office/areas/grids": OFFICE,
    "POST /office/areas/compounds": OFFICE,
    "POST /office/areas/buildings": OFFICE,
    "GET /office/areas/buildings/{building_id}": OFFICE,
    "POST /office/areas/buildings/{building_id}/changes": OFFICE,
    "POST /office/areas/buildings/{building_id}/moves": OFFICE,
    "POST /office/areas/buildings/{building_id}/removals": OFFICE,
    "GET /office/phones": PEOPLE,
    "POST /office/phones/lock": OFFICE,
    "GET /office/audit": PEOPLE,
    "POST /office/audit/files": PEOPLE,
    "POST /office/audit/checks": PEOPLE,
    "GET /office/counts": NUMBERS,
    # the office: warnings
    "GET /office/alerts": OFFICE,
    "POST /office/alerts": OFFICE,
    "GET /office/alerts/new": OFFICE,
    "GET /office/alerts/paste": OFFICE,
    "POST /office/alerts/readings": OFFICE,
    "GET /office/alerts/messages/{message_id}": OFFICE,
    "GET /office/alerts/messages/{message_id}/raw": OFFICE,
    "GET /office/alert-feeds": PEOPLE,
    "POST /office/alert-feeds": PEOPLE,
    "GET /office/alert-feeds/{feed_id}": PEOPLE,
    "POST /office/alert-feeds/{feed_id}/changes": PEOPLE,
    "POST /office/alert-feeds/{feed_id}/removals": PEOPLE,
    # the office and the street: departments
    "GET /office/calls": NUMBERS,
    "GET /office/calls/{issue_id}": NUMBERS,
    "POST /office/calls/{issue_id}/departments": NUMBERS,
    "POST /office/calls/{issue_id}/steps": NUMBERS,
    "GET /office/departments": NUMBERS,
    "POST /office/departments": NUMBERS,
    "POST /office/departments/{department_id}/changes": NUMBERS,
    # the office: work
    "GET /office": OFFICE,
    "GET /office/unseen": OFFICE,
    "GET /office/alerts/{alert_id}": OFFICE,
    "GET /office/alerts/{alert_id}/replay": OFFICE,
    "GET /office/alerts/{alert_id}/report": OFFICE,
    "POST /office/alerts/{alert_id}/files": OFFICE,
    "POST /office/alerts/{alert_id}/prints": OFFICE,
    "POST /office/alerts/{alert_id}/starts": OFFICE,
    "POST /office/alerts/{alert_id}/dismissals": OFFICE,
    "POST /office/alerts/{alert_id}/stand-downs": OFFICE,
    "POST /office/alerts/{alert_id}/buildings/{building_id}/forwards": OFFICE,
    "POST /office/alerts/{alert_id}/buildings/{building_id}/confirmations": OFFICE,
    "POST /office/alerts/{alert_id}/buildings/{building_id}/failures": OFFICE,
    "GET /office/numbers": OFFICE,
    "GET /office/numbers/people": OFFICE,
    "GET /office/numbers/records": OFFICE,
    "GET /office/overdue": OFFICE,
    "GET /office/issues": OFFICE,
    "GET /office/issues/columns": OFFICE,
    "GET /office/issues/limits": OFFICE,
    "GET /office/meetings": OFFICE,
    "POST /office/meetings": OFFICE,
    "GET /office/meetings/{meeting_id}": OFFICE,
    "GET /office/meetings/{meeting_id}/minutes": OFFICE,
    "GET /office/meetings/{meeting_id}/minutes.xlsx": OFFICE,
    "POST /office/meetings/{meeting_id}/changes": OFFICE,
    "POST /office/meetings/{meeting_id}/decisions": OFFICE,
    "POST /office/meetings/{meeting_id}/closings": OFFICE,
    "GET /office/issues/new": OFFICE,
    "GET /office/issues/numbers": OFFICE,
    "GET /office/issues/numbers/records": OFFICE,
    "GET /office/issues/{issue_id}": OFFICE,
    "GET /office/issues/{issue_id}/receipt": OFFICE,
    "POST /office/issues": OFFICE,
    "POST /office/issues/limits/changes": OFFICE,
    "POST /office/issues/readings": OFFICE,
    "POST /office/issues/steps": OFFICE,
    "POST /office/issues/{issue_id}/changes": OFFICE,
    "POST /office/issues/{issue_id}/papers": OFFICE,
    "POST /office/issues/{issue_id}/ratings": OFFICE,
    "POST /office/issues/{issue_id}/steps": OFFICE,
    "GET /office/review": OFFICE,
    "POST /office/review/approvals": OFFICE,
    "POST /office/review/reopenings": OFFICE,
    "GET /office/review/rules": OFFICE,
    "GET /office/review/decisions": OFFICE,
    "POST /office/review/rules/changes": OFFICE,
    "POST /office/review/rules/resets": OFFICE,
    "GET /office/review/{visit_id}": OFFICE,
    "POST /office/review/{visit_id}/approvals": OFFICE,
    "POST /office/review/assignments": OFFICE,
    "POST /office/review/{visit_id}/assignments": OFFICE,
    "POST /office/review/{visit_id}/corrections": OFFICE,
    "POST /office/review/{visit_id}/returns": OFFICE,
    "GET /office/visits": OFFICE,
    "GET /office/visits/diary.xlsx": OFFICE,
    "GET /office/lists/{code}/{form}": OFFICE,
    "GET /office/staff-lists/{code}/{form}": PEOPLE,
    "GET /office/visits/{visit_id}": OFFICE,
    "POST /office/visits/{visit_id}/corrections": OFFICE,
    "POST /office/visits/{visit_id}/reopenings": OFFICE,
    "POST /office/visits/{visit_id}/withdrawals": OFFICE,
    "GET /office/households/{household_id}": OFFICE,
    "GET /office/households/{household_id}/changes": OFFICE,
    "POST /office/households/{household_id}/changes": OFFICE,
    "POST /office/households/{household_id}/contacts": OFFICE,
    "POST /office/households/{household_id}/events": OFFICE,
    "POST /office/households/{household_id}/residents": OFFICE,
    "POST /office/households/{household_id}/tasks": OFFICE,
    "POST /office/households/{household_id}/visits": OFFICE,
    "POST /office/contacts/{contact_id}/changes": OFFICE,
    "POST /office/contacts/{contact_id}/removals": OFFICE,
    "GET /office/pairings": OFFICE,
    "GET /office/plans": OFFICE,
    "GET /office/plans/doors": OFFICE,
    "GET /office/contact-cards": OFFICE,
    "POST /office/holidays": OFFICE,
    "POST /office/households/{household_id}/removals": OFFICE,
    "POST /office/removals/{operation_id}/undos": OFFICE,
    "GET /office/proposals": OFFICE,
    "POST /office/proposals/kept/{key}": OFFICE,
    "POST /office/proposals/visits/{visit_id}": OFFICE,
    "POST /office/residents/{resident_id}/new-doors": OFFICE,
    "POST /office/residents/{resident_id}/returns": OFFICE,
    "GET /office/handovers": OFFICE,
    "POST /office/handovers": OFFICE,
    "POST /office/handovers/previews": OFFICE,
    "GET /office/handovers/{handover_id}": OFFICE,
    "GET /office/handovers/{handover_id}/sheet": OFFICE,
    "POST /office/handovers/{handover_id}/tellings": OFFICE,
    "POST /office/handovers/{handover_id}/undos": OFFICE,
    "POST /office/leaves": OFFICE,
    "POST /office/leaves/{leave_id}/endings": OFFICE,
    "POST /office/pairings/{pairing_id}/endings": OFFICE,
    "POST /office/residents/{resident_id}/pairings": OFFICE,
    "GET /office/tasks": OFFICE,
    "POST /office/tasks/{task_id}/closings": OFFICE,
    "GET /office/followups": OFFICE,
    "POST /office/followups/{followup_id}/closings": OFFICE,
    "GET /office/buildings": OFFICE,
    "GET /office/buildings/{building_id}": OFFICE,
    "POST /office/buildings/{building_id}/households": OFFICE,
    "GET /office/conflicts": OFFICE,
    "GET /office/conflicts/{dispute_id}": OFFICE,
    "POST /office/conflicts/{dispute_id}/decisions": OFFICE,
    "GET /office/help": AT_DESKS,
    "GET /office/help/{name}": AT_DESKS,
    "GET /office/feedback": AT_DESKS | {"admin", "street"},
    "POST /office/feedback": AT_DESKS | {"admin", "street"},
    "GET /office/quarantine": OFFICE,
    "GET /office/quarantine/{key}": OFFICE,
    "POST /office/quarantine/{key}/acceptances": OFFICE,
    "POST /office/quarantine/{key}/corrections": OFFICE,
    "POST /office/quarantine/{key}/refusals": OFFICE,
    "POST /office/edits/{operation_id}/undos": OFFICE,
    "GET /office/residents/{resident_id}": OFFICE,
    "GET /office/residents/{resident_id}/changes": OFFICE,
    "POST /office/residents/{resident_id}/changes": OFFICE,
    "POST /office/residents/{resident_id}/consents": OFFICE,
    "POST /office/residents/{resident_id}/copies": OFFICE,
    "POST /office/residents/{resident_id}/identity-views": OFFICE,
    "POST /office/residents/{resident_id}/moves": OFFICE,
    "GET /office/search": OFFICE,
    "POST /office/finds": PEOPLE,
    "GET /office/consents": OFFICE,
    "POST /office/consents/files": OFFICE,
    "GET /office/personal-notice": PEOPLE,
    "GET /office/wishes": OFFICE,
    "POST /office/residents/{resident_id}/wishes": OFFICE,
    "POST /office/wishes/{wish_id}/answers": OFFICE,
    "GET /office/retention": OFFICE,
    "POST /office/retention/changes": OFFICE,
    "POST /office/retention/holds": OFFICE,
    "POST /office/retention/holds/{hold_id}/ends": OFFICE,
    "POST /office/reveals": OFFICE,
    # the office: reports
    "GET /office/reports": OFFICE,
    "POST /office/reports/files": OFFICE,
    "POST /office/reports/prints": OFFICE,
    "GET /office/reports/{report}/columns": OFFICE,
    "POST /office/reports/{report}/columns": OFFICE,
    "POST /office/reports/{report}/column-resets": OFFICE,
    "POST /office/reports/schedules": OFFICE,
    "POST /office/reports/schedules/{schedule_id}/changes": OFFICE,
    "POST /office/reports/schedules/{schedule_id}/ends": OFFICE,
    "GET /office/reports/kept/{schedule_id}/{due_on}": OFFICE,
    # the office: checklists
    "GET /office/checklists": OFFICE,
    "POST /office/checklists": OFFICE,
    "POST /office/checklists/editions": OFFICE,
    "GET /office/checklists/{checklist_id}": OFFICE,
    "GET /office/checklists/{checklist_id}/file.xlsx": OFFICE,
    # the office: rosters
    "GET /office/imports": OFFICE,
    "POST /office/imports": OFFICE,
    "GET /office/imports/{batch_id}": OFFICE,
    "GET /office/imports/{batch_id}/changes": OFFICE,
    "POST /office/imports/{batch_id}/confirmations": OFFICE,
    "POST /office/imports/{batch_id}/drops": OFFICE,
    "POST /office/imports/{batch_id}/undos": OFFICE,
    "GET /office/rejects": OFFICE,
    "GET /office/rejects/download": OFFICE,
    "POST /office/rejects/downloads": OFFICE,
    "GET /office/rejects/{batch_id}/{number}": OFFICE,
    "POST /office/rejects/{batch_id}/{number}/corrections": OFFICE,
    "POST /office/rejects/{batch_id}/{number}/dismissals": OFFICE,
    "GET /office/missing": OFFICE,
    "POST /office/missing/{resident_id}/settlements": OFFICE,
    "GET /office/duplicates": OFFICE,
    "GET /office/duplicates/{kind}/{keep_id}/{drop_id}": OFFICE,
    "POST /office/duplicates/{kind}/{keep_id}/{drop_id}/merges": OFFICE,
    "POST /office/duplicates/{kind}/{one_id}/{other_id}/differences": OFFICE,
    "POST /office/merges/{drop_id}/undos": OFFICE,
    "POST /office/households/{household_id}/splits": OFFICE,
    "GET /office/outboxes": OFFICE,
    "POST /office/outboxes": OFFICE,
    "GET /office/outboxes/{file_id}": OFFICE,
    "POST /office/outboxes/{file_id}/confirmations": OFFICE,
    "POST /office/outboxes/{file_id}/drops": OFFICE,
    # the office: how warnings are said and handed on
    "GET /office/alerts/{incident_id}/contacts": OFFICE,
    "GET /office/alert-texts": OFFICE,
    "GET /office/alert-texts/wording": OFFICE,
    "POST /office/alert-texts/previews": OFFICE,
    "POST /office/alert-texts/wordings": OFFICE,
    "POST /office/alert-texts/resets": OFFICE,
    "GET /office/alert-channels": OFFICE,
    "POST /office/alert-channels": OFFICE,
    "POST /office/alert-channels/{channel_id}/trials": OFFICE,
    "POST /office/alert-channels/{channel_id}/switches": OFFICE,
    "POST /office/alert-channels/{channel_id}/removals": OFFICE,
    "GET /office/alert-settings": OFFICE,
    "POST /office/alert-settings/changes": OFFICE,
    "GET /office/settings": OFFICE,
    "POST /office/settings/changes": OFFICE,
}

# An answer that never ends; who gets in is asked of the guard alone.
ENDLESS = {"GET /live"}
# Refused to whoever has no key, whoever they are: test_open311_filing.py.
BY_KEY = {"POST /open311/v2/requests.json", "POST /open311/v2/requests.xml"}
API = ("/api/", "/sync", "/live", "/media/")
FREE = {"HEAD", "OPTIONS"}
IN_A_BUILDING = {"building_id", "household_id", "visit_id", "contact_id", "followup_id"}
IN_A_BUILDING |= {"task_id", "pairing_id", "resident_id", "sha256", "issue_id"}
# Of a picture in another building one may bring one's own copy, and hear of that one alone.
OWN_COPY = {"PUT /media/{sha256}", "GET /media/{sha256}/received"}
# A leader has pairs and no buildings of pairs: those of others are not found.
NOT_FOUND = {"POST /pairs/{pairing_id}/contacts"}

# What is of another community is not found, with these exceptions: what is said instead, to the
# letter what is said of something that there never was.
INSTEAD = {
    # a hash names what its sender has brought, and opens nothing
    "PUT /media/{sha256}": 422,
    "GET /media/{sha256}/received": 200,
    # the queue without it: somebody may have decided it meanwhile
    "GET /office/review/{visit_id}": 200,
    # gone, as after a second tap
    "POST /office/edits/{operation_id}/undos": 409,
    "POST /office/alert-channels/{channel_id}/trials": 422,
    "POST /office/alert-channels/{channel_id}/switches": 422,
    "POST /office/alert-channels/{channel_id}/removals": 422,
    "POST /office/imports/{batch_id}/confirmations": 422,
    "POST /office/imports/{batch_id}/drops": 422,
    "POST /office/imports/{batch_id}/undos": 422,
    "POST /office/rejects/{batch_id}/{number}/dismissals": 422,
    "POST /office/merges/{drop_id}/undos": 422,
    "POST /office/reports/schedules/{schedule_id}/changes": 422,
    "POST /office/reports/schedules/{schedule_id}/ends": 422,
}

# What is no id: it counts within what is named before it.
COUNTED = {"number", "due_on"}

# Who looks after what: as hired, and one who stands in for the chief today.
HELD = {username: held for username, (_, _, held) in CAST.items()}
ACTORS = {**{username: username for username in CAST}, "deputy": "worker2"}
HELD["deputy"] = ("hongmian", "fenghuang", "lixiang")


@pytest.fixture(scope="session")
def made_everything(made_town, tmp_path_factory):
    return everything.make(made_town, tmp_path_factory.mktemp("everything"))


@pytest.fixture
def full(made_everything, tmp_path):
    """The town with one of everything, its mirror beside it, and the ids in both."""
    path, names = made_everything
    with everything.run(path, tmp_path) as running:
        yield running, names


def routes_of(app):
    for route in app.routes:
        for handler in route.route_handlers:
            for method in sorted(handler.http_methods - FREE):
                yield f"{method} {route.path_format}"


def path_of(route):
    return route.split(" ")[1]


def test_every_route_says_who_may_use_it(town):
    served = set(routes_of(town.app))

    assert sorted(served - set(TABLE)) == []
    assert sorted(set(TABLE) - served) == []
    assert set(INSTEAD) <= served


def test_every_name_in_an_address_has_an_example_or_says_why_it_is_nobodys(made_everything):
    _, names = made_everything
    lacking = [
        (route, name)
        for route in TABLE
        for name in filled.named(path_of(route))
        if not filled.shared(path_of(route), name)
        and not names["far"].get(filled.means(path_of(route), name))
    ]

    assert lacking == []
    for place in ("hongmian", "lixiang"):
        assert names[place].keys() == names["far"].keys()
    own, far = names["hongmian"], names["far"]
    assert {name for name in own if own[name] == far[name]} == COUNTED


def test_the_mirror_holds_every_example_and_marks_every_name(full):
    town, names = full
    rows = mirror_of(town)

    told = str(rows)

    assert [name for name, one in names["far"].items() if one not in told] == []
    assert not [one for _, _, _, _, one, _, _ in DOORS.values() if one in told]
    assert MIRRORED in told and SECRETLY in town["worker1"].get("/followups").text
    assert all(len(rows[table]) for table in ("visit", "contact", "feed", "media"))


@pytest.mark.parametrize("who", [*ACTORS, "nobody"])
def test_everybody_gets_what_is_theirs_and_nothing_else(full, who):
    town, names = full
    if who == "deputy":
        stand_in(town)
    names = {**names, **{place: own_work(town, who, place, names) for place in filled.PLACES}}
    asking = Asking(town, who, names)
    before = mirror_of(town)

    for route in sorted(TABLE, key=filled.in_order):
        if route in ENDLESS and asking.role in TABLE[route]:
            continue
        asking.try_elsewhere(route)
    for route in sorted(TABLE, key=filled.in_order):
        if route in ENDLESS and asking.role in TABLE[route]:
            continue
        asking.try_here(route)

    assert asking.wrong == []
    assert len(town.audit("denied")) - asking.denied_before == asking.refused
    assert mirror_of(town) == before


def stand_in(town):
    away = {"person": town.person("chief"), "deputy": town.person("worker2")}
    days = {"from_on": "2026-09-15", "until_on": "2026-09-16"}
    assert "请假已记" in town["office1"].submit("/office/leaves", **away, **days).text


def own_work(town, who, place, names):
    """A visit can be taken back only by its author, and a leader reads own reports alone, so
    whoever may visit or report there did."""
    if who not in ACTORS or CAST[ACTORS[who]][0] not in AT_DOORS or place not in HELD[who]:
        return names[place]
    if CAST[ACTORS[who]][0] == "leader":
        issue = {"building_id": names[place]["building_id"], "category": "order", "text": "乱停车"}
        return {**names[place], "issue_id": town.submit(who, "issue.raise", issue).id}
    data = {"household_id": names[place]["household_id"], "type": "routine", "method": "door"}
    visit = town.submit(ACTORS[who], "visit.record", {**data, "result": "met", "resident_ids": []})
    return {**names[place], "visit_id": visit.id}


def mirror_of(town):
    """Every row of the other community, but for what is sent out by a clock and not by anybody."""
    with town.store.read() as tx:
        tables = [row["name"] for row in tx.rows(WITH_COMMUNITY)]
        return {
            table: tx.tuples(
                f"select * from {table} where community_id = :other", other=everything.OTHER
            )
            for table in tables
        }


WITH_COMMUNITY = (
    "select name from sqlite_schema where type = 'table'"
    " and sql like '%community_id%' and name not in ('digest', 'dispatch') order by name"
)


class Asking:
    """Asks for every route as one person, and keeps what was answered otherwise than it should."""

    def __init__(self, town, who, names):
        self.town = town
        self.who = who
        nothing = dict.fromkeys(names["far"], filled.NOTHING)
        nothing |= {"sha256": "0" * 64, **{name: names["far"][name] for name in COUNTED}}
        self.names = {**names, "nothing": nothing}
        self.role = CAST[ACTORS[who]][0] if who in ACTORS else "nobody"
        self.browser = self.fresh()
        self.refused = 0
        self.wrong = []
        self.denied_before = len(town.audit("denied"))

    def fresh(self):
        return self.town[ACTORS[self.who]] if self.who in ACTORS else self.town.nobody()

    def try_elsewhere(self, route):
        """What is of another community, and of another building."""
        if not filled.is_of_an_area(path_of(route)):
            return
        answer = self.ask(route, "far")
        if self.role not in TABLE[route]:
            self.check(route, "far", answer, self.expected(route, "far"))
            return
        unknown = self.ask(route, "nothing")
        if answer.status_code != INSTEAD.get(route, 404):
            self.wrong.append(f"{route} of another community: {answer.status_code}")
        if bare(answer) != bare(unknown):
            self.wrong.append(f"{route} says more of another community than of nothing")
        for place in filled.PLACES:
            expected = self.expected(route, place)
            if expected != "in":
                self.check(route, place, self.ask(route, place), expected)

    def try_here(self, route):
        expected = self.expected(route, "hongmian")
        place = "hongmian"
        if expected != "in" and self.expected(route, "lixiang") == "in":
            place, expected = "lixiang", "in"
        self.check(route, place, self.ask(route, place), expected)
        if "signout" in route and expected == "in":
            self.browser = self.fresh()

    def expected(self, route, place):
        if self.role not in TABLE[route]:
            return "sign in" if self.role == "nobody" else "refused"
        if route == "GET /media/{sha256}" and self.role == "leader":
            return "refused"  # but for those that they brought with a report of their own
        lies_there = route not in OWN_COPY and IN_A_BUILDING & set(filled.named(path_of(route)))
        if lies_there and self.role in AT_DOORS and place not in HELD[self.who]:
            return "not found" if route in NOT_FOUND else "refused"
        return "in"

    def ask(self, route, place):
        method, path = route.split(" ")
        names = self.names[place]
        told = {}
        if method == "POST" and self.browser.token:
            told["data"] = {**filled.form(path, names), "form_token": self.browser.form_token}
        if method == "PUT":
            told = {"content": b"no picture", "headers": {"Content-Type": "image/jpeg"}}
        url = filled.address(path, names)
        answer = self.browser.request(method, url, follow_redirects=False, **told)
        self.refused += answer.status_code == 403 and route not in BY_KEY
        self.wrong += [f"{route} tells {one}" for one in self.told_wrongly(answer)]
        self.wrong += [f"{route}: {one}" for one in unprotected(path, answer)]
        return answer

    def told_wrongly(self, answer):
        text = words_of(answer)
        return [one for one in never_told(self.who, self.role) if one in text]

    def check(self, route, place, answer, expected):
        if not fits(answer, expected, route):
            self.wrong.append(f"{route} {place}: {answer.status_code}, expected {expected}")


def unprotected(path, answer):
    """What a browser could do with an answer that it should not."""
    said = answer.headers
    policy = dict(
        part.split(" ", 1) for part in said["Content-Security-Policy"].split("; ") if " " in part
    )
    scripts = policy.get("script-src", policy["default-src"])
    # The worker's templates are compiled, so it may evaluate; no page runs in it.
    if scripts not in ("'self' 'unsafe-eval'" if path == "/sw.js" else "'self'", "'none'"):
        yield f"scripts: {scripts}"
    if said["X-Content-Type-Options"] != "nosniff" or said["Referrer-Policy"] != "same-origin":
        yield "may be guessed at, or tells its address elsewhere"
    if not path.startswith(web.PUBLIC) and said["Cache-Control"] != "no-store":
        yield f"may be kept: {said['Cache-Control']}"
    if "html" in said.get("Content-Type", ""):
        yield from INLINE.findall(answer.text)


# A script, a handler or a style that stands in the page itself.
INLINE = re.compile(r"<script(?![^>]* src=)[^>]*>|<style|<[^>]* (?:on[a-z]+|style)=|javascript:")


def never_told(who, role):
    """What no answer to this person may hold."""
    found = [MIRRORED]
    if role not in FIELD | OFFICE:
        found.append(SECRETLY)
    if role in ("street", "admin", "nobody"):
        found += [name for _, _, _, _, name, _, _ in DOORS.values()] + list(NUMBER.values())
    elsewhere = {place for place, *_ in DOORS.values()} - set(HELD.get(who, ()))
    if role in FIELD | {"leader"}:
        found += [name for place, _, _, _, name, _, _ in DOORS.values() if place in elsewhere]
        found += [number for place, number in NUMBER.items() if place in elsewhere]
    return found


def words_of(answer):
    """Everything an answer says; of a workbook, what is in it."""
    if not answer.content.startswith(b"PK"):
        return unescape(answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def bare(answer):
    """An answer without the ids and signs that differ from one request to the next."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}", "", words_of(answer))


def fits(answer, expected, route):
    path = path_of(route)
    leads_to = answer.headers.get("location", "")
    if route in BY_KEY:
        return answer.status_code == 403
    if expected == "sign in":
        if path.startswith(API):
            return answer.status_code == 401 and set(answer.json()) == {"code", "message"}
        return answer.status_code == 302 and leads_to.startswith("/signin?next=")
    if expected in ("refused", "not found"):
        return answer.status_code == (403 if expected == "refused" else 404)
    if route == "POST /signin":  # let in, and told that nothing was typed
        return answer.status_code == 401 and "密码不对" in answer.text
    is_there = answer.status_code != 404 or not filled.is_of_an_area(path)
    return is_there and answer.status_code not in (401, 403, 405) and answer.status_code < 500


def test_a_round_trip_tells_a_leader_no_health_no_phone_and_no_other_building(full):
    town, _ = full
    phone = Phone(town, "leader1")
    phone.pull()

    told = str(phone.records)

    assert "黄秀珍" in told
    assert not [one for one in (*never_told("leader1", "leader"), "living_alone") if one in told]


@pytest.mark.parametrize("who", [who for who, role in CAST.items() if role[0] in FIELD])
def test_a_round_trip_tells_of_the_own_buildings_alone(full, who):
    town, _ = full
    phone = Phone(town, who)
    phone.pull()

    told = str(phone.records)

    assert SECRETLY in told
    assert not [one for one in never_told(who, "worker") if one in told]


TAKEN = [
    f"/office/{'staff-' if one.is_staff else ''}lists/{code}/{form}"
    for code, one in LISTS.items()
    for form in FORMS
]
TAKEN += [f"/office/reports/{code}/columns" for code in REPORTS]


@pytest.mark.parametrize("who", ["office1", "admin"])
def test_no_list_and_no_search_tells_of_another_community(full, who):
    town, _ = full
    found, told = [], []
    for path in TAKEN:
        answer = town[who].get(path)
        found += [path] if answer.status_code == 200 else []
        told += [path] if MIRRORED in words_of(answer) else []
    for to in finds.PLACES:
        for words in ("秀珍", "601", "0502", "家栋"):
            answer = town[who].submit("/office/finds", to=to, q=words)
            told += [to] if MIRRORED in words_of(answer) else []

    assert told == []
    assert len(found) == (len(TAKEN) if who == "office1" else sum("staff" in one for one in TAKEN))


def test_a_role_that_may_not_leaves_a_row_that_says_who_tried_what(town, leader):
    leader.get("/office/visits/diary.xlsx")

    (row,) = town.audit("denied")
    assert row["person_id"] == town.person("leader1")
    assert (row["role"], row["target"], row["outcome"]) == (
        "leader",
        "/office/visits/diary.xlsx",
        "denied",
    )


@pytest.mark.parametrize("username", ["street", "admin"])
def test_who_needs_no_resident_is_sent_none(town, username):
    answer = town[username].post("/sync", json={"ops": []})

    assert {one["kind"] for one in answer.json()["changes"]} == {"person"}


@pytest.mark.parametrize("token", ["", "nonsense", "令牌"])
def test_a_form_without_the_token_of_its_page_is_refused(town, token):
    answer = town["office1"].post("/office/feedback", data={"text": "好", "form_token": token})

    assert answer.status_code == 403
