"""A small demo community with something on every page, and every page of it."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from litestar.testing.transport import TestClientTransport

from server.app import build
from server.demo import seed, town
from server.demo.bulletins import DISTRICT
from server.intake import Clock, Intake, now_utc
from server.people import COOKIE, hash_password
from server.settings import Settings
from server.store.database import Store
from tests.browser.warned import INCIDENT, warn
from tests.server import rosters, storms
from tests.server.town import PASSWORD, SECRET, Member

HOUSEHOLDS = 100
USERS = ("worker1", "leader1", "office1", "street", "admin")

# One of each, as they stand in the addresses of pages. The chief's are doors of worker1.
NAMES = {
    "BUILDING": "select building_id from household where building_id in"
    " (select building_id from person_building where person_id = :chief)"
    " group by building_id order by count(*) desc, building_id limit 1",
    "TOWER": "select id from building order by floors desc, id limit 1",
    "HOUSEHOLD": "select household_id from visit join household on household.id = household_id"
    " where by = :chief and status = 'active' and household_id in"
    " (select household_id from contact) and household.building_id in"
    " (select building_id from person_building where person_id = :chief)"
    " group by household_id order by count(*) desc, household_id limit 1",
    "RESIDENT": "select id from resident where household_id = :household"
    " order by length(categories) desc, id limit 1",
    "STRANGER": "select id from resident where household_id <> :household order by id limit 1",
    "CONTACT": "select id from contact where household_id = :household order by id limit 1",
    "VISIT": "select id from visit where household_id = :household and by = :chief"
    " and withdrawn = 0 order by at desc limit 1",
    "FOLLOWUP": "select id from followup where status = 'open' and building_id in"
    " (select building_id from person_building where person_id = :chief)"
    " order by opened_at, id limit 1",
    "SILENT": "select household_id from followup where item = 'no_answer' and status = 'open'"
    " and building_id in (select building_id from person_building where person_id = :chief)"
    " order by opened_at, id limit 1",
    "TASK": "select id from contact_task where building_id in"
    " (select building_id from person_building where person_id = :chief)"
    " order by id limit 1",
    "DOOR": "select household.id from household join person_building using (building_id)"
    " where person_id = :leader and status = 'active' and tenure <> 'vacant'"
    " order by household.id limit 1",
    "BLOCK": "select building_id from person_building where person_id = :leader limit 1",
    "ERRAND": "select id from issue where instr(entries, '\"papers\"') > 0 order by id limit 1",
    "MATTER": "select id from issue where state = 'reported' and side = '' and restricted = 0"
    " and building_id in"
    " (select building_id from person_building where person_id = :chief)"
    " order by length(entries) desc, id limit 1",
    "CALLED": "select id from issue where calls_open > 1 order by id limit 1",
    "ISSUE": "select id from issue where ended_at = '' order by close_due, id limit 1",
    "REVIEW": "select id from visit where review = 'waiting' order by id limit 1",
    "DISPUTE": "select id from dispute where state = 'open' order by id limit 1",
    "KEY": "select key from quarantine where state = 'waiting' order by key limit 1",
    "BATCH": "select id from import_batch where state = 'done' limit 1",
    "LOOK": "select id from import_batch where state <> 'done' limit 1",
    "SAVED": "select id from outbox_file where state = 'preview' limit 1",
    "BROUGHT": "select id from outbox_file where state = 'imported' limit 1",
    "MESSAGE": "select id from alert_message order by received_at, id limit 1",
    "FEED": "select id from alert_feed order by name limit 1",
    "HANDOVER": "select id from handover limit 1",
    "MEETING": "select id from meeting limit 1",
    "PHONE": "select device_id from session where person_id = :chief order by created_at limit 1",
    "NUMBER": "select number from import_row where state = 'waiting' order by number limit 1",
}


@dataclass(frozen=True)
class Community:
    """The database on disk, a session of each of USERS, and what stands for names in addresses."""

    made: Path
    tokens: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)
    routes: frozenset[str] = frozenset()

    def path(self, pattern: str) -> str:
        for name, value in self.names.items():
            pattern = pattern.replace(name, value)
        return pattern


def make(folder: Path, clock: Clock = now_utc) -> Community:
    """The community, made through the one door for writes, with a roster brought in at the desk."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, clock)
    today = clock().astimezone(ZoneInfo("Asia/Shanghai")).date()
    place = town.build(HOUSEHOLDS, today=today)
    seed.seed(intake, place, hash_password(PASSWORD), lambda done, total: None)
    intake.stop()
    store.close()
    app = build(Settings(data=folder, secret=SECRET), clock)
    with TestClient(app) as client:
        transport = TestClientTransport(client=client)
        tokens = {username: _sign_in(Member(transport), username) for username in USERS}
        _fill(transport, tokens)
        people = {one.username: one.id for one in place.people}
        _add_channel(Member(transport, tokens["office1"]))
        _hand_over(Member(transport, tokens["office1"]), people, today + timedelta(days=30))
        _meet(Member(transport, tokens["office1"]), app.state.store, today)
        _pair(Member(transport, tokens["office1"]), app.state.store, people["leader1"])
        told = _storms(Member(transport, tokens["office1"]), clock())
        _knock_in_vain(app.state.store, Member(transport, tokens["worker1"]), people["worker1"])
        warn(app.state.intake, people["leader1"], people["worker1"])
        names = _names(app.state.store, people)
        names["INCIDENT"] = INCIDENT
        names |= told
        listed = Member(transport, tokens["leader1"]).get(f"/alerts/{told['WARNING']}/contacts")
        names["ASKED"] = re.findall(r"/contact-tasks/([0-9a-f-]{36})", listed.text)[0]
        names["CODE"] = _card(Member(transport, tokens["admin"]), people["leader2"])
    return Community(folder / "jinlin.db", tokens, names, frozenset(_routes(app)))


def sign_in(origin: str) -> dict[str, str]:
    """A session of each of USERS at a running server."""
    found = {}
    for username in USERS:
        with httpx.Client(base_url=origin) as browser:
            found[username] = _sign_in(browser, username)
    return found


def _routes(app: Litestar) -> Iterator[str]:
    for route in app.routes:
        if "GET" in route.methods:
            yield route.path_format


def _sign_in(browser: httpx.Client, username: str) -> str:
    browser.post("/signin", data={"username": username, "password": PASSWORD})
    token = browser.cookies.get(COOKIE)
    assert token, username
    return token


def _fill(transport: TestClientTransport, tokens: dict[str, str]) -> None:
    office = Member(transport, tokens["office1"])
    rosters.bring_in(office, rosters.ROSTER.read_bytes(), "红棉苑名册.xlsx")
    rosters.read(office, rosters.xlsx_of(rosters.line("王小明")), "再来一份.xlsx")
    worker = Member(transport, tokens["worker1"])
    worker.post("/feedback", data={"text": "字再大一点"})
    _bring_outboxes(office, worker.get("/api/session").json())


def _knock_in_vain(store: Store, worker: Member, person_id: str) -> None:
    """Nobody answers where somebody is seen every week, and two steps are taken."""
    with store.read() as tx:
        home = tx.value(
            "select id from household where interval = 7 and building_id in"
            " (select building_id from person_building where person_id = :person)"
            " and id in (select household_id from contact) order by id limit 1",
            person=person_id,
        )
    said = {"type": "elder_care", "method": "door", "result": "no_answer"}
    worker.post(f"/households/{home}/visits", data=said)
    for step in ("self", "contact"):
        worker.post(f"/households/{home}/ladder/steps", data={"step": step})


def _add_channel(office: Member) -> None:
    """One that nobody listens to: it is tried and then switched off."""
    page = "/office/alert-channels"
    group = {"name": "红棉苑和凤凰里楼长群", "audience": "leaders", "grid_id": ""}
    drawn = office.submit(page, address="ntfy://127.0.0.1:9/leaders", **group).text
    (channel,) = set(re.findall(rf"{page}/([0-9a-f-]{{36}})/trials", drawn))
    office.submit(f"{page}/{channel}/trials")
    assert "没有回答" in office.submit(f"{page}/{channel}/switches", is_on="0").text


def _hand_over(office: Member, people: dict[str, str], on: date) -> None:
    """A building that goes to somebody else in a month."""
    asked = {"giver": people["worker8"], "taker": people["worker9"], "from_on": on.isoformat()}
    listed = office.get(f"/office/handovers?giver={asked['giver']}").text
    building = re.findall(r'name="building" value="([0-9a-f-]{36})"', listed)[0]
    told = {**asked, "building": building, "note": "门禁卡在物业", "form_id": str(uuid.uuid4())}
    assert "交接已定" in office.submit("/office/handovers", **told).text


def _meet(office: Member, store: Store, on: date) -> None:
    """Hard issues at a meeting, one of them decided."""
    with store.read() as tx:
        rows = tx.rows(
            "select id, category, place from issue where ended_at = '' order by close_due desc, id"
            " limit 2"
        )
    for one in rows:
        was = {"category": one["category"], "place": one["place"]}
        asked = {**was, **{f"was_{name}": value for name, value in was.items()}}
        office.submit(f"/office/issues/{one['id']}/changes", hard="1", was_hard="0", **asked)
    people = {"chair": "麦书记", "present": "两委、物业经理、楼长"}
    where = office.submit("/office/meetings", kind="friday", held_on=on.isoformat(), **people)
    said = {"issue": rows[0]["id"], "decision": "先请物业和业委会碰一次"}
    assert "先请物业" in office.submit(f"{where.url.path}/decisions", **said).text


def _pair(office: Member, store: Store, leader: str) -> None:
    """Whom a leader looks after: two of the own building who live alone and have a telephone."""
    with store.read() as tx:
        rows = tx.rows(
            "select resident.id from resident join contact on contact.resident_id = resident.id"
            " join person_building on person_building.building_id = resident.building_id"
            " where person_id = :leader and resident.status = 'living'"
            " and resident.categories like '%living_alone%'"
            " group by resident.id order by resident.id limit 2",
            leader=leader,
        )
    assert rows
    for row in rows:
        path = f"/office/residents/{row['id']}/pairings"
        assert office.submit(path, leader_id=leader).status_code == 200


def _storms(office: Member, now: datetime) -> dict[str, str]:
    """A warning that some have handed on and others not, and one that waits for the office."""
    names = {}
    # One for the district of the demo, and one that does not say where.
    for name, kind, area in (("WARNING", "雷雨大风", DISTRICT), ("FOREIGN", "暴雨", "")):
        said = {"kind": kind, "colour": "橙", "area": area}  # told at once, also at night
        text = storms.storm_at(now - timedelta(minutes=7), name, **said)
        (names[name],) = storms.hand_in(office, text)["incidents"]
    board = f"/office/alerts/{names['WARNING']}"
    if "/starts" in office.get(board).text:
        office.submit(f"{board}/starts", reason="")
    drawn = office.get(board).text
    buildings = list(dict.fromkeys(re.findall(r"building=([0-9a-f-]{36})", drawn)))
    said = ("forwards", {"channel": "phone"}), ("confirmations", {"how": "call"}), ("failures", {})
    for n, building in enumerate(buildings[:9]):
        for action, fields in said[n % 3 :: 2]:
            answer = office.submit(f"{board}/buildings/{building}/{action}", edition="1", **fields)
            assert answer.status_code == 200
    feed = {"name": "市气象台", "url": "https://feed.invalid/rss", "scope": "list", "every": "60"}
    office.submit("/office/alert-feeds", **feed, do="save")
    return {**names, "TOLD": buildings[0]}


def _bring_outboxes(office: Member, session: dict[str, Any]) -> None:
    """A phone's file that was imported, with one line that was not taken, and one just read."""
    texts = ["屏幕坏了", "", "交上来的文件"]
    operations = [
        json.dumps(
            {
                "id": f"01990000-0000-7000-8000-00000000000{n}",
                "n": n,
                "kind": "feedback.send",
                "at": "2026-09-15T10:00:00.000+08:00",
                "data": {"text": text},
            }
        )
        for n, text in enumerate(texts, 1)
    ]
    file = {"jinlin": "outbox", "device": session["device"], "person": session["person"]}
    for taken in (operations[:2], operations):
        content = json.dumps({**file, "operations": taken}).encode()
        told = {"form_token": office.form_token}
        seen = office.post("/office/outboxes", files={"file": ("o.json", content)}, data=told)
        if taken != operations:
            office.submit(f"{seen.url.path}/confirmations")


def _card(admin: Member, person_id: str) -> str:
    sheet = admin.submit("/office/people/cards", person=person_id)
    return sheet.text.split("/card#")[1].split("<")[0]


def _names(store: Store, people: dict[str, str]) -> dict[str, str]:
    found = {"PERSON": people["worker1"], "LEADER": people["leader1"]}
    asked = {"chief": people["worker1"], "leader": people["leader1"], "household": ""}
    with store.read() as tx:
        for name, sql in NAMES.items():
            found[name] = str(tx.value(sql, **asked) or "")
            assert found[name], name
            if name == "HOUSEHOLD":
                asked["household"] = found[name]
    return {**found, "NOTHING": "00000000-0000-7000-8000-000000000000"}


# Who looks at which page: every GET route of the application, with the addresses it is looked at
# by. Capitals stand for NAMES. A role may be "nobody"; "elder" is worker1 in elder mode.
PAGES: dict[str, list[tuple[str, str]]] = {
    "/signin": [("nobody", "/signin"), ("nobody", "/signin?next=/today")],
    "/card": [("nobody", "/card#CODE"), ("nobody", "/card")],
    "/me/password": [("worker1", "/me/password"), ("office1", "/me/password")],
    "/today": [("worker1", "/today"), ("elder", "/today"), ("leader1", "/today")],
    "/buildings": [("worker1", "/buildings"), ("leader1", "/buildings")],
    "/buildings/{building_id}": [
        ("worker1", "/buildings/BUILDING?door=HOUSEHOLD"),
        ("leader1", "/buildings/BLOCK?door=DOOR"),
    ],
    "/households/{household_id}": [
        ("worker1", "/households/HOUSEHOLD"),
        ("elder", "/households/HOUSEHOLD"),
        ("leader1", "/households/DOOR"),
        ("worker1", "/households/NOTHING"),
    ],
    "/households/{household_id}/visit": [
        ("worker1", "/households/HOUSEHOLD/visit"),
        ("elder", "/households/HOUSEHOLD/visit"),
        ("worker1", "/households/HOUSEHOLD/visit?error=visit.result_missing&field=result"),
    ],
    "/households/{household_id}/contact": [("worker1", "/households/HOUSEHOLD/contact")],
    "/households/{household_id}/event": [("worker1", "/households/HOUSEHOLD/event")],
    "/residents/{resident_id}/proposal": [("worker1", "/residents/RESIDENT/proposal")],
    "/households/{household_id}/issue": [
        ("worker1", "/households/HOUSEHOLD/issue"),
        ("elder", "/households/HOUSEHOLD/issue?error=请点一样，或写一句是什么事。&field=text"),
    ],
    "/buildings/{building_id}/issue": [
        ("worker1", "/buildings/BUILDING/issue"),
        ("leader1", "/buildings/BLOCK/issue"),
    ],
    "/issues/todo": [("worker1", "/issues/todo")],
    "/issues/{issue_id}": [("worker1", "/issues/MATTER")],
    "/issues/new": [("worker1", "/issues/new"), ("leader1", "/issues/new")],
    "/issues": [("worker1", "/issues"), ("elder", "/issues"), ("leader1", "/issues")],
    "/households/{household_id}/ladder": [("worker1", "/households/SILENT/ladder")],
    "/pairs": [("leader1", "/pairs")],
    "/alerts": [("worker1", "/alerts"), ("leader1", "/alerts")],
    "/alerts/{incident_id}": [
        ("worker1", "/alerts/INCIDENT"),
        ("elder", "/alerts/INCIDENT"),
        ("leader1", "/alerts/INCIDENT"),
        ("office1", "/alerts/INCIDENT"),
    ],
    "/alerts/{incident_id}/contacts": [
        ("worker1", "/alerts/INCIDENT/contacts"),
        ("elder", "/alerts/INCIDENT/contacts"),
        ("leader1", "/alerts/WARNING/contacts"),
    ],
    "/contact-tasks/{task_id}": [
        ("worker1", "/contact-tasks/TASK"),
        ("elder", "/contact-tasks/TASK?error=请先选问到怎样。&field=outcome"),
        ("leader1", "/contact-tasks/ASKED"),
    ],
    "/contacts/{contact_id}/change": [("worker1", "/contacts/CONTACT/change")],
    "/visits/{visit_id}/correction": [("worker1", "/visits/VISIT/correction")],
    "/followups": [("worker1", "/followups"), ("elder", "/followups")],
    "/followups/{followup_id}": [("worker1", "/followups/FOLLOWUP")],
    "/search": [("worker1", "/search"), ("worker1", "/search?q=1"), ("worker1", "/search?q=嗯嗯")],
    "/outbox": [("worker1", "/outbox"), ("leader1", "/outbox")],
    "/me": [("worker1", "/me"), ("elder", "/me"), ("leader1", "/me")],
    "/feedback": [("worker1", "/feedback"), ("worker1", "/feedback?sent=1")],
    "/help": [("worker1", "/help"), ("elder", "/help"), ("leader1", "/help")],
    "/help/{name}": [("worker1", "/help/silent"), ("leader1", "/help/leader-alert")],
    "/office/help": [("office1", "/office/help"), ("street", "/office/help")],
    "/office/help/{name}": [("office1", "/office/help/board"), ("admin", "/office/help/server")],
    "/office": [("office1", "/office"), ("office1", "/office?map=issues"), ("worker1", "/office")],
    "/office/alerts": [("office1", "/office/alerts")],
    "/office/alerts/paste": [("office1", "/office/alerts/paste")],
    "/office/alerts/new": [("office1", "/office/alerts/new")],
    "/office/alerts/messages/{message_id}": [("office1", "/office/alerts/messages/MESSAGE")],
    "/office/alert-feeds": [("office1", "/office/alert-feeds"), ("admin", "/office/alert-feeds")],
    "/office/alert-feeds/{feed_id}": [("office1", "/office/alert-feeds/FEED")],
    "/office/unseen": [("office1", "/office/unseen")],
    "/office/numbers": [
        ("office1", "/office/numbers"),
        ("office1", "/office/numbers?by=building"),
    ],
    "/office/numbers/people": [("office1", "/office/numbers/people?show=all")],
    "/office/numbers/records": [
        ("office1", "/office/numbers/records"),
        ("office1", "/office/numbers/records?show=slow"),
        ("office1", "/office/numbers/records?show=returned"),
        ("office1", "/office/numbers/records?show=conflicts"),
        ("office1", "/office/numbers/records?show=contacts"),
    ],
    "/office/alerts/{alert_id}": [
        ("office1", "/office/alerts/WARNING?building=TOLD"),
        ("office1", "/office/alerts/FOREIGN"),
    ],
    "/office/alerts/{alert_id}/replay": [("office1", "/office/alerts/WARNING/replay?step=4")],
    "/office/alerts/{alert_id}/report": [("office1", "/office/alerts/WARNING/report")],
    "/office/overdue": [("office1", "/office/overdue")],
    "/office/issues": [
        ("office1", "/office/issues"),
        ("office1", "/office/issues?show=ended"),
        ("office1", "/office/issues?due=late"),
    ],
    "/office/issues/columns": [("office1", "/office/issues/columns")],
    "/office/issues/limits": [("office1", "/office/issues/limits")],
    "/office/issues/new": [("office1", "/office/issues/new")],
    "/office/issues/{issue_id}": [
        ("office1", "/office/issues/ISSUE"),
        ("office1", "/office/issues/ERRAND"),
    ],
    "/office/issues/{issue_id}/receipt": [("office1", "/office/issues/ERRAND/receipt")],
    "/office/issues/numbers": [
        ("office1", "/office/issues/numbers"),
        ("office1", "/office/issues/numbers?by=building"),
    ],
    "/office/issues/numbers/records": [("office1", "/office/issues/numbers/records?show=open")],
    "/office/open311": [("admin", "/office/open311")],
    "/office/review": [("office1", "/office/review"), ("office1", "/office/review?show=other")],
    "/office/review/decisions": [("office1", "/office/review/decisions")],
    "/office/review/rules": [("office1", "/office/review/rules")],
    "/office/review/{visit_id}": [("office1", "/office/review/REVIEW")],
    "/office/visits": [("office1", "/office/visits"), ("office1", "/office/visits?result=refused")],
    "/office/visits/{visit_id}": [("office1", "/office/visits/VISIT")],
    "/office/households/{household_id}": [
        ("office1", "/office/households/HOUSEHOLD"),
        ("office1", "/office/households/NOTHING"),
    ],
    "/office/households/{household_id}/changes": [
        ("office1", "/office/households/HOUSEHOLD/changes")
    ],
    "/office/residents/{resident_id}": [("office1", "/office/residents/RESIDENT")],
    "/office/residents/{resident_id}/changes": [("office1", "/office/residents/RESIDENT/changes")],
    "/office/buildings": [("office1", "/office/buildings")],
    "/office/buildings/{building_id}": [
        ("office1", "/office/buildings/BUILDING?door=HOUSEHOLD"),
        ("office1", "/office/buildings/TOWER"),
    ],
    "/office/search": [("office1", "/office/search"), ("office1", "/office/search?of=nothing")],
    "/office/tasks": [("office1", "/office/tasks"), ("office1", "/office/tasks?show=closed")],
    "/office/followups": [
        ("office1", "/office/followups"),
        ("office1", "/office/followups?level=now"),
        ("office1", "/office/followups?show=closed"),
    ],
    "/office/plans": [("office1", "/office/plans")],
    "/office/proposals": [("office1", "/office/proposals")],
    "/office/handovers": [
        ("office1", "/office/handovers"),
        ("office1", "/office/handovers?giver=PERSON"),
    ],
    "/office/handovers/{handover_id}": [("office1", "/office/handovers/HANDOVER")],
    "/office/handovers/{handover_id}/sheet": [("office1", "/office/handovers/HANDOVER/sheet")],
    "/office/plans/doors": [("office1", "/office/plans/doors?days=31")],
    "/office/pairings": [("office1", "/office/pairings")],
    "/office/contact-cards": [
        ("office1", "/office/contact-cards"),
        ("office1", "/office/contact-cards?building=BUILDING"),
    ],
    "/office/conflicts": [("office1", "/office/conflicts")],
    "/office/conflicts/{dispute_id}": [("office1", "/office/conflicts/DISPUTE")],
    "/office/quarantine": [("office1", "/office/quarantine")],
    "/office/quarantine/{key}": [("office1", "/office/quarantine/KEY")],
    "/office/imports": [("office1", "/office/imports")],
    "/office/imports/{batch_id}": [
        ("office1", "/office/imports/BATCH"),
        ("office1", "/office/imports/LOOK"),
    ],
    "/office/imports/{batch_id}/changes": [
        ("office1", "/office/imports/LOOK/changes?show=added"),
        ("office1", "/office/imports/LOOK/changes"),
    ],
    "/office/checklists": [("office1", "/office/checklists")],
    "/office/checklists/{checklist_id}": [("office1", "/office/checklists/CK-ELDER.1")],
    "/office/reports": [("office1", "/office/reports")],
    "/office/reports/{report}/columns": [("office1", "/office/reports/ledger/columns")],
    "/office/rejects": [("office1", "/office/rejects"), ("office1", "/office/rejects?batch=BATCH")],
    "/office/rejects/{batch_id}/{number}": [("office1", "/office/rejects/BATCH/NUMBER")],
    "/office/missing": [("office1", "/office/missing")],
    "/office/duplicates": [("office1", "/office/duplicates")],
    "/office/duplicates/{kind}/{keep_id}/{drop_id}": [
        ("office1", "/office/duplicates/residents/RESIDENT/STRANGER"),
        ("office1", "/office/duplicates/households/HOUSEHOLD/DOOR"),
    ],
    "/office/feedback": [("office1", "/office/feedback"), ("street", "/office/feedback")],
    "/office/alerts/{incident_id}/contacts": [
        ("office1", "/office/alerts/INCIDENT/contacts"),
        ("office1", "/office/alerts/INCIDENT/contacts?show=todo"),
    ],
    "/office/alert-texts": [("office1", "/office/alert-texts")],
    "/office/alert-texts/wording": [
        ("office1", "/office/alert-texts/wording?kind=雷雨大风&colour=yellow"),
        ("office1", "/office/alert-texts/wording?kind=&colour="),
    ],
    "/office/alert-channels": [("office1", "/office/alert-channels")],
    "/office/alert-settings": [("office1", "/office/alert-settings")],
    "/office/settings": [("office1", "/office/settings")],
    "/office/phones": [
        ("office1", "/office/phones"),
        ("office1", "/office/phones?show=care"),
        ("admin", "/office/phones?of=nothing"),
    ],
    "/office/outboxes": [("office1", "/office/outboxes")],
    "/office/outboxes/{file_id}": [
        ("office1", "/office/outboxes/SAVED"),
        ("office1", "/office/outboxes/BROUGHT"),
    ],
    "/office/people": [("office1", "/office/people"), ("admin", "/office/people?show=leader")],
    "/office/people/{person_id}": [
        ("office1", "/office/people/PERSON"),
        ("admin", "/office/people/LEADER"),
    ],
    "/office/people/{person_id}/closing": [("office1", "/office/people/PERSON/closing")],
    "/office/people/{person_id}/enrolment": [("office1", "/office/people/PERSON/enrolment")],
    "/office/bulk": [("office1", "/office/bulk")],
    "/office/areas": [("office1", "/office/areas")],
    "/office/areas/buildings/{building_id}": [
        ("office1", "/office/areas/buildings/BUILDING"),
        ("office1", "/office/areas/buildings/BUILDING?grid=2"),
    ],
    "/office/devices/{device_id}/loss": [("office1", "/office/devices/PHONE/loss")],
    "/office/devices/{device_id}/loss/note": [("office1", "/office/devices/PHONE/loss/note")],
    "/office/people/cards": [("admin", "/office/people/cards?show=all")],
    "/office/backups": [("admin", "/office/backups"), ("office1", "/office/backups")],
    "/office/server": [("admin", "/office/server")],
    "/office/wishes": [("office1", "/office/wishes")],
    "/office/retention": [("office1", "/office/retention")],
    "/office/meetings": [("office1", "/office/meetings")],
    "/office/meetings/{meeting_id}": [("office1", "/office/meetings/MEETING")],
    "/office/meetings/{meeting_id}/minutes": [("office1", "/office/meetings/MEETING/minutes")],
    "/office/consents": [("office1", "/office/consents"), ("office1", "/office/consents?show=yes")],
    "/office/personal-notice": [("office1", "/office/personal-notice")],
    "/office/audit": [
        ("admin", "/office/audit"),
        ("office1", "/office/audit?first=1970-01-01&last=1970-01-02"),
    ],
    "/office/counts": [("street", "/office/counts"), ("office1", "/office/counts?by=building")],
    "/office/calls": [("street", "/office/calls"), ("office1", "/office/calls")],
    "/office/calls/{issue_id}": [
        ("street", "/office/calls/CALLED"),
        ("office1", "/office/calls/CALLED"),
    ],
    "/office/departments": [
        ("street", "/office/departments"),
        ("office1", "/office/departments"),
    ],
}

# GET routes that answer no page.
NO_PAGE = {
    "/",
    "/up",
    "/health",
    "/metrics",
    "/sw.js",
    "/shell.json",
    "/manifest.webmanifest",
    "/api/session",
    "/api/openapi.json",
    "/live",
    "/office/alerts/messages/{message_id}/raw",
    "/push/key",
    "/office/visits/diary.xlsx",
    "/office/meetings/{meeting_id}/minutes.xlsx",
    "/office/lists/{code}/{form}",
    "/office/reports/kept/{schedule_id}/{due_on}",
    "/office/staff-lists/{code}/{form}",
    "/office/rejects/download",
    "/office/bulk/file.xlsx",
    "/office/checklists/{checklist_id}/file.xlsx",
    "/media/{sha256}",
    "/media/{sha256}/received",
}
FOLDERS = ("/static/", "/phone/", "/locale/", "/open311/")
