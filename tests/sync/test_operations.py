"""Reading what a phone sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.operations import data_as_sent, instant, open_envelope, stamp, understand
from sync.refusals import SENTENCES, Refusal
from tests.sync.memory import DOOR, ELDER, uid

GOOD = {
    "id": uid(1),
    "n": 1,
    "kind": "visit.record",
    "at": "2026-09-15T12:00:00+08:00",
    "data": {
        "household_id": DOOR.id,
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": [ELDER.id],
    },
}


def raw(**changes):
    return json.dumps({**GOOD, **changes}).encode()


def test_a_good_operation_is_understood():
    operation = understand(open_envelope(raw(strange="ignored", after=[uid(2)])))

    assert (operation.id, operation.n, operation.kind) == (uid(1), 1, "visit.record")
    assert operation.after == [uid(2)]
    assert stamp(operation.at) == "2026-09-15T04:00:00.000Z"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"id":"x","n":1}',
        b'{"id":1,"n":1}',
        raw(id=uid(1).upper().replace("0", "A")),
        raw(n="1"),
        raw(n=True),
        raw(n=1.5),
        raw(n=None),
        b'{"id":"' + uid(1).encode() + b'","n":1,"kind":"\xff"}',
        b'{"a":' * 2000,
    ],
)
def test_without_a_usable_id_or_number_there_is_no_envelope(body):
    assert open_envelope(body) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "visit.dance"}, "kind.unknown"),
        ({"kind": 7}, "data.misfit"),
        ({"at": "yesterday"}, "at.unreadable"),
        ({"at": "2026-09-15T12:00:00"}, "at.unreadable"),
        ({"base": -1}, "data.misfit"),
        ({"base": 2**70}, "data.misfit"),
        ({"after": "no list"}, "data.misfit"),
        ({"data": {**GOOD["data"], "extra": 1}}, "data.misfit"),
        ({"data": {**GOOD["data"], "note": "x" * 1001}}, "data.misfit"),
        ({"data": {**GOOD["data"], "result": "dancing"}}, "data.misfit"),
        ({"data": {**GOOD["data"], "away_until": "2026-02-30"}}, "date.unreal"),
        ({"data": {**GOOD["data"], "started_at": "soon"}}, "date.unreal"),
        ({"data": None}, "data.misfit"),
        ({"kind": "resident.change", "data": {"id": uid(3), "changes": {}}}, "base.missing"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes, code):
    with pytest.raises(Refusal) as refusal:
        understand(open_envelope(raw(**changes)))

    assert refusal.value.code == code
    assert refusal.value.sentence


def test_a_date_in_1970_is_read_and_left_to_review():
    operation = understand(open_envelope(raw(at="1970-01-01T08:00:00+08:00")))

    assert stamp(operation.at) == "1970-01-01T00:00:00.000Z"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body):
    open_envelope(body)


@given(
    st.dictionaries(st.sampled_from(list(GOOD)), st.none() | st.integers() | st.text(max_size=9))
)
def test_no_strange_field_breaks_the_reader(changes):
    envelope = open_envelope(raw(**changes))
    if envelope is not None:
        try:
            understand(envelope)
        except Refusal as refusal:
            assert refusal.sentence


@given(st.text(max_size=40))
def test_no_text_breaks_the_clock(text):
    instant(text)


def test_every_refusal_has_a_sentence_a_person_can_read():
    assert all("。" in sentence or "，" in sentence for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    "body",
    [b"", b"null", raw(data=[1]), raw(data={"note": "x"}).replace(b'"x"', b'"\\ud83d"')],
)
def test_data_that_cannot_be_read_is_shown_as_none(body):
    assert data_as_sent(body) == {}


def test_data_is_shown_as_it_was_sent():
    assert data_as_sent(raw()) == GOOD["data"]
