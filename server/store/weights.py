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


# Every index of ours that starts with the community; `wr`: the table is its own primary key.
_INDEXES = r"""
    select home.name, one.name, one."unique", one.origin = 'pk' and home.wr, count(*)
    from pragma_table_list home
    join pragma_index_list(home.name) one
    join pragma_index_info(one.name) part
    where home.type = 'table' and home.name not like 'sqlite\_%' escape '\'
    group by home.name, one.name
    having max(part.seqno = 0 and part.name = 'community_id')
"""


def _indexes(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """(table, index, figures): all rows share the first column, a few share the rest."""
    for table, index, is_unique, is_table, columns in connection.execute(_INDEXES):
        figures = [_ROWS, _ROWS] + [_ALIKE] * (columns - 1)
        if is_unique:
            figures[-1] = 1
        yield table, table if is_table else index, " ".join(map(str, figures))
