"""Kind, colour and end of a message, from wherever it says so."""

from datetime import UTC, datetime

import pytest

from server.alerts.reading import read
from sync.alert_signs import sign_of, spoken
from sync.alerts import Info, Message, MsgType, Scope, Status
from tests.alerts.messages import sample

NOW = datetime(2026, 8, 7, tzinfo=UTC)


def of(*infos, **more):
    head = {"sender": "s", "identifier": "i", "sent": "2026-08-07T09:10:00+08:00"}
    head |= {"status": Status.ACTUAL, "msg_type": MsgType.ALERT, "scope": Scope.PUBLIC, **more}
    return sign_of(Message(**head, infos=infos), UTC, NOW)


@pytest.mark.parametrize(
    ("name", "kind", "colour", "closes"),
    [
        ("cn-cma-baoding-lightning-update", "雷电", "yellow", False),
        ("at-meteoalarm-update-2lang", "ThunderstormWarning", "yellow", False),
        ("tw-wra-reservoir-alert", "水庫洩洪", "red", False),
        ("ipaws-cancel-noinfo", "", "", True),
        ("oasis-a2-thunderstorm-alert", "SEVERE THUNDERSTORM", "orange", False),
        ("sc-unsigned-alert", "Strong Winds", "yellow", False),
    ],
)
def test_samples(name, kind, colour, closes):
    (message,) = read(sample(name)).messages
    found = sign_of(message, UTC, NOW)

    assert (found.kind.lower(), found.colour, found.closes) == (kind.lower(), colour, closes)
    assert not found.is_drill and found.is_public


@pytest.mark.parametrize(
    ("languages", "chosen"),
    [
        (["en-US", "zh-CN"], "zh-CN"),
        (["en", "zh-Hant-TW", "zh-Hans"], "zh-Hans"),
        (["pt", "zh-mo"], "zh-mo"),
        (["de-DE", "en-GB"], "en-GB"),
        (["de-DE", "fr"], "de-DE"),
        (["EN", "ZH_cn"], "ZH_cn"),
    ],
)
def test_the_language_is_chosen_by_its_tag_and_not_by_its_place(languages, chosen):
    assert spoken(tuple(Info(language=one) for one in languages)).language == chosen


@pytest.mark.parametrize(
    ("info", "kind", "colour"),
    [
        (Info(headline="清龙市气象台发布暴雨橙色预警", severity="Minor"), "暴雨", "orange"),
        (Info(event="雷雨大风黄色预警", severity="Extreme"), "雷雨大风", "yellow"),
        (
            Info(headline="发布暴雨橙色预警", event_codes=(("CMA", "11B2004"),)),
            "暴雨",
            "orange",
        ),
        (Info(event_codes=(("CMA", "11B2002"),)), "雷雨大风", "yellow"),
        (Info(event_codes=(("CMA", "11B03_red"),)), "暴雨", "red"),
        (
            Info(event="Wind", parameters=(("awareness_level", "3; orange; Severe"),)),
            "Wind",
            "orange",
        ),
        (Info(event="Wind", parameters=(("note", "red cross"),), severity="Minor"), "Wind", "blue"),
        (Info(event="Wind", severity="Unknown"), "Wind", ""),
    ],
)
def test_a_title_goes_before_a_code_and_a_colour_before_a_severity(info, kind, colour):
    found = of(info)

    assert (found.kind, found.colour) == (kind, colour)


@pytest.mark.parametrize(
    ("infos", "more", "closes"),
    [
        ([Info(urgency="Past", headline="发布暴雨红色预警")], {}, False),
        ([Info(response_types=("AllClear",))], {}, True),
        ([Info(response_types=("AllClear",)), Info()], {}, False),
        ([], {}, False),
        ([Info(severity="Extreme")], {"msg_type": MsgType.CANCEL}, True),
        ([Info(headline="清龙市气象台解除暴雨红色预警")], {}, True),
    ],
)
def test_a_warning_ends_by_a_cancel_an_all_clear_or_a_lifting_and_not_by_its_urgency(
    infos, more, closes
):
    assert of(*infos, **more).closes is closes


@pytest.mark.parametrize("status", [Status.TEST, Status.EXERCISE, Status.DRAFT, Status.SYSTEM])
def test_all_but_the_real_thing_is_a_drill(status):
    assert of(status=status).is_drill


def test_a_message_does_not_refer_to_itself():
    assert of(references=(("s", "i"), ("s", "h"), ("s", "h"))).references == (("s", "h"),)


def test_a_time_that_cannot_be_read_is_the_time_it_came():
    assert of(sent="soon").sent == NOW


def test_one_part_without_an_end_leaves_the_end_open():
    until = "2026-08-07T15:10:00+08:00"

    assert of(Info(expires=until), Info(expires=until)).expires is not None
    assert of(Info(expires=until), Info()).expires is None


def test_a_title_says_it_at_its_beginning_however_long_it_is():
    beginning = of(Info(headline="清龙区发布暴雨橙色预警" + "，请注意" * 500_000))
    end = of(Info(headline="请注意，" * 500_000 + "暴雨橙色预警", event="暴雨"))

    assert (beginning.kind, beginning.colour) == ("暴雨", "orange")
    assert (end.kind, end.colour) == ("暴雨", "")
