"""Nothing is kept of a person without a purpose that is written down."""

import pytest

from server import retention
from sync import purposes
from sync.records import KINDS


def test_every_field_of_every_record_has_a_purpose():
    assert purposes.missing() == []


def test_a_field_without_a_purpose_is_named(monkeypatch):
    there = dict(purposes.PURPOSES["resident"])
    del there["birth_on"]
    monkeypatch.setitem(purposes.PURPOSES, "resident", {**there, "religion": there["sex"]})

    assert purposes.missing() == ["resident.birth_on", "resident.religion"]


@pytest.mark.parametrize("kind", sorted(purposes.PURPOSES))
def test_a_purpose_says_what_why_who_and_how_long(kind):
    days = {one.code: one.days for one in retention.RULES}

    for name, one in purposes.PURPOSES[kind].items():
        assert all((one.what, one.why, one.who)), name
        assert retention.kept_for(one.kept, days), name


def test_what_the_law_has_us_ask_for_has_no_field():
    """Religion, employer, WeChat and the picture of a document have no place."""
    names = {name for struct in KINDS.values() for name in struct.__struct_fields__}

    assert not names & {"religion", "employer", "wechat", "id_number", "id_photo", "faith"}
