"""Outboxes that come as files: read with care, applied once, as their authors' work."""

import json
import shutil

import pytest

from server import cli
from sync import ledger
from tests.server.test_sync import Phone
from tests.server.town import ident


class Drawer(Phone):
    """A phone that cannot send: what it records stays in its drawer until somebody saves it."""

    def __init__(self, town, username):
        super().__init__(town, username)
        self.username = username
        self.texts = []

    def keep(self, *operations):
        self.texts += [json.dumps(one, ensure_ascii=False) for one in operations]
        return operations[0]["id"] if operations else ""

    def saved(self, **changes):
        file = {
            "jinlin": "outbox",
            "made_at": self.town.clock.now.isoformat(),
            "device": self.device,
            "person": {"id": self.town.person(self.username), "name": "周晓岚"},
            "ledger": {"recorded": self.n, "received": 0, "code": "0000-0000", "upto": 0},
            "operations": self.texts,
            **changes,
        }
        return json.dumps(file, ensure_ascii=False, indent=1).encode()


@pytest.fixture
def drawer(town):
    return Drawer(town, "worker1")


def upload(browser, content):
    return browser.post(
        "/office/outboxes",
        files={"file": ("jinlin-2026-09-15-2.json", content, "application/json")},
        data={"form_token": browser.form_token},
    )


def bring(browser, content):
    """Upload and confirm; the page with the result."""
    seen = upload(browser, content)
    assert seen.status_code == 200, seen.text
    return browser.submit(f"{seen.url.path}/confirmations")


def stored(town, sql, **values):
    with town.store.read() as tx:
        return tx.rows(sql, **values)


def visits(town):
    return stored(town, 'select id, "by", true_at, at, review, questions from visit order by id')


def test_a_file_is_shown_before_anything_is_written(town, office, drawer):
    drawer.sync(drawer.visit())
    sent = drawer.visit(note="sent long ago")
    drawer.sync(sent)
    drawer.keep(sent, drawer.visit(note="没发出去"), drawer.visit("liang"))

    seen = upload(office, drawer.saved())

    assert "周晓岚" in seen.text and "测试手机" in seen.text
    assert "确认导入 3 条" in seen.text
    numbers = [
        seen.text.split(f'sub">{word}</span><b>')[1][:1] for word in ("文件里", "新的", "已经有了")
    ]
    assert numbers == ["3", "2", "1"]
    assert len(visits(town)) == 2


def test_it_counts_for_the_phones_person_and_says_who_brought_it(town, office, drawer):
    made = drawer.keep(drawer.visit())
    drawer.keep(drawer.visit("liang"))

    result = bring(office, drawer.saved())

    assert "2 条都处理了" in result.text
    assert {row["by"] for row in visits(town)} == {town.person("worker1")}
    page = office.get(f"/office/visits/{made}").text
    assert "周晓岚" in page and "由 麦咏诗 从文件导入" in page
    trail = [row["action"] for row in town.audit() if row["action"].startswith("outbox")]
    assert trail == ["outbox.read", "outbox.confirmed", "outbox.imported"]
    received = stored(town, "select received, upto from device where id = :d", d=drawer.device)
    assert received == [{"received": 2, "upto": 2}]


def test_its_time_is_the_phones_and_becomes_a_question(town, office, drawer):
    visit = drawer.visit()
    visit["at"] = "2026-09-15T09:40:00.000+08:00"
    drawer.keep(visit)

    bring(office, drawer.saved())

    (row,) = visits(town)
    assert row["at"] == row["true_at"] == "2026-09-15T01:40:00.000Z"
    assert (row["review"], row["questions"]) == ("waiting", '["time.file"]')
    text = office.get(f"/office/review/{row['id']}").text
    assert "手机时间没有核对过" in text and "由 麦咏诗 从文件导入" in text


def test_the_same_file_twice_and_the_phone_afterwards_change_nothing(town, office, drawer):
    operations = [drawer.visit(), drawer.visit("liang")]
    drawer.keep(*operations)
    bring(office, drawer.saved())

    again = bring(office, drawer.saved())
    raws = ",".join(drawer.texts)
    receipts = drawer.raw(f'{{"ops":[{raws}]}}'.encode()).json()["receipts"]

    assert again.text.split('sub">已经有了</span><b>')[1][:1] == "2"
    assert [(one["outcome"], one["first"]) for one in receipts] == [("duplicate", "accepted")] * 2
    assert len(visits(town)) == 2


def test_one_press_too_many_says_that_it_is_done(office, drawer):
    drawer.keep(drawer.visit())
    seen = upload(office, drawer.saved())
    office.submit(f"{seen.url.path}/confirmations")

    assert office.submit(f"{seen.url.path}/confirmations").status_code == 409
    assert office.submit(f"{seen.url.path}/drops").status_code == 409


def test_an_import_that_broke_off_goes_on_where_it_stopped(town, office, drawer):
    drawer.keep(*[drawer.visit(note=str(n)) for n in range(5)])
    seen = upload(office, drawer.saved())
    file_id = seen.url.path.rsplit("/", 1)[1]

    def breaking(writing):
        from server.store import outboxes

        outboxes.go_on(writing.tx, town.community, file_id, "applying", "2026-09-15T02:00:00.000Z")

    town.intake.do(town.community, breaking)
    drawer.sync(json.loads(drawer.texts[0]))
    assert "接着导" in office.get("/office/outboxes").text

    result = office.submit(f"{seen.url.path}/confirmations")

    assert "5 条都处理了" in result.text and len(visits(town)) == 5


def test_every_outcome_is_told_line_by_line(town, office, drawer):
    outside, waits = drawer.visit("zhong"), drawer.visit()
    waits["after"] = [ident("op", "never came")]
    drawer.keep(drawer.visit(), outside, waits)
    drawer.texts.append("half an operat")

    result = bring(office, drawer.saved()).text

    counts = {
        word: result.split(f'sub">{word}</span><b>')[1][:1]
        for word in ("收下", "已经有了", "等前一条", "冲突", "隔离")
    }
    assert counts == {"收下": "1", "已经有了": "0", "等前一条": "1", "冲突": "0", "隔离": "2"}
    assert "不在作者负责的楼栋" in result and "读不出来" in result


def test_what_a_file_held_back_stays_marked_when_it_is_released(town, office, drawer):
    first, second = drawer.visit(), drawer.visit()
    second["after"] = [first["id"]]
    drawer.keep(second)
    bring(office, drawer.saved())

    drawer.sync(first)

    asked = {row["id"]: row["questions"] for row in visits(town)}
    assert asked == {first["id"]: "[]", second["id"]: '["time.file"]'}


def test_the_file_of_a_phone_that_was_shut_out_is_taken(town, office, drawer):
    drawer.keep(drawer.visit())
    office.submit(f"/office/devices/{drawer.device}/revocations")

    seen = upload(office, drawer.saved())
    result = office.submit(f"{seen.url.path}/confirmations")

    assert "已停用，记录照样收" in seen.text
    assert "1 条都处理了" in result.text and len(visits(town)) == 1


def test_a_phone_that_signed_in_anew_sends_nothing_twice(town, office, drawer):
    """Its old file was imported while it numbered its work for the new device."""
    visit = drawer.visit()
    drawer.keep(visit)
    bring(office, drawer.saved())
    other = Phone(town, "worker1")
    other.token = mint(town)

    told = other.raw(json.dumps({"ops": [{**visit, "n": 1}]}).encode()).json()

    assert told["receipts"][0]["first"] == "accepted"
    assert len(visits(town)) == 1
    assert "没有等处理的记录" in office.get("/office/quarantine").text


def test_what_the_new_device_has_sent_is_seen_to_be_here(town, office, drawer):
    visit = drawer.visit()
    drawer.keep(visit)
    other = Phone(town, "worker1")
    other.token = mint(town)
    other.raw(json.dumps({"ops": [{**visit, "n": 7}]}).encode())

    seen = upload(office, drawer.saved())
    office.submit(f"{seen.url.path}/confirmations")

    assert seen.text.split('sub">已经有了</span><b>')[1][:1] == "1"
    assert len(visits(town)) == 1
    assert "没有等处理的记录" in office.get("/office/quarantine").text


def mint(town):
    from server.cli_people import _mint
    from server.store import people as rows

    def minting(writing):
        return _mint(writing, rows.by_username(writing.tx, "worker1"), 1)[0]

    return town.intake.do(town.community, minting)


@pytest.mark.parametrize(
    ("upto", "said"), [(2, "对上了"), (-1, "对上了"), (1, "对不上"), (9, "比服务器的账新")]
)
def test_the_code_in_the_file_is_compared_with_the_ledger(office, drawer, upto, said):
    sent = [drawer.visit(), drawer.visit()]
    raws = [json.dumps(one).encode() for one in sent]
    drawer.raw(b'{"ops":[' + b",".join(raws) + b"]}")
    code = ledger.code(ledger.extend(ledger.START, (ledger.digest(one) for one in raws)))
    drawer.keep(drawer.visit())
    known = {"recorded": 3, "received": 2, "code": code, "upto": upto}

    assert said in upload(office, drawer.saved(ledger=known)).text


WRONG = {
    "nothing": (b"", "这个文件是空的"),
    "half": (b'{\n "jinlin": "outbox",\n "device": "0199', "文件不完整"),
    "half a character": ('{"jinlin": "outbox", "x": "好'.encode()[:-1], "文件不完整"),
    "other json": (b'{"type": "FeatureCollection"}', "不是近邻走访存出来的文件"),
    "a list": (b"[1, 2]", "不是近邻走访存出来的文件"),
    "a picture": (b"\xff\xd8\xff\xe0", "不是近邻走访存出来的文件"),
    "a table": ("姓名,身份证号\n".encode("gb18030"), "不是近邻走访存出来的文件"),
    "deep": (b"[" * 5000, "不是近邻走访存出来的文件"),
    "no device": (b'{"jinlin": "outbox", "operations": []}', "内容对不上"),
    "wrong kinds": (b'{"jinlin": "outbox", "device": 5, "operations": "x"}', "内容对不上"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_file_of_a_phone_is_said_plainly(town, office, name):
    content, said = WRONG[name]

    answer = upload(office, content)

    assert answer.status_code == 422
    assert said in answer.text
    assert stored(town, "select count(*) as n from outbox_file")[0]["n"] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": {"id": ident("person", "stranger"), "name": "外人"}}, "本社区没有这个人"),
        ({"device": ident("device", "none")}, "不认识存文件的这台手机"),
        ({"device": ident("device", "worker2")}, "登记在别人名下"),
        ({"device": ""}, "不认识存文件的这台手机"),
        ({"operations": []}, "文件里没有记录"),
        ({"operations": ["{}"] * 20_001}, "超过 20000 条"),
    ],
)
def test_a_file_that_is_not_ours_to_take_is_refused(office, drawer, changes, said):
    drawer.keep(drawer.visit())

    answer = upload(office, drawer.saved(**changes))

    assert answer.status_code == 422 and said in answer.text


def test_no_file_at_all_is_said(office):
    answer = office.submit("/office/outboxes")

    assert answer.status_code == 422 and "请先选一个" in answer.text


def test_a_file_beyond_all_measure_is_refused_before_it_is_held(office):
    answer = upload(office, b"{" + b" " * (34 * 1024 * 1024))

    assert answer.status_code == 422 and "文件超过 32 MB" in answer.text


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_reads_what_a_file_says_of_residents(town, drawer, username):
    drawer.keep(drawer.visit())

    assert upload(town[username], drawer.saved()).status_code == 403


def test_a_file_left_undecided_is_forgotten(town, office, drawer):
    drawer.keep(drawer.visit())
    upload(office, drawer.saved())
    town.clock.pass_(days=2)

    upload(office, drawer.saved())

    states = stored(town, "select state, content is null as gone from outbox_file order by id")
    assert [(row["state"], row["gone"]) for row in states] == [("dropped", 1), ("preview", 0)]


def test_a_dropped_file_leaves_nothing_behind(town, office, drawer):
    drawer.keep(drawer.visit())
    seen = upload(office, drawer.saved())

    office.submit(f"{seen.url.path}/drops")

    assert visits(town) == []
    assert office.get(seen.url.path).status_code == 409
    assert stored(town, "select content from outbox_file") == [{"content": None}]


@pytest.fixture
def jinlin(made_town, tmp_path, monkeypatch, capsys):
    """A command beside a copy of the town; (exit code, stdout, stderr)."""
    shutil.copy(made_town, tmp_path / "jinlin.db")
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def saved(tmp_path):
    operation = {
        "id": ident("op", "by hand"),
        "n": 1,
        "kind": "feedback.send",
        "at": "2026-09-15T10:00:00.000+08:00",
        "data": {"text": "屏幕坏了"},
    }
    file = {
        "jinlin": "outbox",
        "device": ident("device", "worker1"),
        "person": {"id": ident("person", "worker1")},
        "operations": [json.dumps(operation)],
    }
    path = tmp_path / "outbox.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    return path


def test_the_command_line_brings_it_in_once(jinlin, saved):
    looked = jinlin("import", saved, "--dry-run", "--json")
    first = jinlin("import", saved, "--json")
    again = jinlin("import", saved, "--json")

    assert [code for code, _, _ in (looked, first, again)] == [0, 0, 0]
    assert json.loads(looked[1])["new"] == 1
    assert json.loads(first[1])["accepted"] == json.loads(again[1])["duplicate"] == 1
    assert "已经有了 1 条" in again[2]
    assert jinlin("check")[0] == 0


def test_the_command_line_says_what_is_wrong_with_a_file(jinlin, saved):
    saved.write_bytes(saved.read_bytes()[:80])

    code, out, err = jinlin("import", saved)

    assert code != 0 and out == "" and "文件不完整" in err
