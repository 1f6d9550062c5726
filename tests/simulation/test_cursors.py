"""F11: no row is skipped and none comes back, however long a transaction lasts."""

import json
import threading

import pytest

from server.intake.receiving import Sender
from server.store.database import Store
from server.store.paging import page, plain
from sync.scope import streams_of
from tests.server.spine import Spine
from tests.simulation import network
from tests.simulation.town import Town

PATIENCE_S = 20


def changes(spine, cursors, limit=500):
    """What a phone of worker1 would pull now."""
    streams = streams_of("worker", spine.people["worker1"], spine.home, [spine.building])
    with spine.store.read() as tx:
        found = page(tx, spine.home, streams, cursors, limit, plain)
    rows = [one for section in found.sections for one in section.body]
    return rows, found.reached, found.more


def test_f11_a_long_transaction_hides_no_row_from_who_reads_meanwhile(tmp_path):
    spine = Spine(tmp_path)
    phone = spine.phone("worker1")
    slow, fast = phone.visit(spine.door), phone.visit(spine.door)
    taken, free = threading.Event(), threading.Event()

    def work(writing):
        sender = Sender(
            spine.home, phone.person_id, phone.device_id, spine.clock(), -phone.clock_ahead
        )
        writing.receive(slow, sender)
        taken.set()
        assert free.wait(PATIENCE_S)

    _, before, _ = changes(spine, {})
    waiting = spine.intake.later(spine.home, work)
    assert taken.wait(PATIENCE_S)
    others = threading.Thread(target=phone.push, args=[fast])
    others.start()
    meanwhile, reached, more = changes(spine, before)
    free.set()
    waiting.result(PATIENCE_S)
    others.join(PATIENCE_S)
    after, _, _ = changes(spine, reached)

    assert (meanwhile, reached, more) == ([], before, False)
    shown = {one.id for one in after}
    assert {json.loads(slow)["id"], json.loads(fast)["id"]} <= shown
    spine.stop()


def test_f11_another_process_cannot_number_its_rows_below_what_was_read(tmp_path):
    """Two programs on one file, each in the middle of its work: the numbers rise all the same."""
    spine = Spine(tmp_path)
    phone = spine.phone("worker1")
    other = Store(tmp_path / "jinlin.db")
    _, before, _ = changes(spine, {})
    seen, cursors = set(), before
    sent = []
    for _ in range(20):
        with other.write() as tx:
            tx.run("update setting set value = value where name = 'epoch'")
            pushed = phone.visit(spine.door)
            pushing = threading.Thread(target=phone.push, args=[pushed])
            pushing.start()
            rows, cursors, _ = changes(spine, cursors)
            seen |= {one.id for one in rows}
        pushing.join(PATIENCE_S)
        sent.append(json.loads(pushed)["id"])
    rows, _, more = changes(spine, cursors)

    assert not more and set(sent) <= seen | {one.id for one in rows}
    assert spine.faults() == []
    other.close()
    spine.stop()


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_f11_every_size_of_page_leads_to_the_same_replica(tmp_path, limit):
    town = Town(0, tmp_path, out=[0, 3])
    full, empty = town.phones
    for name, seed in [("newcomer", 1), ("visit", 2), ("newcomer", 3), ("move", 4), ("remove", 5)]:
        town.take((name, seed))
    network.calm(town, full)
    while empty.more:
        question = empty.question(town.backend.clock(), limit, [])
        empty.hear(town.backend.request(empty.token, question).body, [], limit)

    town.heal()

    town.truths.settled()
    town.close()


def test_f11_what_was_deleted_never_returns(tmp_path):
    """The edit of a number that was deleted meanwhile is kept for the office, and is no number."""
    town = Town(0, tmp_path, out=[0, 1, 4])
    editor, reader, _ = town.phones
    number = editor.all("contact")[0]
    change = {"id": number["id"], "changes": {"relation": "son"}}
    entry = editor.record(town.backend.clock(), "contact.change", change, base=number["version"])
    late = editor.question(town.backend.clock(), 500, editor.waiting)
    town.backend.submit("contact.remove", {"id": number["id"]}, entry.id.replace("7000", "7001"))
    network.calm(town, reader)

    town.backend.request(editor.token, late)
    town.heal()

    assert entry.receipt.said == "quarantined" and entry.receipt.code == "record.gone"
    for phone in town.phones:
        assert number["id"] not in {one["id"] for one in phone.all("contact")}
    town.truths.settled()
    town.close()
