"""Sign-in cards: 113 retired leaders need no password on the first day."""

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.cards import VALID_FOR, picture
from server.people import COOKIE
from tests.server.office import rows_of


def make(town, *usernames, by="office1"):
    """Codes of new cards, in the order of the people."""
    chosen = [town.person(username) for username in usernames]
    answer = town[by].submit("/office/people/cards", person=chosen)
    assert answer.status_code == 200, answer.text
    return re.findall(r"/card#([\w-]+)", answer.text)


def enrol(town, username, by="office1"):
    """The code on the office's screen."""
    answer = town[by].submit(f"/office/people/{town.person(username)}/enrolments")
    assert answer.status_code == 200, answer.text
    (code,) = re.findall(r"/card#([\w-]+)", answer.text)
    return answer, code


def look(browser, code):
    return browser.post("/card/readings", data={"code": code})


def use(browser, code, **more):
    return browser.post("/card/uses", data={"code": code, **more}, follow_redirects=False)


def test_a_card_signs_in_on_a_new_phone(town, nobody):
    (code,) = make(town, "leader1")

    page = look(nobody, code)
    answer = use(nobody, code)

    assert page.status_code == 200
    assert "陈**" in page.text and "是我，登录这部手机" in page.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert nobody.get("/api/session").json()["person"]["name"] == "陈桂枝"
    assert [row["target"] for row in town.audit("card.make")] == [town.person("leader1")]
    assert len(town.audit("card.use")) == 1


def test_nobody_is_named_before_they_said_it_is_them(town, nobody):
    (code,) = make(town, "leader1")

    assert "陈桂枝" not in look(nobody, code).text


def test_the_code_holds_128_bits_and_only_its_hash_is_kept(town):
    (code,) = make(town, "leader1")

    with town.store.read() as tx:
        kept = str(tx.rows("select code_hash from sign_in_card"))
    assert len(code) >= 22
    assert code not in kept


def test_no_address_that_a_server_or_a_preview_sees_holds_the_code(town, nobody):
    """It stands behind the #: what is asked for is the same page for everybody."""
    (code,) = make(town, "leader1")

    pages = [nobody.get("/card"), nobody.get(f"/card/{code}"), look(nobody, code)]
    answer = use(nobody, code)

    assert [page.status_code for page in pages] == [200, 404, 200]
    assert code not in pages[0].text and code not in str(answer.headers)
    assert all(code not in str(one.url) for one in (pages[0], pages[2], answer))


def test_looking_at_a_card_does_not_use_it_up(town, nobody):
    (code,) = make(town, "leader1")

    for _ in range(3):
        nobody.get("/card")
        look(nobody, code)
    nobody.head("/card")

    assert use(nobody, code).status_code == 303


def test_a_card_works_once(town, nobody):
    (code,) = make(town, "leader1")
    use(nobody, code)

    again = use(town.nobody(), code)
    seen = look(town.nobody(), code)

    assert (again.status_code, seen.status_code) == (410, 410)
    assert "已经用过" in seen.text and "已经用过" in again.text
    done, refused = town.audit("card.use")
    assert (done["outcome"], refused["outcome"], refused["detail"]) == (
        "done",
        "refused",
        "card.used",
    )


def test_the_phone_whose_answer_was_lost_asks_again_and_is_the_same_phone(town, nobody):
    (code,) = make(town, "leader1")
    mine = "0f8fad5b-d9cb-469f-a165-70867728950e"
    use(town.nobody(), code, device=mine)  # its answer never arrived

    again = use(nobody, code, device=mine)
    other = use(town.nobody(), code, device="7c9e6679-7425-40de-944b-e07fc1f90ae7")

    assert (again.status_code, other.status_code) == (303, 410)
    assert nobody.get("/api/session").json()["device"] == mine
    assert len(rows_of(town, "device", id=mine)) == 1


def test_after_some_minutes_the_same_phone_has_used_its_code_up_too(town, nobody):
    (code,) = make(town, "leader1")
    mine = "0f8fad5b-d9cb-469f-a165-70867728950e"
    use(town.nobody(), code, device=mine)
    town.clock.pass_(minutes=11)

    assert use(nobody, code, device=mine).status_code == 410


def test_two_phones_at_the_same_moment_do_not_both_get_in(town):
    (code,) = make(town, "leader1")
    with ThreadPoolExecutor(4) as together:
        answers = list(together.map(lambda _: use(town.nobody(), code).status_code, range(4)))

    assert sorted(answers) == [303, 410, 410, 410]
    assert len(rows_of(town, "session", person_id=town.person("leader1"))) == 1


def test_a_card_ends_after_thirty_days(town, nobody):
    (code,) = make(town, "leader1")

    town.clock.pass_(days=VALID_FOR.days, seconds=1)

    assert look(nobody, code).status_code == 410
    assert "过期" in use(nobody, code).text


def test_the_code_on_the_screen_ends_after_half_an_hour(town, nobody):
    _, code = enrol(town, "worker1")
    town.clock.pass_(minutes=29)
    in_time = look(nobody, code)
    town.clock.pass_(minutes=1)
    late = look(nobody, code)

    assert (in_time.status_code, late.status_code) == (200, 410)
    assert "过期" in late.text


def test_how_long_the_code_lasts_is_a_setting(town, nobody):
    settings = town.app.state.settings
    town.app.state.settings = dataclasses.replace(settings, enrol_minutes=5)
    _, code = enrol(town, "worker1")
    town.clock.pass_(minutes=6)

    assert look(nobody, code).status_code == 410


def test_the_office_sees_when_the_phone_was_set_up(town, office, nobody):
    shown, code = enrol(town, "worker1")
    path = f"/office/people/{town.person('worker1')}/enrolment"
    waiting = office.get(path)
    nobody.headers["User-Agent"] = "Mozilla/5.0 (Linux; Android 12; V2166A Build/X)"
    use(nobody, code)
    done = office.get(path)

    assert picture(f"http://testserver.local/card#{code}")["path"] in shown.text
    assert "等他扫码" in shown.text and "等他扫码" in waiting.text
    assert code not in waiting.text and "<path d" not in waiting.text
    assert "登记好了" in done.text and "V2166A" in done.text and "hx-trigger" not in done.text


def test_the_code_of_somebody_the_office_may_not_manage_is_not_made(town, office):
    answer = office.submit(f"/office/people/{town.person('secretary')}/enrolments")
    seen = office.get(f"/office/people/{town.person('secretary')}/enrolment")

    assert (answer.status_code, seen.status_code) == (403, 403)


def test_a_new_card_replaces_the_one_before(town, nobody):
    (first,) = make(town, "leader1")
    (second,) = make(town, "leader1")

    assert look(nobody, first).status_code == 410
    assert "最新的那个" in look(nobody, first).text
    assert look(nobody, second).status_code == 200


def test_a_lost_card_is_withdrawn(town, office, nobody):
    (code,) = make(town, "leader1")

    office.submit(f"/office/people/{town.person('leader1')}/card-withdrawals")

    assert look(nobody, code).status_code == 410
    assert use(nobody, code).status_code == 410


@pytest.mark.parametrize("code", ["", "x", "A" * 22, "A" * 5000, "%00", "..%2f"])
def test_a_code_that_was_never_made_opens_nothing(nobody, code):
    assert look(nobody, code).status_code == 404
    assert "不是近邻走访发的码" in use(nobody, code).text


def test_whoever_guesses_codes_has_to_wait(town, nobody):
    (code,) = make(town, "leader1")
    tried = [look(nobody, f"guess {n}").status_code for n in range(12)]

    assert tried == [404] * 10 + [429] * 2
    assert use(nobody, code).status_code == 429
    town.clock.pass_(minutes=16)
    assert use(nobody, code).status_code == 303


def test_spent_codes_make_nobody_wait(town, nobody):
    """A hall full of leaders behind one address taps old cards."""
    (spent,) = make(town, "leader1")
    (code,) = make(town, "leader1")
    for _ in range(30):
        look(nobody, spent)

    assert use(nobody, code).status_code == 303


def test_another_site_cannot_use_a_card_for_somebody(town, nobody):
    (code,) = make(town, "leader1")

    foreign = nobody.post(
        "/card/uses", data={"code": code}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert foreign.status_code == 403
    assert look(nobody, code).status_code == 200


def test_whoever_is_signed_in_here_is_told_before_the_phone_changes_hands(town, worker):
    (code,) = make(town, "leader1")

    assert "现在登录的是 周**" in look(worker, code).text


def test_a_sheet_holds_a_card_for_each_person_with_a_picture_of_its_address(town):
    town.app.state.settings = town.app.state.settings.__class__(
        **{**vars(town.app.state.settings), "url": "https://jinlin.example"}
    )
    chosen = [town.person("leader1"), town.person("worker1")]
    answer = town["office1"].submit("/office/people/cards", person=chosen)

    urls = re.findall(r"https://jinlin\.example/card#[\w-]+", answer.text)
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
    fields = {"name": "陈桂枝", "role": "leader", "active": "0"}
    office.submit(f"/office/people/{town.person('leader1')}/changes", **fields)

    assert "停用" in use(nobody, code).text
    answer = office.submit(f"/office/people/{town.person('leader1')}/enrolments")
    assert answer.status_code == 410


def test_the_phone_that_used_a_card_is_signed_in_by_its_cookie(town, nobody):
    (code,) = make(town, "leader1")

    answer = use(nobody, code)

    assert "httponly" in answer.headers["set-cookie"].lower()
    assert nobody.cookies.get(COOKIE)
