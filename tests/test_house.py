"""The walls of the house in Python: who may import whom, where SQL lives, what hides nothing."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The rims of loops that must survive: they log and go on, or hand the trouble to whoever waits.
SURVIVES = {
    "server/jobs.py",
    "server/issue_reminders.py",  # one issue's trouble is not another's
    "server/alerts/dispatching.py",
    "server/alerts/feeds.py",
    "server/alerts/polling.py",  # one message that cannot be kept leaves the others of a round
    "server/intake/__init__.py",  # the writer serves everybody: one job never ends it
    "server/reports/nightly.py",  # one report that cannot be made leaves the others of a night
    "server/intake/writing.py",  # one operation never stops its neighbours
}
COMPOSES = ("server.cli", "server.app", "server.serving")

STANDARD = set(sys.stdlib_module_names)
IMPURE = {
    *("asyncio", "ftplib", "glob", "http", "logging", "multiprocessing", "os", "pathlib", "random"),
    *("secrets", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess"),
    *("tempfile", "threading", "time", "urllib"),
}
READS_THE_WORLD = {
    *("now", "utcnow", "today", "open", "print", "input", "uuid1", "uuid4", "uuid6", "uuid7"),
}
ROUTES = {"get", "post", "put", "patch", "delete", "head", "route", "websocket"}

SQL = re.compile(
    r"(^|[(;]|\bas\b|\bunion( all)?\b)\s*select\b.+\bfrom\b"
    r"|\binsert\s+(or\s+\w+\s+)?into\b|\bupdate\s+\w+\s+set\b|\bdelete\s+from\b"
    r"|\bcreate\s+(table|index|unique|trigger|view)\b",
    re.IGNORECASE | re.DOTALL,
)
SQL_OF_ONE_ENGINE = re.compile(
    r"select\s+\*|insert\s+or\s+replace|(?<!without )\browid\b", re.IGNORECASE
)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, and `package.name` for each name taken from a package."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(imported: str, *packages: str) -> bool:
    return any(imported == package or imported.startswith(package + ".") for package in packages)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """String literals that are not docstrings, each f-string as one."""
    parts = {
        id(part)
        for node in ast.walk(tree(path))
        for part in (node.values if isinstance(node, ast.JoinedStr) else [])
    }
    spoken = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    silent = parts | spoken
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr):
            texts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.values]
            yield node.lineno, "".join(str(text) for text in texts)
        elif isinstance(node, ast.Constant) and id(node) not in silent:
            yield node.lineno, str(node.value)


def test_the_core_imports_nothing_of_ours_and_nothing_impure():
    wrong = [
        f"{name(path)} imports {imported}"
        for path in python_files("sync")
        for imported in imports(path)
        if not within(imported, "sync", "msgspec", *(STANDARD - IMPURE))
    ]

    assert not wrong


def test_the_core_reads_no_clock_file_or_chance():
    wrong = [
        f"{name(path)}:{node.lineno} calls {called}"
        for path in python_files("sync")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for called in [getattr(node.func, "attr", getattr(node.func, "id", ""))]
        if called in READS_THE_WORLD
    ]

    assert not wrong


def test_the_store_imports_only_the_core_and_its_database():
    wrong = [
        f"{name(path)} imports {imported}"
        for path in python_files("server/store")
        for imported in imports(path)
        if not within(imported, "server.store", "sync", "msgspec", "sqlite_utils", *STANDARD)
    ]

    assert not wrong


def test_the_one_door_for_writes_knows_no_page():
    wrong = [
        f"{name(path)} imports {imported}"
        for path in python_files("server")
        if within(module(path), "server.intake")
        for imported in imports(path)
        if within(imported, "server.field", "server.office", "server.alerts", "litestar")
    ]

    assert not wrong


def test_nobody_imports_the_composition_or_the_tests():
    wrong = [
        f"{name(path)} imports {imported}"
        for path in python_files("server", "sync")
        for imported in imports(path)
        if within(imported, "tests")
        or (within(imported, "server.app", "server.cli") and not within(module(path), *COMPOSES))
    ]

    assert not wrong


def is_page(path: Path) -> bool:
    """A module that answers a URL."""
    decorators = (
        getattr(decorator, "func", decorator)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in node.decorator_list
    )
    return any(isinstance(said, ast.Name) and said.id in ROUTES for said in decorators)


def test_pages_do_not_import_other_pages():
    pages = {module(path): path for path in python_files("server") if is_page(path)}

    wrong = [
        f"{name(path)} imports {imported}"
        for own, path in pages.items()
        if own != "server.app"
        for imported in imports(path)
        if within(imported, *(pages.keys() - {own}))
    ]

    assert not wrong


def test_sql_lives_in_the_store():
    store = ROOT / "server" / "store"
    wrong = [
        f"{name(path)}:{line}"
        for path in python_files("server", "sync")
        if store not in path.parents
        for line, text in strings(path)
        if SQL.search(text)
    ]

    assert not wrong


def test_sql_is_what_two_engines_share():
    wrong = [
        f"{name(path)}:{line}"
        for path in python_files("server/store")
        for line, text in strings(path)
        if SQL_OF_ONE_ENGINE.search(text)
    ]

    assert not wrong


def test_no_except_hides_a_bug():
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("server", "sync")
        if name(path) not in SURVIVES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & names_in(node.type))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]

    assert not wrong


def names_in(node: ast.expr) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
