"""An answer of /sync as a phone reads it, and what becomes of a promise that is not kept."""

import msgspec


class Broken(Exception):
    """A promise that was not kept. `kind` says which, for shrinking; the text says where."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind


def demand(truth: object, kind: str, text: str) -> None:
    if not truth:
        raise Broken(kind, text)


class Change(msgspec.Struct):
    stream: str
    seq: int
    kind: str
    id: str
    record: msgspec.Raw


class Receipt(msgspec.Struct):
    id: str | None
    n: int | None
    outcome: str
    seq: dict[str, int]
    first: str = ""
    code: str = ""
    message: str = ""

    @property
    def said(self) -> str:
        return self.first or self.outcome


class Facts(msgspec.Struct):
    """What the server says of a device."""

    received: int
    upto: int
    missing: list[int]
    ledger: str


class Heard(msgspec.Struct):
    """An answer of /sync."""

    epoch: str
    server_at: str
    receipts: list[Receipt]
    changes: list[Change]
    cursors: dict[str, int]
    left: list[str]
    more: bool
    device: Facts


_heard = msgspec.json.Decoder(Heard)


def hear(body: bytes) -> Heard:
    """Raises ValueError when it is cut."""
    return _heard.decode(body)
