"""Open311 GeoReport v2 in the document: the routes of another standard, with its own errors."""

from typing import Any

from server.open311 import services
from server.open311.filing import MAX_DESCRIPTION, MAX_WORD

ROOT = "/open311/v2"
JSON, XML, FORM = "application/json", "text/xml", "application/x-www-form-urlencoded"
_TEXT = {"type": "string"}
_YES_NO = {"type": "boolean"}
_MAYBE = {"type": ["string", "null"]}
_INSTANT = {"type": "string", "format": "date-time"}


def _thing(**fields: Any) -> dict[str, Any]:
    """An object with these fields, all of them and no other."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


SERVICE = _thing(
    service_code={"enum": list(services.NAMES)},
    metadata=_YES_NO,
    type={"const": "realtime"},
    **dict.fromkeys(("service_name", "description", "keywords", "group"), _TEXT),
)
ATTRIBUTE = _thing(
    **dict.fromkeys(("variable", "required"), _YES_NO),
    **dict.fromkeys(("code", "datatype", "datatype_description", "description"), _TEXT),
    order={"type": "integer"},
    values=_list(_TEXT),
)
DEFINITION = _thing(service_code=_TEXT, attributes=_list(ATTRIBUTE))
REQUEST = _thing(
    status={"enum": ["open", "closed"]},
    **dict.fromkeys(("requested_datetime", "updated_datetime"), _INSTANT),
    **dict.fromkeys(("service_request_id", "status_notes", "service_name", "service_code"), _TEXT),
    **dict.fromkeys(("agency_responsible", "address"), _TEXT),
    **dict.fromkeys(("description", "service_notice", "expected_datetime", "address_id"), _MAYBE),
    **dict.fromkeys(("zipcode", "lat", "long", "media_url"), _MAYBE),
)
FILED = _thing(service_request_id=_TEXT, service_notice=_MAYBE, account_id=_MAYBE)
ENDPOINT = _thing(
    **dict.fromkeys(("specification", "url", "changeset", "type"), _TEXT), formats=_list(_TEXT)
)
DISCOVERY = _thing(
    **dict.fromkeys(("changeset", "contact", "key_service"), _TEXT), endpoints=_list(ENDPOINT)
)
ERRORS = _list(_thing(code={"type": "integer"}, description=_TEXT))

_WHERE = {"jurisdiction_id": _TEXT}
_ASKED = {
    **_WHERE,
    **dict.fromkeys(("api_key", "service_request_id"), _TEXT),
    "service_code": {"type": "string", "examples": ["order,environment"]},
    "status": {"type": "string", "examples": ["open", "closed", "open,closed"]},
    **dict.fromkeys(("start_date", "end_date"), _INSTANT),
}
_BODY = {
    "type": "object",
    "required": ["api_key", "service_code"],
    "properties": {
        **_WHERE,
        "api_key": _TEXT,
        "service_code": {"enum": list(services.NAMES)},
        "description": {"type": "string", "maxLength": MAX_DESCRIPTION},
        **dict.fromkeys(("lat", "long", "address_string", "address_id", "media_url"), _TEXT),
        f"attribute[{services.ORDER}]": {"type": "string", "maxLength": MAX_WORD},
        f"attribute[{services.DUE}]": _INSTANT,
    },
}


def paths() -> dict[str, Any]:
    """By path, as OpenAPI has them."""
    found: dict[str, Any] = {}
    for kind in (JSON, XML):
        form = kind.rpartition("/")[2]
        found[f"{ROOT}/discovery.{form}"] = {"get": _told("discovery", {kind: DISCOVERY}, {})}
        found[f"{ROOT}/services.{form}"] = {
            "get": _told("services", {kind: _list(SERVICE)}, _WHERE)
        }
        found[f"{ROOT}/requests.{form}"] = {
            "get": _told("requests", {kind: _list(REQUEST)}, _ASKED),
            "post": _told("filing", {kind: _list(FILED)}, {}) | {"requestBody": _filed()},
        }
    named = (("services", "service_code", DEFINITION), ("requests", "service_request_id", None))
    for noun, name, schema in named:
        answer = {JSON: schema or _list(REQUEST), XML: schema or _list(REQUEST)}
        asked = {"jurisdiction_id": _TEXT} | ({} if schema else {"api_key": _TEXT})
        told = _told(name, answer, asked)
        told["parameters"].append({"name": name, "in": "path", "required": True, "schema": _TEXT})
        found[f"{ROOT}/{noun}/{{{name}}}"] = {"get": told}
    return found


def _filed() -> dict[str, Any]:
    return {"required": True, "content": {FORM: {"schema": _BODY}}}


def _told(what: str, answers: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """XML is named and not described: the standard maps it from the JSON."""
    forms = "_".join(kind.rpartition("/")[2] for kind in answers)
    failed = {kind: {"schema": ERRORS} if kind == JSON else {} for kind in (JSON, XML)}
    done = {kind: {"schema": one} if kind == JSON else {} for kind, one in answers.items()}
    return {
        "operationId": f"open311_{what}_{forms}",
        "summary": f"Open311 GeoReport v2: {what} (docs/open311.md).",
        "security": [],
        "parameters": [{"name": name, "in": "query", "schema": one} for name, one in asked.items()],
        "responses": {
            "200": {"description": "Done.", "content": done},
            **{
                str(status): {"description": "The standard's errors.", "content": failed}
                for status in (400, 403, 404, 413, 500, 503)
            },
        },
    }
