"""Bodies that no phone of ours would send: valid ones with something wrong, by seed."""

import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

from tests.server.spine import visit_data
from tests.server.town import PASSWORD, Town, ident

# What a byte-level mutation may put in.
SPLINTERS = [
    *(b"\x00", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud83d", b"\\udc00"),
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"00", b"1.", b"9" * 30, b"-1", b"1e400"),
    *(b"null", b"true", b"{}", b"[]", b'""', b",", b":", b'"', b"\\", b"{", b"}", b"[", b"]"),
    *(b"[" * 200, b'{"a":' * 200, b'"ops":[],', b'"id":"x",', b'"n":1,', b'"data":{},', b"\n\t "),
]
# What may stand where something else is expected.
ODD: list[Any] = [
    *(None, True, False, 0, 1, -1, 2**31, 2**31 + 1, 2**53, 2**64, -(2**63), 10**30, 1.5, 1e308),
    *(
        "",
        " ",
        "\0",
        "x" * 1001,
        "\ud83d",
        "𠮷",
        "2026-13-45",
        "0000-00-00",
        "9999-12-31T23:59:60Z",
    ),
    *(
        "2026-09-15T10:00:00+99:99",
        "-1",
        "1e3",
        "__proto__",
        "'; drop table visit; --",
        "../../etc",
    ),
    *([], [[]], [None], ["x"] * 60, {}, {"": {}}, {"id": None}, [{"id": 1}] * 3),
]


def deep(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


class Bodies:
    """A stream of bodies for one seed. `town` names what the valid ones are about."""

    def __init__(self, town: Town, seed: str) -> None:
        self.random = random.Random(seed)
        self.door, self.far = town.household("huang"), town.household("zhong")
        self.resident = town.resident("huang")
        self.device = ident("device", "worker1")
        self.numbers = 0

    def syncs(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield self._wrong(self._odd_sync)

    def sessions(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield self._wrong(self._odd_session)

    def _wrong(self, odd: Any) -> bytes:
        """Odd values in their places, or bytes gone wrong, or both."""
        if self.random.random() < 0.4:
            return self._text(odd(1 + self.random.randrange(3)))
        return self._bitten(self._text(odd(self.random.randrange(2))))

    def _text(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=self.random.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )

    def _bitten(self, body: bytes) -> bytes:
        found = bytearray(body)
        for _ in range(1 + self.random.randrange(3)):
            at = self.random.randrange(len(found) + 1)
            to = min(len(found), at + self.random.choice((1, 1, 2, 5, 20)))
            match self.random.randrange(7):
                case 0 if at < len(found):
                    found[at] ^= 1 << self.random.randrange(8)
                case 1:
                    del found[at:to]
                case 2:
                    found[at:at] = self.random.choice(SPLINTERS)
                case 3:
                    found[at:to] = self.random.choice(SPLINTERS)
                case 4:
                    found[at:at] = found[at:to]
                case 5 if self.random.random() < 0.3:
                    del found[at:]
                case _:
                    found[at:to] = bytes(reversed(found[at:to]))
        return bytes(found)

    def _odd_sync(self, oddities: int) -> Any:
        ops = [self._operation() for _ in range(self.random.randrange(4))]
        head = {
            "protocol": 1,
            "device": self.device,
            "sent_at": "2026-09-15T10:00:00.000+08:00",
            "cursors": {"person:x": 3},
            "limit": 0,
            "ops": ops,
            "phone": {"version": "1", "recorded": 3, "waiting": 0, "persisted": True},
        }
        if self.random.random() < 0.6:
            return {**head, "ops": self._with(ops, oddities)}
        return self._with(head, oddities)

    def _odd_session(self, oddities: int) -> Any:
        asked = {
            "username": self.random.choice(("worker1", "nobody", "office1 ", "ＷＯＲＫＥＲ1")),
            "password": self.random.choice(("", "wrong", PASSWORD)),
            "device_name": "手机",
            "device": self.device,
        }
        return self._with(asked, oddities)

    def _operation(self) -> dict[str, Any]:
        self.numbers += 1
        kind, data = self.random.choice(
            (
                ("visit.record", visit_data(self.door, note="好", resident_ids=[self.resident])),
                ("visit.record", visit_data(self.far)),
                ("visit.withdraw", {"id": self._id()}),
                ("resident.change", {"id": self.resident, "changes": {"name": "黄秀珍"}}),
                ("contact.add", {"household_id": self.door, "phone": "14000000000"}),
                ("household.add", {"building_id": self._id(), "door_no": "1"}),
                ("feedback.send", {"text": "字大一点"}),
                ("nothing.known", {"a": 1}),
            )
        )
        at = "2026-09-15T10:00:00.000+08:00"
        return {
            "id": self._id(),
            "n": self.numbers,
            "kind": kind,
            "at": at,
            "base": 1,
            "data": data,
        }

    def _id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _with(self, value: Any, oddities: int) -> Any:
        """The value with odd things in some places, at any depth."""
        for _ in range(oddities):
            value = self._spoilt(value)
        return value

    def _spoilt(self, value: Any) -> Any:
        choice = self.random.random()
        if isinstance(value, dict) and value and choice < 0.85:
            name = self.random.choice(list(value))
            if choice < 0.1:
                return {key: one for key, one in value.items() if key != name}
            if choice < 0.15:
                return {**value, self.random.choice(("x", "", "\0", "id")): self._odd()}
            return {**value, name: self._spoilt(value[name])}
        if isinstance(value, list) and value and choice < 0.85:
            at = self.random.randrange(len(value))
            if choice < 0.1:
                return [*value, value[at]]
            return [*value[:at], self._spoilt(value[at]), *value[at + 1 :]]
        return self._odd()

    def _odd(self) -> Any:
        if self.random.random() < 0.03:
            return deep(self.random.choice((17, 100, 900)))
        return self.random.choice(ODD)
