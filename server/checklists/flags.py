"""Flags in two columns: `flags` says when, `followup` what must follow, one line for one line.

flags                       followup
红: selected(., 'wire')     hazard_fix 48小时 复查7天 | 请物业拆除飞线
立即: . = 'leak'            gas_leak 2小时 卡片gas 仅办公室 | 闻到燃气味
"""

import re

from server.checklists.columns import Cells
from server.checklists.findings import Findings
from sync.checklists import Flag

LEVEL_WORDS = {"now": "立即", "red": "红", "amber": "黄"}

_LEVELS = {**{word: level for level, word in LEVEL_WORDS.items()}, **{x: x for x in LEVEL_WORDS}}
_WHEN = re.compile(r"^(?P<level>\w+)\s*[:：]\s*(?P<when>\S.*)$")
_KIND = re.compile(r"^[a-z][a-z0-9_]*$")
_HOURS = re.compile(r"^(\d{1,6})(?:h|小时)$", re.IGNORECASE)
_RECHECK = re.compile(r"^(?:复查|recheck)(\d{1,6})(?:d|天)$", re.IGNORECASE)
_CARD = re.compile(r"^(?:卡片|card)[:：=]?(\S+)$", re.IGNORECASE)
_OFFICE = ("仅办公室", "office_only")
_APART = re.compile(
    r"(?:\b(recheck|card)|(复查|卡片))[ \t]+(?=\S)|(\d)[ \t]+(?=小时|天|h\b|d\b)", re.IGNORECASE
)


def read(cells: Cells, findings: Findings) -> list[Flag]:
    """The flags of one question."""
    whens = _lines(cells.get("flags"))
    follows = _lines(cells.get("followup"))
    if len(whens) != len(follows):
        place = cells.place("followup")
        findings.add("followup.count", place, flags=len(whens), followups=len(follows))
        return []
    flags = []
    for when, follow in zip(whens, follows, strict=True):
        said = _WHEN.match(when)
        level = _LEVELS.get(said["level"].lower()) if said else None
        if said is None or level is None:
            findings.add("flag.unreadable", cells.place("flags"), value=when)
            continue
        flag = _followed(level, said["when"], follow)
        if flag is None:
            findings.add("followup.unreadable", cells.place("followup"), value=follow)
        else:
            flags.append(flag)
    return flags


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.split("\n") if line.strip()]


def _followed(level: str, when: str, follow: str) -> Flag | None:
    limits, _, text = follow.replace("｜", "|").partition("|")
    kind, _, more = limits.strip().partition(" ")
    words = _APART.sub(r"\1\2\3", more).split()
    if not _KIND.match(kind):
        return None
    found: dict[str, int | str] = {}
    for word in words:
        part = _limit(word)
        if part is None or part[0] in found:
            return None
        found[part[0]] = part[1]
    return Flag(
        level=level,
        when=when,
        kind=kind,
        text=_unescaped(text.strip()),
        hours=int(found.get("hours", 0)),
        recheck_days=int(found.get("recheck_days", 0)),
        office_only=int(found.get("office_only", 0)),
        card=str(found.get("card", "")),
    )


def _limit(word: str) -> tuple[str, int | str] | None:
    if hours := _HOURS.match(word):
        return "hours", int(hours[1])
    if recheck := _RECHECK.match(word):
        return "recheck_days", int(recheck[1])
    if word.lower() in _OFFICE:
        return "office_only", 1
    if card := _CARD.match(word):
        return "card", card[1]
    return None


def written(flags: list[Flag]) -> tuple[str, str]:
    """The two cells of a question."""
    whens = [f"{LEVEL_WORDS[flag.level]}: {flag.when}" for flag in flags]
    return "\n".join(whens), "\n".join(map(_follow, flags))


def _follow(flag: Flag) -> str:
    words = [
        flag.kind,
        f"{flag.hours}小时" if flag.hours else "",
        f"复查{flag.recheck_days}天" if flag.recheck_days else "",
        f"卡片{flag.card}" if flag.card else "",
        "仅办公室" if flag.office_only else "",
    ]
    said = " ".join(filter(None, words))
    return f"{said} | {_escaped(flag.text)}" if flag.text else said


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(n|\\)", lambda found: "\n" if found[1] == "n" else "\\", text)
