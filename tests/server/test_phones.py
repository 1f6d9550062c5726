"""手机: which phones fail, what lacks, and the one line that says what to do."""

import json

import pytest

from server import shell
from server.people import COOKIE
from server.store import people as rows
from tests.server.test_sync import Phone


@pytest.fixture
def phone(town):
    return Phone(town, "worker1")


def say(phone, **report):
    """One round trip that only says how the phone stands."""
    version, _ = shell.shell()
    known = {"version": version, "recorded": phone.n, "waiting": 0, "persisted": True, "error": ""}
    return phone.sync(phone={**known, **report})


def unsent(town, phone, n=12, **report):
    """The phone was heard of, and holds n operations that nobody has."""
    phone.n += n
    oldest = town.clock.now.isoformat()
    return say(phone, recorded=phone.n, waiting=n, oldest_at=oldest, **report)


def listed(browser, **asked):
    """The rows of the page as text, in order."""
    text = browser.submit("/office/finds", to="/office/phones", **asked).text
    table = text.split('id="phones"')[1].split("</section>")[0]
    return [" ".join(row.split()) for row in table.split("<tr")[2:]]


def new_device(town, username):
    """A phone on which this person has just signed in."""
    from server.cli_people import _mint

    def minting(writing):
        return _mint(writing, rows.by_username(writing.tx, username), 1)[0]

    phone = Phone(town, username)
    phone.token = town.intake.do(town.community, minting)
    return phone


def device_of(phone):
    phone.browser.cookies.set(COOKIE, phone.token, domain="testserver.local")
    return phone.browser.get("/api/session").json()["device"]


# ---- F20 ----------------------------------------------------------------------------------------


def test_f20_a_phone_that_is_silent_with_unsent_work_stands_on_top(town, office, phone):
    for username in ("worker2", "social1"):
        say(Phone(town, username))
    say(phone)
    unsent(town, phone, 12)
    town.clock.pass_(hours=49)
    for username in ("worker2", "social1"):
        say(Phone(town, username))

    first = listed(office)[0]

    assert "请周晓岚打开应用并联网：还有 12 条未上传，最早 2 天前" in first
    assert "<b>12 条</b>" in first and '<br><span class="hint">2 天前' in first
    assert 'class="is-urgent"' in first


def test_f20_the_page_keeps_time_by_itself(office):
    text = office.get("/office/phones").text

    assert "data-live" in text and "data-minutely" in text


def test_f20_every_fact_of_a_phone_is_on_its_line(town, office, phone):
    phone.sync(phone.visit(), phone.visit())
    phone.n += 1
    sent_at = "2026-09-15T10:26:00.000+08:00"
    report = {"version": "0ld", "recorded": 3, "waiting": 1, "persisted": False}
    report |= {"usage": 41_500_000, "error": "http.500", "oldest_at": "2026-09-15T01:00:00.000Z"}
    phone.sync(phone=report, sent_at=sent_at)

    (row,) = [one for one in listed(office) if "周晓岚" in one]

    with town.store.read() as tx:
        head = tx.value("select head from device where id = :d", d=phone.device)
    for words in (
        "测试手机",
        "今天 10:00",
        "<b>1 条</b>",
        "最早 今天 09:00",
        "本机已记 <b>3</b>",
        '服务器已收 <b class="is-less">2</b>',
        f"码 <code>{head[:4]}-{head[4:8]}".upper().replace("<CODE>", "<code>"),
        "没到：3",
        "旧版",
        "没答应长期保存",
        "42 MB",
        "快 26 分钟",
        "http.500",
    ):
        assert words in row, words


REMEDIES = [
    ({"recorded": 2, "waiting": 2}, 0, "还有 2 条在发"),
    ({"recorded": 2, "waiting": 2, "error": "operation.stuck"}, 0, "有一条总是发不出去"),
    ({"recorded": 2, "waiting": 2}, 25, "请周晓岚打开应用并联网：还有 2 条未上传"),
    ({"version": "0ld"}, 0, "关掉应用再打开一次"),
    ({"persisted": False, "recorded": 0}, 0, "正常"),
    ({"lost": 3}, 0, "恢复备份后有 3 条手机上也没有了"),
    ({}, 0, "正常"),
    ({}, 60, "正常"),
    ({"recorded": "many", "waiting": [], "usage": "x", "oldest_at": 5, "version": 7}, 0, "旧版"),
]


@pytest.mark.parametrize(("report", "hours", "said"), REMEDIES)
def test_f20_one_line_says_what_to_do(town, office, phone, report, hours, said):
    say(phone, **report)
    town.clock.pass_(hours=hours)

    (row,) = [one for one in listed(office) if "周晓岚" in one]
    assert said in row


def test_f20_a_phone_that_was_shut_out_is_asked_for_its_file(town, office, phone):
    unsent(town, phone, 3)
    office.submit(f"/office/devices/{phone.device}/revocations")

    assert "请周晓岚在“待同步”里存成文件交来" in listed(office)[0]

    town.clock.pass_(days=31)
    assert not [row for row in listed(office) if "周晓岚" in row]
    assert [row for row in listed(office, show="all") if "周晓岚" in row]


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("care", {"周晓岚", "温家栋"}),
        ("unsent", {"周晓岚"}),
        ("quiet", {"周晓岚"}),
        ("clock", {"温家栋"}),
        ("nonsense", {"周晓岚", "温家栋", "卢静"}),
    ],
)
def test_phones_are_filtered(town, office, phone, show, names):
    unsent(town, phone)
    town.clock.pass_(hours=30)
    say(Phone(town, "social1"))
    Phone(town, "worker2").sync(phone={"recorded": 0}, sent_at="2026-09-16T09:00:00.000+08:00")

    rows = listed(office, show=show)

    people = ("周晓岚", "温家栋", "卢静")
    assert {name for row in rows for name in people if name in row} == names


def test_a_phone_is_found_by_its_person(town, office, phone):
    say(phone)
    say(Phone(town, "worker2"))

    assert len(listed(office, q="温")) == 1
    assert listed(office, q="谁也不是") == []


def test_the_overview_counts_what_the_page_shows(town, office, phone):
    unsent(town, phone)
    town.clock.pass_(hours=30)

    text = office.get("/office").text

    assert "/office/phones?show=care" in text and "1 台要看一下" in text
    assert len(listed(office, show="care")) == 1


def test_who_holds_no_resident_data_sees_the_phones_and_no_way_to_import(town, admin, phone):
    say(phone)

    text = admin.get("/office/phones").text

    assert "周晓岚" in text and "/office/outboxes" not in text
    assert "黄秀珍" not in text


# ---- F6: what lacks for good --------------------------------------------------------------------


def notices(phone):
    phone.pull()
    return [one for key, one in phone.records.items() if key[1] == "notice"]


def test_f06_a_wiped_phone_tells_its_owner_and_the_office_which_numbers_lack(town, office, phone):
    phone.sync(*[phone.visit() for _ in range(3)])
    unsent(town, phone, 4)
    phone.sync(phone={"recorded": 0, "waiting": 0})  # its storage was cleared

    again = new_device(town, "worker1")
    say(again, recorded=0)
    (told,) = notices(again)

    assert told["outcome"] == "missing" and told["state"] == "waiting"
    assert "登记到第 7 条，服务器收到 3 条，缺第 4–7 条" in told["message"]
    page = again.browser.get("/outbox") if device_of(again) else None
    assert "以前的手机有记录没到" in page.text and "缺第 4–7 条" in page.text
    (row,) = [one for one in listed(office, show="care") if "周晓岚" in one]
    assert "手机清空过，第 4–7 条找不回来：请周晓岚补记" in row


def test_f06_what_lacked_and_came_after_all_is_said_to_be_done(town, office, phone):
    phone.sync(phone.visit())
    late = phone.visit()
    say(phone, recorded=2, waiting=1)
    other = new_device(town, "worker1")
    say(other, recorded=0)
    assert [one["state"] for one in notices(other)] == ["waiting"]

    phone.sync(late)
    say(phone, recorded=2)

    assert [one["state"] for one in notices(other)] == ["done"]


def test_f06_the_office_ends_it_by_shutting_the_old_phone_out(town, office, phone):
    unsent(town, phone, 2)
    phone.sync(phone={"recorded": 0})
    other = new_device(town, "worker1")
    say(other, recorded=0)

    office.submit(f"/office/devices/{phone.device}/revocations")

    assert [one["state"] for one in notices(other)] == ["done"]
    assert not [row for row in listed(office, show="care") if "清空过" in row]


def test_f06_a_phone_that_took_its_work_along_lacks_nothing(town, office, phone):
    phone.sync(phone.visit())
    unsent(town, phone, 2)
    office.submit(f"/office/devices/{phone.device}/revocations")

    other = new_device(town, "worker1")
    say(other, recorded=2, waiting=2, moved_from=phone.device)

    assert notices(other) == []
    rows = [row for row in listed(office, show="all") if "周晓岚" in row]
    assert any("没发的已经转过去" in row for row in rows)


@pytest.mark.parametrize("said", ["device of worker2", "nonsense", 5, None])
def test_nobody_moves_a_colleagues_phone(town, office, said):
    theirs = Phone(town, "worker2")
    unsent(town, theirs, 2)
    mine = new_device(town, "worker1")
    before = theirs.device if said == "device of worker2" else said

    say(mine, moved_from=before)

    with town.store.read() as tx:
        assert tx.value("select count(*) from device where moved_to <> ''") == 0


def test_f06_an_imported_file_fills_what_lacked(town, office, phone):
    from tests.server.test_outboxes import bring

    visits = [phone.visit(), phone.visit()]
    say(phone, recorded=2, waiting=2)
    other = new_device(town, "worker1")
    say(other, recorded=0)
    file = {
        "jinlin": "outbox",
        "device": phone.device,
        "person": {"id": town.person("worker1")},
        "ledger": {"recorded": 2},
        "operations": [json.dumps(one) for one in visits],
    }

    bring(office, json.dumps(file).encode())

    assert [one["state"] for one in notices(other)] == ["done"]
    town.clock.pass_(hours=30)
    assert not listed(office, show="unsent")
