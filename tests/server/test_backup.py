"""Backups and the restore drill: a verified copy, phones that send again, the state as it was."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlite_utils

from server import backup_folder, backups
from server.backup_job import BackupJob
from server.backup_rotation import staying
from server.backups import BackupProblem
from server.cli import main
from server.demo import seed, town
from server.intake import Intake, Push, now_utc
from server.intake.receiving import Sender
from server.restore import WORKING, RestoreProblem, restore
from server.session import Asked, sign_in_with_password
from server.settings import Keep, Settings
from server.store import check, holding, system
from server.store import media as rows_of_media
from server.store import people as rows
from server.store.database import Store
from server.store.migrations import MIGRATIONS
from tests.server.spine import Clock, Spine, visit_data
from tests.server.town import NOW, PASSWORD, ident

NIGHT = datetime(2026, 9, 15, 19, 10, tzinfo=UTC)  # ten past three in Shanghai
HOUSEHOLDS = 40
ROOT = Path(__file__).resolve().parents[2]
COLUMNS = {
    "visit": "id, household_id, building_id, by, at, true_at, type, method, result, note,"
    " resident_ids, review, questions, withdrawn, corrected",
    "household": "id, due_on, last_visit_at, last_result, categories, door_contact_on, status",
    "resident": "id, household_id, name, status, last_contact_on, categories",
    "contact": "id, resident_id, name, phone, verified_on",
}


@pytest.fixture
def spine(tmp_path):
    (tmp_path / "data").mkdir()
    made = Spine(tmp_path / "data")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def made_demo(tmp_path_factory):
    """A small demo community with its history."""
    folder = tmp_path_factory.mktemp("demo")
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    place = town.build(HOUSEHOLDS, today=now_utc().date())
    seed.seed(intake, place, "", lambda done, total: None)
    intake.stop()
    store.close()
    return folder / "jinlin.db"


class Phone:
    """A phone in Python: it keeps what it recorded and what it was told, and sends again."""

    def __init__(self, server, username, device):
        self.server, self.username, self.device = server, username, device
        self.texts, self.told, self.epoch, self.n = {}, {}, "", 0

    def record(self, kind, data, **more):
        self.n += 1
        made = f"01aa0000-{self.device[-4:]}-7000-8000-{self.n:012x}"
        at = self.server.clock().isoformat(timespec="milliseconds")
        head = {"id": made, "n": self.n, "kind": kind, "at": at, **more}
        self.texts[self.n] = json.dumps({**head, "data": data}).encode()
        return made

    def sync(self):
        """Round trips until both have everything: the protocol as `sync/README.md` tells it."""
        self._trip()
        while self.texts.keys() - self.told.keys():
            self._trip()

    def _trip(self):
        waiting = sorted(self.texts.keys() - self.told.keys())[:20]
        epoch, receipts, device = self.server.trip(self, [self.texts[n] for n in waiting])
        self.told |= {one.n: one for one in receipts}
        if self.epoch and epoch != self.epoch:
            highest = device.received + len(device.missing)
            lacks = {*device.missing, *range(highest + 1, self.n + 1)}
            self.told = {n: one for n, one in self.told.items() if n not in lacks}
        self.epoch = epoch


class Machine:
    """A server over one data folder that can be backed up and restored."""

    def __init__(self, made, data):
        data.mkdir()
        shutil.copy(made, data / "jinlin.db")
        self.data, self.clock = data, Clock(now_utc() + timedelta(minutes=1))
        self.start()

    def start(self):
        self.store = Store(self.data / "jinlin.db")
        self.intake = Intake(self.store, self.clock)
        with self.store.read() as tx:
            [self.home] = system.community_ids(tx)

    def stop(self):
        self.intake.stop()
        self.store.close()

    def trip(self, phone, operations):
        with self.store.read() as tx:
            person = rows.by_username(tx, phone.username)
        known = self.rows("select id from device where id = :id", id=phone.device)
        if not known:  # signs in again, as the same device
            now = self.clock.now
            self.intake.do(
                self.home,
                lambda writing: rows.add_device(
                    writing.tx, self.home, phone.device, person.id, "手机", now
                ),
            )
        sender = Sender(self.home, person.id, phone.device, self.clock(), timedelta(0))
        receipts = self.intake.push(Push(sender, operations, None))
        with self.store.read() as tx:
            return system.epoch(tx), receipts, device_of(tx, self.home, phone.device)

    def rows(self, sql, **values):
        with self.store.read() as tx:
            return tx.tuples(sql, **values)

    def state(self):
        """What everybody sees, without when it arrived and how often it changed."""
        return {
            kind: self.rows(f"select {columns} from {kind} order by id")
            for kind, columns in COLUMNS.items()
        }

    def faults(self):
        with self.store.read() as tx:
            return list(check.faults(tx, self.clock.now))


class Device:
    def __init__(self, received, missing):
        self.received, self.missing = received, missing


def device_of(tx, home, device):
    received, upto = tx.tuples(
        "select received, upto from device where community_id = :c and id = :d", c=home, d=device
    )[0]
    numbers = {n for (n,) in tx.tuples("select n from received where device_id = :d", d=device)}
    highest = max(numbers, default=0)
    return Device(received, [n for n in range(upto + 1, highest) if n not in numbers])


def doors_of(machine, username):
    return machine.rows(
        """
        select household.id, resident.id from household
        join person_building using (building_id)
        join person on person.id = person_id
        join resident on resident.household_id = household.id and resident.status = 'living'
        where username = :who and household.status = 'active' and tenure <> 'vacant'
        group by household.id order by household.id limit 6
        """,
        who=username,
    )


def work(phones, machine, part):
    """A morning of every phone: visits, a correction, a withdrawal, a new telephone number."""
    for phone in phones:
        doors = doors_of(machine, phone.username)
        for door, resident in doors[part::2]:
            visit = phone.record("visit.record", visit_data(door, resident_ids=[resident]))
            machine.clock.now += timedelta(seconds=30)
            phone.record("contact.add", {"household_id": door, "phone": f"1390000{phone.n:04}"})
        phone.record("visit.correct", {"id": visit, "changes": {"note": "耳朵不好，敲门要响"}})
        phone.record("visit.record", visit_data(doors[part][0]))
        phone.record("visit.withdraw", {"id": phone_last(phone)})


def phone_last(phone):
    return json.loads(phone.texts[phone.n])["id"]


def phones_of(machine):
    return [
        Phone(machine, f"worker{one}", f"00000000-0000-7000-8000-00000000000{one}")
        for one in (5, 6, 7)
    ]


def test_f19_the_drill_ends_as_if_nothing_had_been_restored(made_demo, tmp_path):
    ends, start = [], now_utc()
    for is_restored in (False, True):
        folder = tmp_path / str(is_restored)
        folder.mkdir()
        machine = Machine(made_demo, folder / "data")
        machine.clock.now = start
        phones = phones_of(machine)
        work(phones[:2], machine, 0)  # the third is newer than the backup
        for phone in phones[:2]:
            phone.sync()
        made = backups.make(machine.data, folder / "backups", machine.clock.now)
        work(phones, machine, 1)
        for phone in phones:
            phone.sync()
        work(phones, machine, 0)  # recorded, and not yet sent
        before = phones[0].epoch
        if is_restored:
            machine.stop()
            restored = restore(made.path, machine.data, machine.clock.now)
            machine.start()
            assert restored.epoch != before and restored.faults == []
            assert (restored.aside / "jinlin.db").exists()
        for phone in phones:
            phone.sync()
        ends.append(machine.state())
        assert {one.outcome for phone in phones for one in phone.told.values()} == {"accepted"}
        assert machine.faults() == []
        machine.stop()

    assert ends[0] == ends[1]


def test_f19_what_two_phones_changed_since_the_backup_is_kept_twice_at_worst(spine, tmp_path):
    """B saw what A had changed, and sends first: the office decides, nothing is lost."""
    phones = [spine.phone("worker1"), spine.phone("worker1")]
    made = backups.make(tmp_path / "data", tmp_path / "backups", spine.clock())
    version = spine.get("contact", spine.contact).version
    texts = []
    for step, phone in enumerate(phones):
        data = {"id": spine.contact, "changes": {"phone": f"1390000000{step}"}}
        texts.append(phone.record("contact.change", data, base=version + step))
        assert phone.push(texts[-1])[0].outcome == "accepted"
    devices = [phone.device_id for phone in phones]
    spine.stop()
    restore(made.path, tmp_path / "data", spine.clock())
    spine.store = Store(tmp_path / "data" / "jinlin.db")
    spine.intake = Intake(spine.store, spine.clock)

    outcomes = [phones[step].push(texts[step])[0].outcome for step in (1, 0)]

    assert outcomes == ["accepted", "conflict"]
    assert spine.get("contact", spine.contact).phone in ("13900000000", "13900000001")
    assert "phone" in spine.get("contact", spine.contact).disputed
    assert {row["id"] for row in spine.rows("select id from device")} >= set(devices)
    assert spine.faults() == []


def test_f19_work_that_hangs_on_what_the_office_did_since_is_kept_for_it(spine, tmp_path):
    """A hand-over and a new door are gone with the restore: the office decides what hung there."""
    phone = spine.phone("worker2")
    made = backups.make(tmp_path / "data", tmp_path / "backups", spine.clock())
    give = partial(rows.assign, community_id=spine.home, person_id=phone.person_id)
    since = {"building_id": spine.building, "from_on": "2026-09-14"}
    spine.intake.do(spine.home, lambda writing: give(writing.tx, **since))
    added = spine.submit("household.add", {"building_id": spine.building, "door_no": "701"}).id
    texts = [phone.visit(spine.door), phone.visit(added)]
    assert [one.outcome for one in phone.push(*texts)] == ["accepted", "accepted"]
    spine.stop()
    restore(made.path, tmp_path / "data", spine.clock())
    spine.store = Store(tmp_path / "data" / "jinlin.db")
    spine.intake = Intake(spine.store, spine.clock)

    receipts = phone.push(*texts)
    [kept] = spine.rows("select key from quarantine where state = 'waiting'")
    spine.submit("quarantine.decide", {"key": kept["key"], "decision": "accept"})

    assert [one.outcome for one in receipts] == ["quarantined", "held"]
    assert spine.get("visit", receipts[0].id).by == phone.person_id
    assert spine.faults() == []


def test_f19_a_device_that_the_backup_does_not_know_is_made_again(made_town, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(made_town, data / "jinlin.db")
    made = backups.make(data, tmp_path / "backups", NOW)
    device = "01aa0000-0000-7000-8000-00000000beef"
    asked = Asked("worker1", PASSWORD, "手机", device)
    opened = []
    for _ in range(2):
        store = Store(data / "jinlin.db")
        intake = Intake(store, lambda: NOW)
        opened.append(sign_in_with_password(intake, asked, ""))
        intake.stop()
        store.close()
        restore(made.path, data, NOW)

    assert [one.device_id for one in opened] == [device, device]
    assert opened[0].epoch != opened[1].epoch
    assert opened[1].person.id == ident("person", "worker1")


def test_a_backup_under_a_write_load_is_one_moment(spine, tmp_path):
    phone, stop = spine.phone("worker1"), threading.Event()
    pushed = []

    def storm():
        while not stop.is_set():
            pushed.extend(phone.push(*[phone.visit(spine.door) for _ in range(20)]))

    writer = threading.Thread(target=storm)
    writer.start()
    try:
        made = [backups.make(tmp_path / "data", tmp_path / "b", spine.clock()) for _ in range(3)]
    finally:
        stop.set()
        writer.join()

    assert [one.backup.faults for one in made] == [[], [], []]
    counts = [one.backup.operations for one in made]
    assert counts == sorted(counts) and counts[-1] <= len(pushed) + 8
    assert all(one.outcome == "accepted" for one in pushed)


def test_a_backup_waits_for_no_writer_and_takes_nothing_half_done(spine, tmp_path):
    with spine.store.write() as tx:
        tx.run("update device set received = received + 1")

        made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock())

        tx.run("update device set received = received - 1")
    assert made.backup.faults == []


def test_verifying_a_backup_leaves_no_trace_beside_it(spine, tmp_path):
    made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock())

    assert sorted(one.name for one in made.path.iterdir()) == ["backup.json", "jinlin.db"]
    assert backups.digest_of(made.path / "jinlin.db") == made.backup.sha256
    assert (made.path / "jinlin.db").stat().st_mode & 0o777 == 0o600


def test_a_backup_that_fails_its_verification_is_kept_apart_and_never_counts(spine, tmp_path):
    folder = tmp_path / "b"
    good = backups.make(tmp_path / "data", folder, spine.clock())
    with spine.store.write() as tx:
        tx.run("update feed set record = replace(record, '502', '503') where kind = 'household'")

    bad = [backups.make(tmp_path / "data", folder, spine.clock()) for _ in range(5)]
    backup_folder.rotate(folder, Keep())

    assert all(one.path.name.startswith("broken-") and one.backup.faults for one in bad)
    assert [one.path for one in backup_folder.listed(folder)] == [good.path]
    assert len(backup_folder.broken(folder)) == backup_folder.MAX_BROKEN


def test_torn_pages_are_found(spine, tmp_path):
    spine.stop()
    torn = (tmp_path / "data" / "jinlin.db").read_bytes()
    middle = len(torn) // 2
    torn = torn[:middle] + b"\xff" * 9000 + torn[middle + 9000 :]
    (tmp_path / "data" / "jinlin.db").write_bytes(torn)

    made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock())

    assert made.path.name.startswith("broken-")


def test_rotation_keeps_days_weeks_and_months_and_always_the_newest():
    start = datetime(2025, 1, 1, tzinfo=UTC)
    daily = [start + timedelta(days=day) for day in range(400)]

    stay = sorted(staying(daily, Keep(7, 4, 12)), reverse=True)

    assert stay[:7] == daily[-7:][::-1]
    assert len({at.strftime("%G-%V") for at in stay}) >= 4
    assert len({at.strftime("%Y-%m") for at in stay}) == 12
    assert len(stay) <= 7 + 4 + 12
    assert staying(daily[:1], Keep(0, 0, 0)) == {daily[0]}
    assert staying(stay, Keep(7, 4, 12)) == set(stay)


def test_rotation_touches_only_verified_backups_of_ours(spine, tmp_path):
    folder = tmp_path / "b"
    made = []
    for _ in range(6):
        made.append(backups.make(tmp_path / "data", folder, spine.clock()).path)
        spine.clock.now += timedelta(hours=1)
    (folder / "2026-photos").mkdir()
    (folder / "notes.txt").write_text("mine")

    gone = backup_folder.rotate(folder, Keep(1, 0, 0))

    assert sorted(gone) == made[:3]
    assert [one.path for one in backup_folder.listed(folder)] == made[:2:-1]
    assert (folder / "2026-photos").exists() and (folder / "notes.txt").exists()


def test_media_are_taken_once_and_come_back(spine, tmp_path):
    media = tmp_path / "data" / "media"
    names = ["ab" * 32, "cd" * 32]
    for name in names:
        (media / name[:2]).mkdir(parents=True)
        (media / name[:2] / name).write_bytes(name.encode())
    (media / "ab" / f"{names[0]}.half").write_bytes(b"half")
    (media / "incoming" / "person").mkdir(parents=True)
    (media / "incoming" / "person" / ("ef" * 32)).write_bytes(b"half")
    with spine.store.write() as tx:
        for name in [*names, "99" * 32]:
            picture = {"type": "image/jpeg", "width": 1, "height": 1, "size": 64}
            rows_of_media.add(tx, spine.home, "p", name, "2026-09-15T04:00:00.000Z", **picture)

    made = [backups.make(tmp_path / "data", tmp_path / "b", spine.clock()) for _ in range(2)]
    shutil.rmtree(media)
    spine.stop()
    restore(made[1].path, tmp_path / "data", spine.clock())

    assert (made[1].backup.media, made[1].backup.media_lacking) == (2, 1)
    assert made[1].backup.faults == []
    assert sorted(one.name for one in media.glob("*/*")) == names
    assert (media / "ab" / names[0]).read_bytes() == names[0].encode()


def test_what_an_earlier_release_wrote_is_verified_and_restored(spine, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(old / "jinlin.db")) as db:
        for step in MIGRATIONS[:4]:
            step(sqlite_utils.Database(db))
        db.execute("insert into setting values ('epoch', 'then')")
        db.execute("pragma user_version = 4")
        db.commit()

    made = backups.make(old, tmp_path / "b", spine.clock())
    done = restore(made.path, old, spine.clock())

    assert (made.backup.faults, made.backup.schema, made.backup.epoch) == ([], 4, "then")
    assert sorted(one.name for one in made.path.iterdir()) == ["backup.json", "jinlin.db"]
    assert done.epoch != "then"


def test_a_restore_is_refused_while_anybody_uses_the_folder(spine, tmp_path):
    made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock())
    before = backups.digest_of(tmp_path / "data" / "jinlin.db")

    with pytest.raises(RestoreProblem, match="先停掉"):
        restore(made.path, tmp_path / "data", spine.clock())

    assert backups.digest_of(tmp_path / "data" / "jinlin.db") == before
    spine.stop()
    restore(made.path, tmp_path / "data", spine.clock())


def test_nobody_opens_a_database_while_it_is_replaced(spine, tmp_path, monkeypatch, capsys):
    spine.stop()

    with holding.alone(tmp_path / "data"):
        with pytest.raises(holding.InUse):
            Store(tmp_path / "data" / "jinlin.db")
        monkeypatch.setenv("JINLIN_DATA", str(tmp_path / "data"))
        assert run("serve") == 1
    assert "正在恢复备份" in capsys.readouterr().err

    Store(tmp_path / "data" / "jinlin.db").close()


def test_what_killed_commands_left_goes_away(spine, tmp_path):
    for left in (tmp_path / "b" / f"{backups.MAKING}7", tmp_path / "data" / WORKING):
        left.mkdir(parents=True)
        (left / "jinlin.db").write_bytes(b"half")

    made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock())
    spine.stop()
    restore(made.path, tmp_path / "data", spine.clock())

    assert [one.name for one in (tmp_path / "b").iterdir()] == [made.path.name]
    assert not (tmp_path / "data" / WORKING).exists()


def test_a_second_backup_at_once_is_told_so(spine, tmp_path):
    (tmp_path / "b").mkdir()

    with holding.alone(tmp_path / "b"), pytest.raises(BackupProblem, match="另一份"):
        backups.make(tmp_path / "data", tmp_path / "b", spine.clock())


@pytest.mark.parametrize("how", ["faulty", "changed", "cut", "other", "newer"])
def test_a_bad_backup_is_refused_before_anything_changes(spine, tmp_path, how):
    made = backups.make(tmp_path / "data", tmp_path / "b", spine.clock()).path / "jinlin.db"
    spine.stop()
    spoil(made, how)
    before = sorted(one.name for one in (tmp_path / "data").iterdir())
    digest = backups.digest_of(tmp_path / "data" / "jinlin.db")

    with pytest.raises(RestoreProblem):
        restore(made.parent, tmp_path / "data", spine.clock())

    assert sorted(one.name for one in (tmp_path / "data").iterdir()) == before
    assert backups.digest_of(tmp_path / "data" / "jinlin.db") == digest


def spoil(path: Path, how: str) -> None:
    if how == "cut":
        path.write_bytes(path.read_bytes()[:20_000])
    elif how == "other":
        path.unlink()
        path.touch()
    else:
        with closing(sqlite3.connect(path)) as db:
            if how == "faulty":
                db.execute("update device set received = received + 1")
            if how == "changed":
                db.execute("update setting set value = 'other' where name = 'epoch'")
            if how == "newer":
                db.execute("pragma user_version = 9999")
            db.commit()


def test_a_database_that_no_engine_reads_is_replaced_and_kept(spine, tmp_path):
    data = tmp_path / "data"
    made = backups.make(data, tmp_path / "b", spine.clock())
    spine.stop()
    (data / "jinlin.db").write_bytes(b"nonsense" * 1000)
    (data / "jinlin.db-wal").write_bytes(b"more nonsense")

    done = restore(tmp_path / "b", data, spine.clock())

    assert done.made_at == made.backup.made_at
    assert (done.aside / "jinlin.db").read_bytes() == b"nonsense" * 1000
    assert (done.aside / "jinlin.db-wal").exists() and not (data / "jinlin.db-wal").exists()
    store = Store(data / "jinlin.db")
    with store.read() as tx:
        assert list(check.faults(tx, spine.clock.now)) == []
        assert system.restored(tx)[1] == made.backup.made_at
    store.close()


def test_a_disk_that_is_nearly_full_is_said_before_it_is(spine, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "SPARE", 10**18)

    with pytest.raises(BackupProblem, match=r"只剩 \d+ MB，做这份备份要有 \d+ MB"):
        backups.make(tmp_path / "data", tmp_path / "b", spine.clock())

    assert list((tmp_path / "b").iterdir()) == []


def test_a_disk_that_fills_up_leaves_nothing_behind(spine, tmp_path):
    """A limit on the size of files stands for a disk without room."""
    code = (
        "import resource, sys; from server.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "backup", "--to", str(tmp_path / "b")]
    environment = {**os.environ, "JINLIN_DATA": str(tmp_path / "data")}

    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "备份没有做成" in done.stderr
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.parametrize(
    ("hours_ago", "due"), [(None, True), (0.1, False), (1, True), (23, True), (25, True)]
)
def test_a_backup_is_due_when_the_last_night_has_none(spine, tmp_path, hours_ago, due):
    if hours_ago is not None:
        made_at = NIGHT - timedelta(hours=hours_ago)
        backups.make(tmp_path / "data", tmp_path / "b", made_at)

    assert backup_folder.is_due(tmp_path / "b", NIGHT, "Asia/Shanghai") is due


def test_the_nightly_job_makes_one_backup_however_often_it_is_asked(spine, tmp_path, monkeypatch):
    job = BackupJob(Settings(data=tmp_path / "data", backups=tmp_path / "b"))

    assert job.run()
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path / "data"))
    assert run("backup", "--due", "--to", str(tmp_path / "b")) == 0

    assert len(backup_folder.listed(tmp_path / "b")) == 1


def test_the_commands(spine, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("JINLIN_SECRET", "first")
    spine.stop()

    assert run("backup", "--to", str(tmp_path / "b"), "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["backup"]["faults"] == [] and "密钥不在里面" in said.err
    assert run("check", str(tmp_path / "b"), "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"faults": []}
    assert run("check", str(tmp_path / "data" / "nowhere")) == 1
    capsys.readouterr()
    assert run("restore", str(tmp_path / "b")) == 1
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setenv("JINLIN_SECRET", "second")
    with closing(sqlite3.connect(tmp_path / "data" / "jinlin.db")) as db:
        db.execute("update person set id = 'later', username = 'newcomer' where role = 'leader'")
        db.commit()
    assert run("restore", str(tmp_path / "b"), "--yes") == 0
    said = capsys.readouterr().err
    assert "自动重发" in said and "另一把密钥" in said and "newcomer" in said
    assert run("restore", str(tmp_path / "nowhere"), "--yes") == 1
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path / "empty"))
    assert run("backup") == 1
    assert "没有数据库" in capsys.readouterr().err


def test_a_secret_comes_along_when_asked(spine, tmp_path):
    folder = tmp_path / "b"
    made = backups.make(tmp_path / "data", folder, spine.clock(), b"key", with_secret=True)
    new = tmp_path / "new"

    restore(made.path, new, spine.clock())

    assert (new / "secret").read_bytes() == b"key"
    assert (new / "secret").stat().st_mode & 0o777 == 0o600
    without = backups.make(tmp_path / "data", folder, spine.clock(), b"key")
    assert not (without.path / "secret").exists()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)
