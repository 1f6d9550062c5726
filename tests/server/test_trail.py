"""The trail: one chain, whoever writes, that nobody changes and that tells what was done to it."""

import json
import sqlite3
import threading
from contextlib import closing
from io import BytesIO

import pytest
import uuid_utils
from openpyxl import load_workbook

from server import jobs
from server.cli import main
from server.intake import now_utc
from server.office.labels import MORE, named
from server.office.trail_words import GROUPS
from server.store import audit, chain, check
from server.store.database import Store, migrate
from server.store.migrations import MIGRATIONS
from tests.server.town import COMMUNITY, SECRET

COLUMNS = "id, at, person_id, role, action, target, outcome, address, detail"


def rows(town):
    with town.store.read() as tx:
        return tx.rows(f"select n, hash, {COLUMNS} from audit order by n")


def faults(town, secret=SECRET):
    with town.store.read() as tx:
        return list(check.faults(tx, town.clock.now, secret))


def behind_its_back(town, *statements):
    """What somebody does who has the file and takes the locks off."""
    with closing(sqlite3.connect(town.store.path)) as connection:
        for (name,) in connection.execute(
            "select name from sqlite_schema where type = 'trigger'"
        ).fetchall():
            connection.execute(f"drop trigger {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
def looked(town, office):
    """A town where somebody was looked at, and the night has signed that."""
    for door in ("huang", "liang"):
        office.get(f"/office/residents/{town.resident(door)}")
    jobs.every_night(town.intake, SECRET)
    office.get(f"/office/households/{town.household('huang')}")
    assert len(rows(town)) >= 3
    return town


def test_each_row_stands_on_the_one_before(looked):
    found = rows(looked)

    assert [row["n"] for row in found] == list(range(1, len(found) + 1))
    assert faults(looked) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set detail = 'else' where n = 1",
        "delete from audit where n = 1",
        "insert or replace into audit (community_id, id, at, person_id, action, n, hash)"
        " select community_id, id, at, 'else', action, n, hash from audit where n = 1",
        "insert into audit (community_id, id, at, person_id, action, n, hash)"
        " select community_id, 'new', at, person_id, action, 0, '' from audit where n = 1",
        "update audit_anchor set n = 0",
        "delete from audit_anchor",
    ],
)
def test_the_database_refuses_to_change_it(looked, statement):
    before = rows(looked)

    with pytest.raises(sqlite3.IntegrityError), looked.store.write() as tx:
        tx.run(statement)

    assert rows(looked) == before
    assert faults(looked) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update audit set person_id = 'else' where n = 2", "row 2 ("),
        ("update audit set detail = detail || ' ' where n = 1", "row 1 ("),
        ("delete from audit where n = 2", "row 2 is missing"),
        ("delete from audit where n >= 2", "at the end are missing"),
        ("update audit set hash = '00' where n = 1", "row 1 ("),
        ("update audit_anchor set hash = (select hash from audit where n = 1)", "signature"),
    ],
)
def test_check_names_the_first_broken_row(looked, statement, said):
    behind_its_back(looked, statement)

    found = [one for one in faults(looked) if one.startswith("audit:")]

    assert said in found[0]


def test_a_chain_that_was_made_anew_is_not_the_one_that_was_signed(looked):
    """Whoever can write the file can compute codes; what a night has signed stands against it."""
    with looked.store.read() as tx:
        last, made = chain.start(COMMUNITY), []
        for row in tx.tuples(f"select n, {COLUMNS} from audit order by n"):
            said = ["else" if name == row[3] else name for name in row[1:]]
            last = chain.code(last, row[0], said)
            made.append(f"update audit set person_id = 'else', hash = '{last}' where n = {row[0]}")
    behind_its_back(looked, *made)

    assert any("signed" in one for one in faults(looked))


def test_check_says_it_on_the_command_line(looked, monkeypatch, capsys):
    behind_its_back(looked, "update audit set action = 'nothing' where n = 2")
    monkeypatch.setenv("JINLIN_DATA", str(looked.store.path.parent))
    monkeypatch.setenv("JINLIN_SECRET", SECRET.decode())
    monkeypatch.setattr("sys.argv", ["jinlin", "check", "--json"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert any("audit: row 2 (" in one for one in json.loads(capsys.readouterr().out)["faults"])


def test_writers_of_two_processes_make_one_chain(town):
    """The command line writes beside the server: both take the lock before they read the end."""
    others = [Store(town.store.path) for _ in range(3)]

    def write(store):
        for _ in range(25):
            with store.write() as tx:
                entry = str(uuid_utils.uuid7())
                audit.add(tx, COMMUNITY, entry, now_utc(), "", "command", "export", "ids", "done")

    threads = [threading.Thread(target=write, args=(one,)) for one in (town.store, *others)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for one in others:
        one.close()

    assert len(rows(town)) == 100
    assert faults(town) == []


def test_rows_of_an_earlier_release_are_chained_as_they_stand(tmp_path):
    path = tmp_path / "jinlin.db"
    before = MIGRATIONS.index(next(one for one in MIGRATIONS if one.__name__ == "rows_that_stay"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _made_by(connection, before)
        for community in ("one", "two"):
            for number in range(3):
                connection.execute(
                    "insert into audit (community_id, id, at, person_id, action)"
                    " values (?, ?, ?, 'p', 'view')",
                    (community, f"{number}", f"2026-01-0{3 - number}T00:00:00.000Z"),
                )
        migrate(connection)
    store = Store(path)
    with store.read() as tx:
        told = {one: list(chain.faults(tx, one)) for one in ("one", "two")}
        order = tx.tuples("select id from audit where community_id = 'one' order by n")
        codes = tx.value("select count(distinct hash) from audit")
    store.close()

    assert told == {"one": [], "two": []}
    assert order == [("2",), ("1",), ("0",)] and codes == 6


def _made_by(connection, release):
    from sqlite_utils import Database

    database = Database(connection)
    for number, step in enumerate(MIGRATIONS[:release], start=1):
        step(database)
        connection.execute(f"pragma user_version = {number}")


def test_the_end_is_signed_once_a_night(looked):
    assert jobs.sign_trail(looked.intake, COMMUNITY, SECRET)
    assert not jobs.sign_trail(looked.intake, COMMUNITY, SECRET)
    assert faults(looked) == []
    assert any("signature" in one for one in faults(looked, b"another secret"))


def test_settings_and_what_was_taken_away_stand_in_it(town, office):
    changes = {"changes": {"knocks_per_week": 3}}
    town.submit("office1", "community.change", changes)
    said = {"resident_id": town.resident("huang"), "consent": "no", "method": "oral"}
    town.submit("office1", "consent.record", said)
    town.submit("office1", "resident.remove", {"id": town.resident("liang")})

    (settings,) = town.audit("settings.change")
    (consent,) = town.audit("consent.record")
    (removed,) = town.audit("resident.remove")

    assert (settings["detail"], settings["role"]) == ("knocks_per_week", "office")
    assert (consent["target"], consent["detail"]) == (f"resident:{town.resident('huang')}", "no")
    assert removed["target"].startswith("resident:")
    assert faults(town) == []


def shown(text):
    return text.split('id="trail"')[1]


def test_the_page_tells_in_sentences_who_looked_at_whom(looked, office):
    about = f"resident:{looked.resident('huang')}"

    everything = shown(office.get("/office/audit").text)
    of_one = shown(office.get("/office/audit", params={"about": about, "action": "looks"}).text)
    of_others = shown(
        office.get("/office/audit", params={"who": looked.person("worker1"), "about": about}).text
    )

    assert "看了居民 黄秀珍" in everything and "看了居民 梁建国" in everything
    assert "黄秀珍" in of_one and "看了住户 " in of_one and "梁建国" not in of_one
    assert "没有这样的记录" in of_others


def test_whoever_sees_no_resident_reads_no_resident_in_it(looked):
    looked["office1"].submit(
        f"/office/residents/{looked.resident('huang')}/copies",
        form="json",
        reason="黄秀珍本人要",
    )

    text = looked["admin"].get("/office/audit").text

    assert "看了居民 " in text and "原因只给办公室看" in text
    assert not [name for name in ("黄秀珍", "梁建国", "红棉苑") if name in text]


def test_it_is_taken_as_a_file_and_that_is_the_next_entry(looked, office):
    path = "/office/audit/files?action=looks"
    taken = office.submit(path)
    lines = list(load_workbook(BytesIO(taken.content)).worksheets[0].values)

    assert taken.status_code == 200 and "（office1）" in str(lines[0][0])
    assert len(lines) - 2 == len(looked.audit("view"))
    assert any("看了居民 黄秀珍" in str(line) for line in lines)
    (row,) = looked.audit("export")
    assert (row["target"], row["detail"]) == ("audit", f"{len(lines) - 2} 行")
    plain = office.submit(path, form="csv").content.decode("utf-8-sig").splitlines()
    assert plain[0].startswith("编号,时间,谁") and len(plain) == len(lines) - 1


@pytest.mark.parametrize("role", ["worker1", "leader1", "street"])
def test_nobody_else_takes_or_checks_it(town, role):
    for path in ("/office/audit/files", "/office/audit/checks"):
        assert town[role].submit(path).status_code == 403
    assert not town.audit("export")


def test_the_page_checks_the_chain_when_asked(looked, office):
    right = office.submit("/office/audit/checks").text
    behind_its_back(looked, "update audit set target = '' where n = 1")
    wrong = office.submit("/office/audit/checks").text

    assert "都和写下时一样" in right
    assert "日志被动过" in wrong and "row 1 (" in wrong


def test_every_action_that_is_written_has_a_name_and_a_group():
    known = {one for _, actions in GROUPS.values() for one in actions}

    assert not [one for one in sorted(known) if named(one, "audit") == one]
    assert not set(MORE["audit"]) - known


def test_what_was_answered_set_and_handed_over_is_told_in_words(town, office):
    said = {"kind": "see", "how": "oral", "asked_on": "2026-09-14", "note": "看一看"}
    office.submit(f"/office/residents/{town.resident('huang')}/wishes", **said)
    with town.store.read() as tx:
        wish = tx.value("select id from wish")
    office.submit(f"/office/wishes/{wish}/answers", answer="done", reply="看过了")
    office.submit("/office/retention/changes", pictures="365", was_pictures="730")
    hand = {
        "giver": town.person("worker1"),
        "taker": town.person("worker2"),
        "building": town.building("hongmian"),
        "from_on": "2026-09-20",
        "note": "",
        "form_id": "01a20977-27f4-7315-acef-728c8ca3d0aa",
    }
    office.submit("/office/handovers", **hand)
    town.submit("office1", "community.change", {"changes": {"review_rules": {"pace.doors": 30}}})

    text = office.get("/office/audit").text

    for words in ("2026-09-29 前答复", ">办了<", "现场照片：365 天", "从 2026-09-20 起，1 栋"):
        assert words in text, words
    assert "改了：待审规则" in text and "review_rules" not in text
