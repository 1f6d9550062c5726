"""A clock for the phone that tests move: in its worker, and in a page where timers run by it."""

from typing import Any

from tests.browser.walking import until

# The worker's own time is the machine's, plus what it was told.
WORKER = b"""
const machine = Date;
let ahead = 0;
self.Date = class extends machine {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(machine.now() + ahead);
  }
  static now() {
    return machine.now() + ahead;
  }
};
self.addEventListener("message", ({ data, ports: [port] }) => {
  if (data.type !== "test-clock") return;
  ahead = data.ahead;
  port.postMessage(ahead);
});
"""
SET = """(ahead) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    const said = { type: "test-clock", ahead };
    navigator.serviceWorker.controller.postMessage(said, [port2]);
})"""
TIME = """async () => {
    const registration = await navigator.serviceWorker.ready;
    return registration.active.state === "activated";
}"""


def with_clock(path: str, body: bytes) -> bytes:
    """The worker with a clock that can be moved."""
    return body + WORKER if path == "/sw.js" else body


def set_ahead(page: Any, seconds: float) -> None:
    """The worker's clock is this far ahead of the machine's from now on."""
    until(page, TIME)
    page.evaluate(SET, seconds * 1000)
