"""Tells trouble with the disk, the lock or the file from mistakes of ours."""

import errno
import sqlite3

# Causes are words for code; server/storage.py has the sentences.
_OF_ENGINE = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_CANTOPEN: "closed",
    sqlite3.SQLITE_PERM: "closed",
    sqlite3.SQLITE_IOERR: "failing",
    sqlite3.SQLITE_NOMEM: "failing",
    sqlite3.SQLITE_NOLFS: "failing",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}
_OF_SYSTEM = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "readonly",
    errno.EACCES: "closed",
    errno.EPERM: "closed",
    errno.EIO: "failing",
}
_PRIMARY = 0xFF


def cause(problem: BaseException) -> str:
    """Why nothing can be stored or read just now; "" when the problem is of another kind.

    Wrong SQL and broken constraints are ours: they must not look like a disk that will recover.
    """
    if isinstance(problem, sqlite3.Error):
        code = getattr(problem, "sqlite_errorcode", None) or 0
        return _OF_ENGINE.get(code & _PRIMARY, "")
    if isinstance(problem, OSError):
        return _OF_SYSTEM.get(problem.errno or 0, "")
    return ""
