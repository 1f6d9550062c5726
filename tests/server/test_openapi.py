"""The document of the API: it names what there is, and what it says of bodies and codes is so."""

import ast
from pathlib import Path

import msgspec
import pytest

import server
from server import session
from server.errors import API, OPEN311, STATUS_OF
from server.field import erasures, roundtrip
from server.intake import receiving
from server.openapi import document as made
from server.openapi import shapes
from sync.operations import stamp
from tests.server.spine import visit_data
from tests.server.storms import settle, storm
from tests.server.town import PASSWORD

ROUTES = {(one.method, one.path): one for one in made.ROUTES}
MACHINES = (*API, "/health", "/metrics", "/up")
RAISE = {"Trouble", "SignInRefused"}
FIELD = ("field/sync.py", "field/roundtrip.py", "field/media.py", "field/session.py")
SOURCES = (*FIELD, "session.py")
PICTURE = "a" * 64


def literals(path):
    """(status, code) of every refusal that a module of the API makes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = getattr(getattr(node, "func", None), "id", "")
        if name in RAISE:
            yield tuple(one.value for one in node.args[:2])
        elif name == "Refusal":
            code = node.args[0].value
            yield STATUS_OF.get(code, 422), code


def answered(route, answer):
    """The body of an answer, read as the document says; anything else fails."""
    bodies = route.answers.get(answer.status_code)
    if bodies is not None:
        return msgspec.convert(answer.json(), bodies["application/json"])
    told = msgspec.convert(answer.json(), shapes.Failure)
    assert told.code in made.codes(route)[answer.status_code], told
    return told


def ask(browser, method, path, **more):
    route = ROUTES[method, path]
    url = path.replace("{sha256}", more.pop("name", PICTURE))
    return answered(route, browser.request(method.upper(), url, **more))


def test_every_route_of_the_api_is_in_it_and_no_other(town):
    served = {
        (method.lower(), route.path_format)
        for route in town.app.routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"HEAD", "OPTIONS"}
        if route.path_format.startswith(MACHINES)
    }

    assert served == set(ROUTES)


def test_the_routes_of_open311_are_in_it(town):
    served = {
        (method.lower(), route.path_format)
        for route in town.app.routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"HEAD", "OPTIONS"}
        if route.path_format.startswith(OPEN311)
    }

    told = made.document()["paths"].items()

    assert served == {(one, path) for path, all_ in told for one in all_ if OPEN311 in path}


def test_it_is_served_to_anybody_and_every_reference_leads_somewhere(nobody):
    answer = nobody.get("/api/openapi.json")
    told = answer.json()

    assert told["openapi"] == "3.1.0" and told == made.document()
    known = {f"#/components/schemas/{name}" for name in told["components"]["schemas"]}
    assert set(references(told)) <= known
    names = [one["operationId"] for path in told["paths"].values() for one in path.values()]
    served = {path for path in told["paths"] if not path.startswith(OPEN311)}
    assert len(set(names)) == len(names) and served == {path for _, path in ROUTES}


def references(told):
    if isinstance(told, dict):
        yield from [told["$ref"]] if isinstance(told.get("$ref"), str) else []
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from references(one)


def test_every_code_that_the_api_answers_is_in_it():
    root = Path(server.__file__).parent
    raised = {one for path in SOURCES for one in literals(root / path)}
    told = {
        (status, code)
        for route in made.ROUTES
        for status, some in made.codes(route).items()
        for code in some
    }

    assert len(raised) > 12
    assert raised <= told


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (shapes.SignIn, session.Asked),
        (shapes.RoundTrip, roundtrip.Asked),
        (shapes.Receipt, receiving.Receipt),
        (shapes.Erased, erasures.Erased),
    ],
)
def test_what_it_says_of_a_body_is_what_is_read(told, read):
    assert set(told.__struct_fields__) == set(read.__struct_fields__)


def test_signing_in_answers_as_told(town, nobody):
    right = {"username": "worker1", "password": PASSWORD}

    assert ask(nobody, "post", "/api/session", json=right).person.role == "worker"
    assert ask(nobody, "get", "/api/session").person.role == "worker"
    wrong = {**right, "password": "no"}
    assert ask(town.nobody(), "post", "/api/session", json=wrong).code == "signin.wrong"
    assert ask(town.nobody(), "post", "/api/session", content=b"[").code == "body.unreadable"
    assert ask(town.nobody(), "get", "/api/session").code == "signin.needed"
    assert ask(town.nobody(), "post", "/api/erasures", json={"kept": 0}).noted is False


def test_a_round_trip_answers_as_told(town, worker):
    operation = shapes.Operation(
        id="0199a000-0000-7000-8000-0000000000ab",
        n=1,
        kind="visit.record",
        at=stamp(town.clock()),
        data=visit_data(town.household("huang")),
    )
    trip = shapes.RoundTrip(ops=[msgspec.to_builtins(operation)])

    answer = ask(worker, "post", "/sync", json=msgspec.to_builtins(trip))

    assert [one.outcome for one in answer.receipts] == ["accepted"]
    assert answer.changes
    assert ask(worker, "post", "/sync", json={"protocol": 99}).code == "protocol.unknown"
    assert ask(worker, "post", "/sync", content=b"{").code == "body.unreadable"
    assert ask(worker, "post", "/sync", json={"device": "other"}).code == "device.mismatch"
    assert ask(worker, "post", "/sync", json={"ops": [{}] * 201}).code == "push.too_large"


def test_pictures_answer_as_told(worker):
    jpeg = {"Content-Type": "image/jpeg"}

    assert ask(worker, "get", "/media/{sha256}/received").received == 0
    assert ask(worker, "get", "/media/{sha256}").code == "media.unknown"
    assert ask(worker, "get", "/media/{sha256}", name="no").code == "media.name"
    put = "put", "/media/{sha256}"
    assert ask(worker, *put, content=b"x", headers=jpeg).code == "media.other_hash"
    assert ask(worker, *put, content=b"x").code == "media.type"
    piece = {**jpeg, "Content-Range": "bytes 0-0/9"}
    assert ask(worker, *put, content=b"x", headers=piece).received == 1
    late = {**jpeg, "Content-Range": "bytes 5-5/9"}
    assert ask(worker, *put, content=b"x", headers=late, name="b" * 64).code == "media.gap"
    torn = {**jpeg, "Content-Range": "nonsense"}
    assert ask(worker, *put, content=b"x", headers=torn).code == "media.range"


def test_warnings_and_signs_answer_as_told(town, office, nobody):
    settle(town)
    warning = storm(town)

    assert ask(office, "post", "/api/alerts", content=warning).outcome.startswith("accepted")
    assert ask(office, "post", "/api/alerts", content=b"nonsense").outcome == "rejected"
    assert ask(nobody, "post", "/api/alerts", content=warning).code == "signin.needed"
    assert ask(nobody, "get", "/health").database == "good"
