"""What a phone asks in a round trip: read as a whole, or cut apart when one operation is poison."""

from typing import Annotated, Any

import msgspec
from litestar.exceptions import HTTPException
from msgspec import Meta

from server.store.paging import MAX_CHANGES
from sync.elements import elements, is_json, members
from sync.operations import PROTOCOL

# What a phone says of itself; anything else it may say is not kept.
REPORT = (
    "version",
    "recorded",
    "waiting",
    "oldest_at",
    "persisted",
    "usage",
    "error",
    "lost",
    "moved_from",
)
MAX_COUNT = 2**53

Seq = Annotated[int, Meta(ge=0, le=MAX_COUNT)]


class Asked(msgspec.Struct, frozen=True):
    """The head of a round trip; fields it does not know are ignored."""

    ops: list[msgspec.Raw] = []
    protocol: int = PROTOCOL
    device: str | None = None
    epoch: str | None = None
    sent_at: str | None = None
    cursors: dict[str, Seq] = {}
    limit: Annotated[int, Meta(ge=0, le=MAX_CHANGES)] = MAX_CHANGES
    phone: msgspec.Raw = msgspec.Raw()

    @property
    def report(self) -> dict[str, Any] | None:
        """What the phone said of itself, as far as it makes sense; None when it said nothing."""
        try:
            said = msgspec.json.decode(self.phone) if bytes(self.phone) else None
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None
        if not isinstance(said, dict):
            return None
        return {name: _short(value) for name, value in said.items() if name in REPORT}


class Trouble(HTTPException):
    """A round trip that cannot be answered, with the code a phone understands."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(detail=sentence, status_code=status)
        self.code = code
        self.sentence = sentence


def read(body: bytes) -> Asked:
    """The round trip in these bytes. Raises Trouble, and then nothing changes."""
    try:
        body.decode()
        asked = _decode(body)
    except ValueError:
        raise unreadable() from None
    if asked.protocol != PROTOCOL:
        raise Trouble(400, "protocol.unknown", "这个版本的应用太旧或太新，请更新后再同步。")
    return asked


def unreadable() -> Trouble:
    return Trouble(400, "body.unreadable", "请求读不出来，可能没有传完。")


def _decode(body: bytes) -> Asked:
    try:
        return msgspec.json.decode(body, type=Asked)
    except (msgspec.DecodeError, RecursionError):
        return _decode_apart(body)


def _decode_apart(body: bytes) -> Asked:
    """JSON whose operations a parser gives up on: the head is read, the rest kept as it came."""
    if not is_json(body):
        raise ValueError("not JSON")
    found = members(body)
    ops = elements(found.pop("ops", b"[]"))
    if not all(is_json(text) for text in [*found.values(), *ops]):
        raise ValueError("not JSON")
    head = {name: msgspec.Raw(text) for name, text in found.items() if name in _NAMES}
    try:
        asked = msgspec.json.decode(msgspec.json.encode(head), type=Asked)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise ValueError("no head") from problem
    return msgspec.structs.replace(asked, ops=[msgspec.Raw(one) for one in ops])


def _short(value: Any) -> Any:
    """Counts and flags as they are, words cut, anything else dropped."""
    if isinstance(value, int | float):
        return value if abs(value) <= MAX_COUNT else 0
    return str(value or "")[:200]


_NAMES = frozenset(Asked.__struct_fields__)
