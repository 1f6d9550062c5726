"""How each fault is done to one request."""

import asyncio
import json
from collections.abc import Awaitable, Callable

from tests.faults.exchange import Exchange
from tests.faults.wire import send_on

WIFI = "http://wifi.invalid/accept"
PORTAL = b"<!doctype html><html><title>WiFi</title><p>Welcome. Please accept our terms.</p></html>"
REASONS = {
    401: ("Unauthorized", "signin.needed"),
    403: ("Forbidden", "http.403"),
    413: ("Content Too Large", "push.too_large"),
    429: ("Too Many Requests", "http.429"),
    500: ("Internal Server Error", "server.failed"),
    502: ("Bad Gateway", ""),
    503: ("Service Unavailable", "storage.unavailable"),
}
RETRY_AFTER_S = 1
MAX_DRIPS = 40


async def transparent(x: Exchange) -> None:
    await x.pass_on(await x.ask())


async def drop_before(x: Exchange) -> None:
    x.client.close()


async def drop_after(x: Exchange) -> None:
    answer = await x.ask()
    await answer.whole()
    x.note = f"lost {answer.status}"
    x.client.close()


async def delay(x: Exchange) -> None:
    is_early = x.die.random() < 0.5
    if is_early:
        await x.pause()
    answer = await x.ask()
    if not is_early:
        await answer.whole()
        await x.pause()
        x.status = answer.status
        await x.client.send(answer.head(len(answer.body)) + answer.body)
        return
    await x.pass_on(answer)


async def duplicate(x: Exchange) -> None:
    if x.die.random() < 0.5:
        x.note = "both at once"
        answers = list(await asyncio.gather(x.ask(), x.ask()))
        for answer in answers:
            await answer.whole()
    else:
        x.note = "one after the other"
        answers = []
        for _ in range(2):
            answers.append(await x.ask())
            await answers[-1].whole()
    given = answers[x.die.randrange(2)]
    x.status = given.status
    await x.client.send(given.head(len(given.body)) + given.body)


async def reorder(x: Exchange) -> None:
    if x.queue.is_empty:
        x.lets_go = False
        try:
            async with asyncio.timeout(x.longest_s):
                await x.queue.next_through()
            x.note = "after the next one"
        except TimeoutError:
            x.note = "nobody came"
    else:
        x.note = "before the one that is held"
    await transparent(x)


async def cut_request(x: Exchange) -> None:
    size = len(x.request.body)
    part = x.die.randrange(size) if size else 0
    x.note = f"{part} of {size} bytes"
    _, writer = await send_on(x.upstream, x.request, part)
    writer.close()
    x.client.close()


async def cut_answer(x: Exchange) -> None:
    answer = await x.ask()
    body = await answer.whole()
    part = x.die.randrange(len(body)) if body else 0
    x.note = f"{part} of {len(body)} bytes"
    x.status = answer.status
    await x.client.send(answer.head(len(body)) + body[:part])
    x.client.close()


async def short_answer(x: Exchange) -> None:
    answer = await x.ask()
    body = await answer.whole()
    part = x.die.randrange(len(body)) if body else 0
    x.note = f"{part} of {len(body)} bytes"
    x.status = answer.status
    await x.client.send(answer.head(part) + body[:part])


async def reset(x: Exchange) -> None:
    answer = await x.ask()
    body = await answer.whole()
    data = answer.head(len(body)) + body
    at = x.die.randrange(len(data))
    x.note = f"at byte {at} of {len(data)}"
    await x.client.send(data[:at])
    await x.client.reset()


async def hang(x: Exchange) -> None:
    answer = await x.ask()
    await answer.whole()
    await x.client.gone()
    x.client.close()


async def drip(x: Exchange) -> None:
    answer = await x.ask()
    body = await answer.whole()
    data = answer.head(len(body)) + body
    x.status = answer.status
    step = max(1, len(data) // x.die.randint(2, MAX_DRIPS))
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    x.note = f"{len(pieces)} pieces"
    for piece in pieces:
        await x.client.send(piece)
        await asyncio.sleep(x.longest_s / len(pieces))


async def error_after(x: Exchange) -> None:
    answer = await x.ask()
    await answer.whole()
    x.note = f"lost {answer.status}"
    await x.say(500, "Internal Server Error", "text/plain", b"Internal Server Error")


async def portal(x: Exchange) -> None:
    await x.say(200, "OK", "text/html; charset=utf-8", PORTAL)


async def portal_redirect(x: Exchange) -> None:
    await x.say(302, "Found", "text/html; charset=utf-8", PORTAL, Location=WIFI)


def saying(status: int) -> Callable[[Exchange], Awaitable[None]]:
    """Answers with a status: as our server would, with a code, or bare as a proxy on the way."""
    reason, code = REASONS[status]
    more = {"Retry_After": str(RETRY_AFTER_S)} if status in (429, 503) else {}

    async def act(x: Exchange) -> None:
        if code and x.die.random() < 0.5:
            x.note = code
            body = json.dumps({"code": code, "message": reason}).encode()
            await x.say(status, reason, "application/json", body, **more)
        else:
            x.note = "bare"
            body = f"<html><h1>{status} {reason}</h1></html>".encode()
            await x.say(status, reason, "text/html", body, **more)

    return act


ACTS: dict[str, Callable[[Exchange], Awaitable[None]]] = {
    "drop_before": drop_before,
    "drop_after": drop_after,
    "delay": delay,
    "duplicate": duplicate,
    "reorder": reorder,
    "cut_request": cut_request,
    "cut_answer": cut_answer,
    "short_answer": short_answer,
    "reset": reset,
    "hang": hang,
    "drip": drip,
    "error_after": error_after,
    "portal": portal,
    "portal_redirect": portal_redirect,
    **{f"status_{status}": saying(status) for status in REASONS},
}
