"""Issues: what may be done, by whom, where; what it moves; and that no order of arrival matters."""

from datetime import datetime, timedelta
from random import Random

import pytest
from msgspec.structs import replace

from sync.issue_fold import REOPEN_DAYS
from sync.issue_reports import is_near, report
from sync.issue_steps import CONCERNED, STATUSES, TABLE, status_of
from sync.known import Actor
from sync.operations import stamp
from sync.refusals import Missing, Refusal
from sync.scope import ROLES, carriers
from tests.sync.issuing import (
    COLLEAGUE,
    ELSEWHERE,
    ISSUE,
    MONDAY,
    NEIGHBOUR,
    OFFICE,
    SECRETARY,
    STREET,
    after,
    do,
    here,
    issue_of,
    raised,
)
from tests.sync.memory import BUILDING, DOOR, HOME, WORKER, MemoryTown, uid

# What brings an issue from "reported" into each status; the office does it, minutes apart.
WAYS = {
    "reported": (),
    "accepted": ("accept",),
    "assigned": ("assign",),
    "in_progress": ("start",),
    "negotiating": ("negotiate",),
    "calling": ("call",),
    "done_pending_check": ("done",),
    "closed": ("done", "check"),
    "returned": ("return",),
    "suspended": ("suspend",),
    "duplicate": ("duplicate",),
    "cancelled": ("cancel",),
}
# What the table of the flow says, written down once more by hand: (step, from) and where it leads.
LEADS = """
accept: reported>accepted
assign: reported accepted assigned in_progress negotiating calling>assigned
start: reported accepted assigned negotiating calling>in_progress
negotiate: reported accepted assigned in_progress calling>negotiating
call: reported accepted assigned in_progress negotiating>calling
done: reported accepted assigned in_progress negotiating calling>done_pending_check
check: done_pending_check>closed
reject: done_pending_check>in_progress
return: reported accepted assigned in_progress negotiating calling>returned
resubmit: returned>reported
suspend: reported accepted assigned in_progress negotiating calling>suspended
resume: suspended>in_progress
extend: reported accepted assigned in_progress negotiating calling done_pending_check>
duplicate: reported accepted assigned in_progress negotiating calling done_pending_check returned
 suspended>duplicate
cancel: reported accepted assigned in_progress negotiating calling done_pending_check returned
 suspended>cancelled
reopen: closed duplicate cancelled>accepted
""".replace("\n ", " ")
MOVES = {
    (step, one): to
    for line in LEADS.strip().splitlines()
    for step, _, rest in [line.partition(": ")]
    for froms, _, to in [rest.partition(">")]
    for one in froms.split()
}
MANAGERS = {"chief", "office", "secretary"}
STAFF = MANAGERS | {"worker", "social"}
MAY = {
    **dict.fromkeys(("received", "revisit", "start", "negotiate", "done"), STAFF),
    **dict.fromkeys(("accept", "assign", "check", "reject", "return", "suspend"), MANAGERS),
    **dict.fromkeys(("resume", "duplicate", "cancel"), MANAGERS),
    **dict.fromkeys(("call", "extend"), MANAGERS | {"street"}),
    **dict.fromkeys(("resubmit", "reopen"), MANAGERS | {CONCERNED}),
    "note": STAFF | {CONCERNED},
}
CASES = [
    (step, status, role, where)
    for step in TABLE
    for status in STATUSES
    for role in sorted(ROLES)
    for where in ("own", "other", "reporter")
]


def in_status(status):
    """A town with an issue that has come so far, seen to by somebody who acts nowhere else."""
    place = raised(here())
    for at, step in enumerate(WAYS[status]):
        do(place, step, OFFICE if step != "check" else SECRETARY, minutes=10 + at)
    if status == "suspended":
        # So that it has somewhere to go on from.
        place = raised(here())
        do(place, "start", OFFICE, minutes=9)
        do(place, "suspend", OFFICE, minutes=10)
    assert status_of(issue_of(place).state, issue_of(place).side) == status
    return place


@pytest.mark.parametrize(("step", "status"), [(s, t) for s in TABLE for t in STATUSES])
def test_every_step_of_every_role_here_and_elsewhere(step, status):
    for role in sorted(ROLES):
        for where in ("own", "other", "reporter"):
            place = in_status(status)
            held = frozenset({BUILDING.id} if where == "own" else {ELSEWHERE.id})
            actor = Actor(uid(77), "某人", role, uid(78), held, frozenset())
            if where == "reporter":
                before = issue_of(place)
                place.keep([replace(before, by=actor.person_id)])
            whole = role in ("office", "secretary")
            is_theirs = where == "reporter" and CONCERNED in MAY[step]
            allowed = is_theirs or (role in MAY[step] and (where == "own" or whole))
            allowed = allowed or (role == "street" and role in MAY[step])
            allowed = allowed and role != "admin"
            was = issue_of(place)
            if not allowed:
                with pytest.raises(Refusal) as refused:
                    do(place, step, actor, minutes=60)
                assert refused.value.code in ("role.not_allowed", "issue.not_yours")
                assert issue_of(place) == was
                continue
            now = do(place, step, actor, minutes=60)
            to = MOVES.get((step, status))
            entry = now.entries[-1]
            assert (entry["what"], entry["by"]) == (step, actor.person_id)
            assert len(now.entries) == len(was.entries) + 1
            assert entry["moved"] == int(to is not None), (role, where)
            wanted = to or status
            assert status_of(now.state, now.side) == wanted, (role, where)


def test_received_never_moves_anything():
    assert not TABLE["received"].moves
    place = raised(here())

    now = do(place, "received", WORKER)

    assert (now.state, now.first_at, now.entries[-1]["moved"]) == ("reported", "", 0)


@pytest.mark.parametrize("seed", range(60))
def test_any_order_of_arrival_ends_in_one_record(seed):
    chance = Random(seed)
    place = raised(here(), category=chance.choice(["environment", "life_safety"]))
    people = [OFFICE, SECRETARY, WORKER, COLLEAGUE, STREET]
    made = []
    for number in range(30):
        step, actor = chance.choice(list(TABLE)), chance.choice(people)
        made.append((step, actor, chance.randrange(40_000), 1000 + number))
    ends = []
    for _ in range(3):
        chance.shuffle(made)
        mine = MemoryTown(*place.held.values())
        mine.staff = place.staff
        for step, actor, minutes, number in made:
            try:
                do(mine, step, actor, minutes=minutes, number=number, received=50_000)
            except Refusal:
                continue
        ends.append(issue_of(mine))

    assert ends[0] == ends[1] == ends[2]
    entries = ends[0].entries
    assert entries == sorted(entries, key=lambda one: (one["at"], one["id"]))
    assert len({one["id"] for one in entries}) == len(entries) > 5


def test_who_did_it_does_not_check_it_and_hears_so():
    place = raised(here())
    do(place, "done", OFFICE, minutes=20)

    own = do(place, "check", OFFICE, minutes=30)
    other = do(place, "check", SECRETARY, minutes=40)

    assert (own.state, own.entries[-1]["why"]) == ("done_pending_check", "same_person")
    assert (other.state, other.checked_by) == ("closed", SECRETARY.person_id)


def test_an_earlier_step_that_comes_late_takes_its_place():
    """The office closed it at noon; the worker had found in the morning that it was not done."""
    place = raised(here())
    do(place, "done", WORKER, minutes=10)
    do(place, "check", OFFICE, minutes=100)
    assert issue_of(place).state == "closed"

    now = do(place, "reject", COLLEAGUE, minutes=50, received=200)

    assert (now.state, now.done_by) == ("in_progress", "")
    check = now.entries[-1]
    assert (check["what"], check["moved"], check["why"]) == ("check", 0, "state")


def test_life_safety_closes_only_after_somebody_was_there_again():
    place = raised(here(), category="life_safety", household_id=DOOR.id)
    do(place, "done", WORKER, minutes=10)
    barred = do(place, "check", OFFICE, minutes=20)
    assert (barred.state, barred.entries[-1]["why"]) == ("done_pending_check", "no_revisit")

    do(place, "revisit", WORKER, minutes=30)
    assert do(place, "check", OFFICE, minutes=40).state == "closed"


@pytest.mark.parametrize(
    ("result", "minutes", "closes"),
    [("met", 15, True), ("not_home", 15, False), ("met", -60, False)],
)
def test_a_visit_of_the_door_is_a_revisit(result, minutes, closes):
    place = raised(here(), category="life_safety", household_id=DOOR.id)
    do(place, "done", WORKER, minutes=10)
    do(place, "check", OFFICE, minutes=20)

    visit = after(
        place,
        "visit.record",
        {
            "household_id": DOOR.id,
            "type": "recheck",
            "method": "door",
            "result": result,
            "resident_ids": [],
        },
        WORKER,
        minutes=minutes,
        received=100,
    )

    assert issue_of(place).state == ("closed" if closes else "done_pending_check")
    if closes:
        after(place, "visit.withdraw", {"id": visit}, WORKER, minutes=120)
        assert issue_of(place).state == "done_pending_check"


def test_what_was_solved_on_the_spot_is_closed_but_not_a_danger_to_life():
    small = issue_of(raised(here(), solved_on_spot=True, level="building"))
    danger = issue_of(raised(here(), solved_on_spot=True, category="life_safety"))

    assert (small.state, small.level, small.ended_at) == ("closed", "building", small.reported_at)
    assert (danger.state, danger.ended_at) == ("done_pending_check", "")


def test_one_extension_is_the_communitys_the_second_the_streets():
    place = raised(here())
    first = do(place, "extend", OFFICE, minutes=10, due_on="2026-09-30")
    second = do(place, "extend", SECRETARY, minutes=20, due_on="2026-10-15")
    by_street = do(place, "extend", STREET, minutes=30, due_on="2026-10-15")
    earlier = do(place, "extend", STREET, minutes=40, due_on="2026-10-01")

    assert (first.close_due, first.extended) == ("2026-09-30T10:00:00.000Z", 1)
    assert (second.close_due, second.entries[-1]["why"]) == (first.close_due, "extended")
    assert (by_street.close_due, by_street.extended) == ("2026-10-15T10:00:00.000Z", 2)
    assert earlier.entries[-1]["why"] == "not_later"


def test_the_clock_stands_still_while_it_rests():
    place = raised(here(), category="utility_fault")  # 24 hours
    due = issue_of(place).close_due
    do(place, "suspend", OFFICE, minutes=60)

    now = do(place, "resume", OFFICE, minutes=60 + 600)

    later = datetime.fromisoformat(due) + timedelta(minutes=600)
    assert (now.close_due, now.side, now.suspended_at) == (stamp(later), "", "")


def test_who_raised_it_may_reopen_it_for_a_while():
    leader = Actor(uid(61), "林楼长", "leader", uid(62), frozenset({BUILDING.id}), frozenset())
    for days, opens in ((REOPEN_DAYS - 1, True), (REOPEN_DAYS + 1, False)):
        place = raised(here(), actor=leader)
        do(place, "done", WORKER, minutes=10)
        do(place, "check", OFFICE, minutes=20)
        now = do(place, "reopen", leader, minutes=days * 1440)
        assert (now.state, now.reopened) == (("accepted", 1) if opens else ("closed", 0))
        assert now.entries[-1]["why"] == ("" if opens else "late")
        assert do(place, "reopen", OFFICE, minutes=99_000).reopened == 1


def test_an_issue_repeats_only_an_earlier_one():
    place = raised(here())
    place = raised(place, number=501, minutes=5)
    with pytest.raises(Refusal, match=r"issue\.later_one"):
        do(place, "duplicate", OFFICE, duplicate_of=uid(501))
    with pytest.raises(Missing):
        do(place, "duplicate", OFFICE, duplicate_of=uid(502))

    later = do(place, "duplicate", OFFICE, about=uid(501), duplicate_of=ISSUE, minutes=9)
    assert (later.side, later.duplicate_of) == ("duplicate", ISSUE)


@pytest.mark.parametrize(
    ("step", "more", "lacks"),
    [
        ("assign", {"holder_id": ""}, "谁来办"),
        ("extend", {"due_on": ""}, "新期限"),
        ("return", {"words": ""}, "说明"),
        ("duplicate", {"duplicate_of": ""}, "并入哪一件"),
    ],
)
def test_a_step_says_what_it_lacks(step, more, lacks):
    with pytest.raises(Refusal) as refused:
        do(raised(here()), step, OFFICE, **more)
    assert lacks in refused.value.sentence


def test_only_who_may_see_it_is_given_it():
    place = raised(here())

    assert do(place, "assign", OFFICE, holder_id=COLLEAGUE.person_id).holder_name == "陈志明"
    for nobody in (uid(99), NEIGHBOUR.person_id):
        with pytest.raises(Refusal, match=r"issue\.holder_unknown"):
            do(place, "assign", OFFICE, holder_id=nobody)


def test_the_satisfaction_is_asked_by_somebody_else_after_it_was_closed():
    place = raised(here())
    early = after(place, "issue.rate", {"id": ISSUE, "satisfied": "no"}, OFFICE, minutes=5)
    do(place, "done", WORKER, minutes=10)
    do(place, "check", SECRETARY, minutes=20)
    own = after(place, "issue.rate", {"id": ISSUE, "satisfied": "yes"}, WORKER, minutes=30)
    assert issue_of(place).satisfied == ""
    after(place, "issue.rate", {"id": ISSUE, "satisfied": "partly"}, OFFICE, minutes=40)

    now = issue_of(place)
    whys = {one["id"]: one["why"] for one in now.entries}
    assert (now.satisfied, whys[early], whys[own]) == ("partly", "state", "same_person")


def test_another_kind_has_other_limits():
    place = raised(here(), category="utility_fault")
    after(place, "issue.change", {"id": ISSUE, "changes": {"category": "order"}}, OFFICE, base=1)

    now = issue_of(place)
    assert (now.category, now.close_limit) == ("order", "7d")
    assert now.close_due == "2026-09-21T10:00:00.000Z"


def test_a_report_tells_what_was_said_to_its_reader_and_nothing_else():
    leader = Actor(uid(61), "林楼长", "leader", uid(62), frozenset({BUILDING.id}), frozenset())
    place = raised(here(), actor=leader, household_id=DOOR.id)
    after(place, "issue.join", {"id": ISSUE, "text": "我这边也漏"}, WORKER, minutes=3)
    do(place, "start", WORKER, minutes=5, words="已经联系物业", inner="这户有病人")
    do(place, "note", WORKER, minutes=6, words="", inner="家里吵架")
    do(place, "accept", OFFICE, minutes=7, words="物业明天来")

    told = report(issue_of(place), leader.person_id)

    assert [(one["what"], one["words"]) for one in told.entries] == [
        ("start", "已经联系物业"),
        ("note", "物业明天来"),
    ]
    text = repr(told)
    assert not any(word in text for word in ("病人", "吵架", "我这边", DOOR.id))
    assert (told.state, told.is_mine, told.text) == ("doing", 1, "楼道的灯不亮")
    joined = report(issue_of(place), WORKER.person_id)
    assert (joined.is_mine, joined.text) == (0, "我这边也漏")


def test_who_reads_a_repeated_one_is_told_how_far_the_first_is():
    place = raised(here())
    place = raised(place, number=501, minutes=5)
    do(place, "duplicate", OFFICE, about=uid(501), duplicate_of=ISSUE, minutes=9)
    do(place, "done", WORKER, minutes=10, words="换了灯泡")
    do(place, "check", OFFICE, minutes=20)

    told = report(issue_of(place, uid(501)), WORKER.person_id, issue_of(place))

    assert (told.state, told.may_reopen_until) == ("closed", "")
    assert [one["what"] for one in told.entries] == ["duplicate", "done", "check"]


def test_streams_carry_what_their_holders_may_see():
    one = issue_of(raised(here()))

    assert carriers(one, HOME) == (f"building:{BUILDING.id}", "")
    assert carriers(replace(one, restricted=1), HOME) == ("", "")
    nowhere = replace(one, building_id="")
    assert carriers(nowhere, HOME) == ("", "")
    assert carriers(replace(nowhere, holder=uid(40)), HOME) == (f"person:{uid(40)}", "")


def test_a_leader_raises_only_in_their_own_building():
    leader = Actor(uid(61), "林楼长", "leader", uid(62), frozenset({BUILDING.id}), frozenset())
    assert issue_of(raised(here(), actor=leader)).source == "leader"
    with pytest.raises(Refusal, match=r"scope\.outside"):
        raised(here(), actor=leader, building_id=ELSEWHERE.id)


def test_near_ones_are_of_the_same_building_kind_and_days():
    one = issue_of(raised(here()))
    at = stamp(MONDAY + timedelta(days=9))

    assert is_near(one, BUILDING.id, "public_facility", at)
    assert not is_near(one, BUILDING.id, "environment", at)
    assert not is_near(one, ELSEWHERE.id, "public_facility", at)
    assert not is_near(one, BUILDING.id, "public_facility", stamp(MONDAY + timedelta(days=11)))
    assert not is_near(replace(one, ended_at=at), BUILDING.id, "public_facility", at)
    assert not is_near(replace(one, building_id=""), "", "public_facility", at)
