"""Serving the application until it is stopped, across restores that were asked for on a page."""

from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn
from rich.console import Console

from server import certificate, collecting, web
from server.app import build
from server.intake import Clock, Intake, now_utc
from server.live import Live
from server.running import logs
from server.running.restarting import Restarts
from server.settings import Settings, SettingsProblem

GRACE_S = 3

say = Console(stderr=True)


class Server(uvicorn.Server):
    """Lets the live connections go as soon as it is told to stop."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self.live = live

    def leave(self) -> None:
        """Stop serving after the answers that are under way, from any thread."""
        self.live.end()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.live.end()
        super().handle_exit(sig, frame)


def serve_app(
    settings: Settings, clock: Clock = now_utc, beside: Callable[[Intake], None] | None = None
) -> None:
    """Serve until stopped, across restores asked for on a page; `beside` is called every second.

    One worker: the writer lives in one process. Raises SettingsProblem when the port is taken.
    """
    logs.configure(settings.log, settings.log_level)
    scheme = "https" if certificate.found(settings.data) else "http"
    say.print(
        f"近邻走访在 {scheme}://{settings.host}:{settings.port} （Ctrl+C 停止）", highlight=False
    )
    restarts = Restarts()
    collecting.seldom()
    web.pack()
    while True:
        _serve_once(settings, clock, beside, restarts)
        if not restarts.is_wanted:
            return
        restarts.carry_out(settings, clock())
        say.print(restarts.problem or "备份已经恢复，接着服务。", highlight=False, soft_wrap=True)


def _serve_once(
    settings: Settings,
    clock: Clock,
    beside: Callable[[Intake], None] | None,
    restarts: Restarts,
) -> None:
    app = build(settings, clock)
    app.state.restarts = restarts
    if beside is not None:
        work = partial(beside, app.state.intake)
        app.state.scheduler.add_job(work, "interval", seconds=1, max_instances=1, coalesce=True)
    pair = certificate.found(settings.data)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="error",
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=False,
        ssl_certfile=str(pair[0]) if pair else None,
        ssl_keyfile=str(pair[1]) if pair else None,
    )
    server = Server(config, app.state.live)
    restarts.serving(server.leave)
    try:
        server.run()
    except SystemExit:
        raise SettingsProblem(
            f"不能在 {settings.host}:{settings.port} 上启动，端口可能被占用。"
            "请用 --port 换一个，或先停掉另一个服务。"
        ) from None
