"""Where the community is: said in the settings, compared with the areas of warnings."""

import pytest

from sync.alert_areas import Place, place_of
from tests.server.office import kept

PATH = "/office/settings/changes"
NUMBERS = {"knocks_per_week": "2", "refused_rest_days": "30"}
WAS = {f"was_{name}": value for name, value in NUMBERS.items()}


def change(office, **place):
    phone = {"office_phone": "02000001234", "was_office_phone": "02000001234"}
    return office.submit(PATH, **NUMBERS, **WAS, **phone, **place)


def community(town):
    return kept(town, "community", town.community)


def test_the_office_says_where_the_community_is(town, office):
    page = change(office, division_code="440304012005", latitude="22.5431", longitude="１１４.0579")

    one = community(town)
    assert (one.division_code, one.latitude, one.longitude) == (
        *("440304012005", "22.5431"),
        "114.0579",
    )
    assert 'value="440304012005"' in page.text
    assert place_of(one.division_code, one.latitude, one.longitude) == Place(
        code="440304012005", point=(22.5431, 114.0579)
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"division_code": "4403"}, "6、9 或 12 位"),
        ({"division_code": "44030401200X"}, "6、9 或 12 位"),
        ({"division_code": "000000"}, "6、9 或 12 位"),
        ({"latitude": "22.5"}, "一起填"),
        ({"latitude": "114.05", "longitude": "22.5"}, "“纬度”应是 -90 到 90"),
        ({"latitude": "22.5", "longitude": "181"}, "“经度”应是 -180 到 180"),
        ({"latitude": "北纬22", "longitude": "114"}, "“纬度”应是"),
        ({"latitude": "nan", "longitude": "114"}, "“纬度”应是"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_nothing_changes(town, office, typed, sentence):
    answer = change(office, **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    one = community(town)
    assert (one.division_code, one.latitude, one.longitude) == ("", "", "")


def test_a_place_that_is_unknown_has_no_point():
    assert place_of("", "", "") == Place()
    assert place_of("440304", "22.5", "") == Place(code="440304")
