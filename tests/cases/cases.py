"""Cases of the API: whatever its own document says may be sent, and what it says may not, asked of
the application as everybody who can ask. Whatever is answered must be as the document says."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from server import api_keys
from server.audit import Author
from server.errors import OPEN311
from server.openapi import shapes
from server.openapi.document import document, structs
from tests.server.everything import PHOTO, Names
from tests.server.storms import storm
from tests.server.town import COMMUNITY, Member, Town

METRICS = "a-token-of-forty-characters-for-figures"
WARNINGS = "a-token-of-forty-characters-for-warnings"
SETTINGS = {"metrics_token": METRICS, "alert_tokens": {COMMUNITY: WARNINGS}}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# An open line: who is let in, it keeps.
ENDLESS = "/live"
# Who is asked as: nobody, people by the token of their phone, and neighbouring systems.
PEOPLE = ("worker1", "leader1", "office1", "street", "admin")
WHOLE = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


class Wrong(AssertionError):
    """An answer that the document does not describe, with what was asked."""


class Cases:
    """Asks and counts. `names` are ids of what there is: without them all work would be unknown."""

    def __init__(self, town: Town, names: Names) -> None:
        self.town = town
        self.names = names
        self.ids = sorted({one for one in names.values() if len(one) == 36})
        self.storm = storm(town, "z").encode()
        self.key = town.intake.do(
            COMMUNITY, lambda writing: api_keys.make(writing, Author("", "admin"), "热线").key
        )
        self.answered: Counter[tuple[str, str, str, int]] = Counter()

    def play(self, count: int, seed: int) -> None:
        """At least `count` cases, spread over every route and everybody. Raises Wrong."""
        routes = [one.ok() for one in schemathesis.openapi.from_dict(told()).get_all_operations()]
        tokens = {"nobody": "", "metrics": METRICS, "warnings": WARNINGS}
        for route in routes:
            tokens |= {who: self.town.token(who) for who in PEOPLE}
            asking = {"nobody": ""} if route.path == ENDLESS else tokens
            is_plain = not (route.body or route.path_parameters or route.query)
            each = 2 if is_plain else -(-count // SHARES.get(route.path, 100))
            for who, token in asking.items():
                # To a stranger every body is the same, where nobody may come in without a token.
                few = who not in PEOPLE and route.path not in OPEN and who != "warnings"
                self.ask_often(route, who, token, min(each, FEW) if few else each, seed)

    def ask_often(self, route: Any, who: str, token: str, count: int, seed: int) -> None:
        browser = self.town.nobody()

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=cases_of(route), choice=st.randoms(use_true_random=False))
        def asking(case: Case, choice: Any) -> None:
            self.ask(browser, who, token, case, choice)

        asking()

    def ask(self, browser: Member, who: str, token: str, case: Case, choice: Any) -> None:
        sent = self.sendable(case, choice)
        if token:
            sent["headers"]["Authorization"] = f"Bearer {token}"
        browser.cookies.clear()
        answer = browser.request(**sent, follow_redirects=False)
        self.answered[(case.method, case.path, who, answer.status_code)] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as problem:
            raise Wrong(
                f"{who}: {sent}\n{answer.status_code} {answer.text[:500]}\n{problem}"
            ) from None

    def sendable(self, case: Case, choice: Any) -> dict[str, Any]:
        """The case as a request. Half of them speak of what there is."""
        known = choice.random() < 0.5
        if known and "sha256" in (case.path_parameters or {}):
            case.path_parameters["sha256"] = self.names["sha256"]
        if known and "service_request_id" in (case.path_parameters or {}):
            case.path_parameters["service_request_id"] = f"{self.names['lamp_id']}.xml"
        sent = case.as_transport_kwargs(base_url="http://testserver.local")
        sent = {name: sent.get(name) for name in ("method", "url", "params", "json", "data")}
        kind = case.media_type or "application/json"
        if known and case.path.startswith(OPEN311):
            self.speak_with_key(sent)
        if known and case.path == "/api/alerts":
            sent |= {"json": None, "data": None, "content": self.bitten(self.storm, choice)}
        if known and case.method.upper() == "PUT":
            kind = "image/jpeg"
            sent |= {"json": None, "data": None, "content": self.bitten(PHOTO["hongmian"], choice)}
        if known and sent.get("json") is not None:
            sent["json"] = self.spoken_of(sent["json"], choice)
        if sent["json"] is not None:
            text = json.dumps(sent.pop("json"), ensure_ascii=True).encode()
            sent |= {"content": text}
        if isinstance(sent.get("data"), str | bytes):
            sent |= {"content": sent.pop("data")}
        return {
            **{name: one for name, one in sent.items() if one is not None},
            "headers": {"Content-Type": kind},
        }

    def speak_with_key(self, sent: dict[str, Any]) -> None:
        """The same of Open311, with a key and the community that it is of."""
        said = "data" if sent["method"].upper() == "POST" else "params"
        if isinstance(sent[said] or {}, dict):
            more = {"jurisdiction_id": COMMUNITY, "api_key": self.key}
            more |= {"address_string": "榕树头"} if said == "data" else {}
            sent[said] = {**(sent[said] or {}), **more}

    def bitten(self, content: bytes, choice: Any) -> bytes:
        """As it is, or with something wrong in one place."""
        if choice.random() < 0.3:
            return content
        at = choice.randrange(len(content))
        return content[:at] + bytes([choice.randrange(256)]) + content[at + choice.randrange(3) :]

    def spoken_of(self, said: Any, choice: Any) -> Any:
        """The same body, with ids of what there is in place of most others."""
        if isinstance(said, dict):
            told = {name: self._id(name, one, choice) for name, one in said.items()}
            if "kind" in said and "data" in said and "id" in said:
                told["id"] = said["id"]  # an operation has an id of its own
            if "ops" in said:
                told.pop("device", None)  # else most were of a phone that is not asked as
            return told
        if isinstance(said, list):
            return [self.spoken_of(one, choice) for one in said]
        return said

    def _id(self, name: str, said: Any, choice: Any) -> Any:
        is_id = name.endswith(("_id", "_ids")) or name in ("keep", "drop", "replaces", "into")
        if name == "id" and not isinstance(said, str):
            return said
        if (is_id or name == "id") and choice.random() < 0.8:
            some = self.names.get(name.removesuffix("s"), "")
            one = some if some and choice.random() < 0.8 else choice.choice(self.ids)
            return [one] if isinstance(said, list) else one
        return self.spoken_of(said, choice)


# What takes long to draw in a full batch tells no more than in a small one.
MOST_OPS, MOST_LISTED = 3, 4


def told() -> dict[str, Any]:
    """The document, with lists that may be sent as short as they need be."""
    whole = deepcopy(document())
    schemas = whole["components"]["schemas"]
    answered = {one.__name__ for one in structs() if issubclass(one, shapes.Told)}
    for listed in _lists([one for name, one in schemas.items() if name not in answered]):
        least = listed.get("minItems", 0)
        listed["maxItems"] = max(least, min(listed.get("maxItems", MOST_LISTED), MOST_LISTED))
    schemas["RoundTrip"]["properties"]["ops"]["maxItems"] = MOST_OPS
    return whole


def _lists(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") == "array":
            yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for one in schema:
            yield from _lists(one)


def cases_of(route: Any) -> st.SearchStrategy[Case]:
    fitting, other = (route.as_strategy(generation_mode=mode) for mode in WHOLE)
    return st.one_of(fitting, fitting, other)


# Of how many cases one falls to each pair of a route and somebody who asks: most to where most
# happens, by what stands in a body.
OPEN = ("/api/session", "/api/erasures")
FEW = 20
SHARES = {"/sync": 8, "/api/session": 60, "/api/alerts": 60}
