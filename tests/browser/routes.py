"""Every route, put together once where servers are forked from: most of a start.

What a server does for the first who asks, it has done before it is forked.
"""

import sys
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from server import web
from server.app import assemble
from server.field import drawing

ROUTES = assemble()
# Templates that another process compiled, by what they say.
COMPILED = Path(sys.prefix) / "templates"


def make_ready() -> None:
    """Pack the files and compile the templates."""
    COMPILED.mkdir(exist_ok=True)
    assert ROUTES.template_engine is not None
    for engine in (ROUTES.template_engine.engine, *map(drawing.environment, ("zh-CN", "en"))):
        engine.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
        for name in engine.list_templates(["html"]):
            engine.get_template(name)
    web.pack()


make_ready()
