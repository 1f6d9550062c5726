"""What the columns of each sheet mean: used, ours, known but not supported, or unknown."""

import re
from typing import NamedTuple

from server.checklists.findings import Findings, Place
from server.checklists.workbooks import CARDS, CHOICES, SETTINGS, SURVEY, Table

OURS = "jinlin_"

# XLSForm's own other words for a column.
ALIASES = {
    SURVEY: {
        "command": "type",
        "tag": "name",
        "value": "name",
        "caption": "label",
        "relevance": "relevant",
        "constraining_message": "constraint_message",
        "calculation": "calculate",
    },
    CHOICES: {"list": "list_name", "value": "name", "caption": "label"},
    SETTINGS: {"set_form_id": "form_id", "set_form_title": "form_title", "title": "form_title"},
    CARDS: {},
}
USED = {
    SURVEY: {
        *("type", "name", "label", "hint", "relevant", "constraint", "constraint_message"),
        *("required", "calculate", "flags", "followup"),
    },
    CHOICES: {"list_name", "name", "label"},
    SETTINGS: {"form_id", "form_title", "version", "default_language"},
    CARDS: {"id", "title", "steps", "calls"},
}
OWN = {
    SURVEY: {"every", "valid_days", "months", "safety", "restricted", "sets"},
    CHOICES: {"alone"},
    SETTINGS: {"purpose", "from"},
    CARDS: set[str](),
}
NEEDED = {
    SURVEY: ("type", "name", "label"),
    CHOICES: ("list_name", "name", "label"),
    SETTINGS: ("form_id",),
    CARDS: ("id", "title", "steps"),
}
TRANSLATED = {"label", "hint", "constraint_message", "required_message", "guidance_hint"}
# Columns of the standard that change what a form does; each filled cell is told of.
UNSUPPORTED = {
    SURVEY: {
        *("appearance", "default", "choice_filter", "repeat_count", "parameters", "read_only"),
        *("readonly", "required_message", "guidance_hint", "trigger", "save_to", "disabled"),
        *("image", "big-image", "audio", "video", "autoplay", "rows"),
        *("media", "bind", "body", "control", "instance", "intent"),
    },
    CHOICES: {"image", "big-image", "audio", "video", "media", "geometry"},
    SETTINGS: set[str](),
    CARDS: set[str](),
}
# What the standard's own reader checks too.
STANDARD = {
    SURVEY: (USED[SURVEY] | UNSUPPORTED[SURVEY]) - {"flags", "followup", "disabled"},
    CHOICES: USED[CHOICES] | UNSUPPORTED[CHOICES],
}
TOLD_BY_CELL = ("column.unsupported", "setting.unsupported")
_CHINESE = re.compile(
    r"^(中文|简体中文|汉语|普通话|chinese|zh|zh-cn|zh_cn|zh-hans)\s*"
    r"(\((zh|zh-cn|zh-hans|cmn|zho|chi)\))?$",
    re.IGNORECASE,
)


class Cells(NamedTuple):
    """One row by what its columns mean. `heads` says how the file calls each column."""

    sheet: str
    row: int
    texts: dict[str, str]
    heads: dict[str, str]

    def get(self, column: str) -> str:
        return self.texts.get(column, "")

    def place(self, column: str = "") -> Place:
        return Place(self.sheet, self.row, self.heads.get(column, column))


def is_chinese(language: str) -> bool:
    return bool(_CHINESE.match(language.strip()))


def meaning(sheet: str, head: str) -> tuple[str, str]:
    """What a header stands for, and in which language: "label", "中文 (zh)"."""
    base, _, language = (part.strip() for part in re.sub(r"\s+", " ", head).partition("::"))
    base = base.lower().replace(" ", "_")
    if base + "_" == OURS and language:  # as XLSForm writes names of others
        return OURS + language.lower(), ""
    return ALIASES[sheet].get(base, base), language


def rows(table: Table, findings: Findings) -> list[Cells]:
    """The rows of a sheet by meaning. Whatever is not used is told of."""
    kept, told = _sorted(table, findings)
    for needed in NEEDED[table.name]:
        if needed not in kept:
            findings.add("header.missing", Place(table.name, 1), name=needed)
    heads = {column: table.heads[at] for column, at in kept.items()}
    found = []
    for line in table.lines:
        for at in line.texts.keys() & told.keys():
            place = Place(table.name, line.row, table.heads[at])
            findings.add(told[at], place, name=table.heads[at])
        texts = {column: line.texts[at] for column, at in kept.items() if at in line.texts}
        for at in line.texts.keys() - table.heads.keys():
            findings.add("cell.headless", Place(table.name, line.row), value=line.texts[at])
        found.append(Cells(table.name, line.row, texts, heads))
    return found


def _sorted(table: Table, findings: Findings) -> tuple[dict[str, int], dict[int, str]]:
    """The columns that are used, and those whose every filled cell is told of."""
    kept: dict[str, tuple[bool, int]] = {}
    told: dict[int, str] = {}
    for at, head in table.heads.items():
        column, language = meaning(table.name, head)
        place = Place(table.name, 1, head)
        code = _unused(table.name, column, language)
        if code in TOLD_BY_CELL:
            told[at] = code
            continue
        if code:
            findings.add(code, place, name=head)
            continue
        chinese, other = kept.get(column, (False, -1))
        if other >= 0 and chinese == bool(language):
            findings.add("header.twice", place, name=head)
        elif other >= 0:
            findings.add("column.plain", place, name=head, other=table.heads[other])
        if other < 0 or (language and not chinese):
            kept[column] = (bool(language), at)
    return {column: at for column, (_, at) in kept.items()}, told


def _unused(sheet: str, column: str, language: str) -> str:
    """Why a column is not read; "" when it is."""
    if column.startswith(OURS):
        return "" if column.removeprefix(OURS) in OWN[sheet] else "column.unknown"
    if language and column in TRANSLATED and not is_chinese(language):
        return "column.language"
    if column in UNSUPPORTED[sheet]:
        return "column.unsupported"
    if column not in USED[sheet] or (language and column not in TRANSLATED):
        return "setting.unsupported" if sheet == SETTINGS else "column.unknown"
    return ""
