"""People, their phones and their buildings, as the office looks after them."""

import json

import pytest

from server.office.words import lapse
from server.people import COOKIE
from tests.server.office import hidden
from tests.server.town import CAST, ident

NEW = {"name": "方晓", "username": "worker10", "role": "worker", "phone": "199 0000 0001"}


def add(browser, **fields):
    answer = browser.submit("/office/people", **{**NEW, **fields})
    return answer


def path_of(answer):
    return answer.url.path


def streams_of(town, browser):
    answer = browser.post("/sync", json={"protocol": 1, "cursors": {}, "ops": []})
    return sorted(answer.json()["cursors"])


def sync(browser, device=None, recorded=0, **phone):
    report = {"recorded": recorded, "version": "0.1.0", **phone}
    return browser.post("/sync", json={"protocol": 1, "ops": [], "phone": report})


def push(town, browser, *numbers):
    operations = [
        json.loads(
            json.dumps(
                {
                    "id": ident("op", f"{browser.token}{n}"),
                    "n": n,
                    "kind": "feedback.send",
                    "at": "2026-09-15T10:00:00.000+08:00",
                    "data": {"text": f"第 {n} 条"},
                }
            )
        )
        for n in numbers
    ]
    return browser.post("/sync", json={"protocol": 1, "ops": operations})


def test_a_person_is_added_and_gets_a_password_shown_once(town, office):
    added = add(office)
    page = office.submit(f"{path_of(added)}/passwords")
    again = office.get(path_of(added))

    password = page.text.split('class="once">')[1].split("<")[0]
    assert added.status_code == 200 and "已建好" in added.text
    assert len(password) == 14 and password not in again.text
    signed = town.nobody().post("/api/session", json={"username": "worker10", "password": password})
    assert signed.status_code == 200
    assert [row["action"] for row in town.audit() if row["target"] == path_of(added)[15:]] == [
        "person.add",
        "password.reset",
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "请写姓名"),
        ({"name": "名" * 41}, "请写姓名"),
        ({"username": "worker1"}, "已经有人用"),
        ({"username": "坏 账号"}, "小写字母"),
        ({"username": "x"}, "小写字母"),
        ({"role": "king"}, "没有“king”这个岗位"),
        ({"phone": "call me"}, "电话"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said(office, fields, said):
    answer = add(office, **fields)

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("username", "role", "status"),
    [
        ("office1", "leader", 200),
        ("office1", "office", 403),
        ("office1", "admin", 403),
        ("secretary", "office", 200),
        ("secretary", "admin", 403),
        ("admin", "admin", 200),
    ],
)
def test_nobody_makes_an_account_above_their_own(town, username, role, status):
    assert add(town[username], role=role).status_code == status


@pytest.mark.parametrize("noun", ["passwords", "signouts", "card-withdrawals", "changes"])
def test_the_office_does_not_touch_accounts_above_it(town, office, noun):
    before = town["secretary"]
    fields = {"name": "别人", "role": "worker"} if noun == "changes" else {}

    answer = office.submit(f"/office/people/{town.person('secretary')}/{noun}", **fields)

    assert answer.status_code == 403
    assert before.get("/api/session").json()["person"]["name"] == "何书记"


def test_nobody_locks_themselves_out(town, admin):
    path = f"/office/people/{town.person('admin')}/changes"

    off = admin.submit(path, name="管理员", role="admin", active="0")
    other = admin.submit(path, name="管理员", role="office")

    assert (off.status_code, other.status_code) == (422, 422)


def test_a_form_without_its_token_changes_nothing(town, office):
    answer = office.post("/office/people", data=NEW)

    assert answer.status_code == 403
    assert "方晓" not in office.get("/office/people?show=all").text


def test_who_leaves_is_signed_out_and_comes_back_with_the_same_account(town, office, worker):
    path = f"/office/people/{town.person('worker1')}/changes"

    office.submit(path, name="周晓岚", role="worker", active="0")
    gone = worker.get("/api/session").status_code
    office.submit(path, name="周晓岚", role="worker", active="1")

    assert gone == 401
    assert town["worker1"].get("/api/session").status_code == 200


def test_a_new_role_counts_at_once(town, office, worker):
    office.submit(f"/office/people/{town.person('worker1')}/changes", name="周晓岚", role="chief")

    assert worker.get("/api/session").json()["person"]["role"] == "chief"


@pytest.mark.parametrize(("was", "now"), [("worker1", "office"), ("secretary", "worker")])
def test_who_comes_to_a_desk_or_leaves_one_signs_in_anew(town, admin, was, now):
    person, name = town.person(was), CAST[was][1]
    before = town[was]

    admin.submit(f"/office/people/{person}/changes", name=name, role=now)

    assert before.get("/api/session").status_code == 401
    assert town[was].get("/api/session").json()["person"]["role"] == now


def test_a_lost_phone_is_shut_out_and_the_others_stay(town, office, worker):
    other = town.nobody()
    other.cookies.set(COOKIE, mint(town, "worker1"), domain="testserver.local")

    answer = office.submit(f"/office/devices/{ident('device', 'worker1')}/revocations")

    assert "已停用这台手机" in answer.text
    assert worker.get("/api/session").json()["code"] == "device.revoked"
    assert worker.post("/sync", json={"ops": []}).json()["code"] == "device.revoked"
    assert other.get("/api/session").status_code == 200
    assert len(town.audit("device.revoke")) == 1


def mint(town, username):
    from server.cli_people import _mint
    from server.store import people as rows

    def minting(writing):
        return _mint(writing, rows.by_username(writing.tx, username), 1)[0]

    return town.intake.do(town.community, minting)


def test_signing_somebody_out_ends_all_their_phones(town, office, worker):
    office.submit(f"/office/people/{town.person('worker1')}/signouts")

    assert worker.get("/api/session").status_code == 401
    assert town["worker1"].get("/api/session").status_code == 200


def test_a_hand_over_reaches_both_phones_on_its_day(town, office):
    one, two = town["worker1"], town["worker2"]
    building = town.building("hongmian")

    office.submit(
        f"/office/people/{town.person('worker2')}/buildings",
        building=building,
        from_on="2026-09-16",
        instead="1",
    )
    before = streams_of(town, one), streams_of(town, two)
    town.clock.pass_(days=1)
    after = streams_of(town, one), streams_of(town, two)

    stream = f"building:{building}"
    assert [stream in held for held in before] == [True, False]
    assert [stream in held for held in after] == [False, True]


def test_a_phone_is_told_of_its_buildings(town, office):
    building = town.building("fenghuang")

    office.submit(
        f"/office/people/{town.person('worker1')}/buildings",
        building=building,
        from_on="2026-09-15",
    )

    changes = town["worker1"].post("/sync", json={"ops": []}).json()["changes"]
    (person,) = [one["record"] for one in changes if one["kind"] == "person"]
    assert building in person["building_ids"]


def test_leave_ends_by_itself(town, office):
    building = town.building("fenghuang")
    worker = town["worker1"]
    office.submit(
        f"/office/people/{town.person('worker1')}/buildings",
        building=building,
        from_on="2026-09-15",
        until_on="2026-09-20",
    )

    held = f"building:{building}" in streams_of(town, worker)
    town.clock.pass_(days=6)

    assert held
    assert f"building:{building}" not in streams_of(town, worker)


def test_a_whole_grid_is_given_at_once(town, office):
    office.submit(
        f"/office/people/{town.person('worker2')}/buildings", grid="1", from_on="2026-09-15"
    )

    held = streams_of(town, town["worker2"])
    assert {f"building:{town.building(name)}" for name in ("hongmian", "fenghuang")} <= set(held)


def test_a_building_is_taken_back_after_its_last_day(town, office, worker):
    building = town.building("hongmian")

    office.submit(
        f"/office/people/{town.person('worker1')}/ends",
        building=building,
        last_on="2026-09-14",
    )

    assert f"building:{building}" not in streams_of(town, worker)


def test_buildings_say_who_leads_them(town, office):
    def leader_name():
        with town.store.read() as tx:
            return tx.value(
                "select leader_name from building where id = :id", id=town.building("fenghuang")
            )

    before = leader_name()
    office.submit(
        f"/office/people/{town.person('leader1')}/buildings",
        building=town.building("fenghuang"),
        from_on="2026-09-15",
    )
    given = leader_name()
    office.submit(f"/office/people/{town.person('leader1')}/changes", name="陈桂芝", role="leader")
    renamed = leader_name()
    office.submit(
        f"/office/people/{town.person('leader1')}/changes",
        name="陈桂芝",
        role="leader",
        active="0",
    )

    assert (before, given, renamed, leader_name()) == ("", "陈桂枝", "陈桂芝", "")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "没有选楼栋"),
        ({"building": ident("building", "nowhere")}, "没有选楼栋"),
        ({"from_on": "2026-09-15", "until_on": "2026-09-01"}, "最后一天不能早于第一天"),
        ({"from_on": "soon"}, "从哪天"),
    ],
)
def test_what_is_wrong_with_a_hand_over_is_said(town, office, fields, said):
    if "from_on" in fields:
        fields = {"building": town.building("hongmian"), **fields}

    answer = office.submit(f"/office/people/{town.person('worker2')}/buildings", **fields)

    assert answer.status_code == 422
    assert said in answer.text


def test_the_office_itself_holds_no_building(town, admin):
    secretary = town["secretary"]

    answer = secretary.submit(
        f"/office/people/{town.person('office1')}/buildings", building=town.building("hongmian")
    )

    assert answer.status_code == 422


def test_the_nightly_job_tells_of_hand_overs_whose_day_has_come(town, office):
    from server.jobs import hand_over_buildings

    building = town.building("fenghuang")
    office.submit(
        f"/office/people/{town.person('leader1')}/buildings",
        building=building,
        from_on="2026-09-16",
    )
    town.clock.pass_(days=1)

    assert hand_over_buildings(town.intake, town.community) == 1
    with town.store.read() as tx:
        name = tx.value("select leader_name from building where id = :id", id=building)
    assert name == "陈桂枝"


def test_numbers_that_agree_are_said_to_agree(town, office, worker):
    push(town, worker, 1, 2, 3)
    sync(worker, recorded=3)

    text = office.get("/office/people").text
    assert "本机已记 <b>3</b>" in text and "服务器已收 <b>3</b>" in text
    assert "对上" in text


def test_what_a_phone_still_holds_comes_first_with_its_numbers(town, office, worker):
    push(town, worker, 1, 2)
    sync(worker, recorded=5)

    text = office.get("/office/people?show=care").text
    assert "3 条没到" in text and "没到：3–5" in text
    assert "周晓岚" in text and "温家栋" not in text


def test_a_number_that_lacks_in_between_is_named(town, office, worker):
    push(town, worker, 1, 3)
    sync(worker, recorded=3)

    text = office.get("/office/people").text
    assert "缺第 2 条" in text and "码对到 1" in text


def test_a_phone_that_is_silent_with_unsent_work_is_pointed_out(town, office, worker):
    sync(worker, recorded=2)
    town.clock.pass_(hours=39)

    text = office.get("/office/people?show=care").text
    assert "2 条没到" in text and "39 小时前" in text


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "0 小时"),
        (47, "47 小时"),
        (48, "2 天"),
        (59 * 24 + 23, "59 天"),
        (60 * 24, "2 个月"),
        (1725, "2 个月"),
        (400 * 24, "13 个月"),
    ],
)
def test_a_stretch_of_time_is_said_as_people_count_it(hours, said):
    assert lapse(hours) == said


def test_what_a_phone_met_is_said_in_words(town, office, worker):
    sync(worker, recorded=1, error="operation.stuck")

    for path in ("/office/people", f"/office/people/{town.person('worker1')}"):
        text = office.get(path).text
        assert "上次没同步成：有一条总是发不出去" in text and "operation.stuck" not in text


def test_a_phone_that_was_wiped_is_not_called_none(town, office, worker):
    push(town, worker, 1, 2)
    sync(worker, recorded=5)
    sync(worker, recorded=0)

    text = office.get("/office/people?show=care").text
    assert "清空过，3 条找不回来" in text and "没有手机" not in text


@pytest.mark.parametrize("noun", ["passwords", "signouts"])
def test_what_shuts_a_phone_out_is_asked_first(town, office, noun):
    """Without scripts, too: the button stands in a part that has to be opened."""
    text = office.get(f"/office/people/{town.person('worker1')}").text

    before = text.split(f'/{noun}">')[0]
    assert before.count("<details") == before.count("</details>") + 1
    assert "没发出的记录留在" in before.rsplit("<details", 1)[1]


def test_a_clock_that_is_off_is_pointed_out(town, office, worker):
    worker.post("/sync", json={"ops": [], "sent_at": "2026-09-15T10:26:00.000+08:00"})

    assert "手机时间快 26 分钟" in office.get("/office/people?show=care").text


def test_pages_of_people_hold_no_resident(town, admin):
    for page in ("/office/people?show=all", f"/office/people/{town.person('worker1')}"):
        text = admin.get(page).text
        assert not [name for name in ("黄秀珍", "梁建国", "吴丽华", "钟伟民") if name in text]


def test_people_are_found_by_name(office):
    text = office.submit("/office/finds", to="/office/people", q="卢").text

    assert "卢静" in text and "周晓岚" not in text


def test_the_trail_shows_who_did_what_to_whom(town, office):
    town["street"].get("/office/people")
    office.submit(f"/office/people/{town.person('worker1')}/passwords")

    everything = office.get("/office/audit").text
    about = office.get("/office/audit", params={"about": town.person("worker1")}).text
    denied = office.get("/office/audit", params={"action": "denied"}).text

    assert "给了周晓岚一个临时密码" in everything and "没有权限" in everything
    assert "周晓岚" in about and "/office/people" not in about.split('id="trail"')[1]
    assert "街道办" in denied.split('id="trail"')[1]


@pytest.mark.parametrize(("on", "found"), [("2026-09-15", True), ("2026-09-14", False)])
def test_the_trail_of_a_day_is_that_day_in_the_community(town, office, on, found):
    town["street"].get("/office/people")

    text = office.get("/office/audit", params={"first": on, "last": on}).text

    assert ("街道办" in text.split('id="trail"')[1]) is found


@pytest.mark.parametrize("on", ["today", "2026-13-40", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_shows_the_whole_trail(office, on):
    assert office.get("/office/audit", params={"first": on, "last": on}).status_code == 200


def test_a_long_trail_is_read_in_pages(town, office):
    street = town["street"]
    for _ in range(105):
        street.get("/office/people")

    first = office.get("/office/audit", params={"action": "denied"})
    older = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = office.get(older)

    assert first.text.count("想打开 /office/people，") == 100
    assert second.text.count("想打开 /office/people，") == 5


def test_the_subdistrict_sees_numbers_and_no_names(town):
    text = town["street"].get("/office/counts").text

    assert "第一网格" in text and "第二网格" in text
    assert not [name for name in ("黄秀珍", "红棉苑", "周晓岚", "502") if name in text]


def test_what_disabling_does_is_said_beforehand(town, office, worker):
    """Sessions, unsent work and buildings that need somebody else; looking does nothing."""
    sync(worker, recorded=3, waiting=3)
    office.submit(f"/office/people/{town.person('worker1')}/enrolments")
    page = office.get(f"/office/people/{town.person('worker1')}/closing").text

    assert "现在登录着的 1 处马上退出" in page and "还有 3 条没发出来" in page
    assert "只有他一位网格员负责" in page and "红棉苑 3栋" in page
    assert worker.get("/api/session").status_code == 200
    fields = hidden(page, "/changes")
    office.submit(f"/office/people/{town.person('worker1')}/changes", **fields)
    assert worker.get("/api/session").status_code == 401
    account = office.get(f"/office/people/{town.person('worker1')}").text
    assert "重新启用" in account and "没用过的登录码" not in account


def test_nobody_is_led_to_disable_themselves_or_somebody_above(town, office, admin):
    own = admin.get(f"/office/people/{town.person('admin')}/closing")
    above = office.get(f"/office/people/{town.person('secretary')}/closing")

    assert "不能停用自己" in own.text and 'name="active"' not in own.text
    assert above.status_code == 403
