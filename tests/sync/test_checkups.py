"""What people are asked, and what must follow."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from sync import scope
from sync.checklists import Option
from sync.followups import flagged_id, names_of
from sync.refusals import Refusal
from tests.sync.asking import (
    LIST,
    UNWELL,
    apply,
    asked,
    checkup,
    elder,
    followups,
    in_every_order,
    items,
    visit,
)
from tests.sync.memory import ELDER, HOME, NOON, SON, WORKER, known, town, uid

OFFICE = WORKER._replace(person_id=uid(41), role="office", name="社区", building_ids=frozenset())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told_of(here, number, which=0):
    """The answers of a visit as phones are told them."""
    form = scope.forms(visit(here, number), HOME)[f"building:{ELDER.building_id}"]
    return form["checkups"][which]["answers"]


def test_a_red_answer_opens_one_followup_with_its_limit():
    here = town(LIST)

    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))

    (one,) = followups(here)
    assert one.id == flagged_id(uid(100), ELDER.id, "CK-ELDER.E04")
    assert (one.resident_id, one.item, one.level) == (ELDER.id, "CK-ELDER.E04", "now")
    assert (one.what, one.kind, one.visit_id) == ("一侧无力：打 120", "visit", uid(100))
    assert one.opened_at == "2026-09-15T04:00:00.000Z"
    assert one.due_at == "2026-09-15T05:00:00.000Z"
    assert [entry["by_name"] for entry in one.entries] == ["周晓岚"]


def test_an_id_of_a_followup_is_the_same_everywhere():
    made = flagged_id("00000000-0000-7000-8000-000000000100", ELDER.id, "CK-ELDER.E04")

    assert made == "00000000-0000-7000-8000-9f9039291e0e"


def test_two_visits_with_the_same_red_answer_make_one_followup_in_any_order():
    made = [
        (100, asked(checkup(E04=["fever"])), NOON),
        (101, asked(checkup(E04=["weak", "fever"])), NOON + HOUR),
        (102, asked(checkup(E04=["fever"])), NOON + 2 * HOUR),
    ]
    ends = []
    for steps in in_every_order(made):
        here = town(LIST)
        for number, data, at in steps:
            apply(here, number, "visit.record", data, at)
        (one,) = followups(here)
        ends.append(replace(one, id=""))

    assert all(end == ends[0] for end in ends)
    assert [entry["visit_id"] for entry in ends[0].entries] == [uid(100), uid(101), uid(102)]
    assert (ends[0].level, ends[0].what) == ("now", "一侧无力：打 120；发热：再去看")
    assert (ends[0].visit_id, ends[0].opened_at[:13]) == (uid(100), "2026-09-15T04")
    assert ends[0].due_at == "2026-09-15T06:00:00.000Z"


def test_the_newest_answer_counts_in_any_order():
    made = [
        (100, asked(checkup(E02="free", E04=["none"])), NOON),
        (101, asked(checkup(E02="stick")), NOON + DAY),
        (102, asked(checkup(E02="bed")), NOON + 2 * DAY),
        (103, asked(checkup(E02="bed", E26="phone")), NOON + 3 * DAY),
    ]
    ends = []
    for steps in in_every_order(made):
        here = town(LIST)
        for number, data, at in steps:
            apply(here, number, "visit.record", data, at)
        (one,) = followups(here)
        ends.append((items(here), elder(here), replace(one, id="")))

    assert all(end == ends[0] for end in ends)
    found, person, one = ends[0]
    assert found["CK-ELDER.E02"]["value"] == "bed"
    assert found["CK-ELDER.E02"]["visit_id"] == uid(103)
    assert found["CK-ELDER.E04"] == {
        "value": ["none"],
        "on": "2026-09-15",
        "at": "2026-09-15T04:00:00.000Z",
        "visit_id": uid(100),
        "edition": 1,
        "asked": "今天有无不适",
        "said": ["无"],
        "safety": 1,
    }
    assert person.visit_wish == "phone"
    # Worse twice, and not a third time.
    assert [entry["visit_id"] for entry in one.entries] == [uid(101), uid(102)]


def test_taking_back_the_visit_that_alone_opened_it_closes_a_followup_as_withdrawn():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"], E26="none")))

    apply(here, 101, "visit.withdraw", {"id": uid(100)}, NOON + HOUR)

    assert followups(here) == []
    (one,) = followups(here, "closed")
    assert one.result == "withdrawn"
    assert items(here) == {}
    assert elder(here).visit_wish == ""


def test_a_followup_stays_while_another_visit_asks_for_it():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))
    apply(here, 101, "visit.record", asked(checkup(E04=["fever"])), NOON + HOUR)

    apply(here, 102, "visit.withdraw", {"id": uid(100)}, NOON + 2 * HOUR)

    (one,) = followups(here)
    assert [entry["visit_id"] for entry in one.entries] == [uid(101)]
    assert (one.level, one.visit_id) == ("amber", uid(101))
    assert items(here)["CK-ELDER.E04"]["visit_id"] == uid(101)


def test_an_answer_that_is_corrected_asks_for_nothing_any_more():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))

    changes = {"checkups": [checkup(E04=["none"])]}
    apply(here, 101, "visit.correct", {"id": uid(100), "changes": changes}, NOON + HOUR)
    assert followups(here) == []
    assert items(here)["CK-ELDER.E04"]["value"] == ["none"]

    changes = {"checkups": [checkup(E04=["weak"])]}
    apply(here, 102, "visit.correct", {"id": uid(100), "changes": changes}, NOON + 2 * HOUR)
    (one,) = followups(here)
    assert one.id == flagged_id(uid(100), ELDER.id, "CK-ELDER.E04")
    assert (one.result, one.level) == ("", "now")


def test_what_two_people_of_one_visit_are_asked_stays_apart():
    here = town(LIST, SON)
    both = {"resident_ids": [ELDER.id, SON.id]}
    apply(
        here, 100, "visit.record", asked(checkup(SON.id, E04=["weak"]), checkup(E02="bed"), **both)
    )
    apply(here, 101, "consent.record", {"resident_id": ELDER.id, "consent": "no"}, NOON - HOUR)
    data = asked(checkup(SON.id, E04=["weak"]), checkup(E04=["fever"]), **both)

    apply(here, 102, "visit.record", data, NOON + HOUR)

    found = {one.resident_id: [each["visit_id"] for each in one.entries] for one in followups(here)}
    assert found == {SON.id: [uid(100), uid(102)], ELDER.id: [uid(102)]}
    assert told_of(here, 100).keys() == {"E04"}
    assert told_of(here, 100, 1) == {}


def test_whom_a_correction_takes_out_was_not_asked():
    here = town(LIST, SON)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))

    changes = {"resident_ids": [SON.id]}
    apply(here, 101, "visit.correct", {"id": uid(100), "changes": changes}, NOON + HOUR)

    assert followups(here) == []
    assert visit(here, 100).checkups == []
    assert items(here) == {}


def test_closing_needs_a_result_and_a_name_and_opens_a_task_to_look_again():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["fever"])))
    (one,) = followups(here)

    apply(here, 101, "followup.close", {"id": one.id, "result": "退烧了"}, NOON + DAY)

    (done,) = followups(here, "closed")
    assert (done.result, done.closed_by) == ("退烧了", "周晓岚")
    task = here.get("task", uid(101))
    assert (task.due_on, task.resident_ids, task.reason) == (
        "2026-09-19",
        [ELDER.id],
        "复查：发热：再去看",
    )


def test_what_was_closed_is_not_opened_by_what_it_knew_but_by_what_comes_later():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))
    (first,) = followups(here)
    apply(here, 101, "followup.close", {"id": first.id, "result": "送医"}, NOON + HOUR)

    # An older visit arrives late: all later ones are gone through again.
    apply(here, 102, "visit.record", asked(checkup(E02="free")), NOON - DAY)
    assert followups(here) == []

    apply(here, 103, "visit.record", asked(checkup(E04=["weak"])), NOON + 2 * HOUR)
    (second,) = followups(here)
    assert second.id != first.id
    assert [entry["visit_id"] for entry in second.entries] == [uid(103)]


def test_a_followup_can_be_closed_by_the_name_that_the_second_phone_gave_it():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))
    second = uid(101)[:-12] + "abcdefabcdef"
    data = asked(checkup(E04=["weak"]))
    apply(here, 101, "visit.record", data, NOON + HOUR)
    (one,) = followups(here)
    mine = flagged_id(uid(101), ELDER.id, "CK-ELDER.E04")
    assert mine in names_of(one)
    assert second not in names_of(one)

    apply(here, 102, "followup.close", {"id": mine, "result": "送医"}, NOON + 2 * HOUR)

    assert followups(here) == []


@pytest.mark.parametrize(
    "said",
    [
        {"checklist_id": "CK-NEW", "E04": ["weak"]},
        {"version": 9, "E04": ["weak"]},
        {"X99": "weak"},
        {"E04": ["flown"]},
        {"E04": {"weak": [1, None]}, "E02": 12.5, "E26": None, "E13": [["maybe"]]},
    ],
)
def test_f18_what_no_known_edition_explains_is_kept_and_asks_for_nothing(said):
    here = town(LIST)
    heard = {
        name: {"value": one, "asked": "当时的问法", "said": ["当时的选项"]}
        for name, one in said.items()
        if name not in ("checklist_id", "version")
    }

    apply(here, 100, "visit.record", asked(checkup(**{**said, **heard})))

    (kept,) = visit(here, 100).checkups
    assert kept["answers"].keys() == heard.keys()
    for name, answer in kept["answers"].items():
        assert answer["value"] == ("" if heard[name]["value"] is None else heard[name]["value"])
        assert (answer["asked"], answer["said"]) == ("当时的问法", ["当时的选项"])
    assert followups(here) == []


def test_f18_an_answer_keeps_the_words_of_its_own_edition():
    said = [Option(code="weak", label="半边身子没劲"), UNWELL.options[0]]
    second = replace(LIST, id=uid(901), edition=2, questions=[replace(UNWELL, options=said)])
    here = town(LIST, second)

    apply(here, 100, "visit.record", asked(checkup(E04=["weak"], E02="bed")))
    apply(here, 101, "visit.record", asked(checkup(version=2, E04=["weak"])), NOON + HOUR)
    apply(here, 102, "visit.record", asked(checkup(version=7, E02="bed")), NOON + HOUR)

    words = [visit(here, n).checkups[0]["answers"] for n in (100, 101, 102)]
    assert words[0]["E04"]["said"] == ["一侧无力口齿不清"]
    assert words[1]["E04"]["said"] == ["半边身子没劲"]
    assert (words[2]["E02"]["asked"], words[2]["E02"]["said"]) == ("行动", ["bed"])


def test_who_does_not_want_to_be_asked_is_asked_for_safety_only():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(E02="free", E26="less")), NOON - DAY)

    data = asked(checkup(consent="no", E02="bed", E04=["weak"]))
    apply(here, 101, "visit.record", data)

    assert (elder(here).consent, elder(here).consent_on) == ("no", "2026-09-15")
    assert told_of(here, 101).keys() == {"E04"}
    assert [one.item for one in followups(here)] == ["CK-ELDER.E04"]
    told = scope.forms(here.get("answers", ELDER.id), HOME)[f"building:{ELDER.building_id}"]
    assert told["items"]["CK-ELDER.E02"]["value"] == ""
    assert told["items"]["CK-ELDER.E04"]["value"] == ["weak"]
    assert elder(here).visit_wish == "less"


def test_consent_counts_by_its_time_in_any_order():
    made = [
        (100, "visit.record", asked(checkup(consent="yes", E02="free")), NOON),
        (101, "consent.record", {"resident_id": ELDER.id, "consent": "no"}, NOON + HOUR),
        (102, "visit.record", asked(checkup(E02="bed", E04=["none"])), NOON + 2 * HOUR),
        (103, "visit.record", asked(checkup(consent="yes", E02="stick")), NOON + 3 * HOUR),
    ]
    ends = []
    for steps in in_every_order(made):
        here = town(LIST)
        for number, kind, data, at in steps:
            apply(here, number, kind, data, at)
        # The office is asked when a visit arrives, by what is known then.
        ends.append((items(here), elder(here), replace(visit(here, 102), questions=[], review="")))

    assert elder(here).consent == "yes"
    assert told_of(here, 102).keys() == {"E04"}
    assert all(end == ends[0] for end in ends)


def test_without_the_visit_the_word_on_paper_counts_again():
    here = town(LIST)
    paper = {"resident_id": ELDER.id, "consent": "yes", "method": "written", "on": "2026-09-10"}
    apply(here, 100, "consent.record", paper, actor=OFFICE)
    assert elder(here).consent_on == "2026-09-10"
    apply(here, 101, "visit.record", asked(checkup(consent="no")), NOON + HOUR)
    assert elder(here).consent == "no"

    apply(here, 102, "visit.withdraw", {"id": uid(101)}, NOON + 2 * HOUR)

    assert (elder(here).consent, elder(here).consent_on) == ("yes", "2026-09-10")


def test_what_is_for_the_office_alone_leaves_in_no_stream():
    here = town(LIST)

    apply(here, 100, "visit.record", asked(checkup(E13="maybe", E04=["none"])))

    (one,) = followups(here)
    assert one.restricted == 1
    assert scope.forms(one, HOME) == {}
    for record in here.held.values():
        for stream, form in scope.forms(record, HOME).items():
            if not stream.startswith("community:"):
                assert "maybe" not in str(form)
                assert "疑似" not in str(form).replace("疑似被打骂", "")
    assert told_of(here, 100).keys() == {"E04"}
    apply(here, 101, "followup.close", {"id": one.id, "result": "已处理"}, actor=OFFICE)
    assert here.get("task", uid(101)) is None


def test_answers_and_followups_move_with_their_person():
    far = replace(town().get("household", uid(20)), id=uid(21), door_no="601")
    here = town(LIST, far)
    apply(here, 100, "visit.record", asked(checkup(E04=["weak"])))

    apply(here, 101, "resident.change", {"id": ELDER.id, "changes": {"household_id": far.id}})

    assert followups(here)[0].household_id == far.id
    assert here.get("answers", ELDER.id).household_id == far.id
    apply(here, 102, "visit.record", asked(checkup(E04=["fever"])), NOON + HOUR)
    (one,) = followups(here)
    assert (one.household_id, len(one.entries)) == (far.id, 2)


def test_who_was_asked_is_not_removed():
    here = town(LIST)
    data = asked(checkup(E04=["none"]), resident_ids=[])
    apply(here, 100, "visit.record", data)

    with pytest.raises(Refusal) as refused:
        apply(here, 101, "resident.remove", {"id": ELDER.id}, actor=OFFICE)

    assert refused.value.code == "resident.has_visits"


def test_an_edition_is_published_once_and_upwards():
    here = town(LIST)
    fields = {
        "code": "CK-ELDER",
        "edition": 2,
        "title": "老人探访",
        "purpose": "elder",
        "sections": [{"id": "S1", "label": "健康"}],
        "questions": [{"id": "E01", "section": "S1", "type": "text", "ask": "还好吗"}],
    }

    (made,) = apply(here, 100, "checklist.publish", fields, actor=OFFICE)
    assert (made.id, made.edition, made.from_on) == (uid(100), 2, "2026-09-15")

    for wrong, code in [
        ({}, "checklist.old_edition"),
        ({"edition": 3, "questions": [*fields["questions"] * 2]}, "checklist.misfit"),
    ]:
        with pytest.raises(Refusal) as refused:
            apply(here, 101, "checklist.publish", {**fields, **wrong}, actor=OFFICE)
        assert refused.value.code == code
    with pytest.raises(Refusal) as refused:
        apply(here, 102, "checklist.publish", {**fields, "edition": 4})
    assert refused.value.code == "role.not_allowed"


def test_a_visit_that_asked_nothing_asks_nothing_of_the_records():
    here = town()
    here.checklists = here.checked = here.followups_like = None  # nobody may call these

    apply(here, 100, "visit.record", asked())
    apply(here, 101, "visit.withdraw", {"id": uid(100)}, NOON + HOUR)

    assert known(here).answers(ELDER.id) is None


@pytest.mark.parametrize(
    ("said", "asked_of_office"),
    [
        ({"E02": "free", "E04": ["none"]}, []),
        ({"E04": ["fever"]}, ["flag.amber"]),
        ({"E04": ["weak"], "E02": "bed"}, ["flag.now"]),
        ({"E13": "maybe"}, []),  # what is for the office alone is told by no visit
    ],
)
def test_the_office_looks_at_what_was_flagged_and_not_at_the_green_majority(said, asked_of_office):
    here = town(LIST)

    apply(here, 100, "visit.record", asked(checkup(consent="yes", **said)))

    one = visit(here, 100)
    assert one.questions == asked_of_office
    assert one.review == ("waiting" if asked_of_office else "none")


def test_a_correction_that_takes_a_flag_away_asks_no_more_about_it():
    here = town(LIST)
    apply(here, 100, "visit.record", asked(checkup(consent="yes", E04=["weak"])))
    assert visit(here, 100).questions == ["flag.now"]

    changes = {"checkups": [checkup(consent="yes", E04=["none"])]}
    apply(here, 101, "visit.correct", {"id": uid(100), "changes": changes}, NOON + HOUR)

    assert visit(here, 100).questions == ["corrected"]
