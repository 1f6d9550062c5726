"""The file that a phone saves its outbox to, read with care: people carry it about and cut it."""

import msgspec

from sync.refusals import Refusal

MAX_BYTES = 32 * 1024 * 1024
MAX_OPERATIONS = 20_000
MARK = "outbox"
MAX_COUNT = 2**53


class Whose(msgspec.Struct, frozen=True):
    id: str
    name: str = ""


class Ledger(msgspec.Struct, frozen=True):
    """What the phone knew of its ledger: `code` is that of the first `upto` numbers.

    Early releases did not write `upto`; with -1 any prefix may be meant.
    """

    recorded: int = 0
    received: int = 0
    code: str = ""
    upto: int = -1


class Outbox(msgspec.Struct, frozen=True):
    """A whole file: whose phone, and every operation as the text that the phone recorded."""

    device: str
    person: Whose
    operations: list[str]
    made_at: str = ""
    ledger: Ledger = Ledger()

    @property
    def raws(self) -> list[bytes]:
        """The very bytes that the phone would have sent."""
        return [text.encode() for text in self.operations]


class _Mark(msgspec.Struct, frozen=True):
    jinlin: str = ""


def read(content: bytes) -> Outbox:
    """The outbox in a file. Raises Refusal with what to do about one that is none or not whole."""
    if len(content) > MAX_BYTES:
        raise Refusal("outbox.too_big", limit=MAX_BYTES // 1024 // 1024)
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not content:
        raise Refusal("outbox.empty")
    _refuse_cut_or_foreign(content)
    try:
        found = msgspec.json.decode(content, type=Outbox)
        found.raws  # noqa: B018 half a character cannot be what a phone wrote
    except (msgspec.ValidationError, UnicodeError):
        raise Refusal("outbox.misfit") from None
    if not found.operations:
        raise Refusal("outbox.nothing")
    if len(found.operations) > MAX_OPERATIONS:
        raise Refusal("outbox.too_many", limit=MAX_OPERATIONS)
    return found


def is_one(content: bytes) -> bool:
    """Whether a file looks like an outbox rather than a roster, whole or not."""
    return content.removeprefix(b"\xef\xbb\xbf")[:1] == b"{" and b'"jinlin"' in content[:200]


def _refuse_cut_or_foreign(content: bytes) -> None:
    """Raises Refusal for half a file and for JSON of something else."""
    try:
        mark = msgspec.json.decode(content, type=_Mark)
    except msgspec.ValidationError:
        raise Refusal("outbox.not_ours") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        ours = content.startswith(b"{") and b'"jinlin"' in content[:200]
        raise Refusal("outbox.cut" if ours else "outbox.not_ours") from None
    if mark.jinlin != MARK:
        raise Refusal("outbox.not_ours")
