"""预警时限: minutes of silence and quiet hours, as the office sets them."""

import pytest

from server.office.page import community_of

USUAL = {"repeat": 3, "deputy": 5, "chief": 8, "secretary": 10}
NIGHT = {"quiet_from": "22:00", "quiet_until": "07:00"}


def form(**changes):
    was = {f"was_{name}": value for name, value in {**USUAL, **NIGHT}.items()}
    return {**USUAL, **NIGHT, **was, **changes}


def kept(town):
    with town.store.read() as tx:
        community = community_of(tx, town.community)
    return community.alert_minutes, community.alert_quiet


def change(office, **changes):
    return office.submit("/office/alert-settings/changes", **form(**changes))


def test_the_usual_minutes_stand_there_and_half_of_them_for_red(office):
    page = office.get("/office/alert-settings").text

    for minutes in USUAL.values():
        assert f'value="{minutes}" aria-label' in page
    assert ">1.5<" in page and 'value="22:00"' in page


def test_what_was_touched_is_kept_and_what_is_as_usual_is_nobodys_own(town, office):
    change(office, chief=9)
    assert kept(town) == ({"chief": 9}, ["22:00", "07:00"])

    change(office, was_chief=9, chief=8, quiet_until="06:30")
    assert kept(town) == ({}, ["22:00", "06:30"])


def test_two_who_change_different_numbers_both_keep_theirs(town, office):
    change(office, chief=9)
    change(office, secretary=15)

    assert kept(town)[0] == {"chief": 9, "secretary": 15}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"repeat": 6}, "从小到大"),
        ({"secretary": 241}, "1 到 240"),
        ({"chief": "8.5"}, "整数"),
        ({"quiet_from": "25:00"}, "“从几点”请填时间"),
        ({"quiet_until": ""}, "“到几点”请填时间"),
        ({"quiet_until": "22:00"}, "同一个时间"),
        ({}, "没有要改的内容"),
    ],
)
def test_what_makes_no_sense_is_not_kept(town, office, wrong, told):
    answer = change(office, **wrong)

    assert answer.status_code == 422 and told in answer.text
    assert kept(town) == ({}, ["22:00", "07:00"])
