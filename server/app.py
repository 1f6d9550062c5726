"""Composition: settings, store, intake, live, and every route."""

import asyncio
import logging
from typing import Any

from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from server import issue_reminders, jobs, live, setup, shapes, web
from server.access import ReadToken, has_role
from server.alerts import api as alerts_api
from server.alerts.deliveries import Deliveries
from server.alerts.dispatching import Dispatcher
from server.alerts.outlets import Outlets
from server.alerts.polling import Polling
from server.backup_job import BackupJob
from server.field import alerts as field_alerts
from server.field import (
    calls,
    card,
    erasures,
    home,
    issues,
    ladder,
    looks,
    media,
    pages,
    password,
    posts,
    push,
    session,
)
from server.field.packing import Pieces
from server.field.sync import sync
from server.guides import pages as guides
from server.intake import Clock, Intake, now_utc
from server.office import people_routes
from server.office import routes as office
from server.office.refusing import failed, refused
from server.open311 import routes as open311
from server.openapi import routes as openapi
from server.people import Person
from server.reports import nightly
from server.running import routes as running
from server.running.figures import Figures
from server.running.logs import Faults
from server.running.measuring import Measure
from server.running.restarting import Restarts
from server.seals import Seals
from server.settings import Settings
from server.store.database import Store
from sync.refusals import Refusal

HANDLERS: list[Any] = [
    sync,
    alerts_api.hand_in,
    *session.HANDLERS,
    *home.HANDLERS,
    *password.HANDLERS,
    *card.HANDLERS,
    *erasures.HANDLERS,
    Router(
        path="/",
        guards=[has_role],
        route_handlers=[
            *pages.HANDLERS,
            *posts.HANDLERS,
            *looks.HANDLERS,
            *issues.HANDLERS,
            *ladder.HANDLERS,
            *calls.HANDLERS,
            *field_alerts.HANDLERS,
            *push.HANDLERS,
            *media.HANDLERS,
        ],
    ),
    *office.HANDLERS,
    *people_routes.HANDLERS,
    *guides.HANDLERS,
    live.live,
    web.static,
    web.locale,
    web.worker,
    web.script,
    web.shell_list,
    web.manifest,
    web.up,
    *running.HANDLERS,
    *openapi.HANDLERS,
    *open311.HANDLERS,
]

# Pages are a quarter of their size and fit slow 3G. An open line says little and would hold a
# compressor for each phone; a round trip is put together from packed pieces; files are packed once.
COMPRESSION = CompressionConfig(
    backend="gzip",
    minimum_size=1000,
    gzip_compress_level=4,
    exclude=["^/live$", "^/media/", "^/sync$", *(f"^{path}" for path in web.PUBLIC)],
)


def build(settings: Settings, clock: Clock = now_utc) -> Litestar:
    """The application over one data folder. Tests pass their own clock."""
    return furnish(assemble(), settings, clock)


def assemble() -> Litestar:
    """Every route, over nothing yet."""
    return Litestar(
        # In one router: handlers that share a path would else be prepared twice and break.
        route_handlers=[Router(path="/", route_handlers=HANDLERS)],
        middleware=[Measure(), web.Protect(), ReadToken()],
        compression_config=COMPRESSION,
        dependencies={
            "person": Provide(_person, sync_to_thread=False),
            "intake": Provide(_intake, sync_to_thread=False),
            "settings": Provide(_settings, sync_to_thread=False),
        },
        exception_handlers={Refusal: refused, Exception: failed},
        template_config=TemplateConfig(
            instance=JinjaTemplateEngine.from_environment(web.environment())
        ),
        on_startup=[_start],
        on_shutdown=[_stop],
        openapi_config=None,
        logging_config=None,
    )


def furnish(app: Litestar, settings: Settings, clock: Clock = now_utc) -> Litestar:
    """Give the routes a data folder, its writer and its jobs; ends with the application."""
    store = Store(settings.database)
    intake = Intake(store, clock)
    setup.complete(intake)
    shapes.renew(intake)
    scheduler = jobs.scheduler(intake, settings.timezone, settings.secret)
    jobs.go_on_importing(scheduler, intake, settings.secret)
    dispatcher = Dispatcher(intake, settings.secret, Outlets(clock, settings.secret, settings.url))
    intake.listen(dispatcher.heard)
    feeds = Polling(intake, settings.secret)
    feeds.schedule(scheduler)
    jobs.ask_on(scheduler, intake)
    issue_reminders.schedule(scheduler, intake)
    nightly.schedule(scheduler, intake)
    deliveries = Deliveries(intake)
    intake.listen(deliveries.heard)
    backup = BackupJob(settings)
    backup.schedule(scheduler)
    faults = Faults(clock)
    app.state = State(
        {
            "settings": settings,
            "store": store,
            "intake": intake,
            "live": live.connect(intake),
            "pieces": Pieces(),
            "dispatcher": dispatcher,
            "deliveries": deliveries,
            "scheduler": scheduler,
            "feeds": feeds,
            "backup": backup,
            "seals": Seals(settings.secret, settings.old_secrets),
            "figures": Figures(app),
            "faults": faults,
            "nights": jobs.listen(scheduler, clock),
            "started_at": clock(),
            "restarts": Restarts(),
        }
    )
    return app


async def _start(app: Litestar) -> None:
    logging.getLogger("jinlin").addHandler(app.state.faults)
    app.state.scheduler.start()
    await app.state.live.start()
    await app.state.dispatcher.start()


async def _stop(app: Litestar) -> None:
    state = app.state
    logging.getLogger("jinlin").removeHandler(state.faults)
    state.scheduler.shutdown(wait=False)
    await state.dispatcher.stop()
    await asyncio.to_thread(state.feeds.stop)
    state.backup.stop()
    await state.live.stop()
    state.intake.stop()
    state.store.close()


def _person(request: Request[Person, str, Any]) -> Person:
    return request.user


def _intake(request: Request[Person, str, Any]) -> Intake:
    return request.app.state.intake  # type: ignore[no-any-return]


def _settings(request: Request[Person, str, Any]) -> Settings:
    return request.app.state.settings  # type: ignore[no-any-return]
