"""What the office sees of a warning: levels, the silent, the drawing, the replay, the report."""

from datetime import timedelta

import pytest

from server.office import alert_replay, alert_view
from server.office.alert_facts import Facts, Who
from server.office.alert_map import Place
from server.reports import alerts
from sync.cascade import Step, Timers
from tests.sync.test_cascade import START, event, minutes, roster

NOTHING = {"all": 0, "done": 0, "rows": []}


def facts(count=8, events=(), **more):
    """So many buildings in two compounds of four grids, each with a leader of its own."""
    town = roster(count)
    known = {
        "sent_at": START,
        "ended_at": None,
        "edition": 1,
        "timers": Timers(),
        "roster": town,
        "events": list(events),
        "steps": [],
        "people": {
            one.leader_id: Who(f"陈{n}", f"1990000{n:04}") for n, one in enumerate(town.buildings)
        },
        "places": {
            one.id: Place(
                "红棉苑" if n < 5 else "荔香园", one.label, f"第{int(one.grid_id[1:]) + 1}网格"
            )
            for n, one in enumerate(town.buildings)
        },
        "new_doors": 0,
    }
    return Facts(**{**known, **more})


def sent(count=8):
    return [event("sent", f"b{n:03}", 0) for n in range(count)]


def board(events, at=7, **more):
    return alert_view.board(facts(events=events, **more), minutes(at))


def looks(drawn):
    return {cell["id"]: cell["look"] for block in drawn["map"]["blocks"] for cell in block["cells"]}


def test_three_numbers_stand_apart_at_every_level():
    said = [
        event("forwarded", "b000", 1),
        event("forwarded", "b004", 2),
        event("confirmed", "b004", 3),
    ]

    drawn = board([*sent(), *said])

    told = {row["word"]: row["count"] for row in drawn["levels"]}
    assert [(one.all, one.sent, one.claimed, one.confirmed) for one in told.values()] == [
        (4, 4, 1, 0),  # both buildings of one grid have handed it on, one is confirmed
        (8, 8, 2, 1),
        (236, 236, 58, 29),
    ]


def test_the_silent_are_named_once_longest_first_with_a_number_to_dial():
    town = roster(3)
    twice = tuple(
        one
        if n != 2
        else type(one)(
            **{**{f: getattr(one, f) for f in one.__struct_fields__}, "leader_id": "leader000"}
        )
        for n, one in enumerate(town.buildings)
    )
    known = facts(3)
    known = known._replace(
        roster=type(town)(started_at=START, from_at=START, buildings=twice),
        events=[event("sent", "b001", 1), event("sent", "b000", 0), event("sent", "b002", 2)],
    )

    named = alert_view.board(known, minutes(7))["silent"]

    assert [(one["name"], one["phone"], one["places"], one["waited"]) for one in named] == [
        ("陈0", "19900000000", ["红棉苑 0栋", "红棉苑 2栋"], "7 分钟"),
        ("陈1", "19900000001", ["红棉苑 1栋"], "6 分钟"),
    ]


def test_silence_is_marked_only_once_somebody_was_asked_again():
    events = [*sent(2), event("delivered", "b001", 1)]

    assert set(looks(board(events, 2, count=2)).values()) == {"waiting"}
    assert set(looks(board(events, 3, count=2)).values()) == {"silent"}


@pytest.mark.parametrize(
    ("said", "look"),
    [
        ([], "none"),
        ([("sent", 0)], "silent"),
        ([("sent", 0), ("acknowledged", 1)], "heard"),
        ([("forwarded", 1)], "claimed"),
        ([("forwarded", 1), ("confirmed", 2)], "confirmed"),
        ([("sent", 0), ("unreachable", 6)], "unreachable"),
        ([("unreachable", 4), ("acknowledged", 5)], "heard"),
    ],
)
def test_every_state_of_a_building_has_a_word_of_its_own(said, look):
    drawn = board([event(hop, "b000", at) for hop, at in said], count=1)

    assert looks(drawn) == {"b000": look}
    (key,) = drawn["legend"]
    (cell,) = drawn["map"]["blocks"][0]["cells"]
    assert key["n"] == 1
    assert cell["title"] == f"红棉苑 0栋：{key['word']}"


def test_a_text_that_was_replaced_is_stale_not_confirmed_and_in_the_tree():
    events = [event("forwarded", "b000", 1), event("confirmed", "b000", 2)]

    drawn = board(events, count=1, edition=2)

    assert looks(drawn) == {"b000": "stale"}
    assert drawn["stale"] == 1
    assert [row["count"].confirmed for row in drawn["levels"]] == [0, 0, 0]
    (leaf,) = [row for row in drawn["tree"] if row["depth"] == 3]
    assert (leaf["claimed"], leaf["confirmed"]) == ("旧文字", "—")


def test_who_heard_only_the_text_that_was_replaced_is_silent_again():
    events = [*sent(1), event("acknowledged", "b000", 1), event("sent", "b000", 30, edition=2)]

    (named,) = board(events, 34, count=1, edition=2)["silent"]

    assert named["waited"] == "4 分钟"


def test_the_tree_opens_where_something_lacks():
    events = [*sent(4), *(event("forwarded", f"b00{n}", 2) for n in range(3))]

    rows = board(events, count=4)["tree"]

    assert [(row["depth"], row["name"]) for row in rows if row["depth"] != 2] == [
        (1, "第1网格"),
        (1, "第2网格"),
        (1, "第3网格"),
        (1, "第4网格"),
        (3, "3栋"),
    ]
    assert [row["took"] for row in rows if row["depth"] == 1] == ["2:00", "2:00", "2:00", "未完"]


def test_shares_say_how_many_lack_until_they_are_reached():
    events = [event("forwarded", f"b{n:03}", n + 1) for n in range(4)]

    rows = board(events)["spread"]

    assert [(row["value"], row["left"]) for row in rows] == [
        ("4 分 00 秒", ""),
        ("", "还差 4 栋"),
        ("", "还差 4 栋"),
    ]


def test_a_late_word_counts_by_its_own_time_and_is_marked():
    known = facts(1, [*sent(1), event("forwarded", "b000", 4, 31, channel="wechat")])

    drawn, picked = (
        alert_view.board(known, minutes(40)),
        alert_view.picked(known, "b000", minutes(40)),
    )

    assert drawn["late"] == 1
    assert drawn["spread"][2]["value"] == "4 分 00 秒"
    (hop,) = [one for one in picked["hops"] if one["is_late"]]
    assert (hop["word"], hop["how"], hop["took"]) == ("说已转发", "微信群", "4:00")


def test_a_building_that_nobody_was_asked_to_tell_cannot_be_picked():
    assert alert_view.picked(facts(1), "elsewhere", minutes(1)) is None


def test_steps_say_who_was_asked_about_whom():
    asked = Step(at=minutes(5), kind="deputy", to="leader001", building_ids=("b000", "b002"))

    (told,) = board(sent(), steps=[asked])["steps"]

    assert (told["kind"], told["to"], told["about"]) == (
        "请副楼长",
        "陈1",
        "红棉苑 0栋、红棉苑 2栋",
    )


def test_the_replay_tells_each_minute_as_it_was_then():
    events = [
        *sent(2),
        event("forwarded", "b000", 4, 31),
        event("forwarded", "b001", 6),
        event("confirmed", "b001", 7),
    ]
    known = facts(2, events)

    told = alert_replay.minutes(known)

    assert [(one.number, one.sent, one.claimed, one.confirmed, one.households) for one in told] == [
        *((n, 2, 0, 0, 0) for n in range(4)),
        *((n, 2, 1, 0, 29) for n in (4, 5)),
        (6, 2, 2, 0, 59),
        (7, 2, 2, 1, 59),
    ]
    assert told[4].happened == "说已转发 1 栋"
    for one in told:
        (row,) = [row for row in alert_replay.stage(known, one)["levels"] if row["word"] == "楼栋"]
        assert (row["count"].claimed, row["count"].confirmed) == (one.claimed, one.confirmed)


def test_long_after_only_minutes_in_which_something_happened_are_told():
    known = facts(1, [*sent(1), event("forwarded", "b000", 300)])

    assert [one.number for one in alert_replay.minutes(known)] == [*range(21), 300]


def test_a_replay_of_nothing_has_one_minute():
    (only,) = alert_replay.minutes(facts(1))

    assert (only.number, only.sent, only.happened) == (0, 0, "")


def test_the_report_names_nobody_in_full_unless_it_was_asked_for():
    asked = Step(at=minutes(5), kind="deputy", to="leader001", building_ids=("b000",))
    known = facts(2, sent(2), steps=[asked])

    def words(masked):
        made = alerts.tables(known, {"预警": "雷雨大风黄色预警"}, NOTHING, "Asia/Shanghai", masked)
        return " ".join(str(cell) for table in made for line in table.lines for cell in line)

    assert "陈1" in words(False)
    assert "陈1" not in words(True)
    assert "陈**" in words(True)


def test_the_report_tells_every_building_with_its_times():
    events = [event("sent", "b000", 0), event("forwarded", "b000", 4, 31, channel="door")]

    made = alerts.tables(facts(2, events), {}, NOTHING, "Asia/Shanghai", False)

    lines = next(table.lines for table in made if table.title == "逐栋")
    assert lines[0] == [
        *("第1网格", "红棉苑", "0栋", 29, "陈0", "09:10", "", "", "09:14"),
        *("上门", "", "4:00", "已说转发（离线补报）"),
    ]
    assert lines[1][-1] == "还没发出"


def test_what_ended_stands_still():
    ended = board(sent(1), 90, count=1, ended_at=START + timedelta(minutes=30))

    assert ended["since"] == "30 分 00 秒"


@pytest.mark.parametrize(
    ("state", "outcome", "words", "told"),
    [
        ("waiting", None, None, ("等着发", "")),
        ("accepted", "accepted", "收下了", ("渠道已收下", "")),
        ("waiting", "busy", "限流", ("太忙，稍后再发", "限流")),
        ("given_up", "busy", "限流", ("没发出去", "限流")),
        ("over", None, None, ("已过时，没再发", "")),
    ],
)
def test_a_channel_says_what_it_took_and_never_more(state, outcome, words, told):
    one = {"name": "楼长群", "why": "begun", "state": state, "outcome": outcome, "words": words}

    (row,) = alert_view.sendings([{**one, "at": None, "made_at": "x"}], {})

    assert (row["name"], row["turn"], row["result"], row["words"]) == ("楼长群", "发布", *told)


def test_pushes_to_phones_are_one_line():
    (row,) = alert_view.sendings([], {"accepted": 100, "gone": 2})

    assert row["result"] == "渠道已收下 100 次，已失效 2 次"


def test_many_who_were_asked_the_same_at_one_time_are_one_line():
    asked = [
        Step(at=minutes(3), kind="repeat", to=f"leader{n:03}", building_ids=(f"b{n:03}",))
        for n in range(5)
    ]
    asked.append(Step(at=minutes(5), kind="chief", to="leader007", building_ids=("b000",)))

    first, second = board(sent(), steps=asked)["steps"]

    assert (first["kind"], first["to"], first["n"]) == ("请网格长", "陈7", 1)
    assert (second["kind"], second["to"], second["n"]) == ("再提醒", "5 位", 5)
    assert second["about"] == "红棉苑 0栋、红棉苑 1栋、红棉苑 2栋等"
