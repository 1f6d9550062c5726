"""What each field page shows: one pure function per page from a shelf to the template's names.

Each takes (shelf, params, now_iso, settings); see `scene.DEFAULT_SETTINGS`. Every module has a
twin in web/phone/views, held equal by tests/vectors/views.
"""

from collections.abc import Callable

from server.field.shelf import Fields, Shelf
from server.field.views.alerts import alert, alerts
from server.field.views.answers import changed_contact, changed_visit, saved_visit
from server.field.views.building import building
from server.field.views.buildings import buildings
from server.field.views.calls import call, calls, saved_call
from server.field.views.contact import contact
from server.field.views.correction import correction
from server.field.views.event import event
from server.field.views.followups import followup, followups
from server.field.views.household import household
from server.field.views.issues import issue, issues, saved_issue
from server.field.views.ladder import ladder
from server.field.views.matters import matter, matters
from server.field.views.me import me
from server.field.views.outbox import outbox
from server.field.views.pairs import changed_pair, pairs
from server.field.views.plain import feedback, missing, signin
from server.field.views.proposal import proposal
from server.field.views.search import search
from server.field.views.today import today
from server.field.views.visit import visit

View = Callable[[Shelf, Fields, str, Fields], Fields | None]

VIEWS: dict[str, View] = {
    "today": today,
    "buildings": buildings,
    "building": building,
    "household": household,
    "followups": followups,
    "followup": followup,
    "visit": visit,
    "correction": correction,
    "contact": contact,
    "event": event,
    "proposal": proposal,
    "issue": issue,
    "issues": issues,
    "saved_issue": saved_issue,
    "matters": matters,
    "matter": matter,
    "ladder": ladder,
    "pairs": pairs,
    "alerts": alerts,
    "alert": alert,
    "search": search,
    "outbox": outbox,
    "me": me,
    "feedback": feedback,
    "signin": signin,
    "missing": missing,
    "saved_visit": saved_visit,
    "changed_visit": changed_visit,
    "changed_contact": changed_contact,
    "changed_pair": changed_pair,
    "calls": calls,
    "call": call,
    "saved_call": saved_call,
}
