"""Buildings that deputies hold because somebody is on leave."""

from server import people
from server.alerts import joining
from server.intake.writing import Writing
from server.store import leaves as reads
from server.store import people as rows
from sync import days
from sync import leaves as rules


def renew(writing: Writing) -> None:
    """What deputies hold, worked out from all leaves that last, in the order they were set: a
    deputy who goes on leave passes on what they had been lent, and who is back takes it from all.
    """
    tx, home = writing.tx, writing.community_id
    today = rows.today_of(tx, home, writing.now)
    found = reads.lasting(tx, home, days.after(today, -1))
    for leave in found:
        reads.take_back(tx, home, leave.id)
    for leave in found:
        held = reads.held(tx, home, leave.deputy_id)
        for building_id, *stretch in reads.held(tx, home, leave.person_id):
            wanted = rules.overlap((leave.from_on, leave.until_on), (stretch[0], stretch[1]))
            theirs = [(first, last) for known, first, last in held if known == building_id]
            for span in rules.lacking(wanted, theirs) if wanted else []:
                reads.lend(tx, home, leave, building_id, span)
    for deputy_id in sorted({leave.deputy_id for leave in found}):
        people.publish(writing, deputy_id)
        joining.follow(writing, deputy_id)
