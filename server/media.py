"""Pictures arrive: what visits and issues say then; what becomes of those that nothing shows."""

import errno
import hashlib
from datetime import timedelta

from msgspec.structs import replace

from server import pictures
from server.blobs import Blobs
from server.intake import Intake
from server.intake.writing import Writing
from server.people import Person
from server.pictures import Picture
from server.store import media as rows
from sync.media import arrive, named
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import Issue, Visit
from sync.refusals import Refusal

ORPHANS_KEPT = timedelta(days=30)
PARTS_KEPT = timedelta(days=7)


def take(intake: Intake, person: Person, name: str, data: bytes, said: str) -> None:
    """Keep a whole picture under the hash that its sender named, and tell what shows it."""
    if hashlib.sha256(data).hexdigest() != name:
        raise Refusal("media.other_hash")
    _keep(intake, person, name, pictures.bare(data, said))


def take_photo(intake: Intake, person: Person, data: bytes) -> dict[str, object]:
    """Keep a photo as a camera made it, small and bare; what a visit says of it."""
    photo = pictures.small(data)
    name = hashlib.sha256(photo.data).hexdigest()
    _keep(intake, person, name, photo)
    return {
        "sha256": name,
        "type": photo.type,
        "width": photo.width,
        "height": photo.height,
        "size": len(photo.data),
        "purpose": "photo",
    }


def is_here(intake: Intake, person: Person, name: str) -> bool:
    """Whether this person's picture is whole and on disk."""
    with intake.store.read() as tx:
        came = rows.brought(tx, person.community_id, person.id, [name])
    return bool(came) and blobs_of(intake).has(name)


def blobs_of(intake: Intake) -> Blobs:
    return Blobs(intake.store.path.parent)


def drop_orphans(intake: Intake, community_id: str) -> int:
    """Forget pictures that nothing has spoken of in a month; how many."""
    blobs = blobs_of(intake)

    def work(writing: Writing) -> int:
        old = rows.orphans(writing.tx, community_id, stamp(writing.now - ORPHANS_KEPT))
        for name, person_id in old:
            # In the one writer: nobody can bring the same picture between look and removal.
            if rows.forget(writing.tx, community_id, person_id, name):
                blobs.remove(name)
        return len(old)

    blobs.tidy((intake.clock() - PARTS_KEPT).timestamp())
    count: int = intake.do(community_id, work)
    return count


def _keep(intake: Intake, person: Person, name: str, picture: Picture) -> None:
    blobs = blobs_of(intake)
    blobs.keep(name, picture.data)

    def work(writing: Writing) -> None:
        if not blobs.has(name):
            raise OSError(errno.EIO, "the picture was taken away while it came")
        home, tx = person.community_id, writing.tx
        rows.add(
            tx,
            home,
            person.id,
            name,
            stamp(writing.now),
            type=picture.type,
            width=picture.width,
            height=picture.height,
            size=len(picture.data),
        )
        for visit_id in rows.visits_of(tx, home, person.id, name):
            _tell(writing, visit_id, name)
        for issue_id in rows.issues_of(tx, home, person.id, name):
            _tell_issue(writing, issue_id, person.id, name)
        writing.flush()

    intake.do(person.community_id, work)


def _tell(writing: Writing, visit_id: str, name: str) -> None:
    visit = writing.records.get("visit", visit_id)
    if isinstance(visit, Visit) and name in named(visit.media):
        after = replace(visit, media=arrive(visit.media, name))
        writing.save(Follows([after]), Stamp(0, "", 0))


def _tell_issue(writing: Writing, issue_id: str, person_id: str, name: str) -> None:
    issue = writing.records.get("issue", issue_id)
    if isinstance(issue, Issue):
        shown = [
            {**one, "arrived": 1} if one["by"] == person_id and one["sha256"] == name else one
            for one in issue.media
        ]
        writing.save(Follows([replace(issue, media=shown)]), Stamp(0, "", 0))
