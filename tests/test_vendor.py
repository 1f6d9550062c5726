"""Vendored files are the published ones, byte for byte, and every one is listed."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| `(?P<name>[^`]+)` \|.*\| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


@pytest.mark.parametrize("folder", ["web/static/vendor", "tests/vendor"])
def test_vendored_files_are_the_ones_listed(folder):
    listed = dict(ROW.findall((ROOT / folder / "README.md").read_text("utf-8")))

    present = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).iterdir()
        if path.suffix != ".md"
    }

    assert present == listed
