"""Who may open what: every route of the application, every role, in and out of scope.

A new route fails here until its line says who may use it.
"""

import re

import pytest

from sync.scope import FIELD, OFFICE, ROLES
from tests.server.town import CAST, ident

PUBLIC = frozenset({"nobody", *ROLES})
EVERYBODY = ROLES
WALKERS = FIELD
AT_DOORS = FIELD | {"leader"}
PEOPLE = OFFICE | {"admin"}
NUMBERS = OFFICE | {"street"}
AT_DESKS = OFFICE | {"admin", "street"}

# Method and path: the roles that may. Names in braces lie in a building (see `places`) or belong
# to the community; a field role or a leader must also look after that building.
TABLE = {
    "GET /": EVERYBODY,
    "GET /up": PUBLIC,
    "GET /health": PUBLIC,
    "GET /api/openapi.json": PUBLIC,
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
    "PUT /media/{sha256}": FIELD | OFFICE,
    "GET /media/{sha256}": FIELD | OFFICE,
    "GET /media/{sha256}/received": FIELD | OFFICE,
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
    "POST /outbox/sync": EVERYBODY,
    # the office: people
    "GET /office/backups": PEOPLE,
    "POST /office/backups": PEOPLE,
    "POST /office/backups/{name}/restores": {"admin"},
    "GET /office/server": PEOPLE,
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
    "GET /office/review": OFFICE,
    "POST /office/review/approvals": OFFICE,
    "GET /office/review/rules": OFFICE,
    "GET /office/review/decisions": OFFICE,
    "POST /office/review/rules/changes": OFFICE,
    "POST /office/review/rules/resets": OFFICE,
    "GET /office/review/{visit_id}": OFFICE,
    "POST /office/review/{visit_id}/approvals": OFFICE,
    "POST /office/review/{visit_id}/assignments": OFFICE,
    "POST /office/review/{visit_id}/corrections": OFFICE,
    "POST /office/review/{visit_id}/returns": OFFICE,
    "GET /office/visits": OFFICE,
    "GET /office/visits/diary.xlsx": OFFICE,
    "GET /office/lists/{code}/{form}": OFFICE,
    "GET /office/staff-lists/{code}/{form}": PEOPLE,
    "GET /office/visits/{visit_id}": OFFICE,
    "POST /office/visits/{visit_id}/corrections": OFFICE,
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
API = ("/api/", "/sync", "/live", "/media/")
FREE = {"HEAD", "OPTIONS"}
IN_A_BUILDING = ("building_id", "household_id", "visit_id", "contact_id", "resident_id")
PLACES = {"hongmian": "huang", "lixiang": "zhong"}
NOTHING = ident("id", "of nothing")
OF_PLACE = {"hongmian": "worker1", "lixiang": "worker2"}


@pytest.fixture
def places(town):
    return places_of(town, "nobody")


def places_of(town, username):
    """Ids of a building and of what lies in it, by the building's name. A visit can be taken back
    only by its author, so whoever may visit there did."""
    return {place: settle(town, place, door, username) for place, door in PLACES.items()}


def settle(town, place, door, username):
    role, _, held = CAST.get(username, ("", "", ()))
    may_visit = role in WALKERS and place in held
    worker = username if may_visit else OF_PLACE[place]
    household, resident = town.household(door), town.resident(door)
    visit = town.submit(
        worker,
        "visit.record",
        {
            "household_id": household,
            "type": "routine",
            "method": "door",
            "result": "met",
            "resident_ids": [resident],
        },
    )
    contact = town.submit(
        worker, "contact.add", {"household_id": household, "phone": "19900000001"}
    )
    return {
        "building_id": town.building(place),
        "household_id": household,
        "resident_id": resident,
        "visit_id": visit.id,
        "contact_id": contact.id,
    }


def routes_of(app):
    for route in app.routes:
        for handler in route.route_handlers:
            for method in sorted(handler.http_methods - FREE):
                yield f"{method} {route.path_format}"


def test_every_route_says_who_may_use_it(town):
    served = set(routes_of(town.app))

    assert sorted(served - set(TABLE)) == []
    assert sorted(set(TABLE) - served) == []


@pytest.mark.parametrize("username", [*CAST, "nobody"])
def test_everybody_gets_what_is_theirs_and_nothing_else(town, username):
    role = CAST[username][0] if username in CAST else "nobody"
    places = places_of(town, username)
    wrong, refused = [], 0
    browser = browser_of(town, username)
    for route, place in asked_of(role):
        expected = expected_of(route, TABLE[route], username, role, place)
        answer = ask(browser, route, places[place])
        refused += answer.status_code == 403
        if not fits(answer, expected, route):
            wrong.append(f"{route} {place}: {answer.status_code}, expected {expected}")
        if "signout" in route and expected == "in":
            browser = browser_of(town, username)

    assert not wrong
    assert len(town.audit("denied")) == refused


def asked_of(role):
    """Every route, and what lies in a building once for each building."""
    for route, roles in TABLE.items():
        if route in ENDLESS and role in roles:
            continue
        yield from ((route, place) for place in (PLACES if in_a_building(route) else ["hongmian"]))


def in_a_building(route):
    return any(f"{{{name}}}" in route for name in IN_A_BUILDING)


def browser_of(town, username):
    return town[username] if username in CAST else town.nobody()


def ask(browser, route, names):
    method, path = route.split(" ")
    url = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], NOTHING), path)
    data = {"form_token": browser.form_token} if method == "POST" and browser.token else None
    return browser.request(method, url, data=data, follow_redirects=False)


def expected_of(route, roles, username, role, place):
    if role not in roles:
        return "sign in" if role == "nobody" else "refused"
    if in_a_building(route) and role in AT_DOORS and place not in CAST[username][2]:
        return "refused"
    return "in"


def fits(answer, expected, route):
    path = route.split(" ")[1]
    leads_to = answer.headers.get("location", "")
    if expected == "sign in":
        if path.startswith(API):
            return answer.status_code == 401 and set(answer.json()) == {"code", "message"}
        return answer.status_code == 302 and leads_to.startswith("/signin?next=")
    if expected == "refused":
        return answer.status_code == 403
    if route == "POST /signin":  # let in, and told that nothing was typed
        return answer.status_code == 401 and "密码不对" in answer.text
    return answer.status_code not in (401, 403, 405) and answer.status_code < 500


def test_a_leader_sees_no_health_no_phone_and_no_other_building(town, places, leader):
    own = leader.get(f"/buildings/{places['hongmian']['building_id']}")
    door = leader.get(f"/households/{places['hongmian']['household_id']}")
    answer = leader.post("/sync", json={"ops": []})

    assert (own.status_code, door.status_code) == (200, 200)
    for text in (own.text, door.text, answer.text):
        assert not [word for word in ("独居", "living_alone", "19900000001") if word in text]
    assert "吴丽华" not in answer.text and "钟伟民" not in answer.text


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
def test_who_needs_no_resident_is_sent_none(town, places, username):
    answer = town[username].post("/sync", json={"ops": []})

    assert {one["kind"] for one in answer.json()["changes"]} == {"person"}


@pytest.mark.parametrize("token", ["", "nonsense", "令牌"])
def test_a_form_without_the_token_of_its_page_is_refused(town, token):
    answer = town["office1"].post("/office/feedback", data={"text": "好", "form_token": token})

    assert answer.status_code == 403
