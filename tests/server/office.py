"""Shared steps of the tests of office pages."""

from html.parser import HTMLParser
from typing import Any

from server.store.records import Records
from tests.server.town import Town


def record(town: Town, username: str, door: str, **changes: Any) -> str:
    """A visit by somebody at a door; its id."""
    data = {
        "household_id": town.household(door),
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": [],
        **changes,
    }
    return str(town.submit(username, "visit.record", data).id)


def kept(town: Town, kind: str, record_id: str) -> Any:
    """A record as it is in its table."""
    with town.store.read() as tx:
        return Records(tx, town.community).get(kind, record_id)


def visit_of(town: Town, visit_id: str) -> Any:
    return kept(town, "visit", visit_id)


def rows_of(town: Town, table: str, **wanted: str) -> list[dict[str, Any]]:
    """Rows of a table with these values."""
    where = " and ".join(f'"{name}" = :{name}' for name in wanted) or "1 = 1"
    with town.store.read() as tx:
        return tx.rows(f"select * from {table} where {where}", **wanted)


def hidden(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form whose action ends so, as a browser would send them."""
    reader = _Forms()
    reader.feed(page)
    (fields,) = [fields for url, fields in reader.forms if url.endswith(action)]
    return fields


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if tag == "input" and given.get("type") == "hidden" and self.forms:
            self.forms[-1][1][given["name"]] = given.get("value", "")
