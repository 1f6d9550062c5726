"""Sign-in cards: 113 retired leaders need no password on the first day."""

import re

import pytest

from server.cards import VALID_FOR, picture
from server.people import COOKIE


def make(town, *usernames, by="office1"):
    """Codes of new cards, in the order of the people."""
    chosen = [town.person(username) for username in usernames]
    answer = town[by].submit("/office/people/cards", person=chosen)
    assert answer.status_code == 200, answer.text
    return re.findall(r"/card/([\w-]+)", answer.text)


def test_a_card_signs_in_on_a_new_phone(town, nobody):
    (code,) = make(town, "leader1")

    page = nobody.get(f"/card/{code}")
    answer = nobody.post(f"/card/{code}", follow_redirects=False)

    assert page.status_code == 200
    assert "陈桂枝" in page.text and "登录这部手机" in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert nobody.get("/api/session").json()["person"]["name"] == "陈桂枝"
    assert [row["target"] for row in town.audit("card.make")] == [town.person("leader1")]
    assert len(town.audit("card.use")) == 1


def test_the_code_holds_128_bits_and_only_its_hash_is_kept(town):
    (code,) = make(town, "leader1")

    with town.store.read() as tx:
        kept = str(tx.rows("select code_hash from sign_in_card"))
    assert len(code) >= 22
    assert code not in kept


def test_looking_at_a_card_does_not_use_it_up(town, nobody):
    (code,) = make(town, "leader1")

    for _ in range(3):
        nobody.get(f"/card/{code}")
    nobody.head(f"/card/{code}")

    assert nobody.post(f"/card/{code}", follow_redirects=False).status_code == 303


def test_a_card_works_once(town, nobody):
    (code,) = make(town, "leader1")
    nobody.post(f"/card/{code}", follow_redirects=False)

    again = town.nobody().post(f"/card/{code}", follow_redirects=False)
    look = town.nobody().get(f"/card/{code}")

    assert (again.status_code, look.status_code) == (410, 410)
    assert "找社区办公室换一张" in look.text


def test_a_card_ends_after_thirty_days(town, nobody):
    (code,) = make(town, "leader1")

    town.clock.pass_(days=VALID_FOR.days, seconds=1)

    assert nobody.get(f"/card/{code}").status_code == 410
    assert nobody.post(f"/card/{code}", follow_redirects=False).status_code == 410


def test_a_new_card_replaces_the_one_before(town, nobody):
    (first,) = make(town, "leader1")
    (second,) = make(town, "leader1")

    assert nobody.get(f"/card/{first}").status_code == 410
    assert nobody.get(f"/card/{second}").status_code == 200


def test_a_lost_card_is_withdrawn(town, office, nobody):
    (code,) = make(town, "leader1")

    office.submit(f"/office/people/{town.person('leader1')}/card-withdrawals")

    assert nobody.get(f"/card/{code}").status_code == 410


@pytest.mark.parametrize("code", ["x", "A" * 22, "A" * 5000, "%00", "..%2f"])
def test_a_code_that_was_never_made_opens_nothing(nobody, code):
    assert nobody.get(f"/card/{code}").status_code in (404, 410)
    assert nobody.post(f"/card/{code}", follow_redirects=False).status_code in (404, 410)


def test_another_site_cannot_use_a_card_for_somebody(town, nobody):
    (code,) = make(town, "leader1")

    foreign = nobody.post(f"/card/{code}", headers={"Sec-Fetch-Site": "cross-site"})

    assert foreign.status_code == 403
    assert nobody.get(f"/card/{code}").status_code == 200


def test_whoever_is_signed_in_here_is_named_before_the_phone_changes_hands(town, worker):
    (code,) = make(town, "leader1")

    assert "周晓岚" in worker.get(f"/card/{code}").text


def test_a_sheet_holds_a_card_for_each_person_with_a_picture_of_its_address(town):
    town.app.state.settings = town.app.state.settings.__class__(
        **{**vars(town.app.state.settings), "url": "https://jinlin.example"}
    )
    chosen = [town.person("leader1"), town.person("worker1")]
    answer = town["office1"].submit("/office/people/cards", person=chosen)

    urls = re.findall(r"https://jinlin\.example/card/[\w-]+", answer.text)
    assert len(urls) == 2
    assert all(picture(url)["path"] in answer.text for url in urls)
    assert "红棉苑 3栋" in answer.text and "10月15日" in answer.text
    assert "style=" not in answer.text


def test_nobody_chosen_is_said(office):
    answer = office.submit("/office/people/cards")

    assert answer.status_code == 422
    assert "先选人" in answer.text


@pytest.mark.parametrize("username", ["secretary", "admin", "office1"])
def test_the_office_makes_no_card_for_those_above_it(town, username):
    chosen = town.person(username)

    assert town["office1"].submit("/office/people/cards", person=chosen).status_code == 403


def test_the_secretary_makes_cards_for_the_office(town):
    assert len(make(town, "office1", by="secretary")) == 1


def test_leaders_who_never_signed_in_are_chosen_already(town, office):
    before = office.get("/office/people/cards").text
    make(town, "leader1")
    after = office.get("/office/people/cards").text

    assert f'value="{town.person("leader1")}" checked' in before
    assert town.person("leader1") not in after


def test_a_card_warns_of_an_address_that_phones_cannot_open(town, office):
    answer = office.get("/office/people/cards", headers={"Host": "127.0.0.1:8484"})

    assert "JINLIN_URL" in answer.text


def test_somebody_who_left_cannot_use_a_card(town, office, nobody):
    (code,) = make(town, "leader1")
    office.submit(
        f"/office/people/{town.person('leader1')}/changes",
        name="陈桂枝",
        role="leader",
        active="0",
    )

    assert nobody.get(f"/card/{code}").status_code == 410


def test_the_phone_that_used_a_card_is_signed_in_by_its_cookie(town, nobody):
    (code,) = make(town, "leader1")

    answer = nobody.post(f"/card/{code}", follow_redirects=False)

    assert "httponly" in answer.headers["set-cookie"].lower()
    assert nobody.cookies.get(COOKIE)
