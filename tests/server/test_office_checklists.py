"""The office uploads a list, looks at it, publishes it from a day on, and downloads it again."""

import pytest

from server.checklists.workbooks import MAX_BYTES
from server.checklists.xlsform import read, write
from server.office.checklist_view import editions
from server.office.checklists import MAX_UPLOAD
from server.store.records import Records
from sync import days
from sync.checklists import Checklist, Option, Question, Section
from sync.operations import stamp
from tests.server.office import hidden
from tests.server.town import NOW
from tests.server.xlsforms import HEADS, form

TODAY = days.day(stamp(NOW), "Asia/Shanghai")
FILE = form(
    ["select_one near", "E01", "近来怎样", "红: . = 'bad'", "doctor 48小时 复查7天 | 请看医生"],
    ["text", "E02", "还有什么"],
    heads=[*HEADS, "flags", "followup"],
    choices=[["list_name", "name", "label"], ["near", "good", "好"], ["near", "bad", "不好"]],
)


def upload(member, data, name="清单.xlsx"):
    return member.post(
        "/office/checklists",
        files={"file": (name, data)},
        data={"form_token": member.form_token},
    )


def publish(member, from_on, data=FILE):
    fields = hidden(upload(member, data).text, "/office/checklists/editions")
    return member.post("/office/checklists/editions", data={**fields, "from_on": from_on})


def kept(town):
    with town.store.read() as tx:
        found = Records(tx, town.community).checklists()
    return [one for one in found if one.code == "CK-TRY"]


def test_an_upload_is_shown_and_nothing_is_kept(town, office):
    answer = upload(office, FILE)

    assert answer.status_code == 200
    assert "近来怎样" in answer.text and "48 小时内跟进，办完 7 天复查" in answer.text
    assert "没有问题" in answer.text
    assert kept(town) == []


def test_a_bad_file_gets_its_rows_and_cannot_be_published(office):
    answer = upload(office, form(["foo", "E01", "<b>一"]))

    assert "没有“foo”这种题型" in answer.text
    assert "/office/checklists/editions" not in answer.text


def test_what_is_not_supported_must_have_been_seen(office):
    answer = upload(office, form(["integer", "E01", "一", "x"], heads=[*HEADS, "appearance"]))

    assert "没有用上的 1 处我看过了" in answer.text


def test_no_file_is_said(office):
    answer = office.post("/office/checklists", data={"form_token": office.form_token})

    assert answer.status_code == 422 and "请先选一个清单文件" in answer.text


@pytest.mark.parametrize("size", [MAX_BYTES + 1, MAX_UPLOAD + 1])
def test_a_file_too_large_is_told(office, size):
    answer = upload(office, b"PK\x03\x04" + bytes(size))

    assert "文件超过 2 MB" in answer.text


def test_published_from_a_day_on(town, office):
    assert publish(office, TODAY).status_code == 200
    [first] = kept(town)
    assert (first.edition, first.from_on, first.title) == (1, TODAY, "试一试")
    assert [one.id for one in first.questions] == ["E01", "E02"]

    publish(office, "2099-01-01")
    assert sorted(one.edition for one in kept(town)) == [1, 2]

    listed = office.get("/office/checklists").text
    assert "在用" in listed and "还没到" in listed


@pytest.mark.parametrize("from_on", ["", "2020-01-01", "morgen"])
def test_a_day_that_cannot_be(town, office, from_on):
    assert publish(office, from_on).status_code == 422
    assert kept(town) == []


@pytest.mark.parametrize("definition", ["", "{}", "[1]", '{"code": 1}'])
def test_a_definition_that_is_none(office, definition):
    fields = hidden(upload(office, FILE).text, "/office/checklists/editions")
    fields |= {"definition": definition, "from_on": "2099-01-01"}
    assert office.post("/office/checklists/editions", data=fields).status_code == 422


def test_rules_are_checked_once_more(town, office):
    fields = hidden(upload(office, FILE).text, "/office/checklists/editions")
    fields["definition"] = fields["definition"].replace(". = 'bad'", ". = '")
    answer = office.post("/office/checklists/editions", data={**fields, "from_on": TODAY})

    assert answer.status_code == 422 and "不合规矩" in answer.text
    assert kept(town) == []


def test_the_same_form_sent_twice_publishes_once(town, office):
    fields = hidden(upload(office, FILE).text, "/office/checklists/editions")
    for _ in range(2):
        office.post("/office/checklists/editions", data={**fields, "from_on": TODAY})

    assert len(kept(town)) == 1


def test_what_is_downloaded_is_the_same_list(town, office):
    publish(office, TODAY)
    [one] = kept(town)

    shown = office.get(f"/office/checklists/{one.id}")
    answer = office.get(f"/office/checklists/{one.id}/file.xlsx")
    again = read(answer.content, "清单.xlsx")

    assert "近来怎样" in shown.text
    assert again.findings == []
    assert again.checklist.questions == one.questions
    assert answer.headers["content-disposition"].startswith("attachment")


def test_the_secretary_may_too(town):
    assert upload(town["secretary"], FILE).status_code == 200


def edition(number, from_on, status="published"):
    question = Question(
        id="E", section="s", type="one", ask="?", options=[Option(code="a", label="甲")]
    )
    return Checklist(
        id=f"{number}",
        code="CK",
        edition=number,
        title="t",
        purpose="other",
        sections=[Section(id="s", label="节")],
        questions=[question],
        from_on=from_on,
        status=status,
    )


def test_which_edition_is_in_use():
    lists = [
        edition(1, ""),
        edition(2, "2026-01-01"),
        edition(3, "2026-03-01"),
        edition(4, "2026-01-01", status="retired"),
    ]
    [found] = editions(lists, "2026-02-01")

    assert [(one.checklist.edition, one.state) for one in found] == [
        (4, "past"),
        (3, "coming"),
        (2, "current"),
        (1, "past"),
    ]


def test_written_for_the_office():
    assert write(edition(1, ""))[:2] == b"PK"
