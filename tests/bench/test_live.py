"""How fast the last of many open pages hears that something moved, and what each costs."""

import asyncio
import resource
import shutil
import signal
import time
from statistics import median

import pytest

from tests.bench.listening import listen, listen_all, publish, signed_in
from tests.bench.storm.place import make_town
from tests.bench.storm.serving import serving

TIMES = 5


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    make_town(folder, 200)
    return folder


@pytest.mark.parametrize("count", [1000, 5000])
def test_the_last_of_many_open_pages(town, tmp_path, count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 20_000), most))
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    tokens, door = signed_in(tmp_path, count + 1)

    async def work(server):
        first = await listen(server.port, tokens[0])
        before, began = server.memory("VmRSS"), time.perf_counter()
        ears = [first, *await listen_all(server.port, tokens[1:count])]
        opened = time.perf_counter() - began
        each = 1024 * (server.memory("VmRSS") - before) / count
        found, at = [], server.cpu()
        for n in range(1, TIMES + 1):
            found.append(await publish(server.port, tokens[count], n, door, ears))
            await asyncio.sleep(0.5)
        spent = (server.cpu() - at) / TIMES
        told = asyncio.get_running_loop().run_in_executor(None, server.stop)
        await asyncio.gather(*(ear.ended for ear in ears))
        stopped = await told
        assert server.process.returncode in (0, -signal.SIGTERM)
        print(
            f"\n{count} open: receipt after {1000 * median(a for a, _ in found):.0f} ms, last page"
            f" after {1000 * median(b for _, b in found):.0f} ms (best"
            f" {1000 * min(b for _, b in found):.0f}), {1000 * spent:.0f} ms CPU"
            f" · {each:.0f} KB each · opened in {opened:.1f} s"
            f" · stopped with all open in {stopped:.1f} s"
        )

    with serving(tmp_path) as server:
        asyncio.run(work(server))
