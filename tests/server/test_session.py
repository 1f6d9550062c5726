"""Signing in, staying signed in, and being shut out."""

import threading

import pytest

from server.field.signing import device_name, safe_path
from server.people import COOKIE, SESSION_DAYS
from server.session import TRIES_PER_ADDRESS, TRIES_PER_NAME
from tests.server.town import PASSWORD, ident, page_device

RIGHT = {"username": "worker1", "password": PASSWORD, "device_name": "红米 Note"}
WRONG = {**RIGHT, "password": "guess"}
UNKNOWN_DEVICE = "0199a000-0000-7000-8000-0000000000aa"


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
def quick(monkeypatch):
    """Counting failures does not need slow hashes; that they are right is tested once."""
    monkeypatch.setattr("server.people.is_password", lambda hashed, password: password == PASSWORD)


def test_a_phone_signs_in_and_learns_who_it_belongs_to(town, nobody):
    answer = nobody.post("/api/session", json=RIGHT)

    body = answer.json()
    assert answer.status_code == 200
    assert body["person"] == {"id": town.person("worker1"), "name": "周晓岚", "role": "worker"}
    assert body["device"] and body["epoch"] and len(body["token"]) >= 43
    assert nobody.get("/api/session").json() == {
        name: body[name] for name in ("device", "person", "epoch", "seal")
    }
    assert [row["outcome"] for row in town.audit("session.open")] == ["done"]


def test_a_wrong_password_and_an_unknown_name_are_told_alike(town, nobody):
    wrong = nobody.post("/api/session", json=WRONG)
    unknown = nobody.post("/api/session", json={**WRONG, "username": "nobody"})

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "signin.wrong"
    assert [row["outcome"] for row in town.audit("session.open")] == ["refused"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"username":"worker1"}', b'{"username":1,"password":"x"}', b"\xff"]
)
def test_an_unreadable_sign_in_is_told_what_is_missing(nobody, body):
    answer = nobody.post("/api/session", content=body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "body.unreadable"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(quick, nobody):
    answer = nobody.post("/api/session", json=RIGHT)

    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said and "samesite=lax" in said and "secure" not in said

    answer = nobody.post("https://testserver.local/api/session", json=RIGHT)

    assert "secure" in answer.headers["set-cookie"].lower()


def test_the_same_person_keeps_the_device_and_its_queue(quick, town, nobody):
    first = nobody.post("/api/session", json=RIGHT).json()
    again = nobody.post("/api/session", json={**RIGHT, "device": first["device"]}).json()

    old, new = ({"Authorization": f"Bearer {one['token']}"} for one in (first, again))
    assert again["device"] == first["device"]
    assert town.nobody().get("/api/session", headers=old).status_code == 401
    assert town.nobody().get("/api/session", headers=new).status_code == 200


def test_a_token_that_somebody_put_into_a_browser_is_not_the_one_that_is_signed_in(quick, town):
    for path in ("/api/session", "/signin"):
        browser, planted = town.nobody(), "planted-by-somebody-else"
        browser.cookies.set(COOKIE, planted, domain="testserver.local", path="/")

        sent = {"data": RIGHT} if path == "/signin" else {"json": RIGHT}
        answer = browser.post(path, follow_redirects=False, **sent)

        assert planted not in answer.headers["set-cookie"]
        told = town.nobody().get("/api/session", headers={"Authorization": f"Bearer {planted}"})
        assert told.status_code == 401


def test_a_device_that_a_restored_server_forgot_is_made_again(quick, nobody):
    answer = nobody.post("/api/session", json={**RIGHT, "device": UNKNOWN_DEVICE})

    assert answer.json()["device"] == UNKNOWN_DEVICE


def test_nobody_takes_over_the_device_of_another_person(quick, nobody):
    answer = nobody.post("/api/session", json={**RIGHT, "device": ident("device", "worker2")})

    assert answer.json()["device"] != ident("device", "worker2")


@pytest.mark.parametrize("device", ["", "x", "A" * 36, "../../etc", UNKNOWN_DEVICE.upper()])
def test_an_unusable_device_id_gets_a_new_device(quick, nobody, device):
    answer = nobody.post("/api/session", json={**RIGHT, "device": device})

    assert answer.status_code == 200
    assert answer.json()["device"] != device


def test_a_page_has_a_device_of_its_own_that_nobody_can_sign_in_to(quick, nobody):
    page = page_device("worker1")

    answer = nobody.post("/api/session", json={**RIGHT, "device": page})

    assert answer.json()["device"] != page


def test_too_many_wrong_passwords_wait_and_then_may_try_again(quick, town, nobody):
    for _ in range(TRIES_PER_NAME):
        assert nobody.post("/api/session", json=WRONG).status_code == 401

    blocked = nobody.post("/api/session", json=RIGHT)
    page = nobody.post("/signin", data=RIGHT)
    other = nobody.post("/api/session", json={**RIGHT, "username": "worker2"})

    assert blocked.status_code == page.status_code == 429
    assert blocked.json()["code"] == "signin.too_many"
    assert "15 分钟" in blocked.json()["message"] and "15 分钟" in page.text
    assert other.status_code == 200

    town.clock.pass_(minutes=15, seconds=1)
    assert nobody.post("/api/session", json=RIGHT).status_code == 200


def test_one_address_cannot_try_all_names(quick, nobody):
    for number in range(TRIES_PER_ADDRESS):
        nobody.post("/api/session", json={**WRONG, "username": f"guess{number}"})

    assert nobody.post("/api/session", json=RIGHT).status_code == 429


def test_success_is_never_throttled(quick, nobody):
    answers = {nobody.post("/api/session", json=RIGHT).status_code for _ in range(120)}

    assert answers == {200}


def test_more_sign_ins_than_a_community_has_are_asked_to_wait(quick, nobody, monkeypatch):
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr("server.session._places", full)

    answer = nobody.post("/api/session", json=RIGHT)

    assert (answer.status_code, answer.json()["code"]) == (503, "signin.busy")


def test_a_session_in_use_does_not_end_and_an_unused_one_does(town, worker):
    for _ in range(3):
        town.clock.pass_(days=SESSION_DAYS - 1)
        assert worker.get("/api/session").status_code == 200
        town.intake.do(town.community, lambda writing: None)

    town.clock.pass_(days=SESSION_DAYS, seconds=1)

    answer = worker.get("/api/session")
    assert answer.status_code == 401
    assert answer.json()["code"] == "signin.needed"


def test_reading_does_not_write_more_than_twice_a_day(town, worker):
    def ends():
        town.intake.do(town.community, lambda writing: None)
        with town.store.read() as tx:
            return tx.value("select max(expires_at) from session")

    before = ends()
    town.clock.pass_(hours=11)
    worker.get("/api/session")
    assert ends() == before

    town.clock.pass_(hours=2)
    worker.get("/api/session")
    assert ends() > before


@pytest.mark.parametrize("token", ["", "nonsense", "Bearer", "ä" * 40])
def test_a_token_that_is_none_is_refused(nobody, token):
    answer = nobody.get("/api/session", headers={"Authorization": f"Bearer {token}".encode()})

    assert answer.status_code == 401


def test_signing_out_ends_this_device_only(town):
    phone = town["worker1"]
    with_other = town.nobody()
    with_other.cookies.set(COOKIE, other_device(town), domain="testserver.local")

    answer = phone.post("/signout", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    assert phone.get("/api/session").status_code == 401
    assert with_other.get("/api/session").status_code == 200
    assert town.audit("session.end")


def test_signing_out_everywhere_ends_all(town):
    phone, other = town["worker1"], town.nobody()
    other.cookies.set(COOKIE, other_device(town), domain="testserver.local")

    phone.post("/me/signouts")

    assert phone.get("/api/session").status_code == 401
    assert other.get("/api/session").status_code == 401


def other_device(town):
    answer = town.nobody().post("/api/session", json=RIGHT)
    return answer.json()["token"]


def test_a_form_on_another_site_signs_nobody_in_or_out(worker, nobody):
    foreign = {"Sec-Fetch-Site": "cross-site"}

    assert nobody.post("/api/session", json=RIGHT, headers=foreign).status_code == 403
    assert worker.post("/api/session", json=RIGHT, headers=foreign).status_code == 403
    assert worker.get("/api/session").status_code == 200


def test_the_page_signs_in_and_goes_where_the_person_was_going(quick, nobody):
    form = {**RIGHT, "next": "/households/1?door=2"}

    answer = nobody.post("/signin", data=form, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/households/1?door=2")
    assert nobody.get("/api/session").status_code == 200


def test_the_page_says_what_is_wrong_and_keeps_the_name(quick, nobody):
    answer = nobody.post("/signin", data={**WRONG, "username": "Worker1 "})

    assert answer.status_code == 401
    assert "密码不对" in answer.text
    assert "tel:02000001234" in answer.text
    assert 'value="Worker1 "' in answer.text
    assert "guess" not in answer.text


def test_a_very_long_password_is_wrong_and_breaks_nothing(quick, nobody):
    answer = nobody.post("/signin", data={**RIGHT, "password": "x" * 5000})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/today", "/today"),
        ("/buildings/1?door=2&show=all", "/buildings/1?door=2&show=all"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("today", "/"),
        ("/today\r\nSet-Cookie: a=b", "/"),
        ("/signin?next=/today", "/"),
    ],
)
def test_sign_in_leads_to_our_own_pages_only(asked, goes):
    assert safe_path(asked) == goes


def test_a_page_without_sign_in_leads_there_and_back(nobody):
    answer = nobody.get("/?from=me", follow_redirects=False)

    assert answer.status_code == 302
    assert answer.headers["location"] == "/signin?next=/%3Ffrom%3Dme"


@pytest.mark.parametrize(
    ("username", "page"),
    [
        ("worker1", "/today"),
        ("chief", "/today"),
        ("social1", "/today"),
        ("office1", "/office"),
        ("secretary", "/office"),
        ("street", "/office/counts"),
        ("admin", "/office/people"),
    ],
)
def test_everybody_starts_where_their_work_is(town, username, page):
    answer = town[username].get("/", follow_redirects=False)

    assert answer.headers["location"] == page


def test_a_leader_starts_at_the_own_building(town, leader):
    answer = leader.get("/", follow_redirects=False)

    assert answer.headers["location"] == f"/buildings/{town.building('hongmian')}"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 10; vivo Y3 Build/QP1A) AppleWebKit Chrome/99", "vivo Y3"),
        ("Mozilla/5.0 (Linux; Android 8.1.0; Redmi Note 5) AppleWebKit", "Redmi Note 5"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit", "安卓手机"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X)", "iPhone"),
        ("curl/8", "浏览器"),
    ],
)
def test_a_device_is_named_as_its_owner_would(agent, name):
    assert device_name(agent) == name


def test_a_person_who_left_cannot_sign_in(quick, town, nobody):
    worker = town["worker1"]
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run("update person set active = 0 where username = 'worker1'"),
    )

    assert worker.get("/api/session").status_code == 401
    answer = nobody.post("/api/session", json=RIGHT)
    assert answer.json()["code"] == "signin.inactive"


def test_a_session_of_a_lost_phone_says_so(town, worker):
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            "update device set revoked_at = '2026-09-15T00:00:00.000Z' where id = :device",
            device=ident("device", "worker1"),
        ),
    )

    answer = worker.get("/api/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "device.revoked")
