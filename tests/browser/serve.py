"""Serves a data folder as `jinlin serve` does. Forked from a process that has it all loaded."""

from pathlib import Path

import uvicorn

from server.app import furnish
from server.settings import Settings
from tests.server.town import SECRET


def serve(folder: Path, port: int) -> None:
    from tests.browser.routes import ROUTES  # which those who only ask for a server do without

    app = furnish(ROUTES, Settings(data=folder, port=port, secret=SECRET))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
