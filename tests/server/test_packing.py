"""An answer that is put together from packed pieces is the answer."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from server.field import packing
from server.store.paging import ALL, Asking
from tests.server.spine import Spine

PLAIN = {"Accept-Encoding": "identity"}


@given(st.lists(st.binary(max_size=3000), max_size=8))
def test_pieces_unpack_to_what_was_packed(parts):
    whole = packing.gzip(packing.pack(one) for one in parts)

    assert gzip.decompress(whole) == b"".join(parts)
    assert zlib.decompressobj(wbits=31).decompress(whole) == b"".join(parts)


def test_a_packed_answer_says_what_a_plain_one_does(worker):
    for limit in (0, 3, 500):
        asked = {"ops": [], "cursors": {}, "limit": limit}
        packed, plain = worker.post("/sync", json=asked), worker.post("/sync", json=asked)
        unpacked = worker.post("/sync", json=asked, headers=PLAIN)

        assert packed.headers["content-encoding"] == "gzip"
        for name in ("changes", "cursors", "more", "left", "device", "epoch"):
            assert packed.json()[name] == plain.json()[name] == unpacked.json()[name]


def test_a_stretch_is_packed_once_until_its_stream_moves(tmp_path):
    spine = Spine(tmp_path)
    pieces = packing.Pieces()
    stream = f"building:{spine.building}"

    def read():
        with spine.store.read() as tx:
            head = tx.value("select seq from stream where stream = :s", s=stream)
            return pieces.read(tx, Asking(spine.home, stream, 0, ALL, 500, head))

    first = read()
    assert read() is first
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door))
    then = read()
    spine.stop()

    assert then.many > first.many and then.upto > first.upto


def test_what_was_not_asked_for_lately_is_let_go(tmp_path, monkeypatch):
    spine = Spine(tmp_path)
    pieces = packing.Pieces()

    def read(building_id, limit):
        with spine.store.read() as tx:
            asking = Asking(spine.home, f"building:{building_id}", 0, ALL, limit, 99)
            return pieces.read(tx, asking)

    monkeypatch.setattr(packing, "KEPT_BYTES", 1)
    first = read(spine.building, 500)
    assert read(spine.building, 500) is not first
    spine.stop()
