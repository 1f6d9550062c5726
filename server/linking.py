"""The worker's modules as one script: a browser fetches it in one go, and it packs better.

Every module keeps a scope of its own, which hands out what the module exports, and comes after all
it imports. Only the forms of import and export that these modules use are known: everything else
is refused, as a circle of modules is.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_IMPORT = re.compile(r'^import (?:(\{[^{}]*\}|\* as \w+) from )?"([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?:(?=(?:const|class|(?:async )?function\*?) (\[[\w, ]+\]|\w+))"
    r"|\{( \w+(?:, \w+)* )\};\n)",
    re.MULTILINE,
)
_UNKNOWN = re.compile(r"^[ \t]*(?:import|export)\b.*|\bimport[ \t]*[(.].*", re.MULTILINE)
_RENAMED = re.compile(r"\b(\w+) as (?=\w)")
_NAME = re.compile(r"\w+")
_PATH = re.compile(r"(?:/\w+)+(?:\.min)?\.js")


class NotLinked(ValueError):
    """A module that cannot become part of one script; says which and why."""


@dataclass(frozen=True)
class Module:
    """A module of the script: where it is, what it hands out, and how it is written there."""

    path: str
    names: frozenset[str]
    text: str


@dataclass(frozen=True)
class _Link:
    read: Callable[[str], str]
    modules: dict[str, Module] = field(default_factory=dict)


def linked(entry: str, read: Callable[[str], str]) -> str:
    """One script of the module at this path and all it needs; `read` gives the text of a path."""
    link = _Link(read)
    _take(link, entry, ())
    return "".join(module.text for module in link.modules.values())


def _take(link: _Link, path: str, above: tuple[str, ...]) -> Module:
    """This module, after all it imports."""
    if path in above:
        raise NotLinked(f"a circle: {' → '.join([*above, path])}")
    if path not in link.modules:
        text = link.read(path)
        lines = list(_imports(link, path, text, above))
        link.modules[path] = _scoped(path, lines, _IMPORT.sub("", text))
    return link.modules[path]


def _imports(link: _Link, path: str, text: str, above: tuple[str, ...]) -> Iterator[str]:
    for taken, said in _IMPORT.findall(text):
        if not said.startswith(("./", "../", "/")):
            raise NotLinked(f"{path}: {said}")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), said))
        _check(path, taken, _take(link, target, (*above, path)))
        if taken:
            names = _RENAMED.sub(r"\1: ", " ".join(taken.split())).removeprefix("* as ")
            yield f"const {names} = {_scope(target)};"


def _check(path: str, taken: str, module: Module) -> None:
    """Everything that is imported must be among what the module hands out."""
    wanted = re.findall(r"(?:^\{|,)\s*(\w+)", taken)
    if missing := set(wanted) - module.names:
        raise NotLinked(f"{path}: no {', '.join(sorted(missing))} in {module.path}")


def _scoped(path: str, lines: list[str], text: str) -> Module:
    said = "".join(f"{one} {more} " for one, more in _EXPORT.findall(text))
    names = _NAME.findall(said)
    body = _EXPORT.sub("", text)
    if left := _UNKNOWN.search(body):
        raise NotLinked(f"{path}: {left[0].strip()}")
    given = f"\nreturn {{ {', '.join(names)} }};" if names else ""
    head = f"// {path[1:]}\nconst {_scope(path)} = (() => {{"
    whole = "\n".join([head, *lines, f"{body.strip()}{given}", "})();\n"])
    return Module(path, frozenset(names), whole)


def _scope(path: str) -> str:
    """The name under which the rest of the script has what a module hands out."""
    if not _PATH.fullmatch(path):
        raise NotLinked(path)
    return path.removesuffix(".js").replace("/", "$").replace(".", "$")
