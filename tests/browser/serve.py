"""Serves a data folder as `jinlin serve` does. Forked from a process that has it all loaded."""

from pathlib import Path

import uvicorn

from server.app import assemble, furnish
from server.settings import Settings
from tests.server.town import SECRET

# Put together once, where servers are forked from: most of a start.
ROUTES = assemble()


def serve(folder: Path, port: int) -> None:
    app = furnish(ROUTES, Settings(data=folder, port=port, secret=SECRET))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
