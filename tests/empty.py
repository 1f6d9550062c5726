"""An empty database, its tables put up once in each process: they take longer than most tests."""

import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from server.store.database import Store


def put(folder: Path) -> Path:
    """The database of a data folder where nothing happened yet; its epoch begins when opened."""
    path = folder / "jinlin.db"
    path.write_bytes(_made())
    return path


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jinlin.db"
        Store(path).close()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("delete from setting where name = 'epoch'")
        return path.read_bytes()
