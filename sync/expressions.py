"""Expressions of checklists: a text becomes a tree, once. Nothing is ever run as code.

The language is the part of XPath that XLSForm uses, and three functions of ours:

    ${E03}  .  12.5  'text'  "text"  ( )  -x        an answer, this answer, constants
    *  div  mod  |  +  -  |  = != < <= > >=  |  and  |  or        tightest first
    selected(x, code)  count-selected(x)  not(x)  if(x, then, else)  coalesce(x, y …)
    string-length(x)  today()  true()  false()
    last()  worse()  fact(name)

A comparison is not chained (`1 < ${a} < 3` is an error), a text has no escapes. Names are made of
ASCII letters, digits, "_", "-" and, in `${}`, ".". What values mean is in `sync/evaluation.py`.
Twin: web/phone/expressions.js, held equal by tests/vectors/expressions.json.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

MAX_LENGTH = 1000
MAX_DEPTH = 24
MAX_ARGUMENTS = 8
OWN = "."

# Fewest and most arguments.
FUNCTIONS = {
    "selected": (2, 2),
    "count-selected": (1, 1),
    "not": (1, 1),
    "if": (3, 3),
    "coalesce": (2, MAX_ARGUMENTS),
    "string-length": (1, 1),
    "today": (0, 0),
    "true": (0, 0),
    "false": (0, 0),
    "last": (0, 0),
    "worse": (0, 0),
    "fact": (1, 1),
}
LEVELS = (
    ("or",),
    ("and",),
    ("=", "!=", "<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
_COMPARING = 2

_SPACE = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<answer>\$\{ *[A-Za-z_][\w.-]* *\})"
    r"|(?P<word>[A-Za-z_][\w-]*)"
    r"|(?P<sign>!=|<=|>=|[-+*=<>(),.])",
    re.ASCII,
)


class ExpressionError(ValueError):
    """Why a text is no expression: a code, and the character at which it shows, from 0.

    Codes: empty, too_long, too_deep, unreadable, unexpected, unfinished, function, arguments.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} at {position}")
        self.reason = reason
        self.position = position


class Constant(Struct, frozen=True):
    value: str | float


class Answer(Struct, frozen=True):
    """The answer to a question; the name "." is the question the expression belongs to."""

    name: str


class Call(Struct, frozen=True):
    """A function; the name "-" is the sign before a number."""

    name: str
    arguments: "tuple[Node, ...]"


class Chain(Struct, frozen=True):
    """Operands of one level from left to right, so that a long sum makes no deep tree."""

    first: "Node"
    rest: "tuple[tuple[str, Node], ...]"


Node = Constant | Answer | Call | Chain


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of an expression, or ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError("too_long", MAX_LENGTH)
    return _Parser(text).whole()


@lru_cache(maxsize=4096)
def readable(text: str) -> Node | None:
    """The tree, or None for what this release cannot read: a later one may have published it."""
    try:
        return parse(text)
    except ExpressionError:
        return None


def names(node: Node) -> set[str]:
    """The questions whose answers an expression uses; "." stands for its own."""
    if isinstance(node, Answer):
        return {node.name}
    return {name for part in _parts(node) for name in names(part)}


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Chain):
        return (node.first, *(operand for _, operand in node.rest))
    return ()


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found = []
    at = _skip_space(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ExpressionError("unfinished" if text[at] in "'\"" else "unreadable", at)
        found.append(_Token(match.lastgroup or "", match.group(), at))
        at = _skip_space(text, match.end())
    return [*found, _Token("end", "", len(text))]


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


class _Parser:
    """Reads tokens from left to right, one method for what may stand in a place."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.next = 0

    def whole(self) -> Node:
        if self.tokens[0].kind == "end":
            raise ExpressionError("empty", 0)
        node = self.level(0, 0)
        self.expect("")
        return node

    def level(self, level: int, depth: int) -> Node:
        if level == len(LEVELS):
            return self.operand(depth)
        first = self.level(level + 1, depth)
        rest: list[tuple[str, Node]] = []
        while self.is_operator(level) and not (rest and level == _COMPARING):
            rest.append((self.take().text, self.level(level + 1, depth)))
        return Chain(first, tuple(rest)) if rest else first

    def operand(self, depth: int) -> Node:
        token = self.take()
        if depth > MAX_DEPTH:
            raise ExpressionError("too_deep", token.at)
        if token.kind == "number":
            return Constant(float(token.text))
        if token.kind == "text":
            return Constant(token.text[1:-1])
        if token.kind == "answer":
            return Answer(token.text[2:-1].strip(" "))
        if token.kind == "word":
            return self.call(token, depth)
        return self.signed(token, depth)

    def signed(self, token: _Token, depth: int) -> Node:
        if token.text == OWN:
            return Answer(OWN)
        if token.text == "-":
            return Call("-", (self.operand(depth + 1),))
        if token.text != "(":
            raise _unexpected(token)
        node = self.level(0, depth + 1)
        self.expect(")")
        return node

    def call(self, name: _Token, depth: int) -> Node:
        if name.text not in FUNCTIONS:
            raise ExpressionError("function", name.at)
        self.expect("(")
        arguments: list[Node] = []
        while self.tokens[self.next].text != ")" or arguments:
            arguments.append(self.level(0, depth + 1))
            if self.tokens[self.next].text != ",":
                break
            self.take()
        self.expect(")")
        fewest, most = FUNCTIONS[name.text]
        if not fewest <= len(arguments) <= most:
            raise ExpressionError("arguments", name.at)
        return Call(name.text, tuple(arguments))

    def is_operator(self, level: int) -> bool:
        token = self.tokens[self.next]
        return token.kind in {"word", "sign"} and token.text in LEVELS[level]

    def take(self) -> _Token:
        token = self.tokens[self.next]
        if token.kind != "end":
            self.next += 1
        return token

    def expect(self, wanted: str) -> None:
        token = self.take()
        if token.text != wanted:
            raise _unexpected(token)


def _unexpected(token: _Token) -> ExpressionError:
    return ExpressionError("unfinished" if token.kind == "end" else "unexpected", token.at)
