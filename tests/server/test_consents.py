"""告知同意一览 and 个人信息处理说明: who was told what, how it stands, and what is kept why."""

from io import BytesIO

import pytest
from openpyxl import load_workbook


def say(town, name, consent, on="2026-09-14", method="written"):
    data = {"resident_id": town.resident(name), "consent": consent, "method": method, "on": on}
    town.submit("office1", "consent.record", data)
    town.clock.pass_(minutes=1)


def listed(office, **asked):
    text = office.get("/office/consents", params=asked).text
    return {name for name in ("黄秀珍", "梁建国", "吴丽华", "钟伟民") if f"<b>{name}</b>" in text}


def test_each_stands_where_their_last_word_put_them(town, office):
    say(town, "huang", "yes")
    say(town, "huang", "no", method="oral")
    say(town, "wu", "no")
    say(town, "liang", "yes")

    assert listed(office, show="withdrawn") == {"黄秀珍"}
    assert listed(office, show="no") == {"吴丽华"}
    assert listed(office, show="yes") == {"梁建国"}
    assert "麦咏诗" in office.get("/office/consents?show=yes").text


def test_whoever_is_to_be_asked_and_was_not_is_missing(town, office):
    assert listed(office) == {"黄秀珍", "吴丽华"}
    assert listed(office, building=town.building("fenghuang")) == {"吴丽华"}
    assert listed(office, building="nowhere") == set()


def test_the_list_goes_out_masked_unless_somebody_says_why(town, office):
    masked = office.submit("/office/consents/files", show="missing")
    whole = office.submit("/office/consents/files", show="missing", reason="上门告知")

    assert "黄秀珍" not in cells(masked) and "黄**" in cells(masked)
    assert "黄秀珍" in cells(whole)
    assert [row["detail"] for row in town.audit("export")] == [
        "还没告知 · 2 行 · 打码",
        "还没告知 · 2 行 · 不打码：上门告知",
    ]
    assert [row["target"] for row in town.audit("export")] == ["consents"] * 2


def cells(answer):
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return {str(cell) for row in sheet.values for cell in row}


@pytest.mark.parametrize("role", ["worker1", "leader1", "street", "admin"])
def test_nobody_else_sees_or_takes_the_list(town, role):
    assert town[role].get("/office/consents").status_code == 403
    assert town[role].submit("/office/consents/files").status_code == 403


def test_the_list_of_names_counts_as_looked_at_once(town, office):
    for _ in range(2):
        office.get("/office/consents")

    assert [row["target"] for row in town.audit("view")] == ["list:consents"]


def test_the_notice_says_why_and_how_long_for_everything(office):
    text = office.get("/office/personal-notice").text

    assert "个人信息处理说明" in text and "发现危险、及时帮助" in text
    assert "健康和居家安全的回答" in text and "2 年" in text
    assert "黄秀珍" not in text
