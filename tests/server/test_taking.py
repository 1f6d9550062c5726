"""Messages come in through one door: kept once, chained in any order, merged when they are one."""

import hashlib
import json
from datetime import timedelta
from itertools import permutations
from random import Random
from zoneinfo import ZoneInfo

import pytest

from server.alerts.pasted import Confirmed, message_of
from server.alerts.reading import Reading, read
from server.alerts.taking import Source, take
from server.store import alert_reach, people
from server.store.records import all_records
from sync.duties import id_of
from tests.alerts.messages import cap
from tests.server.spine import START, Spine

PUBLIC = (
    *("kind", "colour", "title", "area", "effect", "sent_at", "updated_at", "onset_at", "ends_at"),
    *("state", "is_drill", "is_public", "message", "short", "guide", "source", "source_id"),
    *("is_verified", "closes_at"),
)


@pytest.fixture
def spine(tmp_path):
    made = Spine(tmp_path)
    changes = {"division_code": "440304001002"}
    made.submit("community.change", {"changes": changes})
    yield made
    made.stop()


def message(name, minutes=0, colour="黄", action="发布", refers="", **more):
    sent = (START + timedelta(minutes=minutes)).astimezone()
    kind = more.pop("kind", "雷雨大风")
    headline = f"清龙区气象台{action}{kind}{colour}色预警"
    expires = (sent + timedelta(hours=6)).isoformat(timespec="seconds")
    info = f"""<info><language>zh-CN</language><category>Met</category><event>{kind}</event>
<urgency>Unknown</urgency><severity>Moderate</severity><certainty>Unknown</certainty>
<expires>{expires}</expires><headline>{headline}</headline>
<description>{headline}信号：预计未来六小时有大风，请注意防范。</description>
<area><areaDesc>清龙区</areaDesc><geocode><valueName>x</valueName><value>440304</value></geocode></area></info>"""
    said = {"identifier": name, "sender": "QingLong", "sent": sent.isoformat(timespec="seconds")}
    if refers:
        more["references"] = " ".join(f"QingLong,{one},{said['sent']}" for one in refers.split())
    return cap("" if more.get("msgType") == "Cancel" else info, **{**said, **more}).encode()


def give(spine, raw, kind="api", reading=None):
    source = Source(kind=kind)
    return spine.intake.do(
        spine.home, lambda writing: take(writing, reading or read(raw), raw, source)
    )


def records(spine, kind):
    with spine.store.read() as tx:
        return list(all_records(tx, spine.home, kind))


def living(spine):
    return [one for one in records(spine, "alert") if one.state != "merged"]


ALERT = message("a")
UPDATE = message("u", 30, "橙", "变更发布", refers="a", msgType="Update")
CANCEL = message("c", 60, msgType="Cancel", refers="a u")


@pytest.mark.parametrize("order", list(permutations([ALERT, UPDATE, CANCEL])))
def test_every_order_of_alert_update_and_cancel_ends_equal(spine, order):
    spine.clock.now = START + timedelta(minutes=61)
    for one in order:
        give(spine, one)

    (alert,) = records(spine, "alert")
    assert {name: getattr(alert, name) for name in PUBLIC} == {
        **{name: getattr(alert, name) for name in PUBLIC},
        "state": "closed",
        "colour": "orange",
        "title": "解除雷雨大风橙色预警",
        "sent_at": "2026-09-15T04:00:00.000Z",
        "updated_at": "2026-09-15T05:00:00.000Z",
        "closes_at": "2026-09-15T05:00:00.000Z",
        "source_id": "c",
    }
    assert "解除" in alert.message and "13时0分" in alert.message
    assert {one.state for one in records(spine, "duty")} <= {"closed"}
    assert not spine.faults()


def test_all_orders_are_worded_the_same(tmp_path):
    said = set()
    for number, order in enumerate(permutations([ALERT, UPDATE, CANCEL])):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = Spine(folder)
        made.submit("community.change", {"changes": {"division_code": "440304001002"}})
        made.clock.now = START + timedelta(minutes=61)
        for one in order:
            give(made, one)
        (alert,) = records(made, "alert")
        said.add(json.dumps({name: getattr(alert, name) for name in PUBLIC}))
        made.stop()

    assert len(said) == 1, said


CHAINS = {
    "worse, renewed and better again": [
        ALERT,
        UPDATE,
        message("r", 60, "橙", "继续发布", refers="u", msgType="Update"),
        message("d", 90, "黄", "变更发布", refers="r", msgType="Update"),
    ],
    "without a reference": [
        ALERT,
        message("u", 30, "橙", "变更发布"),
        message("r", 60, "橙", "继续发布"),
        message("c", 90, "橙", "解除"),
        message("n", 150),
    ],
    "two that are one": [
        ALERT,
        message("b", 5, kind="暴雨"),
        message("m", 20, refers="a b", msgType="Update"),
        message("c", 40, msgType="Cancel", refers="m"),
    ],
}


@pytest.mark.parametrize("name", CHAINS)
def test_longer_chains_end_equal_in_any_order(tmp_path, name):
    said = set()
    for seed in range(4):
        order = Random(seed).sample(CHAINS[name], len(CHAINS[name]))
        folder = tmp_path / str(seed)
        folder.mkdir()
        made = Spine(folder)
        made.submit("community.change", {"changes": {"division_code": "440304001002"}})
        made.clock.now = START + timedelta(minutes=200)
        for one in order:
            give(made, one)
        said.add(
            json.dumps(sorted([getattr(one, each) for each in PUBLIC] for one in living(made)))
        )
        assert not made.faults()
        made.stop()

    assert len(said) == 1, said


def test_the_same_bytes_and_the_same_message_in_other_bytes_are_one(spine):
    assert give(spine, ALERT).outcome == "accepted"
    before = records(spine, "duty")

    assert give(spine, ALERT).outcome == "duplicate"
    entry = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>'
    assert give(spine, entry + ALERT + b"</content></entry></feed>").outcome == "duplicate"

    assert records(spine, "duty") == before
    assert len(spine.rows("select id from alert_message")) == 1


def test_other_words_under_the_same_name_are_kept_and_told(spine):
    give(spine, ALERT)

    taken = give(spine, ALERT.replace("大风，请".encode(), "雷雨，请".encode()))

    assert taken.outcome == "accepted_with_warnings"
    assert "内容不同" in taken.warnings[0]
    assert len(spine.rows("select id from alert_message")) == 2
    assert len(records(spine, "alert")) == 1


def test_the_very_bytes_are_kept_with_their_hash(spine):
    give(spine, ALERT)

    (row,) = spine.rows("select raw, sha256, source, incident_id from alert_message")
    assert bytes(row["raw"]) == ALERT and row["sha256"] == hashlib.sha256(ALERT).hexdigest()
    assert row["incident_id"] == records(spine, "alert")[0].id


def test_what_is_refused_leaves_nothing(spine):
    taken = give(spine, b"<!DOCTYPE x><alert/>")

    assert taken.outcome == "rejected" and taken.reason
    assert spine.rows("select id from alert_message") == []


def test_two_that_turn_out_to_be_one_are_merged_and_the_first_id_stays(spine):
    (first,) = give(spine, message("u", 0, refers="a", kind="大风", msgType="Update")).alerts
    (second,) = give(spine, message("v", 1, refers="b", msgType="Update")).alerts
    assert first.id != second.id
    leader = spine.phone("leader1")
    leader.send("alert.acknowledge", {"incident_id": second.id, "edition": 1})
    spine.clock.now = START + timedelta(minutes=3)

    bridge = message("m", 2, refers="u v", msgType="Update")
    give(spine, bridge)

    (alert,) = living(spine)
    assert alert.id == first.id
    gone = spine.get("alert", second.id)
    assert (gone.state, gone.merged_into) == ("merged", first.id)
    late = leader.send("alert.acknowledge", {"incident_id": second.id, "edition": alert.edition})
    assert late.outcome == "accepted"
    with spine.store.read() as tx:
        found = alert_reach.events(tx, spine.home, first.id)
    assert [one.hop for one in found].count("acknowledged") == 2
    assert spine.get("duty", id_of(first.id, leader.person_id)).acknowledged_at
    assert not spine.faults()


def test_what_is_said_of_a_warning_before_it_comes_waits_for_it(spine):
    """After a restore a phone may speak of what the server has yet to hear of again."""
    leader = spine.phone("leader1")
    (alert,) = give(spine, ALERT).alerts
    unknown = id_of(spine.home, "QingLong later")

    receipt = leader.send("alert.acknowledge", {"incident_id": unknown, "edition": 1})
    assert receipt.outcome == "held"
    (later,) = give(spine, message("later", 0, kind="暴雨")).alerts

    assert later.id == unknown and alert.id != later.id
    assert spine.get("duty", id_of(later.id, leader.person_id)).acknowledged_at


def pasted(text_colour="yellow", minute=0, **more):
    form = Confirmed(
        **{
            "kind": "雷雨大风",
            "colour": text_colour,
            "station": "清龙区气象台",
            "issued_at": f"2026-09-15T12:{minute:02}",
            "ends_at": "2026-09-15T18:00",
            "area": "清龙区",
            "effect": "未来六小时有大风",
            **more,
        }
    )
    return form


def paste(spine, form, text="清龙区气象台发布……"):
    told = message_of(form, text, ZoneInfo("Asia/Shanghai"))
    reading = Reading(outcome="accepted", messages=(told,))
    return give(spine, text.encode(), "paste", reading)


def test_a_pasted_text_begins_unverified_and_the_message_itself_confirms_it(spine):
    (alert,) = paste(spine, pasted()).alerts
    assert (alert.state, alert.is_verified) == ("open", 0)
    told = records(spine, "duty")

    (same,) = give(spine, ALERT).alerts

    assert same.id == alert.id and same.is_verified == 1
    assert [one.edition for one in records(spine, "duty")] == [one.edition for one in told]


def test_a_text_that_is_pasted_after_the_message_tells_nobody_twice(spine):
    (alert,) = give(spine, ALERT).alerts

    (same,) = paste(spine, pasted()).alerts

    assert same.id == alert.id and same.edition == 1 and same.is_verified == 1


def test_a_pasted_lifting_ends_what_a_service_began(spine):
    (alert,) = give(spine, ALERT).alerts
    spine.clock.now = START + timedelta(minutes=50)

    (same,) = paste(spine, pasted(minute=50, action="lift", effect="", ends_at="")).alerts

    assert (same.id, same.state) == (alert.id, "closed")


def test_nobody_is_asked_who_is_away_but_who_stands_in(spine):
    def deputise(writing):
        other = spine.people["worker2"]
        people.assign(writing.tx, spine.home, other, spine.building, "2026-01-01")
        writing.tx.run(
            "insert into leave (community_id, id, person_id, deputy_id, from_on, until_on, set_by,"
            " set_at) values (:c, 'leave', :away, :deputy, '2026-09-14', '2026-09-16', '', '')",
            c=spine.home,
            away=spine.people["leader1"],
            deputy=other,
        )
        writing.tx.run(
            "update person_building set leave_id = 'leave'"
            " where person_id = :deputy and building_id = :building",
            deputy=other,
            building=spine.building,
        )

    spine.intake.do(spine.home, deputise)
    (alert,) = give(spine, ALERT).alerts

    assert spine.get("duty", id_of(alert.id, spine.people["worker2"])).role == "leader"
    assert spine.get("duty", id_of(alert.id, spine.people["leader1"])) is None


def test_an_acknowledgement_of_a_message_is_no_warning(spine):
    taken = give(spine, message("k", refers="a", msgType="Ack", note="收到"))

    assert taken.outcome.startswith("accepted") and taken.alerts == ()
    assert records(spine, "alert") == []


def test_a_leaders_clock_that_is_25_minutes_off_changes_no_time(spine):
    (alert,) = give(spine, ALERT).alerts
    leader = spine.phone("leader1")
    leader.clock_ahead = timedelta(minutes=25)
    spine.clock.now = START + timedelta(minutes=4)
    said = leader.record(
        "alert.forward",
        {
            "incident_id": alert.id,
            "building_id": spine.building,
            "edition": 1,
            "channel": "wechat",
        },
    )
    spine.clock.now = START + timedelta(minutes=30)
    leader.push(said)

    with spine.store.read() as tx:
        rows = {row["hop"]: row for row in alert_reach.hops(tx, spine.home, alert.id)}
    assert rows["forwarded"]["at"][:16] == "2026-09-15T04:04"
    assert rows["forwarded"]["received_at"][:16] == "2026-09-15T04:30"
    (entry,) = spine.get("duty", id_of(alert.id, leader.person_id)).buildings
    assert entry["forwarded_at"][:16] == "2026-09-15T04:04" and entry["is_late"] == 1


def test_many_messages_at_once_are_each_taken(spine):
    names = [f"m{number}" for number in range(3)]
    kinds = ["雷雨大风", "暴雨", "高温"]
    inside = b"".join(
        b"<entry><content>" + message(name, kind=kind) + b"</content></entry>"
        for name, kind in zip(names, kinds, strict=True)
    )
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom">' + inside + b"</feed>"

    taken = give(spine, feed, "feed")

    assert {one.kind for one in taken.alerts} == set(kinds)
    rows = spine.rows("select part, length(raw) as size from alert_message order by part")
    assert [row["part"] for row in rows] == [0, 1, 2]
    assert [row["size"] > 0 for row in rows] == [True, False, False]


ODD_TIMES = (
    *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-00:00", "9999-12-31T23:59:59-12:00"),
    *("9999-12-31T23:59:59+00:00", "2400-01-01T00:00:00+07:00", "2199-12-31T23:59:59-12:00"),
)


@pytest.mark.parametrize("at", ODD_TIMES)
@pytest.mark.parametrize("name", ["sent", "expires", "onset"])
def test_no_time_is_too_odd_to_be_taken_in(spine, at, name):
    info = _between(ALERT.decode(), "info")
    if name != "sent":
        info = info.replace(_between(info, "expires"), f"<{name}>{at}</{name}>")
    text = cap(info, identifier="odd", **({"sent": at} if name == "sent" else {}))

    taken = give(spine, text.encode())

    assert taken.outcome.startswith("accepted")
    assert not spine.faults()


def _between(text, name):
    return text[text.index(f"<{name}>") : text.index(f"</{name}>") + len(name) + 3]


def test_a_message_from_the_future_is_not_the_last_word(spine):
    give(spine, message("f", 60 * 24 * 365))
    spine.clock.now = START + timedelta(minutes=5)

    give(spine, message("u", 4, "橙", "变更发布"))

    assert {one.colour for one in living(spine)} == {"orange"}


def test_half_a_character_in_a_services_json_stops_nothing(spine):
    warning = {
        "id": "a\ud83d",
        "sender": "清龙区气象台\ud83d",
        "pubTime": "2026-09-15T12:00+08:00",
        "title": "清龙区气象台发布雷雨大风黄色预警\ud83d",
        "status": "active",
        "typeName": "雷雨大风",
        "text": "\ud83d预计有大风",
    }
    raw = json.dumps({"code": "200", "warning": [warning]}).encode()

    taken = give(spine, raw)

    assert taken.outcome.startswith("accepted") and len(taken.alerts) == 1


def test_what_phones_hold_is_short_however_long_a_sender_is(spine):
    text = ALERT.decode().replace("清龙区</areaDesc>", "区" * 100_000 + "</areaDesc>")
    text = text.replace("<event>雷雨大风", "<event>" + "雨" * 100_000).replace("预警", "")
    text = text.replace("<identifier>a", "<identifier>" + "i" * 100_000)

    (alert,) = give(spine, text.encode()).alerts

    assert len(json.dumps({name: getattr(alert, name) for name in PUBLIC})) < 12_000
