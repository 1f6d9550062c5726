"""The town with at least one of everything that an address can name, and beside it, in the same
database, another community that is its mirror: the same rows under other ids, with a mark in every
name. What belongs to whom is known of every single thing."""

import re
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec

from server import identities
from server.blobs import Blobs
from server.intake.writing import Writing
from server.settings import Settings
from server.store import report_files, schedules
from server.store.records import Records
from sync.checklists import Checklist
from sync.operations import stamp
from tests import pictures
from tests.server import channels, rosters, storms
from tests.server import town as making
from tests.server.office import kept, record, rows_of
from tests.server.test_outboxes import Drawer, upload
from tests.server.test_sync import Phone
from tests.server.town import COMMUNITY, SECRET, Town, ident

# No word of the product has these signs.
MIRRORED = "䶮"  # in the names, doors and words of the other community
SECRETLY = "䴗"  # in every word about somebody that is for workers and the office alone
PLACES = {"hongmian": ("huang", "worker1"), "lixiang": ("zhong", "worker2")}
NUMBER = {"hongmian": "19900000502", "lixiang": "19900000601"}
PHOTO = {"hongmian": pictures.jpeg(seed=1), "lixiang": pictures.jpeg(seed=2)}
FOREIGN_PHOTO = pictures.jpeg(seed=3)

Names = dict[str, str]


def make(made: Path, folder: Path) -> tuple[Path, dict[str, Names]]:
    """The database on disk with both communities, and the ids of things by where they are."""
    with making.run(made, folder) as town:
        still(town)
        names = fill(town)
    path = folder / "jinlin.db"
    with closing(sqlite3.connect(path)) as database:
        for sent in ("digest", "dispatch"):
            database.execute(f"delete from {sent}")
        mirror(database)
    photo = Blobs(folder).path(pictures.name_of(FOREIGN_PHOTO))
    photo.parent.mkdir(parents=True, exist_ok=True)
    photo.write_bytes(FOREIGN_PHOTO)
    return path, {**names, "far": mirrored(names["hongmian"])}


@contextmanager
def run(full: Path, folder: Path, **more: Any) -> Iterator[Town]:
    """A copy of all that with its server, whose jobs stand still; `more` are settings."""
    shutil.copytree(full.parent / "media", folder / "media")
    with making.run(full, folder, Settings(data=folder, secret=SECRET, **more)) as town:
        still(town)
        yield town


def still(town: Town) -> None:
    """No job runs, and what a warning sends out goes nowhere."""
    town.app.state.scheduler.pause()
    town.app.state.dispatcher.outlets.hosts = dict.fromkeys(channels.HOSTS, "http://127.0.0.1:9")


def fill(town: Town) -> dict[str, Names]:
    office = town["office1"]
    storms.settle(town)
    alone = {
        "id": town.resident("zhong"),
        "changes": {"categories": ["living_alone"], "birth_on": "1938-01-09"},
    }
    town.submit("office1", "resident.change", alone, 1)
    duty = {"name": "城管中队", "phone": "87650001", "amount": "2", "unit": "h"}
    office.submit("/office/departments", **duty)
    names = {place: _at(town, place) for place in PLACES}
    everywhere = {**_warnings(town), **_desk(town), **_rosters(town), **_phones(town)}
    everywhere |= {name: _id(town, *said) for name, said in FOUND.items()}
    for own in names.values():
        own["contact_task"] = _id(town, "contact_task", "id", {"building_id": own["building_id"]})
    office.get("/office")
    return {place: {**everywhere, **own} for place, own in names.items()}


# What exists once it was made: its table and column, and how it is told from others.
FOUND = {
    "dispute_id": ("dispute", "id", {}),
    "wish_id": ("wish", "id", {}),
    "hold_id": ("retention_hold", "id", {}),
    "department_id": ("department", "id", {}),
    "leave_id": ("leave", "id", {}),
    "handover_id": ("handover", "id", {}),
    "meeting_id": ("meeting", "id", {}),
    "message_id": ("alert_message", "id", {}),
    "feed_id": ("alert_feed", "id", {}),
    "channel_id": ("channel", "id", {}),
    "preview": ("import_batch", "id", {"state": "preview"}),
    "batch_id": ("import_row", "batch_id", {"state": "waiting"}),
    "number": ("import_row", "number", {"state": "waiting"}),
    "missing": ("roster_missing", "resident_id", {}),
    "file_id": ("outbox_file", "id", {"state": "preview"}),
    "key_id": ("api_key", "id", {}),
    "operation_id": ("operation", "id", {"kind": "household.change"}),
    "removal": ("operation", "id", {"kind": "household.remove"}),
    "quarantined": ("quarantine", '"key"', {"code": "scope.outside"}),
    "proposal": ("quarantine", '"key"', {"code": "category.office_only"}),
}


def _id(town: Town, table: str, column: str, where: dict[str, str]) -> str:
    found = rows_of(town, table, **where)
    assert found, (table, where)
    return str(found[-1][column.strip('"')])


def _at(town: Town, place: str) -> Names:
    """What lies in a building, and the building."""
    door, worker = PLACES[place]
    home, person = town.household(door), town.resident(door)
    names = {"building_id": town.building(place), "household_id": home, "resident_id": person}
    number = {"household_id": home, "resident_id": person, "relation": "self"}
    names["contact_id"] = town.submit(
        worker, "contact.add", {**number, "phone": NUMBER[place], "name": f"何{SECRETLY}"}
    ).id
    photo = pictures.said_of(PHOTO[place])
    told = {"note": f"腿脚不便{SECRETLY}", "followup": f"陪去看病{SECRETLY}", "media": [photo]}
    names["visit_id"] = record(town, worker, door, resident_ids=[person], **told)
    names["followup_id"] = names["visit_id"]
    _keep_number(town, person, f"44019919400302{'0028' if place == 'hongmian' else '0036'}")
    names["sha256"] = pictures.name_of(PHOTO[place])
    jpeg = {"Content-Type": "image/jpeg"}
    answer = town[worker].put(f"/media/{names['sha256']}", content=PHOTO[place], headers=jpeg)
    assert answer.status_code == 200, answer.text
    record(town, worker, door, result="no_answer", note=SECRETLY)
    issue = {"building_id": names["building_id"], "category": "relief", "text": f"没钱{SECRETLY}"}
    issue["errands"] = ["subsistence"]
    names["issue_id"] = town.submit(worker, "issue.raise", issue).id
    lamp = {"building_id": names["building_id"], "category": "public_facility", "text": SECRETLY}
    names["lamp_id"] = town.submit(worker, "issue.raise", lamp).id
    asked = {"id": names["issue_id"], "step": "call", "words": "请城管来看占道的车"}
    town.submit("office1", "issue.step", asked)
    call = {"id": names["issue_id"], "department_id": _id(town, "department", "id", {})}
    names["call"] = town.submit("office1", "issue.call", {**call, "inner": SECRETLY}).id
    task = {"household_id": home, "reason": f"送药{SECRETLY}", "resident_ids": [person]}
    leader = {"leader_id": town.person("leader1")} if place == "hongmian" else {}
    pairing = {"resident_id": person, "name": "冯日华", "phone": "19900007001", **leader}
    return {
        **names,
        "task_id": town.submit("office1", "task.add", task).id,
        "pairing_id": town.submit("office1", "pairing.add", pairing).id,
    }


def _keep_number(town: Town, person: str, number: str) -> None:
    vault = identities.Vault(SECRET)
    town.intake.do(
        COMMUNITY, lambda writing: identities.keep(writing.tx, vault, COMMUNITY, person, number)
    )


def _warnings(town: Town) -> Names:
    """A warning that holds, with people to ask after; one that waits; a feed, and a group."""
    office = town["office1"]
    (held,) = storms.hand_in(office, storms.storm(town, colour="橙"))["incidents"]
    (waits,) = storms.hand_in(office, storms.storm(town, "b", kind="暴雨", area="9"))["incidents"]
    feed = {"name": "市气象台", "url": "https://feed.invalid/rss", "scope": "list", "every": "60"}
    office.submit("/office/alert-feeds", **feed, do="save")
    channels.add(office, "楼长群", channels.ADDRESSES["wecom"])
    town["admin"].submit("/office/open311/keys", name="市热线")
    return {"incident_id": held, "alert_id": held, "waits": waits}


def _desk(town: Town) -> Names:
    """What the office is in the middle of."""
    office, home, person = town["office1"], town.household("huang"), town.resident("huang")
    names = {"person_id": town.person("worker2"), "device_id": ident("device", "worker2")}
    names["waiting"] = record(town, "worker1", "liang", result="refused", note=SECRETLY)
    names["departure"] = record(town, "worker1", "liang", result="moved_out", note=SECRETLY)
    event = {
        "what": "fall",
        "on": "2026-09-14",
        "note": f"在卫生间{SECRETLY}",
        "resident_id": person,
    }
    town["worker1"].post(f"/households/{home}/events", data=event)
    base = kept(town, "household", home).version
    town.submit("office1", "household.change", {"id": home, "changes": {"tenure": "rent"}}, base)
    office.submit("/office/meetings", kind="friday", held_on="2026-09-18", note=SECRETLY)
    wish = {"kind": "correct", "how": "phone", "asked_on": "2026-09-10", "note": SECRETLY}
    office.submit(f"/office/residents/{person}/wishes", **wish)
    held = {"door": "红棉苑3栋2单元301", "reason": f"投诉还在查{SECRETLY}"}
    office.submit("/office/retention/holds", **held)
    away = {"person": town.person("chief"), "deputy": town.person("worker2")}
    office.submit("/office/leaves", **away, from_on="2026-10-08", until_on="2026-10-09")
    giving = {"giver": town.person("worker2"), "taker": town.person("worker1")}
    given = {"building": town.building("lixiang"), "from_on": "2026-10-20", "note": "钥匙在门卫"}
    office.submit("/office/handovers", **giving, **given, form_id=str(uuid.uuid4()))
    number = {"household_id": home, "resident_id": person, "phone": "19900004412"}
    contact = town.submit("office1", "contact.add", {**number, "name": "何嘉敏"}).id
    for username, phone in (("office1", "19900007781"), ("worker1", "19900007718")):
        town.submit(username, "contact.change", {"id": contact, "changes": {"phone": phone}}, 1)
    twins = [
        town.submit("office1", "resident.add", {"household_id": home, "name": "黄秀珍"}).id
        for _ in range(3)
    ]
    town.submit("office1", "resident.merge", {"keep": person, "drop": twins[2]})
    town.submit("office1", "household.remove", {"id": _mistaken(town), "reason": "门牌建错了"})
    names |= {"keep_id": person, "drop_id": twins[0], "one_id": person, "other_id": twins[1]}
    return {**names, **_schedule(town), "merged": twins[2], "checklist_id": _checklist(town)}


def _mistaken(town: Town) -> str:
    """A door where nobody ever lived."""
    door = {"building_id": town.building("hongmian"), "unit": "2", "door_no": "709", "floor": 7}
    return str(town.submit("office1", "household.add", door).id)


def _schedule(town: Town) -> Names:
    """A report that is made each week, and was once."""
    when = {"report": "ledger", "when": "week:2", "where": ""}
    town["office1"].submit("/office/reports/schedules", **when)
    on, now = "2026-09-08", stamp(town.clock.now)

    def making(writing: Writing) -> str:
        (one,) = schedules.current(writing.tx, COMMUNITY)
        report_files.claim(writing.tx, COMMUNITY, one, on, now, now, False)
        report_files.finish(writing.tx, COMMUNITY, (one.id, on), on, "全社区", 3, now)
        return one.id

    return {"schedule_id": town.intake.do(COMMUNITY, making), "due_on": on}


def _checklist(town: Town) -> str:
    """An edition that this community published itself."""
    with town.store.read() as tx:
        (one,) = [one for one in Records(tx, COMMUNITY).checklists() if one.code == "CK-ELDER"]
    assert isinstance(one, Checklist)
    told = msgspec.to_builtins(one)
    data = {name: told[name] for name in ("title", "purpose", "sections", "questions", "cards")}
    own = {**data, "code": "CK-OWN", "edition": 1, "from_on": "2026-09-15"}
    return str(town.submit("office1", "checklist.publish", own).id)


def _rosters(town: Town) -> Names:
    """A file that was written, a later one without somebody, and one that was only looked at."""
    office = town["office1"]
    lines = rosters.line("王小明"), rosters.line("王大明"), rosters.line("", note="没有姓名")
    rosters.bring_in(office, rosters.xlsx_of(*lines))
    rosters.bring_in(office, rosters.xlsx_of(lines[0], rosters.line("王中明")), "later.xlsx")
    rosters.read(office, rosters.xlsx_of(rosters.line("王新明")), "look.xlsx")
    return {}


def _phones(town: Town) -> Names:
    """Work that was kept, was proposed, and came as a file."""
    phone = Phone(town, "worker1")
    phone.pull()
    change = {"id": town.resident("huang"), "changes": {"categories": ["disability"]}}
    phone.sync(
        phone.visit("zhong", note=SECRETLY), phone.operation("resident.change", change, base=1)
    )
    drawer = Drawer(town, "worker2")
    drawer.keep(drawer.visit("zhong", note=SECRETLY))
    upload(town["office1"], drawer.saved())
    town["leader1"].post("/feedback", data={"text": "字再大一点"})
    return {}


# ---- the mirror ----------------------------------------------------------------------------------

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
NAMES = re.compile("[黄梁吴钟周温麦何关卢陈王红凤荔清]")
PHONE = re.compile(r"\b199(?=\d{8}\b)")
OTHER = str(uuid.UUID(int=uuid.UUID(COMMUNITY).int ^ 0xFFFF_FFFF_FFFF))
# Who acts, how they sign in, and the trail: nobody of the other community comes in.
LEFT_OUT = frozenset({"session", "sign_in_card", "sign_in_failure", "audit", "audit_anchor"})


def mirror(database: sqlite3.Connection) -> None:
    """Every row of the community once more, as rows of another."""
    tables = database.execute("select name from sqlite_schema where type = 'table'").fetchall()
    for (table,) in tables:
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        if "community_id" not in columns or table in LEFT_OUT:
            continue
        marks = ", ".join("?" * len(columns))
        rows = database.execute(f"select * from {table}").fetchall()
        database.executemany(
            f"insert into {table} values ({marks})",
            [
                [_mirrored(name, value) for name, value in zip(columns, row, strict=True)]
                for row in rows
            ],
        )
    database.commit()


def mirrored(names: Names) -> Names:
    """The ids of the same things in the other community."""
    return {name: _mirrored(name, value) for name, value in names.items()}


def _mirrored(column: str, value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return _mirrored(column, value.decode()).encode()
        except UnicodeDecodeError:
            return value
    if not isinstance(value, str):
        return value
    if column == "username":
        return f"mirrored-{value}"
    told = UUID.sub(lambda found: other(found[0]), value)
    told = told.replace(pictures.name_of(PHOTO["hongmian"]), pictures.name_of(FOREIGN_PHOTO))
    return PHONE.sub("166", NAMES.sub(MIRRORED, told))


def other(some_id: str) -> str:
    """Another id of the same version, one for one."""
    return str(uuid.UUID(int=uuid.UUID(some_id).int ^ 0xFFFF_FFFF_FFFF))
