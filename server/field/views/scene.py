"""What every page knows before it starts: who looks, when, at which records, and how."""

from typing import Any, NamedTuple

from server.field.shelf import Fields, Shelf, empty
from server.field.views.warnings import bands
from sync import days
from sync.care import DEFAULT_INTERVALS
from sync.scope import FIELD

# What a page may be told about its reader and where it is drawn; see `settings_of`.
DEFAULT_SETTINGS: Fields = {
    "person_id": "",
    "lang": "zh-CN",
    "mode": "",
    "theme": "",
    "size": "",
    "place": "server",
    "data_at": "",
    "offline": 0,
    "hints": [],
    "version": "",
    "pill": {"state": "synced", "count": 0},
    "waiting": {},
    "recent": [],
}


class Scene(NamedTuple):
    """`now` is on the local clock; `waiting` holds the ids of records not yet on the server."""

    shelf: Shelf
    person: Fields
    community: Fields
    intervals: dict[str, int]
    now: str
    today: str
    timezone: str
    settings: Fields

    def local(self, instant: str) -> str:
        return days.local(instant, self.timezone)

    @property
    def is_leader(self) -> int:
        return int(self.person["role"] == "leader")

    def is_waiting(self, record_id: str) -> int:
        return int(record_id in self.settings["waiting"])


def scene_of(shelf: Shelf, now_iso: str, settings: Fields) -> Scene:
    """`settings` may leave out what DEFAULT_SETTINGS has."""
    settings = {**DEFAULT_SETTINGS, **settings}
    person = shelf.get("person", settings["person_id"]) or empty("person")
    known = shelf.all("community")
    community = known[0] if known else {**empty("community"), "timezone": person["timezone"]}
    timezone = community["timezone"]
    now = days.local(now_iso, timezone)
    return Scene(
        shelf=shelf,
        person=person,
        community=community,
        intervals={**DEFAULT_INTERVALS, **community["intervals"]},
        now=now,
        today=now[:10],
        timezone=timezone,
        settings=settings,
    )


def page_of(scene: Scene, title: str, path: str, tab: str = "", back: str = "") -> Fields:
    """The two names that base.html needs of every page: `page` and `pill`."""
    settings, role = scene.settings, scene.person["role"]
    page: dict[str, Any] = {
        "title": title,
        "path": path,
        "tab": tab,
        "back": back,
        "now": scene.now,
        "today": scene.today,
        "data_at": scene.local(settings["data_at"]),
        "role": role,
        "leader": scene.is_leader,
        "walks": int(role in FIELD),
        "pairs": len(scene.shelf.all("pair")),
        "bands": bands(scene),
        "person_name": scene.person["name"],
        "community_name": scene.person["community_name"] or scene.community["name"],
        "office_phone": scene.person["office_phone"] or scene.community["office_phone"],
        "mode": settings["mode"] or ("elder" if role == "leader" else "normal"),
    }
    for name in ("lang", "theme", "size", "place", "offline", "version", "hints"):
        page[name] = settings[name]
    return {"page": page, "pill": settings["pill"]}
