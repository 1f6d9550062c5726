"""The bodies of the API by name. A test holds each against what the handlers read and answer."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from server.session import MAX_PASSWORD
from server.store.paging import MAX_CHANGES
from sync.operations import MAX_BATCH, MAX_LIST, MAX_NUMBER, PROTOCOL

Count = Annotated[int, Meta(ge=0, le=2**53)]
Instant = Annotated[
    str, Meta(description="UTC with milliseconds.", examples=["2026-03-02T01:52:07.123Z"])
]
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Id = Annotated[str, Meta(pattern=f"^{UUID}$", description="Made on the device, version 7.")]
At = Annotated[
    str,
    Meta(
        description="With its offset, by the clock of the device.",
        extra_json_schema={"format": "date-time"},
    ),
]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
State = Literal["good", "warn", "bad"]


class Told(Struct, frozen=True, forbid_unknown_fields=True):
    """What the server answers: nothing stands in it that is not written here."""


class Failure(Told, frozen=True):
    """A refusal: a code for machines and a Chinese sentence for people."""

    code: str
    message: str


class SignIn(Struct, frozen=True):
    """`device` is a device of this account that signs in again; without it, a new one is made."""

    username: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=MAX_PASSWORD)]
    device_name: Annotated[str, Meta(max_length=200)] = ""
    device: Annotated[str, Meta(max_length=200)] | None = None


class Who(Told, frozen=True):
    id: str
    name: str
    role: str


class Seal(Told, frozen=True):
    """The public key to which a locked phone seals its work."""

    id: str
    key: str


class Session(Told, frozen=True):
    device: str
    person: Who
    epoch: str
    seal: Seal


class NewSession(Told, frozen=True):
    """`token` goes into `Authorization: Bearer`; the same stands in the cookie."""

    token: str
    device: str
    person: Who
    epoch: str
    seal: Seal


class Operation(Struct, frozen=True):
    """What somebody did, as `sync/README.md` describes it by `kind`."""

    id: Id
    n: Annotated[int, Meta(ge=1, le=MAX_NUMBER)]
    kind: str
    at: At
    data: dict[str, Any]
    base: Annotated[int, Meta(ge=0, le=MAX_NUMBER)] | None = None
    after: Annotated[list[Id], Meta(max_length=MAX_LIST)] = []
    replaces: Annotated[str, Meta(pattern=f"^({UUID})?$")] = ""


class Sealed(Struct, frozen=True):
    """The same, sealed to the server's key by a phone that cannot read it itself."""

    n: Annotated[int, Meta(ge=1)]
    sealed: str


class RoundTrip(Struct, frozen=True):
    """What a phone has done, and how far it has read each stream.

    An element of `ops` that is none of these is kept and answered `quarantined`.
    """

    ops: Annotated[list[dict[str, Any]], Meta(max_length=MAX_BATCH)] = []
    protocol: Annotated[int, Meta(ge=PROTOCOL, le=PROTOCOL)] = PROTOCOL
    device: str | None = None
    epoch: str | None = None
    sent_at: str | None = None
    cursors: dict[str, Count] = {}
    limit: Annotated[int, Meta(ge=0, le=MAX_CHANGES)] = MAX_CHANGES
    phone: dict[str, Any] = {}


class Receipt(Told, frozen=True):
    """What became of one operation; `seq` names the streams and numbers of its changes."""

    id: str | None
    n: int | None
    outcome: Literal["accepted", "duplicate", "held", "conflict", "quarantined"]
    seq: dict[str, int]
    first: str = ""
    code: str = ""
    message: str = ""


class Change(Told, frozen=True):
    """A record as it is now; null for one that went away."""

    stream: str
    seq: int
    kind: str
    id: str
    record: dict[str, Any] | None


class Ledger(Told, frozen=True):
    """How many operations of this phone arrived, up to where without a gap, and the code of it."""

    received: int
    upto: int
    missing: list[int]
    ledger: str


class Pulled(Told, frozen=True):
    epoch: str
    server_at: Instant
    seal: Seal
    receipts: list[Receipt]
    changes: list[Change]
    cursors: dict[str, int]
    left: list[str]
    more: bool
    device: Ledger


class Erased(Struct, frozen=True):
    """How much the phone keeps because it was never sent."""

    kept: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class Noted(Told, frozen=True):
    noted: bool


class HandedIn(Told, frozen=True):
    """What a warning was understood as; `incidents` are the warnings it belongs to here."""

    outcome: str
    alerts: list[dict[str, Any]]
    warnings: list[str] | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    incidents: list[str] | UnsetType = UNSET


class Arrived(Told, frozen=True):
    """How many bytes of a picture are here, and whether it is whole."""

    sha256: Hash
    received: int
    complete: Literal[0, 1]


class Health(Told, frozen=True):
    """The worst of all signs, and each."""

    status: State
    database: State
    disk: State
    backups: State
    night: State
    errors: State
