"""Which places an area covers, and when a new area reaches further."""

import math
import time

import pytest

from sync.alert_areas import Covers, Place, covers, grows, is_inside, significant
from sync.alerts import Area

HOME = Place(code="440304012003", point=(22.54, 114.05))
SQUARE = ((22.0, 114.0), (22.0, 115.0), (23.0, 115.0), (23.0, 114.0), (22.0, 114.0))


def coded(*codes):
    return Area(geocodes=tuple(("CPEAS Geographic Code", code) for code in codes))


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("130602000000", "130602"),
        ("341823100000", "341823100"),
        ("440304012003", "440304012003"),
        ("440300", "4403"),
        ("440000", "44"),
        ("440304", "440304"),
        ("460000000000", "46"),
        ("410101000", "410101"),
        ("000000", ""),
        ("", ""),
        ("AT108", ""),
        ("44", ""),
        ("٤٤٠٣٠٤", ""),
    ],
)
def test_the_zeros_that_fill_a_code_up_say_nothing(code, digits):
    assert significant(code) == digits


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("440000", "yes"),
        ("440300000000", "yes"),
        ("440304", "yes"),
        ("440304012000", "yes"),
        ("440304012003", "yes"),
        ("440304012001", "no"),
        ("440305", "no"),
        ("460000", "no"),
        ("000000", "unknown"),
        ("1000512", "unknown"),
    ],
)
def test_a_code_covers_what_begins_with_it(code, answer):
    assert covers([coded(code)], HOME) == answer


def test_one_area_that_covers_is_enough():
    assert covers([coded("460000"), coded("440304")], HOME) is Covers.YES


def test_without_anything_to_compare_nobody_knows():
    assert covers([], HOME) is Covers.UNKNOWN
    assert covers([Area(description="清龙区")], HOME) is Covers.UNKNOWN
    assert covers([coded("440304")], Place()) is Covers.UNKNOWN
    assert covers([Area(polygons=(SQUARE,))], Place(code=HOME.code)) is Covers.UNKNOWN


@pytest.mark.parametrize(
    ("point", "is_in"),
    [((22.5, 114.5), True), ((21.9, 114.5), False), ((22.5, 115.1), False), ((22.0, 114.5), True)],
)
def test_a_point_is_in_a_ring_or_on_it(point, is_in):
    assert is_inside(point, SQUARE) is is_in


def test_a_hollow_shape_is_hollow():
    bay = ((0, 0), (0, 3), (3, 3), (3, 0), (2, 0), (2, 2), (1, 2), (1, 0), (0, 0))

    assert not is_inside((1.5, 1.0), bay)
    assert is_inside((1.5, 2.5), bay)


@pytest.mark.parametrize(("radius", "answer"), [(0.5, "no"), (20.0, "yes")])
def test_a_circle_covers_what_is_near(radius, answer):
    assert covers([Area(circles=((22.6, 114.05, radius),))], HOME) == answer


def test_a_place_on_the_point_of_a_circle_without_radius_is_covered():
    assert covers([Area(circles=((22.54, 114.05, 0.0),))], HOME) is Covers.YES


INNER = ((22.2, 114.2), (22.2, 114.8), (22.8, 114.8), (22.2, 114.2))


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        (coded("440300"), coded("440304"), False),
        (coded("440304"), coded("440300"), True),
        (coded("440304"), coded("440304", "440305"), True),
        (Area(polygons=(SQUARE,)), Area(polygons=(INNER,)), False),
        (Area(polygons=(INNER,)), Area(polygons=(SQUARE,)), True),
        (Area(circles=((22, 114, 5),)), Area(circles=((22, 114, 4),)), False),
        (Area(circles=((22, 114, 4),)), Area(circles=((22, 114, 5),)), True),
        (Area(description="清龙区"), Area(description="清龙区"), False),
        (Area(description="清龙区"), Area(description="清龙区、山前区"), True),
    ],
)
def test_an_area_grows_when_it_reaches_further(before, after, answer):
    assert grows([before], [after]) is answer


def ring_of(corners, reach):
    turns = [2 * math.pi * one / corners for one in range(corners)]
    found = [(22.6 + reach * math.sin(one), 114.1 + reach * math.cos(one)) for one in turns]
    return Area(description="x", polygons=((*found, found[0]),))


@pytest.mark.parametrize(("reach", "answer"), [(1.0, False), (0.9, False), (1.1, True)])
def test_coastlines_of_two_megabytes_are_compared_in_a_breath(reach, answer):
    began = time.process_time()

    assert grows([ring_of(60_000, 1.0)], [ring_of(60_000, reach)]) is answer

    assert time.process_time() - began < 5
