"""Every office handler, for the composition."""

from typing import Any

from server.office import overview, review, visits

HANDLERS: list[Any] = [
    overview.show_overview,
    overview.show_unseen,
    overview.show_overdue,
    review.show_review,
    review.show_visit,
    review.approve_visit,
    review.return_visit,
    review.correct_visit,
    review.approve_visits,
    visits.show_visits,
    visits.export_diary,
    visits.show_visit,
    visits.correct_visit,
    visits.withdraw_visit,
]
