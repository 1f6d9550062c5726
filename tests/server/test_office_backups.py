"""备份: whoever looks after the server sees when the last verified backup was made."""

import re
from datetime import timedelta

import pytest

from server import backups
from server.restore import restore
from server.settings import Settings
from tests.server import town as making
from tests.server.town import NOW, SECRET


@pytest.fixture
def town(made_town, tmp_path):
    """The town, with a folder for its backups."""
    settings = Settings(data=tmp_path, secret=SECRET, backups=tmp_path / "backups")
    with making.run(made_town, tmp_path, settings) as running:
        yield running


def back_up(town):
    settings = town.app.state.settings
    return backups.make(settings.data, settings.backups, town.clock())


def test_the_page_says_when_and_how_big(town):
    back_up(town)

    for who in ("office1", "secretary", "admin"):
        text = town[who].get("/office/backups").text
        said = re.search("最近一份 今天 10:00，(.+?)，已核对", text)
        assert said and f">{said[1]}<" in text.split("<table")[1]
    assert "看备份" not in town["office1"].get("/office").text


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("none", "还没有核对过的备份"),
        ("old", "超过两天了"),
        ("broken", "没有通过核对，不算数"),
    ],
)
def test_the_overview_warns(town, what, said):
    if what != "none":
        back_up(town)
    if what == "old":
        town.clock.pass_(hours=49)
    if what == "broken":
        town.clock.pass_(hours=1)
        with town.store.write() as tx:
            tx.run("update device set received = received + 1")
        back_up(town)

    for path in ("/office", "/office/backups"):
        assert said in town["office1"].get(path).text
    assert said in town["admin"].get("/office/backups").text


def test_a_restore_is_told_to_the_office(made_town, tmp_path):
    made = backups.make(made_town.parent, tmp_path / "backups", NOW - timedelta(hours=7))
    (tmp_path / "served").mkdir()
    restore(made.path, tmp_path / "served", NOW)

    with making.run(tmp_path / "served" / "jinlin.db", tmp_path) as town:
        text = town["office1"].get("/office/backups").text
        assert "今天 10:00 恢复过备份（今天 03:00 的）" in text
        assert "夜间备份关着" in text
        assert "恢复备份" in town["admin"].get("/office/audit").text
        town.clock.pass_(days=31)
        assert "恢复过备份" not in town["office1"].get("/office/backups").text
