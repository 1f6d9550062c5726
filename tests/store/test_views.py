"""The views for Datasette: each can be read, each column is told, and no secret is in any."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from server.store.database import Store

DOCS = Path(__file__).resolve().parents[2] / "docs"
SECRET = re.compile(r"cipher|hash|token|secret|password|last4|stamps|body")
HOLD_SECRETS = ("identity", "session", "sign_in_card", "setting", "operation", "import_row")


@pytest.fixture
def database(tmp_path):
    """A new database as SQLite itself sees it."""
    path = tmp_path / "jinlin.db"
    Store(path).close()
    opened = sqlite3.connect(path)
    yield opened
    opened.close()


def named(database, kind):
    query = "select name from sqlite_master where type = ? and name not like 'sqlite_%'"
    return {name for (name,) in database.execute(query, (kind,))}


def columns(database, view):
    return [one[0] for one in database.execute(f"select * from {view}").description]


def told():
    """Column names by view, as docs/data.md lists them."""
    sections = (DOCS / "data.md").read_text("utf-8").split("\n## ")[1:]
    return {
        section.split("\n", 1)[0]: re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", section, re.M)
        for section in sections
    }


def test_every_view_and_column_is_told(database):
    found = {view: columns(database, view) for view in named(database, "view")}

    assert len(found) >= 12
    assert found == told()


def test_no_view_shows_a_secret_or_reads_where_secrets_are(database):
    views = database.execute("select name, sql from sqlite_master where type = 'view'").fetchall()

    assert not [
        (view, column)
        for view, _ in views
        for column in columns(database, view)
        if SECRET.search(column)
    ]
    assert not [
        (view, table)
        for view, sql in views
        for table in HOLD_SECRETS
        if re.search(rf"\b(from|join) {table}\b", sql)
    ]


def test_the_metadata_closes_every_raw_table_and_opens_every_view(database):
    told = json.loads((DOCS / "metadata.json").read_text("utf-8"))["databases"]["jinlin"]
    tables = told["tables"]
    closed = {name for name, one in tables.items() if one["allow"] is False and one["hidden"]}

    assert told["allow_sql"] is False
    assert closed == named(database, "table") | {"sqlite_stat1"}
    assert set(tables) - closed == named(database, "view")
    for view in named(database, "view"):
        assert list(tables[view]["columns"]) == columns(database, view)


def test_the_command_closes_free_sql_and_the_file_itself():
    """Neither can be closed in the metadata for every release of Datasette."""
    command = (
        (DOCS / "data.md").read_text("utf-8").partition("    datasette ")[2].partition("\n\n")[0]
    )

    assert "-i jinlin.db -m docs/metadata.json" in command
    assert {"default_allow_sql off", "allow_download off"} <= {
        one.strip(" \\\n") for one in command.split("--setting ")
    }
