"""导出 is on every page with a table of rows; and what the lists of words and wishes hold."""

import ast
import csv
import importlib
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from server.office.listed import LISTS
from tests.server.office import record
from tests.server.rosters import bring_in, line, xlsx_of
from tests.server.test_sync import Phone

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "web" / "templates"
# Pages with a table that is no list of rows to take along, and why.
NO_LIST = {
    **dict.fromkeys(
        (
            "/office/buildings/{building_id:str}",
            "/office/conflicts/{dispute_id:str}",
            "/office/devices/{device_id:str}/loss/note",
            "/office/duplicates/{kind:str}/{keep_id:str}/{drop_id:str}",
            "/office/handovers/{handover_id:str}",
            "/office/handovers/{handover_id:str}/sheet",
            "/office/households/{household_id:str}",
            "/office/households/{household_id:str}/changes",
            "/office/issues/{issue_id:str}",
            "/office/people/{person_id:str}",
            "/office/quarantine/{key:str}",
            "/office/rejects/{batch_id:str}/{number:str}",
            "/office/residents/{resident_id:str}",
            "/office/residents/{resident_id:str}/changes",
            "/office/review/{visit_id:str}",
            "/office/visits/{visit_id:str}",
            "/office/issues/{issue_id:str}/receipt",
            "/office/alerts/messages/{message_id:str}",
        ),
        "one record with its parts",
    ),
    **dict.fromkeys(
        (
            "/office/alerts/{alert_id:str}",
            "/office/alerts/{alert_id:str}/replay",
            "/office/alerts/{alert_id:str}/report",
            "/office/alerts/{incident_id:str}/contacts",
        ),
        "one warning: its report is a file of all of it",
    ),
    **dict.fromkeys(
        (
            "/office/alert-feeds",
            "/office/alert-feeds/{feed_id:str}",
            "/office/alert-settings",
            "/office/alert-texts",
            "/office/checklists",
            "/office/issues/limits",
            "/office/reports/{report:str}/columns",
            "/office/retention",
            "/office/review/rules",
            "/office/settings",
        ),
        "how things are set",
    ),
    **dict.fromkeys(("/office/backups", "/office/server"), "about the machine"),
    **dict.fromkeys(
        (
            "/office/meetings",
            "/office/meetings/{meeting_id:str}",
            "/office/meetings/{meeting_id:str}/minutes",
        ),
        "the minutes of a meeting are a file of their own",
    ),
    **dict.fromkeys(("/office", "/office/counts", "/office/numbers", "/office/plans"), "figures"),
    **dict.fromkeys(
        ("/office/imports", "/office/imports/{batch_id:str}", "/office/outboxes"),
        "files that came, and what one would do",
    ),
    **dict.fromkeys(
        ("/office/imports/{batch_id:str}/changes", "/office/outboxes/{file_id:str}"),
        "what one file would do",
    ),
    "/office/calls": "the list of issues, by progress",
    "/office/areas": "one file of people and areas under 批量",
    "/office/bulk": "what one file would do",
    **dict.fromkeys(("/office/people/cards", "/office/open311"), "secrets"),
    "/office/personal-notice": "a notice",
    "/office/audit": "a file of its own, which who looks after accounts may have",
    "/office/reports": "the files themselves",
}


def pages() -> Iterator[tuple[str, set[str]]]:
    """Every page of the office with its templates, as its handler names them."""
    for path in sorted((ROOT / "server" / "office").glob("*.py")):
        module = importlib.import_module(f"server.office.{path.stem}")
        body = ast.parse(path.read_text("utf-8")).body
        functions = {one.name: one for one in body if isinstance(one, ast.FunctionDef)}
        for function in functions.values():
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and getattr(mark.func, "id", "") == "get":
                    yield text_of(module, mark.args[0]), set(drawn(module, function, functions))


def text_of(module: Any, node: ast.AST) -> str:
    """A text that is written there, or in a name of the module."""
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(module, part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return text_of(module, node.value)
    if isinstance(node, ast.BinOp):
        return text_of(module, node.left) + text_of(module, node.right)
    found = getattr(module, node.id, "") if isinstance(node, ast.Name) else None
    found = node.value if isinstance(node, ast.Constant) else found
    return found if isinstance(found, str) else ""


def drawn(module: Any, function: ast.FunctionDef, others: dict[str, Any]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.Name):
            name = text_of(module, node)
            if name.endswith(".html") and (TEMPLATES / name).is_file():
                yield name
        called = others.get(node.id) if isinstance(node, ast.Name) else None
        if called is not None and called is not function:
            yield from drawn(module, called, others)


def has_table(name: str) -> bool:
    """In the template itself or in one of its parts."""
    text = (TEMPLATES / name).read_text("utf-8")
    parts = re.findall(r'{% (?:include|import|from) "([^"]+)"', text)
    return bool(re.search(r'<table class="(table|ruled)', text)) or any(map(has_table, parts))


def test_every_page_with_a_table_has_its_list_or_a_reason():
    found = {path for path, names in pages() if any(map(has_table, names))}
    listed = {one.page for one in LISTS.values()}

    assert len(found) > 50
    assert sorted(found - listed - set(NO_LIST)) == []
    assert sorted(set(NO_LIST) & listed) == []
    assert sorted(set(NO_LIST) - found - ELSEWHERE) == []


# Drawn by a function of another module, which this test does not follow.
ELSEWHERE = {
    *("/office/households/{household_id:str}", "/office/people/{person_id:str}"),
    *("/office/imports/{batch_id:str}", "/office/outboxes/{file_id:str}"),
}


@pytest.fixture
def told(town, office):
    """Something on each list of what residents asked and workers told."""
    huang = town.resident("huang")
    said = {"kind": "correct", "how": "phone", "asked_on": "2026-09-10", "note": "黄秀珍生日写错"}
    office.submit(f"/office/residents/{huang}/wishes", **said)
    visit = record(town, "worker1", "liang", result="moved_out")
    back = {"id": visit, "reason": "梁建国在哪", "field": "result"}
    town.submit("office1", "review.return", back, 1)
    liang = town.resident("liang")
    give = {"id": liang, "changes": {"categories": ["subsistence_allowance"]}}
    phone = Phone(town, "worker1")
    phone.pull()
    phone.sync(phone.operation("resident.change", give, base=1))
    record(town, "worker1", "liang", result="moved_out", note="19900000702")
    bring_in(office, xlsx_of(line("王小明", door="")), "roster.xlsx")
    hand = {
        "giver": town.person("worker1"),
        "taker": town.person("worker2"),
        "building": town.building("hongmian"),
        "from_on": "2026-09-20",
        "note": "钥匙在门卫",
        "form_id": "01a20977-27f4-7315-acef-728c8ca3d0aa",
    }
    office.submit("/office/handovers", **hand)
    office.submit("/office/feedback", text="字太小", about="/office")
    return town


def lines(browser, code, **asked):
    answer = browser.get(f"{LISTS[code].url}/csv", params=asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_what_residents_asked(told):
    (one,) = lines(told["office1"], "wishes")
    who = {one["姓名"]: one["怎么说"] for one in lines(told["office1"], "consents")}

    assert (one["姓名"], one["要求什么"], one["具体"]) == ("黄**", "更正", "黄**生日写错")
    assert who == {"黄**": "还没告知", "吴**": "还没告知"}
    assert lines(told["office1"], "consents", show="yes") == []


def test_what_workers_told_and_the_office_decides(told):
    found = lines(told["office1"], "proposals")

    assert {one["哪一类"] for one in found} == {"去世和迁出", "身份类别"}
    told_of = {one["哪一类"]: one for one in found}
    assert told_of["身份类别"]["怎么说、提议什么"] == "加低保"
    assert "19900000702" not in told_of["去世和迁出"]["原话"]


def test_what_rosters_said_hand_overs_and_feedback(told):
    (reject,) = lines(told["office1"], "rejects")
    (handed,) = lines(told["office1"], "handovers")
    (said,) = lines(told["office1"], "feedback")

    assert (reject["姓名"], reject["哪份名册"]) == ("王**", "roster.xlsx")
    assert (handed["谁交出"], handed["怎样了"]) == ("周晓岚", "还没生效")
    assert said["说了什么"] == "字太小"


def test_the_records_behind_a_number_are_those_of_its_page(told):
    (one,) = lines(told["office1"], "records", show="returned")

    assert (one["哪一类"], one["什么"]) == ("退回的走访", "梁**在哪")


def test_what_was_found_is_what_was_looked_for(told):
    office = told["office1"]
    answer = office.submit("/office/finds", to="/office/search", q="红棉苑3栋")
    of = answer.url.params["of"]

    assert len(lines(office, "found", of=of)) == 2
    assert lines(office, "found") == []
    assert lines(told["secretary"], "found", of=of) == []
    assert "红棉苑" not in told.audit("export")[-1]["detail"]
    page = office.get("/office/audit").text
    assert "导出了“查到的”" in page
