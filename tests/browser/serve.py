"""Serves a data folder as `jinlin serve` does. Forked from a process that has it all loaded."""

import sys
from pathlib import Path

import uvicorn
from jinja2 import FileSystemBytecodeCache

from server import web
from server.app import assemble, furnish
from server.field import drawing
from server.settings import Settings
from tests.server.town import SECRET

# Put together once, where servers are forked from: most of a start.
ROUTES = assemble()
# Templates that were compiled in another process, by what they say.
COMPILED = Path(sys.prefix) / "templates"


def make_ready() -> None:
    """What a server does for the first who asks is done before it is forked."""
    COMPILED.mkdir(exist_ok=True)
    engines = ROUTES.template_engine.engine, *map(drawing.environment, ("zh-CN", "en"))
    for engine in engines:
        engine.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
        for name in engine.list_templates(["html"]):
            engine.get_template(name)
    web.pack()


make_ready()


def serve(folder: Path, port: int) -> None:
    app = furnish(ROUTES, Settings(data=folder, port=port, secret=SECRET))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
