"""Answers put right after the visit, by whoever was there and by the office."""

import json
import random

import msgspec
import pytest

from server.field.filling import standing
from server.field.shelf import MemoryShelf
from server.field.views.asking import asked_at, asking
from server.field.views.scene import scene_of
from server.store import feed
from sync.checklists import Checklist
from sync.scope import streams_of
from tests.server.test_checkups import DAY, checkup, followups, id_of, spine

__all__ = ["spine"]

HELD = ("community", "person", "checklist", "building", "household", "resident", "visit", "answers")


def asked(phone, spine, consent="yes", **said):
    visit = phone.visit(
        spine.door,
        type="elder_care",
        resident_ids=[spine.elder],
        checkups=[checkup(spine, consent=consent, **said)],
    )
    assert phone.push(visit)[0].outcome == "accepted"
    return id_of(visit)


def put_right(phone, spine, visit_id, consent="yes", **said):
    changes = {"checkups": [checkup(spine, consent=consent, **said)]}
    return phone.send("visit.correct", {"id": visit_id, "changes": changes})


def answers_of(spine, visit_id):
    return spine.get("visit", visit_id).checkups[0]["answers"]


def shelf_of(spine, username="worker1"):
    """What the phone of a worker holds."""
    streams = streams_of("worker", spine.people[username], spine.home, [spine.building])
    with spine.store.read() as tx:
        found = [
            (kind, one)
            for stream in streams
            for kind in HELD
            for one in feed.shown(tx, spine.home, stream, kind)
        ]
    return MemoryShelf(found)


def shown_to(spine, entry):
    checklist = msgspec.convert(entry["checklist"], Checklist)
    facts = {**entry["facts"], "changed": 0, "consent": "yes"}
    return standing(checklist, {}, [], entry["last"], facts).shown


def scene(spine, shelf):
    now = spine.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return scene_of(shelf, now, {"person_id": spine.people["worker1"]})


def test_a_flag_that_a_correction_takes_away_is_closed_with_a_name_and_why(spine):
    phone = spine.phone("worker1")
    visit_id = asked(phone, spine, E04=["stroke"], E02="bed")
    (opened,) = followups(spine)

    assert put_right(phone, spine, visit_id, E04=["none"], E02="bed").outcome == "accepted"

    (closed,) = followups(spine, "closed")
    assert (closed.id, closed.result) == (opened.id, "withdrawn")
    assert (closed.note, closed.closed_by) == ("更正后不再成立", opened.by_name)
    assert closed.closed_at and closed.entries == opened.entries
    visit = spine.get("visit", visit_id)
    assert (visit.corrected, visit.review) == (1, "waiting") and "corrected" in visit.questions


def test_a_correction_that_adds_a_flag_opens_its_follow_up_from_the_visit(spine):
    phone = spine.phone("worker1")
    visit_id = asked(phone, spine, E04=["none"])
    made_at = spine.get("visit", visit_id).true_at

    put_right(phone, spine, visit_id, E04=["stroke"])
    put_right(phone, spine, visit_id, E04=["stroke"], E02="free")

    (opened,) = followups(spine)
    assert (opened.visit_id, opened.opened_at) == (visit_id, made_at)
    assert len(opened.entries) == 1


def test_another_visit_that_asks_for_the_same_keeps_it_open(spine):
    phone = spine.phone("worker1")
    first = asked(phone, spine, E04=["stroke"])
    second = asked(phone, spine, E04=["stroke"])

    put_right(phone, spine, first, E04=["none"])

    (left,) = followups(spine)
    assert [one["visit_id"] for one in left.entries] == [second]


def test_the_office_may_put_answers_right_and_nobody_else(spine):
    phone, other = spine.phone("worker1"), spine.phone("worker2")
    visit_id = asked(phone, spine, E04=["stroke"])
    changes = {"checkups": [checkup(spine, consent="yes", E04=["none"])]}

    refused = put_right(other, spine, visit_id, E04=["none"])
    taken = spine.submit("visit.correct", {"id": visit_id, "changes": changes})

    assert (refused.code, taken.outcome) == ("scope.outside", "accepted")
    assert followups(spine) == [] and spine.get("visit", visit_id).review == "approved"


def test_a_correction_keeps_what_its_author_was_never_told(spine):
    """A worker's phone holds no answer that is for the office alone, so it cannot send it again."""
    phone = spine.phone("worker1")
    visit_id = asked(phone, spine, E13="suspected", E02="free")
    (kept,) = followups(spine)

    put_right(phone, spine, visit_id, E02="cane")

    assert answers_of(spine, visit_id)["E13"]["value"] == "suspected"
    assert [one.id for one in followups(spine)] == [kept.id]
    put_right(phone, spine, visit_id, E02="cane", E13="none")
    assert answers_of(spine, visit_id)["E13"]["value"] == "none"
    assert followups(spine) == []


def test_a_correction_keeps_the_words_and_the_edition_it_was_asked_by(spine):
    phone = spine.phone("worker1")
    visit_id = asked(phone, spine, E02="free")
    edition = spine.get("visit", visit_id).checkups[0]
    words = {"value": "free", "asked": "走得动吗（旧）", "said": ["自如（旧）"]}

    put_right(phone, spine, visit_id, E02=words["value"], E03=1)
    corrected = {**checkup(spine, consent="yes"), "answers": {"E02": words, "E03": {"value": 1}}}
    phone.send("visit.correct", {"id": visit_id, "changes": {"checkups": [corrected]}})

    after = spine.get("visit", visit_id).checkups[0]
    assert after["version"] == edition["version"]
    assert after["answers"]["E02"] == {**words, "unchanged": 0}
    assert after["answers"]["E03"]["asked"]


def test_what_is_for_the_office_alone_is_asked_only_when_it_is_due(spine):
    phone = spine.phone("worker1")
    asked(phone, spine, E13="suspected", E02="free")

    def is_asked():
        shelf = shelf_of(spine)
        door = shelf.get("household", spine.door)
        (entry,) = asking(scene(spine, shelf), door)
        return "E13" in shown_to(spine, entry), entry["last"]["E13"]

    spine.clock.now += 80 * DAY
    assert is_asked() == (False, {"value": "", "on": "2026-09-15", "said": []})
    spine.clock.now += 11 * DAY
    assert is_asked()[0] is True


def test_a_correction_asks_again_what_that_visit_asked(spine):
    phone = spine.phone("worker1")
    visit_id = asked(phone, spine, E13="suspected", E02="cane", E05="regular")

    shelf = shelf_of(spine)
    (entry,) = asked_at(scene(spine, shelf), shelf.get("visit", visit_id))

    shown = shown_to(spine, entry)
    assert {"E13", "E02", "E05"} <= set(shown)
    assert not {"E07", "E09", "E21"} & set(shown)  # not asked then, not asked now


@pytest.mark.parametrize("seed", range(12))
def test_no_answer_for_the_office_alone_is_ever_on_a_stream(spine, seed):
    """Whatever is recorded, corrected, taken back or declined, and in whatever order."""
    chance, phone = random.Random(seed), spine.phone("worker1")
    made = []
    for _ in range(14):
        said = {"E13": chance.choice(["suspected", "none"]), "E02": chance.choice(["free", "bed"])}
        said = {name: one for name, one in said.items() if chance.random() < 0.8}
        consent = chance.choice(["", "yes", "no"])
        act = chance.random()
        if not made or act < 0.4:
            made.append(asked(phone, spine, consent, **said))
        elif act < 0.75:
            put_right(phone, spine, chance.choice(made), consent, **said)
        elif act < 0.85:
            phone.send("visit.withdraw", {"id": chance.choice(made)})
        else:
            word = {"resident_id": spine.elder, "consent": chance.choice(["yes", "no"])}
            phone.send("consent.record", word)
        spine.clock.now += chance.random() * 40 * DAY

    sent = [
        (row["stream"], row["record"])
        for row in spine.rows(
            "select stream, record from feed where kind <> 'checklist' and record is not null"
        )
    ]
    assert sent and not [one for one in sent if "suspected" in one[1]]
    items = [one for _, one in sent if "CK-ELDER.E13" in one]
    for text in items:
        item = json.loads(text)["items"].get("CK-ELDER.E13")
        assert item is None or (item["value"], item["said"]) == ("", [])
