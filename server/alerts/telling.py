"""A digest becomes a notice, and what the channel answered becomes what is known of it."""

from datetime import datetime, timedelta

import uuid_utils

from server import audit
from server.alerts.channels import Delivery, Notice, Outcome
from server.audit import Author
from server.intake.writing import Writing
from server.store import alert_reach, dispatches, pushes
from server.store import digests as rows
from server.store.channels import Channel
from server.store.digests import PUSH, Digest
from sync.cascade import Event
from sync.operations import instant, stamp

# Longer than five parts and their waits take; then somebody else may try.
CLAIMED_FOR = timedelta(minutes=2)
# How long is waited after no answer; the last over and over, and not for ever.
WAITS_S = (10, 30, 60, 120, 300)
MAX_TRIES = 12
# A group may be set to take only what has this word.
KEYWORD = "预警"
TRIAL_TITLE = "预警通道试发"
TRIAL = "这是近邻走访的试发，不是真的预警。看到就说明这个群能收到预警，不用转发。"


def notice_of(one: Digest, *, is_push: bool) -> Notice:
    """Texts of groups begin with their own title; a lock screen shows the title apart."""
    text = one.text if KEYWORD in one.text or is_push else f"{one.text}（近邻走访{KEYWORD}）"
    return Notice(
        title=one.title if is_push or not text.startswith("【") else "",
        text=text,
        incident_id=one.incident_id,
        until=instant(one.until_at),
        is_urgent=one.why != "stood_down",
        parts_accepted=one.parts_accepted,
    )


def settle(writing: Writing, one: Digest, by: str, answer: Delivery, endpoint: str = "") -> None:
    """Keep what a channel answered; buildings count as accepted only where it took the text."""
    tx, home, now = writing.tx, writing.community_id, writing.now
    attempt = one.tries + 1
    state, wait = after(answer, attempt, now, instant(one.until_at))
    rows.settle(
        tx, home, one, by, state=state, due_at=stamp(now + wait), parts=answer.parts_accepted
    )
    dispatches.note(
        tx,
        home,
        {
            "id": f"{one.id} {attempt}",
            "incident_id": one.incident_id,
            "channel_id": one.channel_id,
            "edition": one.edition,
            "why": one.why,
            "attempt": attempt,
            "at": stamp(now),
            "outcome": answer.outcome.value,
            "code": answer.code,
            "words": answer.sentence,
        },
    )
    if answer.outcome == Outcome.GONE:
        pushes.gone(tx, home, endpoint)
    if answer.outcome == Outcome.ACCEPTED:
        alert_reach.add(tx, home, _events(one, now))


def after(
    answer: Delivery, attempt: int, now: datetime, until: datetime | None
) -> tuple[str, timedelta]:
    """What becomes of a digest, and how long it waits for its next attempt."""
    if answer.outcome == Outcome.ACCEPTED:
        return "accepted", timedelta()
    if answer.outcome in (Outcome.REFUSED, Outcome.GONE):
        return "refused", timedelta()
    if answer.outcome == Outcome.BUSY:
        wait = timedelta(seconds=max(answer.retry_after_s, 1.0))
    else:
        wait = timedelta(seconds=WAITS_S[min(attempt, len(WAITS_S)) - 1])
    if attempt >= MAX_TRIES or (until is not None and now + wait >= until):
        return "given_up", timedelta()
    return "waiting", wait


def tried_out(writing: Writing, by: Author, channel: Channel, answer: Delivery) -> None:
    """Somebody pressed 试发."""
    dispatches.note(
        writing.tx,
        writing.community_id,
        {
            "id": str(uuid_utils.uuid7()),
            "incident_id": "",
            "channel_id": channel.id,
            "edition": 0,
            "why": "trial",
            "attempt": 1,
            "at": stamp(writing.now),
            "outcome": answer.outcome.value,
            "code": answer.code,
            "words": answer.sentence,
        },
    )
    audit.note(writing, by, "channel.test", channel.id, outcome="done", detail=answer.code)


def _events(one: Digest, now: datetime) -> list[Event]:
    """A channel stands for its buildings when their leaders or residents read there."""
    channel = "push" if one.channel_id == PUSH else "robot"
    return [
        Event(
            id=one.id,
            hop="accepted",
            building_id=building_id,
            at=now,
            received_at=now,
            edition=one.edition,
            channel=channel,
            incident_id=one.incident_id,
        )
        for building_id in one.building_ids
    ]
