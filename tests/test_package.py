"""What `pip install .` puts into an environment."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("server", "sync", "web")


def test_an_installed_jinlin_has_its_templates_lists_and_static_files(tmp_path):
    source = tmp_path / "source"
    for folder in CODE:
        shutil.copytree(
            ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)

    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", tmp_path, source]
    subprocess.run([sys.executable, "-m", "pip", *build], check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert not set(shipped(source)) - carried
    assert not [file for file in carried if file.startswith("tests/")]


def shipped(source: Path) -> list[str]:
    files = [path for folder in CODE for path in (source / folder).rglob("*") if path.is_file()]
    return [
        path.relative_to(source).as_posix()
        for path in files
        if path.suffix in {".py", ".json"} or path.is_relative_to(source / "web")
    ]
