"""What SQLite should believe about the tables, so that it never reads a community for one door.

Every index starts with community_id, which in most installations has one value. Without figures
SQLite takes any first column for a good filter, picks the primary key and walks the whole table.
"""

import sqlite3
from collections.abc import Iterator

_ROWS = 100_000
_ALIKE = 10


def weigh(connection: sqlite3.Connection) -> None:
    """Write figures for every index that has none yet, and let this connection read them."""
    known = _known(connection)
    missing = [one for one in _indexes(connection) if one[1] not in known]
    if not missing:
        return
    connection.execute("begin immediate")
    try:
        connection.execute("analyze setting")  # makes the table of figures
        connection.executemany(
            "insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", missing
        )
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
    connection.execute("analyze sqlite_schema")


def _known(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("select 1 from sqlite_schema where name = 'sqlite_stat1'")
    if found.fetchone() is None:
        return set()
    return {name for (name,) in connection.execute("select idx from sqlite_stat1")}


def _indexes(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """(table, index, figures): all rows share the first column, a few share the rest."""
    for table, is_own_index in _tables(connection):
        for _, index, is_unique, origin, _ in connection.execute(f"pragma index_list('{table}')"):
            columns = connection.execute(f"pragma index_info('{index}')").fetchall()
            if columns[0][2] != "community_id":
                continue
            figures = [_ROWS, _ROWS] + [_ALIKE] * (len(columns) - 1)
            if is_unique:
                figures[-1] = 1
            name = table if origin == "pk" and is_own_index else index
            yield table, name, " ".join(map(str, figures))


def _tables(connection: sqlite3.Connection) -> list[tuple[str, bool]]:
    """Our tables, and whether each is its own primary key ("without rowid")."""
    return [
        (name, bool(without_rowid))
        for _, name, kind, _, without_rowid, _ in connection.execute("pragma table_list")
        if kind == "table" and not name.startswith("sqlite_")
    ]
