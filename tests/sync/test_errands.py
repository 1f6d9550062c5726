"""Errands: which papers they take, what was handed over, and what went back."""

from typing import get_args

import pytest

from sync import errands
from sync.errands import ERRANDS
from sync.issue_reports import report
from sync.operations import ErrandCode
from sync.refusals import Refusal
from tests.sync.issuing import ISSUE, NEIGHBOUR, OFFICE, WORKER, after, do, here, issue_of, raised
from tests.sync.memory import DOOR

ASKED = {"category": "policy_service", "text": "代办：高龄津贴", "household_id": DOOR.id}


def errand(**more):
    return raised(here(), **{**ASKED, "errands": ["allowance"], **more})


def hand(place, actor=WORKER, minutes=10, **said):
    after(place, "issue.papers", {"id": ISSUE, **said}, actor, minutes=minutes)
    return issue_of(place)


def standing(place):
    """(name, whether it is needed, whether it is here) of all papers."""
    return [(one.name, one.needed, one.is_here) for one in errands.papers(issue_of(place).entries)]


def test_every_errand_has_papers_and_a_kind():
    assert set(ERRANDS) == set(get_args(ErrandCode))
    assert all(one.papers and one.name for one in ERRANDS.values())
    assert errands.category_of(["allowance", "subsistence"]) == "relief"
    assert errands.category_of(["insurance"]) == "policy_service"
    assert errands.said(["subsistence", "certification"]) == "代办：资格认证、低保申请"


def test_what_comes_along_at_the_door_is_there_from_the_start():
    place = errand(taken=["身份证"], whom="本人")

    now = issue_of(place)

    assert standing(place) == [("身份证", 1, 1), ("户口簿", 1, 0), ("银行卡", 1, 0)]
    assert (errands.of(now.entries), now.state) == (["allowance"], "reported")
    (first,) = [one for one in errands.papers(now.entries) if one.is_here]
    assert (first.taken_by, first.taken_from) == (WORKER.name, "本人")


def test_papers_come_and_go_and_a_hand_over_moves_nothing():
    place = errand()
    hand(place, taken=["身份证", "户口簿", "存折"], whom="女儿", minutes=5)
    hand(place, OFFICE, needed=["委托书"], minutes=6)
    now = hand(place, OFFICE, returned=["身份证"], whom="本人", minutes=7)

    assert standing(place) == [
        ("身份证", 1, 0),
        ("户口簿", 1, 1),
        ("银行卡", 1, 0),
        ("委托书", 1, 0),
        ("存折", 0, 1),
    ]
    (card,) = [one for one in errands.papers(now.entries) if one.name == "身份证"]
    assert (card.taken_by, card.taken_from) == (WORKER.name, "女儿")
    assert (card.returned_by, card.returned_to) == (OFFICE.name, "本人")
    assert now.state == "reported" and not any(one["moved"] for one in now.entries)

    hand(place, taken=["身份证"], minutes=8)
    assert standing(place)[0] == ("身份证", 1, 1)


def test_papers_stand_in_the_order_in_which_they_changed_hands():
    """The phone that took them sends later than the office gave them back."""
    first, second = errand(), errand()
    hand(first, taken=["身份证"], minutes=5)
    hand(first, OFFICE, returned=["身份证"], minutes=50)
    hand(second, OFFICE, returned=["身份证"], minutes=50)
    after(second, "issue.papers", {"id": ISSUE, "taken": ["身份证"]}, WORKER, minutes=5)

    assert standing(first) == standing(second)
    assert standing(first)[0] == ("身份证", 1, 0)


def test_any_issue_becomes_an_errand_and_the_last_word_counts():
    place = raised(here(), **ASKED)
    assert standing(place) == []
    hand(place, errands=["insurance"], minutes=5)
    hand(place, errands=["disability"], minutes=6)

    assert errands.of(issue_of(place).entries) == ["disability"]
    assert [name for name, *_ in standing(place)] == ["身份证", "户口簿", "两寸照片", "诊断证明"]


def test_who_may_and_what_is_too_little():
    place = errand()
    with pytest.raises(Refusal, match=r"issue\.not_yours"):
        hand(place, NEIGHBOUR, taken=["身份证"])
    with pytest.raises(Refusal, match=r"nothing\.changed"):
        hand(place, whom="本人")


def test_the_reader_is_told_what_was_said_and_not_which_papers_lie_where():
    place = errand()
    hand(place, OFFICE, taken=["户口簿"], minutes=5)
    hand(place, OFFICE, needed=["委托书"], words="还差一张委托书", minutes=6)
    do(place, "start", OFFICE, minutes=7, words="今天去街道交了")

    told = report(issue_of(place), WORKER.person_id)

    assert [one["words"] for one in told.entries] == ["还差一张委托书", "今天去街道交了"]
    assert "户口簿" not in repr(told)
