"""Who is to see to a follow-up now: late ones climb. Twin: web/phone/climbing.js."""

from sync import days

WORKER, CHIEF, OFFICE = "worker", "chief", "office"
# What the chief has not settled a day after the limit is the office's.
CHIEF_HAS_DAYS = 1


def held_by(due_at: str, now: str) -> str:
    """Both are moments on the community's clock; what has no limit stays with the worker."""
    if not due_at or now <= due_at:
        return WORKER
    return CHIEF if now <= days.after(due_at[:10], CHIEF_HAS_DAYS) + due_at[10:] else OFFICE
