"""The document: every route of the API with its bodies, its answers and its error codes."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from server.openapi import open311, operations, shapes
from sync.operations import PROTOCOL

REF = "#/components/schemas/{name}"
JSON = "application/json"

Codes = Mapping[int, tuple[str, ...]]

# By status: what any route may answer, what one behind a sign-in may, what a write may.
ANY: Codes = {500: ("server.failed",), 503: ("storage.unavailable",)}
SIGNED_IN: Codes = {401: ("signin.needed", "device.revoked", "person.inactive")}
FROM_HERE: Codes = {403: ("http.403",)}
PICTURE: Codes = {403: ("http.403",), 422: ("media.name",)}


class Route(NamedTuple):
    """`takes` and `answers` are bodies by media type: a Struct, or text about what it is."""

    method: str
    path: str
    about: str
    answers: dict[int, dict[str, Any]]
    fails: tuple[Codes, ...]
    takes: Mapping[str, Any] = MappingProxyType({})
    open_to: str = "session"


ROUTES = (
    Route(
        "post",
        "/api/session",
        "Sign in: a token for a username and a password.",
        {200: {JSON: shapes.NewSession}},
        (
            ANY,
            FROM_HERE,
            {
                400: ("body.unreadable",),
                401: ("signin.wrong", "signin.inactive", "signin.expired"),
                413: ("http.413",),
                429: ("signin.too_many",),
                503: ("signin.busy",),
            },
        ),
        {JSON: shapes.SignIn},
        "everybody",
    ),
    Route(
        "get",
        "/api/session",
        "Who is signed in on this device.",
        {200: {JSON: shapes.Session}},
        (ANY, SIGNED_IN),
    ),
    Route(
        "post",
        "/api/erasures",
        "A phone that was shut out says that it has erased itself.",
        {200: {JSON: shapes.Noted}},
        (ANY, FROM_HERE, {413: ("http.413",)}),
        {JSON: shapes.Erased},
        "everybody",
    ),
    Route(
        "post",
        "/sync",
        "Push operations and pull changes in one round trip (sync/README.md). May be gzip.",
        {200: {JSON: shapes.Pulled}},
        (
            ANY,
            SIGNED_IN,
            FROM_HERE,
            {
                400: ("body.unreadable", "protocol.unknown"),
                409: ("device.mismatch",),
                413: ("push.too_large",),
            },
        ),
        {JSON: shapes.RoundTrip},
    ),
    Route(
        "get",
        "/live",
        "Server-sent events: `open` and `moved`, each with names of streams.",
        {200: {"text/event-stream": "event: moved, data: names of streams"}},
        (ANY, SIGNED_IN),
    ),
    Route(
        "put",
        "/media/{sha256}",
        "A picture whole, or a piece of it with Content-Range: bytes 0-9/100.",
        {200: {JSON: shapes.Arrived}, 202: {JSON: shapes.Arrived}},
        (
            ANY,
            SIGNED_IN,
            PICTURE,
            {
                400: ("media.range",),
                409: ("media.gap",),
                413: ("media.too_large",),
                415: ("media.type",),
                422: ("media.other_hash", "media.unreadable", "seal.unreadable"),
                429: ("media.too_many",),
            },
        ),
        {"image/jpeg": "bytes", "image/webp": "bytes"},
    ),
    Route(
        "get",
        "/media/{sha256}",
        "A picture, for whoever may see a visit that shows it.",
        {200: {"image/jpeg": "bytes", "image/webp": "bytes"}, 304: {}},
        (ANY, SIGNED_IN, PICTURE, {404: ("media.unknown",)}),
    ),
    Route(
        "get",
        "/media/{sha256}/received",
        "How much of a picture has arrived.",
        {200: {JSON: shapes.Arrived}},
        (ANY, SIGNED_IN, PICTURE),
    ),
    Route(
        "post",
        "/api/alerts",
        "Hand a warning in: CAP (also in Atom, RSS or EDXL-DE) or a weather service's JSON.",
        {
            200: {JSON: shapes.HandedIn},
            413: {JSON: shapes.HandedIn},
            422: {JSON: shapes.HandedIn},
        },
        (ANY, SIGNED_IN, FROM_HERE),
        {"application/cap+xml": "a message", "application/xml": "a message", JSON: "a message"},
        "token",
    ),
    Route(
        "get",
        "/health",
        "200 while records can be read and kept, 503 when not.",
        {200: {JSON: shapes.Health}, 503: {JSON: shapes.Health}},
        (),
        open_to="everybody",
    ),
    Route(
        "get",
        "/metrics",
        "Figures for Prometheus, for the token JINLIN_METRICS_TOKEN; 404 while there is none.",
        {200: {"text/plain": "Prometheus text"}, 401: {}, 404: {}},
        (),
        open_to="token",
    ),
    Route("get", "/up", "Answers while the process does.", {200: {}}, (), open_to="everybody"),
    Route(
        "get",
        "/api/openapi.json",
        "This document.",
        {200: {JSON: "an OpenAPI document"}},
        (),
        open_to="everybody",
    ),
)
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "everybody": [],
    "session": [{"bearer": []}, {"cookie": []}],
    "token": [{"bearer": []}],
}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jinlin 近邻走访",
            "version": str(PROTOCOL),
            "description": "What phones and neighbouring systems speak. Operations, outcomes and"
            " records by kind: sync/README.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {**paths, **open311.paths()},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "jinlin"},
            },
        },
    }


def codes(route: Route) -> Codes:
    """Every error code of a route, by status."""
    found: dict[int, tuple[str, ...]] = {}
    for group in route.fails:
        for status, some in group.items():
            found[status] = (*found.get(status, ()), *some)
    return found


def structs() -> list[type[msgspec.Struct]]:
    known = [one for one in vars(shapes).values() if isinstance(one, type)]
    return [one for one in known if issubclass(one, msgspec.Struct) and one.__struct_fields__]


def _schemas() -> dict[str, Any]:
    _, found = msgspec.json.schema_components([*structs(), *operations.data()], ref_template=REF)
    kinds = operations.by_kind(found.pop("Operation"), REF)
    elements = [REF.format(name=name) for name in (*kinds, "Sealed")]
    found["RoundTrip"]["properties"]["ops"]["items"] = {
        "anyOf": [{"$ref": one} for one in elements]
    }
    return {**found, **kinds}


def _operation(route: Route) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": f"{route.method}{route.path.replace('/', '_').replace('.', '_')}".translate(
            {ord("{"): None, ord("}"): None}
        ),
        "summary": route.about,
        "security": SECURITY[route.open_to],
        "responses": {str(status): _answer(body) for status, body in route.answers.items()},
    }
    if "{sha256}" in route.path:
        name = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        made["parameters"] = [{"name": "sha256", "in": "path", "required": True, "schema": name}]
    if route.takes:
        made["requestBody"] = {"required": True, "content": _content(route.takes)}
    for status, some in sorted(codes(route).items()):
        made["responses"][str(status)] = _failure(some)
    return made


def _answer(bodies: dict[str, Any]) -> dict[str, Any]:
    return {"description": "Done." if bodies else "No body.", "content": _content(bodies)}


def _content(bodies: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": _schema(body)} for kind, body in bodies.items()}


def _schema(body: Any) -> dict[str, Any]:
    if isinstance(body, str):
        return {"description": body}
    return {"$ref": REF.format(name=body.__name__)}


def _failure(some: tuple[str, ...]) -> dict[str, Any]:
    schema = {
        "allOf": [{"$ref": REF.format(name="Failure")}],
        "properties": {"code": {"enum": list(some)}},
    }
    return {"description": "、".join(some), "content": {JSON: {"schema": schema}}}
