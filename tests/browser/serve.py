"""Serves a data folder as `jinlin serve` does: python -m tests.browser.serve FOLDER PORT"""

import sys
from pathlib import Path

import uvicorn

from server.app import build
from server.settings import Settings
from tests.server.town import SECRET


def serve(folder: Path, port: int) -> None:
    app = build(Settings(data=folder, port=port, secret=SECRET))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
