"""楼栋: my buildings, with what is due in each."""

from server.field.shelf import Fields, Shelf
from server.field.views import doors
from server.field.views.calls import asked_about
from server.field.views.scene import Scene, page_of, scene_of


def buildings(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/buildings.html. `params` is not used."""
    scene = scene_of(shelf, now_iso, settings)
    counts = count_by_building(scene)
    rows = [
        {
            "id": one["id"],
            "compound": one["compound"],
            "name": one["name"],
            "label": one["label"],
            "grid_name": one["grid_name"],
            "leader_name": one["leader_name"],
            **counts.get(one["id"], {"doors": 0, "due": 0, "late": 0}),
        }
        for one in sorted(shelf.all("building"), key=lambda one: (one["order"], one["id"]))
    ]
    groups: dict[str, list[Fields]] = {}
    for row in rows:
        groups.setdefault(row["compound"], []).append(row)

    return {
        **page_of(scene, "楼栋", "/buildings", tab="buildings"),
        "groups": [{"compound": name, "rows": found} for name, found in groups.items()],
        "calls": asked_about(scene) if scene.is_leader else [],
        "total": {
            "buildings": len(rows),
            "doors": sum(row["doors"] for row in rows),
            "due": sum(row["due"] for row in rows),
            "late": sum(row["late"] for row in rows),
        },
    }


def count_by_building(scene: Scene) -> dict[str, Fields]:
    """Doors of each building: all of them, those to do today, those late among them."""
    tasks = doors.tasks_by_door(scene)
    counts: dict[str, Fields] = {}
    for household in scene.shelf.all("household"):
        if household["status"] != "active":
            continue
        state = doors.stand(scene, household, tasks.get(household["id"], []))["state"]
        known = counts.setdefault(household["building_id"], {"doors": 0, "due": 0, "late": 0})
        known["doors"] += 1
        known["due"] += int(state in doors.TO_DO)
        known["late"] += int(state == "late")
    return counts
