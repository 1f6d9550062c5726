"""What can go wrong between phone and server, as data."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Fault:
    """One way to fail. `reaches` says whether the server does the work of the request."""

    name: str
    weight: int
    reaches: Literal["no", "yes", "in part"]
    does: str


FAULTS: tuple[Fault, ...] = (
    Fault("drop_before", 8, "no", "closes the connection before the server sees the request"),
    Fault("drop_after", 12, "yes", "closes the connection after the server has answered"),
    Fault("delay", 6, "yes", "holds the request or the answer for a while"),
    Fault("duplicate", 6, "yes", "sends the request twice and gives one of the two answers"),
    Fault("reorder", 6, "yes", "holds the request until the next one went through"),
    Fault("cut_request", 6, "in part", "sends a part of the body and closes"),
    Fault("cut_answer", 6, "yes", "gives a part of the answer and closes"),
    Fault("short_answer", 3, "yes", "gives a part of the answer as if it were all of it"),
    Fault("reset", 6, "yes", "resets the connection at a byte of the answer"),
    Fault("hang", 3, "yes", "gives no answer until the client goes away"),
    Fault("drip", 3, "yes", "gives the answer in small pieces"),
    Fault("status_401", 3, "no", "says 401: with the code of an ended session, or a bare page"),
    Fault("status_403", 2, "no", "says 403, with a code or bare"),
    Fault("status_413", 3, "no", "says 413, with a code or bare"),
    Fault("status_429", 3, "no", "says 429 with Retry-After, with a code or bare"),
    Fault("error_after", 8, "yes", "says 500 after the server has done its work"),
    Fault("status_500", 3, "no", "says 500 without asking the server, with a code or bare"),
    Fault("status_502", 3, "no", "says 502, bare"),
    Fault("status_503", 3, "no", "says 503 with Retry-After, with a code or bare"),
    Fault("portal", 5, "no", "answers 200 with the page of somebody's WiFi"),
    Fault("portal_redirect", 3, "no", "answers 302 to the page of somebody's WiFi"),
)

NAMES = tuple(fault.name for fault in FAULTS)
BY_NAME = {fault.name: fault for fault in FAULTS}
