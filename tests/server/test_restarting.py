"""备份 and 恢复 from a page: one at once, and the server that stops, restores and serves on."""

import pytest

from server import backups
from server.running.restarting import Restarts
from server.settings import Settings
from tests.server import town as making
from tests.server.office import hidden, record
from tests.server.town import NOW, SECRET


@pytest.fixture
def town(made_town, tmp_path):
    settings = Settings(data=tmp_path, secret=SECRET, backups=tmp_path / "backups")
    with making.run(made_town, tmp_path, settings) as running:
        yield running


@pytest.fixture
def served(town):
    """Served by somebody who can start it again; how often it was told to stop."""
    stops = []
    town.app.state.restarts.serving(lambda: stops.append(1))
    return stops


def back_up(town):
    settings = town.app.state.settings
    return backups.make(settings.data, settings.backups, town.clock())


def ask_for(town, name, word="恢复", who="admin"):
    return town[who].submit(f"/office/backups/{name}/restores", word=word)


def test_a_backup_is_made_at_once_beside_the_server(town, admin):
    assert "现在做一份" in admin.get("/office/backups").text
    job = town.app.state.backup
    job.start()
    assert "正在做一份" in admin.get("/office/backups").text
    process = job.process

    assert admin.submit("/office/backups").status_code == 200
    assert job.process is process  # one is enough
    assert job.run() and job.process is process  # for the hour that strikes meanwhile, too
    process.wait(60)

    text = admin.get("/office/backups").text
    assert "已核对" in text and "正在做一份" not in text
    assert [one["person_id"] for one in town.audit("server.backup")] == [town.person("admin")]


def test_where_backups_are_off_none_is_made(made_town, tmp_path):
    with making.run(made_town, tmp_path) as town:
        assert "现在做一份" not in town["admin"].get("/office/backups").text
        answer = town["admin"].submit("/office/backups")
        assert answer.status_code == 422 and "JINLIN_BACKUPS" in answer.text


def test_the_administrator_asks_for_a_restore_and_the_server_stops(town, served, admin):
    made = back_up(town)
    page = admin.get("/office/backups").text
    fields = hidden(page, f"/office/backups/{made.path.name}/restores")

    answer = admin.post(
        f"/office/backups/{made.path.name}/restores", data={**fields, "word": "恢复"}
    )

    assert "正在恢复" in answer.text and served == [1]
    assert town.app.state.restarts.is_wanted
    assert town.audit("server.restore_asked")[0]["detail"] == made.path.name


@pytest.mark.parametrize(
    ("who", "name", "word", "status"),
    [
        ("admin", "", "恢复", 404),
        ("admin", "made", "好", 422),
        ("admin", "made", "", 422),
        ("office1", "made", "恢复", 403),
        ("worker1", "made", "恢复", 403),
    ],
)
def test_what_is_no_wish_to_restore_changes_nothing(town, served, who, name, word, status):
    made = back_up(town)

    answer = ask_for(town, made.path.name if name else "20200101T000000Z", word, who)

    assert answer.status_code == status
    assert served == [] and not town.app.state.restarts.is_wanted


def test_where_nobody_starts_it_again_the_page_names_the_command(town, admin):
    made = back_up(town)

    assert "restores" not in admin.get("/office/backups").text
    assert "jinlin restore" in ask_for(town, made.path.name).text


@pytest.fixture
def stopped(made_town, tmp_path):
    """A backup was asked for, and the server has stopped."""
    settings = Settings(data=tmp_path, secret=SECRET, backups=tmp_path / "backups")
    restarts = Restarts()
    restarts.serving(lambda: None)
    with making.run(made_town, tmp_path, settings) as town:
        made = back_up(town)
        restarts.ask(made.path)
        lost = record(town, "worker1", "huang")
    return settings, restarts, made, lost


def test_a_restore_that_fails_leaves_everything_and_is_told(stopped, tmp_path):
    settings, restarts, made, kept = stopped
    (tmp_path / "again").mkdir()
    (made.path / "jinlin.db").write_bytes(b"nonsense")

    restarts.carry_out(settings, NOW)

    assert "没有恢复" in restarts.problem and not restarts.is_wanted
    with making.run(tmp_path / "jinlin.db", tmp_path / "again", settings) as town:
        town.app.state.restarts = restarts
        assert town["office1"].get(f"/office/visits/{kept}").status_code == 200
        assert "原来的数据照旧在用" in town["admin"].get("/office/backups").text


def test_a_backup_takes_its_place_once_the_server_has_stopped(stopped, tmp_path):
    settings, restarts, _, lost = stopped
    (tmp_path / "again").mkdir()

    restarts.carry_out(settings, NOW)

    assert restarts.done and restarts.problem == "" and not restarts.is_wanted
    with making.run(tmp_path / "jinlin.db", tmp_path / "again", settings) as town:
        assert town["office1"].get(f"/office/visits/{lost}").status_code == 404
        assert "恢复过备份" in town["admin"].get("/office/backups").text
