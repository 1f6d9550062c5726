"""Texts on their way at the same time: slow services, two servers, one that dies."""

import asyncio
import threading

from server.alerts.dispatching import Dispatcher
from server.alerts.outlets import Outlets
from tests.alerts.channels.service import drips, says, serving
from tests.server.channels import ADDRESSES, YES, add, told
from tests.server.dispatched import attempts, changed, look, states, warn
from tests.server.town import SECRET as SECRET_OF_TOWN


def test_a_slow_service_holds_nobody_else_up(town, office, service):
    """One drips, the other takes it; the first is given up and tried again."""
    add(office, "慢的群", ADDRESSES["feishu"], audience="leaders")
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    with serving() as slow:
        slow.answers(drips(slow))
        outlets = town.app.state.dispatcher.outlets
        outlets.hosts = {**outlets.hosts, "open.feishu.cn": slow.url}
        outlets.whole_s = 0.5
        warn(town)
        look(town)
        assert sorted(attempts(town)) == [("accepted", "0"), ("unreachable", "timeout")]
        outlets.hosts = {**outlets.hosts, "open.feishu.cn": service.url}
        town.clock.pass_(seconds=10)
        look(town)

    assert sorted(state for _, state in states(town)) == ["accepted", "accepted"]


def test_a_newer_text_waits_until_the_older_has_its_answer(town, office, service):
    """So that a group never reads the older one last."""
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    asked, overtaken = threading.Event(), threading.Event()

    def slowly(handler):
        asked.set()
        overtaken.was = overtaken.wait(0.5)
        says(YES)(handler)

    def at_once(handler):
        overtaken.set()
        says(YES)(handler)

    service.answers(slowly, at_once)
    alert = warn(town)
    assert asked.wait(10)
    changed(town, alert, edition=2, message="【雷雨大风橙色预警】更大了。")
    look(town)

    assert not overtaken.was
    assert [told(one).split("\n")[0] for one in service.asked][1:] == [
        "【雷雨大风橙色预警】更大了。"
    ]


def test_two_servers_over_one_database_say_it_once(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    other = another(town)
    warn(town)

    async def both():
        await asyncio.gather(town.app.state.dispatcher.round(), other.round())
        await other.outlets.close()

    town.transport.call(both)

    assert len(service.asked) == 1


def test_a_server_that_hears_of_news_while_it_stops_stops(town):
    dispatcher = town.app.state.dispatcher

    async def hear_and_stop(turns):
        await dispatcher.start()
        await asyncio.sleep(0.05)
        dispatcher._awake.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.wait_for(dispatcher.stop(), 10)

    town.transport.call(dispatcher.stop)
    for turns in range(5):
        town.transport.call(hear_and_stop, turns)


def test_what_a_server_had_claimed_when_it_died_is_sent_by_the_next(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    asked = threading.Event()
    service.answers(lambda _: asked.set() or service.ended.wait(), says(YES))
    dead = another(town)
    town.transport.call(town.app.state.dispatcher.stop)
    warn(town)

    async def begin_and_die():
        await dead._begin()
        await asyncio.to_thread(asked.wait)
        await dead.stop()

    town.transport.call(begin_and_die)
    assert (attempts(town), states(town)) == ([], [("begun", "waiting")])
    look(town)
    assert len(service.asked) == 1
    town.clock.pass_(minutes=2)
    look(town)

    assert len(service.asked) == 2
    assert states(town) == [("begun", "accepted")]


def another(town):
    """A second server's dispatcher over the same database."""
    app = town.app.state
    outlets = Outlets(town.clock, SECRET_OF_TOWN)
    outlets.hosts = app.dispatcher.outlets.hosts
    return Dispatcher(app.intake, SECRET_OF_TOWN, outlets)
