"""Two days in the field, from the first knock to what is left to do."""

from tests.server.office import kept, record
from tests.server.test_field_pages import HX


def test_scenario_8_a_refusal_stops_routine_and_not_a_weather_call_to_somebody_at_risk(
    town, worker
):
    """Thirty days nobody knocks; whoever is at risk is called, also when the weather turns bad."""
    home, plain = town.household("huang"), town.household("liang")
    record(town, "worker1", "huang", result="refused")
    record(town, "worker1", "liang", result="refused")
    town.clock.pass_(days=8)
    weather = {"household_id": home, "reason": "雷雨大风，打电话问平安"}
    town.submit("office1", "task.add", weather)

    page = worker.get("/today").text
    assert "雷雨大风，打电话问平安" in page and "打电话" in page
    assert kept(town, "household", home).due_method == "phone"
    form = worker.get(f"/households/{home}/visit").text
    assert 'value="phone" checked' in form
    assert kept(town, "household", plain).due_on >= "2026-10-15"

    called = {"result": "phone_ok", "type": "weather", "resident_ids": town.resident("huang")}
    worker.post(f"/households/{home}/visits", data=called, headers=HX)
    after = kept(town, "household", home)
    assert (after.due_on, after.due_method) == ("2026-09-30", "phone")
    assert after.rest_until == "2026-10-15"


def test_scenario_9_three_reasons_at_one_door_are_one_task_and_a_third_knock_is_advised_against(
    town, worker
):
    home = town.household("huang")
    event = {"household_id": home, "resident_id": town.resident("huang"), "what": "fall"}
    town.submit("office1", "life_event.record", {**event, "on": "2026-09-14"})
    town.submit("office1", "task.add", {"household_id": home, "reason": "看看漏水"})

    page = worker.get("/today").text
    assert page.count(f'id="door-{home}"') == 1
    for _ in range(2):
        record(town, "worker1", "huang", result="not_home")
    assert "本周已敲过 2 次门" in worker.get(f"/households/{home}/visit").text
    assert worker.get("/today").text.count(f'id="door-{home}"') == 1
