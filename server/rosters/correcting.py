"""The queue of rejected rows (待修正): filled by an import, corrected in place, or left out."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from server import audit
from server.identities import Vault
from server.intake import Intake
from server.intake.writing import Writing
from server.rosters import plans, steps
from server.rosters.people import Importer, device_of
from server.rosters.plans import Kept
from server.store import corrections, people, roster_steps
from server.store import rosters as rows
from server.store.corrections import Row
from server.store.database import Tx
from server.store.rosters import Batch
from sync import roster as reading
from sync.idnumbers import clean, hidden
from sync.labels import scrub
from sync.names import read_name
from sync.operations import stamp
from sync.phones import read_phones
from sync.refusals import Refusal
from sync.roster_columns import field_of
from sync.roster_plan import Plan
from sync.roster_results import Draft, Place, Rejected, Roster
from sync.roster_rows import address_of
from sync.roster_verdicts import Seen

MOST_WAITING = 20_000
LATER_ROSTER = "后来的名册里已经改好"
# The column by which a row that was downloaded and put right is known when it comes back.
ROW_TITLE = "待修正号"


def fresh(
    tx: Tx, vault: Vault, community_id: str, file_hash: str, rejected: Iterable[Rejected]
) -> list[Rejected]:
    """The rejected rows that are not in the queue yet: not of this file, and not as written."""
    places = corrections.known_places(tx, community_id, file_hash)
    written = {
        (row.kind, msgspec.json.encode(row.draft), id_text_of(vault, community_id, row))
        for row in corrections.waiting(tx, community_id, limit=MOST_WAITING)
    }
    return [
        one
        for one in rejected
        if tuple(one.place) not in places
        and (one.kind, msgspec.json.encode(one.draft), one.id_text) not in written
    ]


def queue(writing: Writing, vault: Vault, batch: Batch, kept: Kept) -> None:
    """Put a confirmed import's rejected rows into the queue, and end those it has put right."""
    tx, community_id = writing.tx, writing.community_id
    _end_solved(writing, vault, batch.made_by, kept.roster)
    rejected = [*kept.roster.rejected, *kept.plan.rejected]
    new = fresh(tx, vault, community_id, batch.file_hash, rejected)
    for number, one in enumerate(new, start=1):
        corrections.add(tx, community_id, _row(vault, community_id, batch.id, number, one))


def id_text_of(vault: Vault, community_id: str, row: Row) -> str:
    """What stood in the row's ID cell."""
    if not row.id_cipher:
        return ""
    return vault.unlock(row.id_cipher, _about(community_id, row.batch_id, row.number)).decode()


def tidy_text(typed: str) -> str:
    """Typed words without ID numbers and restricted words: they must not come in by hand either."""
    return hidden(scrub(typed).text)


def row_name(row: Row) -> str:
    """What a waiting row is called in a workbook that goes out and comes back."""
    return f"{row.batch_id}/{row.number}"


def correct(
    intake: Intake,
    vault: Vault,
    person: Importer,
    batch_id: str,
    number: int,
    typed: dict[str, str],
    id_text: str,
) -> str:
    """Read a corrected row by the same rules; its state: imported, skipped, or waiting again."""
    community_id = person.community_id
    with intake.store.read() as tx:
        row = _waiting(tx, community_id, batch_id, number)
        draft = replace(msgspec.convert(row.draft, Draft), **_tidy(typed))
        roster = reading.correct(
            draft,
            id_text,
            place=Place(row.sheet, row.row),
            seen=Seen(),
            today=people.today_of(tx, community_id, intake.clock()),
            compounds=rows.compounds(tx, community_id),
        )
        seed = plans.step_id(batch_id, f"row {number}")
        plan = plans.make(tx, vault, community_id, seed, roster)
    rejected = (*roster.rejected, *plan.rejected)

    def work(writing: Writing) -> str:
        if rejected:
            again = _row(vault, community_id, batch_id, number, rejected[0])
            if not corrections.reject_again(writing.tx, community_id, again):
                raise Refusal("roster.row_decided")
            return "waiting"
        state = "imported" if plan.steps or roster.residents else "skipped"
        _take(writing, vault, person, batch_id, plan)
        _decide(writing, person, batch_id, number, state, "")
        return state

    done: str = intake.do(community_id, work)
    return done


def dismiss(intake: Intake, person: Importer, batch_id: str, number: int, reason: str) -> None:
    """Leave a row out for good, and say why."""

    def work(writing: Writing) -> None:
        _decide(writing, person, batch_id, number, "dismissed", tidy_text(reason))

    intake.do(person.community_id, work)


def _take(writing: Writing, vault: Vault, person: Importer, batch_id: str, plan: Plan) -> None:
    """The row's steps join those of its import, so that undoing it undoes them."""
    tx, community_id = writing.tx, writing.community_id
    batch = rows.find(tx, community_id, batch_id)
    assert batch is not None
    device = device_of(person.id)
    people.add_device(tx, community_id, device, person.id, "名册导入", writing.now)
    author = steps.Author(writing, person.id, device)
    first = max(roster_steps.next_number(tx, community_id, batch_id), batch.total)
    for at, step in enumerate(plan.steps, start=first):
        taken = steps.take(author, vault, batch_id, at, step)
        if taken.state == "refused":
            raise Refusal("roster.step_refused", reason=taken.reason)


def _decide(
    writing: Writing, person: Importer, batch_id: str, number: int, state: str, decision: str
) -> None:
    tx, community_id = writing.tx, writing.community_id
    at = stamp(writing.now)
    if not corrections.decide(tx, community_id, batch_id, number, state, person.id, at, decision):
        raise Refusal("roster.row_decided")
    audit.note(writing, person.author, f"correction.{state}", f"{batch_id}/{number}")


def _waiting(tx: Tx, community_id: str, batch_id: str, number: int) -> Row:
    row = corrections.find(tx, community_id, batch_id, number)
    if row is None:
        raise Refusal("record.unknown")
    if row.state != "waiting":
        raise Refusal("roster.row_decided")
    return row


def _tidy(typed: dict[str, str]) -> dict[str, str]:
    """Whatever somebody types into a cell. A telephone number is no ID number."""
    return {
        field: text if field == "phone" and not read_phones(text).unreadable else tidy_text(text)
        for field, text in typed.items()
    }


def _row(vault: Vault, community_id: str, batch_id: str, number: int, one: Rejected) -> Row:
    about = _about(community_id, batch_id, number)
    return Row(
        batch_id=batch_id,
        number=number,
        sheet=one.place.sheet,
        row=one.place.row,
        kind=one.kind,
        reason=Refusal(one.reason, **one.facts).sentence,
        # What has no purpose here is not kept because its row was wrong.
        cells={title: text for title, text in one.cells.items() if field_of(title)},
        draft=msgspec.to_builtins(one.draft),
        id_cipher=vault.lock(one.id_text.encode(), about) if one.id_text else b"",
    )


def _about(community_id: str, batch_id: str, number: int) -> str:
    return f"row {community_id} {batch_id} {number}"


def _end_solved(writing: Writing, vault: Vault, by: str, roster: Roster) -> None:
    """Rows of earlier files whose people this one has with all that was wanting."""
    tx, community_id = writing.tx, writing.community_id
    compounds = rows.compounds(tx, community_id)
    named = {one.cells[ROW_TITLE] for one in roster.origins if one.cells.get(ROW_TITLE)}
    numbers = {one.id_number: one.name for one in roster.residents if one.id_number}
    behind = {(one.household, one.name) for one in roster.residents}
    for row in corrections.waiting(tx, community_id, limit=MOST_WAITING):
        draft = msgspec.convert(row.draft, Draft)
        name, address = read_name(draft.name).name, address_of(draft, compounds)
        number = clean(id_text_of(vault, community_id, row))
        by_number = number in numbers and name in ("", numbers[number])
        by_door = address is not None and (address.key, name) in behind
        if by_number or by_door or row_name(row) in named:
            at = stamp(writing.now)
            corrections.decide(
                tx, community_id, row.batch_id, row.number, "imported", by, at, LATER_ROSTER
            )
