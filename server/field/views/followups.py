"""跟进: what must follow from what was seen, most urgent first, and one of them to be closed."""

from collections.abc import Iterable

from server.field.shelf import Fields, Shelf
from server.field.views.scene import Scene, page_of, scene_of
from sync.climbing import CHIEF, held_by
from sync.ladder import ITEM

LEVELS = ("now", "red", "amber")
SHOWN = 200
# Kept in Chinese, the language of the records, whatever language the page is shown in.
RESULTS = ("已办好", "已送医或联系医生", "家属在办", "已转社区或部门", "本人不需要")
OTHER = "其他"


def followups(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/followups.html. `params` is not used."""
    scene = scene_of(shelf, now_iso, settings)
    rows = ordered(scene, shelf.all("followup"))
    return {
        **page_of(scene, "跟进", "/followups", back="/today"),
        "rows": rows[:SHOWN],
        "further": max(len(rows) - SHOWN, 0),
        "counts": counts(scene),
    }


def followup(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields | None:
    """Names for field/followup.html and _followup.html. `params`: id, error and field."""
    scene = scene_of(shelf, now_iso, settings)
    found = shelf.get("followup", params["id"])
    if found is None or scene.is_leader:
        return None
    back = f"/households/{found['household_id']}"
    return {
        **page_of(scene, "跟进", f"/followups/{found['id']}", back=back),
        "one": row(scene, found),
        "results": [*RESULTS, OTHER],
        "error": params.get("error", ""),
        "field": params.get("field", ""),
    }


def counts(scene: Scene) -> Fields:
    """How many are open, how many of them red, late, or with this chief by now."""
    rows = ordered(scene, scene.shelf.all("followup"))
    return {
        "open": len(rows),
        "red": sum(1 for one in rows if one["level"] in ("now", "red")),
        "late": sum(1 for one in rows if one["held_by"] != "worker"),
        "mine": sum(one["mine"] for one in rows),
    }


def ordered(scene: Scene, found: Iterable[Fields]) -> list[Fields]:
    """Those that are open: a chief's own first, red before amber, then by their limit."""
    rows = [row(scene, one) for one in found if one["status"] == "open"]
    return sorted(
        rows,
        key=lambda one: (-one["mine"], _rank(one["level"]), one["due_at"] or "9999", one["id"]),
    )


def row(scene: Scene, one: Fields) -> Fields:
    """One follow-up for the list, the door's page and its own."""
    here = scene.shelf.get("household", one["household_id"])
    person = scene.shelf.get("resident", one["resident_id"])
    due_at = scene.local(one["due_at"])
    holder = held_by(due_at, scene.now)
    return {
        **{name: one[name] for name in ("id", "household_id", "what", "level", "kind", "by_name")},
        **{name: one[name] for name in ("status", "result", "note", "closed_by", "recheck_days")},
        "label": here["label"] if here else "",
        "name": person["name"] if person else "",
        "opened_at": scene.local(one["opened_at"]),
        "closed_at": scene.local(one["closed_at"]),
        "due_at": due_at,
        "held_by": holder,
        "mine": int(holder == CHIEF and scene.person["role"] == CHIEF),
        "waiting": _waiting(scene, one),
        "ladder": int(one["item"] == ITEM),
        "href": f"/households/{one['household_id']}/ladder"
        if one["item"] == ITEM
        else f"/followups/{one['id']}",
        "entries": [
            {
                "at": scene.local(entry["at"]),
                "by_name": entry["by_name"],
                "text": entry["text"],
            }
            for entry in one["entries"]
        ],
    }


def _waiting(scene: Scene, one: Fields) -> int:
    """Whether it was closed here, or a visit asks for it that has yet to be sent."""
    ids = [one["id"], *(entry["visit_id"] for entry in one["entries"])]
    return max(map(scene.is_waiting, ids))


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
