"""From a file to a preview, and from a preview to an import that may begin."""

import hashlib
import re
from collections import Counter
from pathlib import PurePath
from typing import Any

import uuid_utils
from msgspec.structs import replace

from server import audit
from server.identities import Vault
from server.intake import Intake
from server.intake.writing import Writing
from server.roster_files import read_sheets
from server.rosters import correcting, plans
from server.rosters.people import Importer, device_of
from server.rosters.plans import Kept
from server.store import people, roster_missing
from server.store import rosters as rows
from server.store.database import Tx
from server.store.rosters import Batch
from sync import roster as reading
from sync.addresses import known
from sync.idnumbers import hidden
from sync.labels import scrub
from sync.operations import stamp
from sync.refusals import Refusal
from sync.roster_plan import Plan
from sync.roster_results import UNKNOWN_LABEL, Roster

LONGEST_FILE_NAME = 80
MOST_WORDS = 40


def read_file(tx: Tx | None, community_id: str, data: bytes, today: str) -> Roster:
    """What a file says, read with what the community is known to consist of."""
    compounds = _compounds(tx, community_id) if tx else []
    default = compounds[0] if len(compounds) == 1 else ""
    sheets = read_sheets(data)
    return reading.read(sheets, today=today, compounds=compounds, default_compound=default)


def preview(intake: Intake, vault: Vault, person: Importer, file_name: str, data: bytes) -> str:
    """Read a file and keep what importing it would do; the batch's id. Writes no record."""
    began = intake.clock()
    batch_id = str(uuid_utils.uuid7())
    with intake.store.read() as tx:
        today = people.today_of(tx, person.community_id, began)
        roster = read_file(tx, person.community_id, data, today)
        plan = plans.make(tx, vault, person.community_id, batch_id, roster)
        file_hash = hashlib.sha256(data).hexdigest()
        summary = _summary(tx, vault, person.community_id, file_hash, Kept(roster, plan))
    summary["seconds"] = round((intake.clock() - began).total_seconds(), 1)
    batch = Batch(
        id=batch_id,
        file_name=tidy_name(file_name),
        file_hash=file_hash,
        made_by=person.id,
        made_by_name="",
        created_at=stamp(began),
        state="preview",
        summary=summary,
        done=0,
        total=len(plan.steps),
        confirmed_at="",
    )
    cipher = plans.lock(vault, batch_id, Kept(roster, plan))

    def work(writing: Writing) -> None:
        rows.add(writing.tx, person.community_id, batch, cipher)
        audit.note(writing, person.author, "import.read", batch_id)

    intake.do(person.community_id, work)
    return batch_id


def confirm(intake: Intake, vault: Vault, person: Importer, batch_id: str) -> None:
    """Let a preview be written. Refuses when it no longer says what would happen."""
    community_id = person.community_id
    with intake.store.read() as tx:
        batch = rows.find(tx, community_id, batch_id)
        if batch is None or batch.state != "preview":
            raise Refusal("roster.not_waiting")
        if rows.busy(tx, community_id):
            raise Refusal("roster.busy")
        kept = plans.unlock(vault, batch_id, rows.plan_of(tx, community_id, batch_id))
        plan = plans.make(tx, vault, community_id, batch_id, kept.roster)
        summary = _summary(tx, vault, community_id, batch.file_hash, Kept(kept.roster, plan))
    if plan != kept.plan:
        kept = Kept(kept.roster, plan)
        summary["seconds"] = batch.summary["seconds"]
        cipher = plans.lock(vault, batch_id, kept)
        intake.do(
            community_id,
            lambda writing: rows.replace_plan(
                writing.tx, community_id, batch_id, cipher, summary, len(plan.steps)
            ),
        )
        raise Refusal("roster.moved_on")
    if not summary["to_write"]:
        raise Refusal("roster.nothing_new")
    intake.do(community_id, lambda writing: _begin(writing, vault, person, batch, kept))


def drop(intake: Intake, person: Importer, batch_id: str) -> None:
    """Not to be imported after all: what the file said is forgotten."""

    def work(writing: Writing) -> None:
        if not rows.move(writing.tx, person.community_id, batch_id, "preview", "dropped"):
            raise Refusal("roster.not_waiting")
        rows.drop_plan(writing.tx, person.community_id, batch_id)
        audit.note(writing, person.author, "import.dropped", batch_id)

    intake.do(person.community_id, work)


def tidy_name(file_name: str) -> str:
    """A file name without folders, ID numbers and restricted words."""
    path = PurePath(file_name.replace("\\", "/"))
    stem = re.sub(r"[\x00-\x1f\x7f]", "", hidden(scrub(path.stem).text)).strip()
    suffix = path.suffix if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", path.suffix) else ""
    return (stem[:LONGEST_FILE_NAME] or "名册") + suffix


def _begin(writing: Writing, vault: Vault, person: Importer, batch: Batch, kept: Kept) -> None:
    tx, community_id = writing.tx, writing.community_id
    now = stamp(writing.now)
    if rows.busy(tx, community_id):
        raise Refusal("roster.busy")
    if not rows.confirm(tx, community_id, batch.id, person.id, now):
        raise Refusal("roster.not_waiting")
    people.add_device(tx, community_id, device_of(person.id), person.id, "名册导入", writing.now)
    correcting.queue(writing, vault, batch._replace(made_by=person.id), kept)
    flags = roster_missing.flagged(tx, community_id)
    for resident_id in kept.plan.found:
        if resident_id in flags:
            roster_missing.unflag(tx, community_id, resident_id)
    for resident_id in _to_flag(flags, batch.file_hash, kept.plan):
        roster_missing.flag(tx, community_id, resident_id, batch.id, batch.file_hash)
    audit.note(writing, person.author, "import.confirmed", batch.id)


def _to_flag(flags: dict[str, tuple[str, str]], file_hash: str, plan: Plan) -> list[str]:
    """Whom the office has not been asked about because of this very file."""
    return [one for one in plan.missing if flags.get(one, ("", ""))[0] != file_hash]


def _summary(tx: Tx, vault: Vault, community_id: str, file_hash: str, kept: Kept) -> dict[str, Any]:
    """Everything the preview's page counts; no person is in it."""
    roster, plan = kept.roster, kept.plan
    rejected = [*roster.rejected, *plan.rejected]
    queued = correcting.fresh(tx, vault, community_id, file_hash, rejected)
    flags = roster_missing.flagged(tx, community_id)
    words = Counter(one.text for one in roster.warnings if one.kind == UNKNOWN_LABEL and one.text)
    return {
        "file": counts(roster, plan),
        "added": plan.added,
        "changed": plan.changed,
        "unchanged": plan.unchanged,
        "rejected": len(rejected),
        "missing": len(plan.missing),
        "new_buildings": plan.count("building.add"),
        "new_doors": plan.count("household.add"),
        "changed_doors": plan.count("household.change") + plan.count("building.change"),
        "queued": len(queued),
        "to_write": plan.writes + len(queued) + len(_to_flag(flags, file_hash, plan)),
        "sheets": list(roster.sheets),
        "ignored_sheets": [
            {"number": one.number, "sheet": one.sheet, "why": one.why}
            for one in roster.ignored_sheets
        ],
        "ignored_columns": list(
            dict.fromkeys(one.header for one in roster.ignored_columns if one.header)
        ),
        "unknown_labels": words.most_common(MOST_WORDS),
    }


def counts(roster: Roster, plan: Plan) -> dict[str, Any]:
    """The counts of `jinlin import --json`, with the rows that only the stored speak against."""
    out = {one.place for one in plan.rejected}
    residents = tuple(one for one in roster.residents if one.place not in out)
    homes = {one.household for one in residents}
    households = tuple(one for one in roster.households if one.key in homes)
    rejected = (*roster.rejected, *plan.rejected)
    return reading.summary(
        replace(roster, residents=residents, households=households, rejected=rejected)
    )


def _compounds(tx: Tx, community_id: str) -> list[str]:
    return sorted({known(one, "", "", "").compound for one in rows.compounds(tx, community_id)})
