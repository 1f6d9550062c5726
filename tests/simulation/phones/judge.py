"""Whether everything held: each phone's own account against the server's tables."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from server.intake import now_utc
from server.store import check
from server.store.database import Store
from sync.digest import stream_digest
from sync.scope import streams_of
from tests.simulation.phones.town import BUILDINGS, PHONES, Neighbourhood, Phone

OUTCOMES = {"accepted", "held", "conflict", "quarantined"}


def judge(
    db: sqlite3.Connection, home: Neighbourhood, accounts: list[Any]
) -> tuple[list[str], dict[str, int]]:
    """What is wrong, in sentences, and how many operations had which outcome."""
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    for number, (phone, account) in enumerate(zip(home.phones, accounts, strict=True)):
        said = _operations(db, home, phone, account, counts)
        said += _standing(db, home, phone, account)
        said += _replica(db, home, number, account)
        said += _pill(account["seen"])
        gone = [one["gone"] for one in account["seen"]["looked"] if one["gone"]]
        said += [f"recorded, and not shown for a while: {one}" for one in gone[:3]]
        said += [f"neither here nor there meanwhile: {one}" for one in account["missing"]]
        said += [f"trouble: {one['what']}" for one in account["seen"]["trouble"]]
        wrong += [f"phone {number}: {one}" for one in said]
    visits = _value(db, "select count(*) from visit where community_id = ?", home.community_id)
    made = _value(
        db,
        "select count(*) from operation where community_id = ? and kind = 'visit.record'"
        " and outcome in ('accepted', 'conflict')",
        home.community_id,
    )
    if visits != made:
        wrong.append(f"{made} visits were accepted, {visits} are there")
    return wrong, dict(counts)


def missing(db: sqlite3.Connection, home: Neighbourhood, midway: Any) -> list[str]:
    """F2: what was recorded and neither waits on the phone nor is on the server."""
    rows = db.execute("select id from operation where community_id = ?", (home.community_id,))
    there = {ident for (ident,) in rows}
    return sorted(set(midway["before"]) - there - set(midway["waiting"]))


def checked(path: Path) -> list[str]:
    """What `jinlin check` says."""
    store = Store(path)
    try:
        with store.read() as tx:
            return list(check.faults(tx, now_utc()))
    finally:
        store.close()


def _operations(
    db: sqlite3.Connection, home: Neighbourhood, phone: Phone, account: Any, counts: Counter[str]
) -> list[str]:
    """recorded = accepted + held + conflict + quarantined, each once."""
    wrong = []
    entries = account["entries"]
    here = {one["id"]: one for one in entries}
    there = {
        row[0]: row
        for row in db.execute(
            "select id, n, outcome, state, body from operation"
            " where community_id = ? and device_id = ?",
            (home.community_id, phone.device_id),
        )
    }
    kept = {one["id"] for one in account["seen"]["recorded"]}
    counts.update(row[2] for row in there.values())
    if [one["n"] for one in entries] != list(range(1, len(entries) + 1)):
        wrong.append(f"numbers are {[one['n'] for one in entries]}")
    if lost := kept - here.keys():
        wrong.append(f"said to be saved, but not on the phone: {sorted(lost)}")
    if lost := here.keys() - there.keys():
        states = {one: here[one].get("receipt") for one in sorted(lost)}
        wrong.append(f"recorded, but not on the server: {states}")
    if strange := there.keys() - here.keys():
        wrong.append(f"on the server, but not recorded here: {sorted(strange)}")
    for ident, (_, n, outcome, _, body) in there.items():
        one = here.get(ident)
        if one is None:
            continue
        if outcome not in OUTCOMES:
            wrong.append(f"{ident} has the outcome {outcome}")
        if one["n"] != n or (one["text"] and one["text"].encode() != bytes(body)):
            wrong.append(f"{ident} is another one on the server")
        if "waiting" in one or one.get("receipt", {}).get("outcome") not in OUTCOMES:
            wrong.append(f"{ident} waits, or its receipt is {one.get('receipt')}")
        if "effect" in one and one["receipt"]["outcome"] != "held":
            wrong.append(f"{ident} is {one['receipt']} and still shown as not come back")
    return wrong


def _standing(db: sqlite3.Connection, home: Neighbourhood, phone: Phone, account: Any) -> list[str]:
    """The ledger line is the same on both sides, and the phone says that all is sent."""
    wrong = []
    ledger, state = account["ledger"], account["state"]
    [(received, upto, head)] = db.execute(
        "select received, upto, head from device where community_id = ? and id = ?",
        (home.community_id, phone.device_id),
    )
    recorded = len(account["entries"])
    if (ledger["recorded"], ledger["received"], received, upto) != (recorded,) * 4:
        wrong.append(f"{recorded} recorded, phone says {ledger}, server {received} and {upto}")
    if not ledger["agrees"] or (head and state["ledger"] != head):
        wrong.append(f"codes differ: {ledger}, {state['ledger']} and {head}")
    if account["pill"] != {"state": "synced", "count": 0} or 0 in account["rounds"]:
        wrong.append(f"after {account['rounds']} rounds {account['pill']} and {state}")
    return wrong


def _replica(db: sqlite3.Connection, home: Neighbourhood, number: int, account: Any) -> list[str]:
    """Each stream holds, byte for byte, what the server's feed does."""
    role, _ = PHONES[number]
    places = dict(
        db.execute(
            "select compound, id from building where community_id = ?", (home.community_id,)
        ).fetchall()
    )
    held = [places[name] for name, holders in BUILDINGS.items() if role in holders]
    wanted = streams_of(role, home.phones[number].person_id, home.community_id, held)
    there = {}
    for stream in wanted:
        rows = db.execute(
            "select kind, id, record from feed"
            " where community_id = ? and stream = ? and record is not null",
            (home.community_id, stream),
        ).fetchall()
        there[stream] = stream_digest(rows)
    here = account["digests"]
    if here == there:
        return []
    differ = sorted(one for one in {*here, *there} if here.get(one) != there.get(one))
    return [f"other records than the server: {differ}, cursors {account['cursors']}"]


def _pill(seen: Any) -> list[str]:
    """F3: no word of 已同步 while something recorded before lacks an answer of the server."""
    answered: dict[str, float] = {}
    for heard in seen["heard"]:
        for ident in heard["ids"]:
            answered.setdefault(ident, heard["at"])
    said = [
        (one["since"], one["at"], one["pill"])
        for one in [*seen["looked"], *seen["told"]]
        if one["pill"]
    ]
    wrong = []
    for since, at, pill in said:
        if pill["state"] != "synced":
            continue
        before = [one["id"] for one in seen["recorded"] if one["at"] <= since]
        if lacking := [one for one in before if answered.get(one, at + 1) > at]:
            wrong.append(f"said to be synced at {at:.1f} without a receipt for {lacking}")
    return wrong[:3]


def _value(db: sqlite3.Connection, sql: str, *values: str) -> int:
    with closing(db.execute(sql, values)) as found:
        value: int = found.fetchone()[0]
    return value
