"""What a visit says of its pictures."""

import pytest

from sync.media import arrive, named, shown

ONE, OTHER = "a" * 64, "b" * 64
SAID = {"type": "image/jpeg", "width": 1600, "height": 1200, "size": 300_000, "purpose": "photo"}


def test_a_record_says_of_each_picture_whether_it_arrived():
    media = shown([{"sha256": ONE, **SAID}, {"sha256": OTHER, **SAID}], {OTHER})

    assert media == [
        {"sha256": ONE, **SAID, "arrived": 0},
        {"sha256": OTHER, **SAID, "arrived": 1},
    ]
    assert arrive(media, ONE)[0]["arrived"] == 1


def test_a_phone_cannot_say_that_its_own_picture_arrived():
    assert shown([{"sha256": ONE, "arrived": 1}], set())[0]["arrived"] == 0


@pytest.mark.parametrize(
    "said", [ONE, {"sha256": ONE, "width": -1, "height": 1e9, "type": None, "size": True}]
)
def test_what_is_missing_or_nonsense_is_empty_in_the_record(said):
    assert shown([said], set()) == [
        {
            "sha256": ONE,
            "type": "",
            "width": 0,
            "height": 0,
            "size": 0,
            "purpose": "photo",
            "arrived": 0,
        }
    ]


@pytest.mark.parametrize("said", [1, None, "here", {"sha256": "A" * 64}, {"url": "x"}, [ONE]])
def test_what_names_no_picture_stays_and_counts_for_none(said):
    assert shown([said], set()) == [said]
    assert named([said]) == []


def test_the_same_picture_twice_arrives_at_once():
    assert named([ONE, ONE]) == [ONE]
    assert [one["arrived"] for one in arrive(shown([ONE, ONE], set()), ONE)] == [1, 1]
