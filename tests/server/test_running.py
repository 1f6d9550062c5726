"""Keeping it running: health, figures, log, disk, and the page that tells it in words."""

import json
import logging
import sys

import pytest

from server.running import logs, standing
from server.settings import Settings, SettingsProblem, from_environment
from server.store.database import Store
from tests.server import town as making
from tests.server.office import record
from tests.server.town import SECRET

TOKEN = "a-token-of-forty-characters-for-figures"


@pytest.fixture
def watched(made_town, tmp_path):
    # Not the folder of `town`, which some tests run beside it.
    folder = tmp_path / "watched"
    folder.mkdir()
    settings = Settings(data=folder, secret=SECRET, metrics_token=TOKEN)
    with making.run(made_town, folder, settings) as running:
        yield running


def figures(town, **headers):
    return town.nobody().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", **headers})


def told(record_of):
    return json.loads(logs.Json().format(record_of))


def failure(said):
    """A log entry about a failure whose message quotes what somebody typed."""
    try:
        try:
            raise KeyError(said)
        except KeyError as inner:
            raise ValueError(f"{said} does not fit") from inner
    except ValueError:
        kept = sys.exc_info()
    return logging.LogRecord("jinlin", logging.ERROR, __file__, 1, "unexpected", (), kept)


def test_health_says_good_or_bad_and_nothing_else(town, nobody):
    answer = nobody.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "warn" if answer.json()["backups"] == "warn" else "good",
        "database": "good",
        "disk": "good",
        "backups": answer.json()["backups"],
        "night": "good",
        "errors": "good",
    }


def test_health_is_bad_when_records_cannot_be_kept(town, nobody, monkeypatch):
    monkeypatch.setattr(standing, "ANSWER_S", 0.05)
    with Store(town.store.path).write():  # another program holds the lock
        answer = nobody.get("/health")

    assert answer.status_code == 503
    assert answer.json()["database"] == answer.json()["status"] == "bad"
    assert nobody.get("/health").json()["database"] == "good"


def test_a_night_without_its_work_is_told(town, admin):
    assert "夜里两点半做" in admin.get("/office/server").text

    town.clock.pass_(hours=31)

    assert town.nobody().get("/health").json()["night"] == "warn"
    assert "超过一天没有做" in town["admin"].get("/office/server").text


def test_too_little_space_is_told_before_it_is_none(made_town, tmp_path):
    settings = Settings(data=tmp_path, secret=SECRET, disk_free=10**18)
    with making.run(made_town, tmp_path, settings) as town:
        assert town.nobody().get("/health").json()["disk"] == "warn"
        assert "请腾出空间或换大的磁盘" in town["admin"].get("/office/server").text
        assert "磁盘只剩" in town["office1"].get("/office").text


def test_figures_are_for_whoever_has_the_token(watched, town):
    assert figures(watched).status_code == 200
    assert watched.nobody().get("/metrics").status_code == 401
    assert watched["admin"].get("/metrics").status_code == 401
    assert town.nobody().get("/metrics").status_code == 404
    odd = {"Authorization": "Bearer é".encode("latin-1")}
    assert watched.nobody().get("/metrics", headers=odd).status_code == 401


def test_figures_count_answers_and_operations_by_route(watched):
    worker = watched["worker1"]
    visit = record(watched, "worker1", "huang")
    worker.get(f"/visits/{visit}/correction")
    worker.post("/sync", json={"ops": [{"id": "nonsense"}]})

    text = figures(watched).text

    route = 'method="GET",route="/visits/{visit_id}/correction",status="2xx"'
    assert f"jinlin_request_seconds_count{{{route}}} 1.0" in text
    assert 'jinlin_operations_total{outcome="quarantined"} 1.0' in text
    assert 'jinlin_waiting{for="quarantine"} 1.0' in text
    assert 'jinlin_standing{of="database"} 0.0' in text
    assert "jinlin_disk_free_bytes" in text and "jinlin_live_connections 0.0" in text


def test_figures_name_nobody(watched):
    record(watched, "worker1", "huang", note="腿脚不便")
    watched["office1"].get("/office/search?q=黄秀珍")

    text = figures(watched).text

    ids = (watched.community, watched.person("worker1"), watched.household("huang"))
    assert not [one for one in ("黄", "红棉", "腿脚", "worker1", *ids) if one in text]


def test_a_line_about_an_answer_holds_no_address(town, office, caplog):
    with caplog.at_level(logging.INFO, "jinlin.access"):
        office.get("/office/search?q=黄秀珍")
        office.get(f"/office/households/{town.household('huang')}")

    lines = [told(one) for one in caplog.records if one.name == "jinlin.access"]
    assert [one["route"] for one in lines] == [
        "/office/search",
        "/office/households/{household_id}",
    ]
    assert [one["status"] for one in lines] == [200, 200]
    assert {one["person"] for one in lines} == {town.person("office1")}
    assert "黄" not in str(lines) and town.household("huang") not in str(lines)


@pytest.mark.parametrize("form", [logs.Json(), logs.Words("%(name)s %(message)s")])
def test_a_failure_is_told_by_kind_and_place_without_its_words(form):
    line = form.format(failure("黄秀珍 13800000000"))

    assert "黄" not in line and "138" not in line
    assert "ValueError" in line and "KeyError" in line and "test_running.py" in line


def test_failures_are_counted_for_a_day(town, admin):
    logging.getLogger("jinlin").handle(failure("whatever"))

    assert "ValueError 1 次" in admin.get("/office/server").text
    assert town.nobody().get("/health").json()["errors"] == "warn"
    town.clock.pass_(hours=25)
    assert town.nobody().get("/health").json()["errors"] == "good"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JINLIN_LOG", "xml"),
        ("JINLIN_LOG_LEVEL", "loud"),
        ("JINLIN_METRICS_TOKEN", "short"),
        ("JINLIN_DISK_FREE", "some"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path))
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsProblem, match=name):
        from_environment()
