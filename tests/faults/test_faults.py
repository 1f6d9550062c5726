"""Every fault against a tiny server that says what it got."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.faults import FAULTS, NAMES, FaultProxy, Plan, When
from tests.faults.acts import ACTS
from tests.faults.plan import Request

BODY = b"x" * 500
PAGE = ("text/html", b"hello")


class Echo:
    """Answers a POST with its body, and /events with pieces that never end."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.links = 0
        echo = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                body = self.rfile.read(size)
                if len(body) < size:
                    self.close_connection = True
                    return
                echo.bodies.append(body)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.wfile.write(b"data: here\n\n")
                self.wfile.flush()
                self.rfile.read(1)  # until the client goes away
                self.close_connection = True
                echo.links += 1

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.origin = f"http://127.0.0.1:{self.http.server_port}"

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)


@pytest.fixture
def echo() -> Iterator[Echo]:
    running = Echo()
    yield running
    running.stop()


@pytest.fixture
def proxied(echo: Echo) -> Iterator[Callable[..., FaultProxy]]:
    """A proxy with one certain fault, or with the plan given."""
    made: list[FaultProxy] = []

    def start(fault: str = "", **more: Any) -> FaultProxy:
        plan = Plan(3, {fault: 1.0}) if fault else None
        proxy = FaultProxy(echo.origin, **{"plan": plan, "longest_s": 0.05, **more})
        made.append(proxy.__enter__())
        return proxy

    yield start
    for proxy in made:
        proxy.__exit__()


@contextmanager
def link(proxy: FaultProxy, timeout: float = 5) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=timeout)
    try:
        yield connection
    finally:
        connection.close()


def post(proxy: FaultProxy, body: bytes = BODY, timeout: float = 5) -> tuple[int, bytes]:
    """Status and body; status 0 when no whole answer came."""
    with link(proxy, timeout) as connection:
        try:
            connection.request("POST", "/sync", body)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""


def told(proxy: FaultProxy) -> tuple[HTTPResponse, bytes]:
    with link(proxy) as connection:
        connection.request("POST", "/sync", BODY)
        answer = connection.getresponse()
        return answer, answer.read()


def test_every_fault_has_a_name_a_weight_and_an_act():
    assert set(ACTS) == set(NAMES) and len(NAMES) == len(FAULTS)
    assert all(fault.weight > 0 and fault.does for fault in FAULTS)


def test_without_a_plan_it_is_transparent(echo, proxied):
    proxy = proxied()

    with link(proxy) as connection:
        for body in (b"one", b"two"):
            connection.request("POST", "/sync", body)
            assert connection.getresponse().read() == body

    assert echo.bodies == [b"one", b"two"]
    assert [(one.fault, one.path) for one in proxy.log] == [("", "/sync"), ("", "/sync")]


@pytest.mark.parametrize("fault", ["delay", "drip", "reorder", "duplicate"])
def test_what_only_takes_longer_arrives_whole(fault, echo, proxied):
    proxy = proxied(fault)

    assert post(proxy) == (200, BODY)
    assert echo.bodies == [BODY] * (2 if fault == "duplicate" else 1)


def test_a_duplicate_is_sent_at_once_or_one_after_the_other(proxied):
    proxy = proxied("duplicate")

    for _ in range(12):
        post(proxy)

    assert {one.note for one in proxy.log[:-1]} == {"both at once", "one after the other"}


@pytest.mark.parametrize("fault", ["drop_after", "cut_answer", "reset"])
def test_what_is_lost_after_the_work_was_done(fault, echo, proxied):
    proxy = proxied(fault)

    assert post(proxy) == (0, b"")
    assert echo.bodies == [BODY]
    assert [one.fault for one in proxy.log] == [fault]


def test_a_request_dropped_before_never_reaches_the_server(echo, proxied):
    assert post(proxied("drop_before")) == (0, b"")
    assert echo.bodies == []


def test_a_cut_request_brings_only_a_part(echo, proxied):
    proxy = proxied("cut_request")

    assert post(proxy) == (0, b"")
    assert echo.bodies == []
    assert proxy.log[0].note.endswith("of 500 bytes")


def test_a_short_answer_looks_whole(echo, proxied):
    status, body = post(proxied("short_answer"))

    assert status == 200 and len(body) < len(BODY) and BODY.startswith(body)
    assert echo.bodies == [BODY]


def test_a_reset_is_no_tidy_end(proxied):
    proxy = proxied("reset")

    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as plain:
        plain.sendall(b"POST /sync HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nhi")
        with pytest.raises(ConnectionResetError):
            while plain.recv(65536):
                pass


def test_hanging_ends_when_the_client_goes(echo, proxied):
    proxy = proxied("hang")

    assert post(proxy, timeout=0.2) == (0, b"")
    assert echo.bodies == [BODY]


@pytest.mark.parametrize(
    ("fault", "status"),
    [(name, int(name.removeprefix("status_"))) for name in NAMES if name.startswith("status_")],
)
def test_a_status_is_said_without_asking_the_server(fault, status, echo, proxied):
    proxy = proxied(fault)
    seen = set()
    for _ in range(10):
        answer, body = told(proxy)
        assert answer.status == status
        if status in (429, 503):
            assert answer.headers["Retry-After"] == "1"
        seen.add(answer.headers["Content-Type"])
        if answer.headers["Content-Type"] == "application/json":
            assert json.loads(body)["code"]

    assert echo.bodies == []
    is_ours_too = status != 502
    assert seen == ({"text/html", "application/json"} if is_ours_too else {"text/html"})


def test_an_error_after_the_work_hides_that_it_was_done(echo, proxied):
    assert post(proxied("error_after"))[0] == 500
    assert echo.bodies == [BODY]


def test_a_portal_answers_for_the_server(echo, proxied):
    answer, body = told(proxied("portal"))
    assert answer.status == 200 and body.startswith(b"<!doctype html>")

    answer, _ = told(proxied("portal_redirect"))
    assert answer.status == 302 and answer.headers["Location"].startswith("http://wifi.")
    assert echo.bodies == []


def test_one_that_is_held_goes_after_the_next(echo, proxied):
    plan = When(lambda asked: "reorder" if asked.body == b"first" else "")
    proxy = proxied(plan=plan, longest_s=5)
    first = threading.Thread(target=post, args=(proxy, b"first"))
    first.start()
    while proxy._queue.is_empty:
        assert first.is_alive()

    post(proxy, b"second")
    first.join(5)

    assert echo.bodies == [b"second", b"first"]


def test_a_stream_without_an_end_passes_piece_by_piece(echo, proxied):
    proxy = proxied()

    with link(proxy) as connection:
        connection.request("GET", "/events")
        assert connection.getresponse().read(12) == b"data: here\n\n"


def test_a_server_that_is_down_is_a_bad_gateway(echo, proxied):
    echo.stop()

    assert post(proxied())[0] == 502


def test_files_of_the_proxy_itself_need_no_server(echo, proxied):
    proxy = proxied("drop_before", local=lambda asked: PAGE if asked.path == "/page" else None)

    with link(proxy) as connection:
        connection.request("GET", "/page")
        assert connection.getresponse().read() == b"hello"


def asked(lane: str, method: str = "POST", path: str = "/sync") -> Request:
    return Request(method, path, (("Host", lane),), b"")


def chosen(plan: Plan, *requests: Request) -> list[str]:
    found = [plan.choose(one) for one in requests]
    return [one.fault if one else "" for one in found]


def test_a_seed_chooses_the_same_for_each_lane_whatever_others_do():
    alone = chosen(Plan(7), *[asked("a:1")] * 40)
    mixed = Plan(7)
    among = []
    for _ in range(40):
        chosen(mixed, *[asked("b:1")] * 3)
        among += chosen(mixed, asked("a:2"))

    assert alone == among
    assert alone != chosen(Plan(8), *[asked("a:1")] * 40)
    assert {*alone} > {""}


def test_a_plan_touches_only_what_it_is_for():
    plan = Plan(1, 1.0, method="POST", path="/sync")

    assert chosen(
        plan, asked("a", "GET"), asked("a", path="/live"), asked("a", path="/sync?x")
    ) == [
        "",
        "",
        chosen(Plan(1, 1.0), asked("a"))[0],
    ]


def test_rates_are_kept():
    found = chosen(Plan(5, {"reset": 0.2, "drip": 0.1}), *[asked("a")] * 4000)

    assert 700 < found.count("reset") < 900
    assert 320 < found.count("drip") < 480
    assert {*found} == {"", "reset", "drip"}
    every = {*chosen(Plan(5, 1.0), *[asked("a")] * 4000)}
    assert every == {*NAMES}
