"""Every route, put together once where servers are forked from: most of a start.

Files are packed here once, too, and a template that one server compiled the next one has.
"""

import sys
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache

from server import web
from server.app import assemble
from server.field import drawing

ROUTES = assemble()
COMPILED = Path(sys.prefix) / "templates"


def keep_compiled(name: str, engine: Environment) -> None:
    """By itself for each engine: what it compiles holds words of its language."""
    folder = COMPILED / name
    folder.mkdir(parents=True, exist_ok=True)
    engine.bytecode_cache = FileSystemBytecodeCache(str(folder))


assert ROUTES.template_engine is not None
keep_compiled("office", ROUTES.template_engine.engine)
for lang in ("zh-CN", "en"):
    keep_compiled(lang, drawing.environment(lang))
web.pack()
