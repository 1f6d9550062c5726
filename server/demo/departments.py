"""The departments that the demo's street calls, with telephones that nobody answers."""

from datetime import timedelta

from server.demo.ids import Minter, instant_ms
from server.demo.shapes import Town
from server.store.departments import Department

_KNOWN_DAYS = 200
# name, telephone, by when somebody comes, note
_ROWS = (
    ("城管中队", "87650101", "2h", "二十四小时有人"),
    ("派出所", "110", "1h", ""),
    ("交警中队", "87650103", "1h", "路面占道找值班室"),
    ("消防站", "119", "1h", ""),
    ("供电所", "87650105", "4h", "停电先报片区"),
    ("供水公司", "87650106", "4h", ""),
    ("燃气公司", "87650107", "1h", "闻到气味先关总闸"),
    ("市政养护", "87650108", "1wd", "下水道、路面、井盖"),
    ("园林所", "87650109", "1wd", "修枝、危树"),
    ("住建办", "87650110", "1wd", "外墙、房屋险情"),
    ("市场监管所", "87650111", "1wd", ""),
    ("民政办", "87650112", "1wd", "上班时间接"),
)


def departments(town: Town) -> dict[str, Department]:
    """By name; of the same town always the same."""
    minter = Minter(f"{town.seed}:departments")
    at_ms = instant_ms(town.today - timedelta(days=_KNOWN_DAYS), 0)
    return {
        name: Department(
            id=minter.mint(at_ms), name=name, phone=phone, arrives=arrives, note=note, is_on=True
        )
        for name, phone, arrives, note in _ROWS
    }
