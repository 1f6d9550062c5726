"""Choosing a password of one's own."""

import pytest

from server.people import COOKIE
from tests.server.town import PASSWORD

NEW = "a longer secret"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("server.people.is_password", lambda hashed, password: hashed == password)
    monkeypatch.setattr("server.people.hash_password", lambda password: password)


@pytest.fixture
def me(town):
    """A worker whose (unhashed) password is known."""
    set_password(town, PASSWORD)
    return town["worker1"]


def set_password(town, password, until=""):
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            "update person set password_hash = :password, password_until = :until"
            " where username = 'worker1'",
            password=password,
            until=until,
        ),
    )


def change(browser, current=PASSWORD, new=NEW, again=NEW):
    return browser.post("/me/password", data={"current": current, "new": new, "again": again})


def sign_in(town, password):
    asked = {"username": "worker1", "password": password}
    return town.nobody().post("/api/session", json=asked).status_code


def test_a_new_password_counts_and_the_old_one_no_longer(town, me):
    answer = change(me)

    assert answer.status_code == 200
    assert "密码已改" in answer.text
    assert (sign_in(town, NEW), sign_in(town, PASSWORD)) == (200, 401)
    assert [row["outcome"] for row in town.audit("password.change")] == ["done"]


def test_a_new_password_signs_out_other_phones_but_not_this_one(town, me):
    other = town.nobody()
    other.post("/api/session", json={"username": "worker1", "password": PASSWORD})
    before = me.cookies[COOKIE]

    change(me)

    assert me.get("/api/session").status_code == 200
    assert other.get("/api/session").status_code == 401
    told = town.nobody().get("/api/session", headers={"Authorization": f"Bearer {before}"})
    assert me.cookies[COOKIE] != before and told.status_code == 401


def test_a_password_that_is_not_taken_leaves_the_session_as_it_is(me):
    before = me.cookies[COOKIE]

    assert "set-cookie" not in change(me, current="guess").headers

    assert me.cookies[COOKIE] == before and me.get("/api/session").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "guess"}, "现在的密码不对"),
        ({"new": "short", "again": "short"}, "至少 10 个字"),
        ({"new": "x" * 300, "again": "x" * 300}, "新密码太长"),
        ({"again": "something else"}, "两次写的新密码不一样"),
        ({"new": PASSWORD, "again": PASSWORD}, "换一个"),
        ({"new": "", "again": ""}, "至少 10 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(town, me, fields, said):
    answer = change(me, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert sign_in(town, PASSWORD) == 200


def test_guessing_the_current_password_is_slowed(me):
    for _ in range(10):
        assert change(me, current="guess").status_code == 422

    assert change(me).status_code == 429


def test_a_password_that_was_given_out_leads_to_an_own_one(town, nobody):
    set_password(town, "given-out", until="2026-09-16T00:00:00.000Z")
    form = {"username": "worker1", "password": "given-out", "next": "/today"}

    answer = nobody.post("/signin", data=form, follow_redirects=False)
    page = nobody.get("/me/password")

    assert answer.headers["location"] == "/me/password"
    assert "临时密码" in page.text
    assert change(nobody, current="").status_code == 200
    assert (sign_in(town, NEW), sign_in(town, "given-out")) == (200, 401)


def test_a_password_that_was_given_out_ends(town):
    set_password(town, "given-out", until="2026-09-14T00:00:00.000Z")

    assert sign_in(town, "given-out") == 401
