"""What a resident may ask for, and what they said to being asked."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server import identities
from server.identities import Vault
from server.store import retention
from tests.server.office import hidden, kept, record, rows_of
from tests.server.town import COMMUNITY, SECRET

NUMBER = "440106194003020024"
OWN, OTHERS = "19900000702", "19900008888"


def checkup(town, consent="yes", method="oral", **said):
    return {
        "resident_id": town.resident("huang"),
        "checklist_id": "CK-ELDER",
        "version": 1,
        "consent": consent,
        "consent_method": method,
        "answers": {name: {"value": value} for name, value in said.items()},
    }


def copy(office, town, form="json", reason="本人来要", door="huang"):
    url = f"/office/residents/{town.resident(door)}/copies"
    return office.submit(url, reason=reason, form=form)


@pytest.fixture
def lived(town):
    """A person with a number, a daughter, a neighbour in the same flat, visits and a secret."""
    huang, home = town.resident("huang"), town.household("huang")
    vault = Vault(SECRET)
    town.intake.do(
        COMMUNITY, lambda writing: identities.keep(writing.tx, vault, COMMUNITY, huang, NUMBER)
    )
    contact = {"household_id": home, "resident_id": huang, "name": "黄小梅", "phone": OWN}
    town.submit("worker1", "contact.add", {**contact, "relation": "daughter"})
    lodger = town.submit("office1", "resident.add", {"household_id": home, "name": "罗租客"}).id
    contact = {"household_id": home, "resident_id": lodger, "name": "罗租客", "phone": OTHERS}
    town.submit("worker1", "contact.add", contact)
    visit = record(
        town,
        "worker1",
        "huang",
        resident_ids=[huang, lodger],
        note=f"罗租客说热水器坏了，{OTHERS}",
        followup="请罗租客和黄秀珍约时间",
        checkups=[checkup(town, E02="cane", E13="suspected", E16=["wire"])],
    )
    town.clock.pass_(days=1)
    alone = record(town, "worker1", "huang", resident_ids=[lodger], note="只见到租客")
    town.submit("worker1", "resident.change", {"id": huang, "changes": {"sex": "f"}}, base=1)
    town.submit(
        "office1", "task.add", {"household_id": home, "reason": "看药", "resident_ids": [huang]}
    )
    return {"huang": huang, "lodger": lodger, "visit": visit, "alone": alone}


def test_a_person_gets_everything_that_is_kept_about_them(town, office, lived):
    office.get(f"/office/residents/{lived['huang']}")

    told = json.loads(copy(office, town).content)

    records = told["records"]
    assert [one["id"] for one in records["resident"]] == [lived["huang"]]
    assert [one["id"] for one in records["visit"]] == [lived["visit"]]
    assert [one["phone"] for one in records["contact"]] == [OWN]
    assert [one["reason"] for one in records["task"]] == ["看药"]
    wanted = [one for one in rows_of(town, "followup") if not one["restricted"]]
    assert {one["id"] for one in records["followup"]} == {one["id"] for one in wanted}
    assert len(wanted) == 2
    assert "CK-ELDER.E02" in records["answers"][0]["items"]
    assert told["identity_number"] == NUMBER
    assert [one["consent"] for one in told["consents"]] == ["yes"]
    assert {"resident.add", "resident.change", "contact.add"} <= {
        one["kind"] for one in told["history"]
    }
    assert [one["action"] for one in told["looked_at"]] == ["view"]


def test_who_looks_after_them_is_told_too(town, office, lived):
    pairing = {"resident_id": lived["huang"], "name": "何志愿", "phone": "19900005555"}
    town.submit("office1", "pairing.add", pairing)

    told = json.loads(copy(office, town).content)

    assert [one["name"] for one in told["records"]["pairing"]] == ["何志愿"]
    assert "pairing.add" in {one["kind"] for one in told["history"]}


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_of_others_it_tells_nothing(town, office, lived, form):
    answer = copy(office, town, form)
    if form == "xlsx":
        book = load_workbook(BytesIO(answer.content))
        said = str([row for sheet in book for row in sheet.iter_rows(values_only=True)])
    else:
        said = answer.text

    assert "罗租客" not in said and OTHERS not in said and "只见到租客" not in said
    assert lived["lodger"] not in said and lived["alone"] not in said
    assert "罗**说热水器坏了，199****8888" in said and "黄小梅" in said


def test_what_is_for_the_office_alone_stands_apart(town, office, lived):
    told = json.loads(copy(office, town).content)

    apart = told.pop("office_only")
    assert "E13" not in json.dumps(told) and "suspected" not in json.dumps(told)
    assert [one["item"] for one in apart["followup"]] == ["CK-ELDER.E13"]
    assert [one["question"] for one in apart["visit"]] == ["E13"]


def test_the_tables_say_it_in_words(town, office, lived):
    answer = copy(office, town, "xlsx")

    book = load_workbook(BytesIO(answer.content))
    sheets = {
        sheet.title: [
            [one or "" for one in row] for row in sheet.iter_rows(min_row=3, values_only=True)
        ]
        for sheet in book
    }
    assert list(sheets) == [
        *("基本资料", "电话", "走访", "问答", "跟进", "找人经过", "本人要求", "告知同意"),
        *("改动", "改前改后", "换人负责", "谁看过", "其他"),
        "只给办公室看",
    ]
    facts = dict(row for row in sheets["基本资料"])
    assert facts["姓名"] == "黄秀珍" and facts["身份证号"] == NUMBER and facts["性别"] == "女"
    assert [row[1:3] for row in sheets["电话"]] == [["女儿", OWN]]
    assert ["2026-09-15", "走路、起身怎么样？", "拄杖", "周晓岚"] in sheets["问答"]
    assert [row[1:3] for row in sheets["告知同意"]] == [["愿意", "口头"]]
    assert sheets["谁看过"] == [["没有"] + [""] * (len(sheets["谁看过"][0]) - 1)]
    assert "麦咏诗（office1）" in book["走访"]["A1"].value


def test_somebody_says_why_and_the_trail_keeps_it(town, office, lived):
    refused = copy(office, town, reason=" ")
    other = copy(office, town, form="docx")
    taken = copy(office, town, reason="本人书面申请")

    assert (refused.status_code, other.status_code, taken.status_code) == (422, 422, 200)
    assert taken.headers["cache-control"] == "no-store"
    (row,) = town.audit("export.person")
    assert row["target"] == f"resident:{lived['huang']}" and "本人书面申请" in row["detail"]
    assert "黄" not in row["detail"]


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_hands_it_out(town, username):
    assert copy(town[username], town).status_code == 403


def test_who_does_not_exist_has_nothing(town, office):
    url = f"/office/residents/{town.household('huang')}/copies"

    assert office.submit(url, reason="x", form="json").status_code == 404


def test_the_page_tells_every_time_somebody_was_asked(town, office, lived):
    text = office.get(f"/office/residents/{lived['huang']}").text

    part = text.partition('id="consent"')[2].partition("</section>")[0]
    assert "愿意</b> · 口头" in part and "周晓岚" in part
    assert f"/office/visits/{lived['visit']}" in part


def test_the_office_records_consent_on_paper_and_its_withdrawal(town, office, lived):
    url = f"/office/residents/{lived['huang']}"

    def record_it(**said):
        town.clock.pass_(hours=1)
        fields = hidden(office.get(url).text, "consents")
        return office.submit(f"{url}/consents", **{**fields, **said})

    written = record_it(consent="yes", method="written", on="2026-09-10")
    back = record_it(consent="no", method="written", on="2026-09-16")

    assert (written.status_code, back.status_code) == (200, 200)
    person = kept(town, "resident", lived["huang"])
    assert (person.consent, person.consent_on) == ("no", "2026-09-16")
    part = back.text.partition('id="consent"')[2].partition("</section>")[0]
    assert part.count("</b> · 书面") == 2 and part.count("麦咏诗 · 另记") == 2
    assert part.index("不愿意</b>") < part.index("<b>愿意</b>")
    told = json.loads(copy(office, town).content)
    assert [one["consent"] for one in told["consents"]] == ["no", "yes", "yes"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"consent": "", "method": "written"}, "愿意不愿意"),
        ({"consent": "yes", "method": "letter"}, "怎么说的"),
        ({"consent": "yes", "method": "written", "on": "2027-01-01"}, "哪天"),
    ],
)
def test_consent_that_cannot_be_is_refused_plainly(town, office, said, why):
    answer = office.submit(f"/office/residents/{town.resident('huang')}/consents", **said)

    assert answer.status_code == 422 and why in answer.text


def test_being_looked_for_is_told_step_by_step(town, office, lived):
    town.clock.pass_(days=1)
    home = town.household("huang")
    silent = record(town, "worker1", "huang", result="no_answer")
    step = {"visit_id": silent, "step": "contact", "who": "女儿 19900000001"}
    town.submit("worker1", "ladder.step", step)
    town.clock.pass_(minutes=10)

    told = json.loads(copy(office, town).content)
    shown = copy(office, town, "html").text

    (case,) = [one for one in told["records"]["followup"] if one["item"] == "no_answer"]
    assert case["household_id"] == home
    assert [(one["step"], one["by_name"]) for one in case["steps"]] == [("contact", "周晓岚")]
    assert "找人经过" in shown and "199****0001" in shown


def test_the_page_to_read_says_what_the_tables_say(town, office, lived):
    text = copy(office, town, "html").text

    assert "本人全部资料" in text and NUMBER in text and "拄杖" in text and "黄秀珍" in text
    assert "罗租客" not in text
    (row,) = town.audit("export.person")
    assert "html" in row["detail"]


def wish(member, town, **changes):
    said = {"kind": "correct", "how": "phone", "asked_on": "2026-09-10", "note": "生日写错了"}
    url = f"/office/residents/{town.resident('huang')}/wishes"
    return member.submit(url, **{**said, **changes})


def test_an_answer_to_nothing_is_not_called_kept(town, office):
    answer = office.submit(
        "/office/wishes/01a20977-27f4-7315-acef-728c8ca3d0ab/answers", answer="done", reply="改好了"
    )

    assert answer.status_code == 404 and "答复记下了" not in answer.text


def test_what_somebody_asks_is_answered_in_fifteen_days(town, office):
    form_id = "01a20977-27f4-7315-acef-728c8ca3d0aa"
    for _ in range(2):
        shown = wish(office, town, form_id=form_id).text
    town.clock.pass_(days=11)
    late = town["office1"].get("/office/wishes").text

    assert shown.count("生日写错了") == 1 and "9月25日" in shown
    assert "9月25日，已过" in late
    for _ in range(2):
        answer = {"answer": "done", "reply": "改好了，电话告诉了本人"}
        done = town["office1"].submit(f"/office/wishes/{form_id}/answers", **answer).text
    assert "改好了" in done and "已过" not in done
    assert [row["action"] for row in town.audit() if row["action"].startswith("wish")] == [
        "wish.add",
        "wish.answer",
    ]
    told = json.loads(copy(town["office1"], town).content)["wishes"]
    assert [one["reply"] for one in told] == ["改好了，电话告诉了本人"]


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_nobody_else_takes_what_somebody_asks(town, username):
    assert wish(town[username], town).status_code == 403
    assert town[username].get("/office/wishes").status_code == 403


@pytest.mark.parametrize("wrong", [{"kind": "x"}, {"note": ""}, {"asked_on": "2027-01-01"}])
def test_what_cannot_be_asked_is_refused(town, office, wrong):
    assert wish(office, town, **wrong).status_code == 422
    assert rows_of(town, "wish") == []


def test_what_was_set_and_who_took_over_is_told(town, office, lived):
    contact = kept_contact(town)
    change = {"id": contact["id"], "changes": {"name": "黄小妹"}}
    town.submit("worker1", "contact.change", change, contact["version"])
    given = {"giver": town.person("worker1"), "taker": town.person("worker2")}
    given |= {"building": town.building("hongmian"), "from_on": "2026-09-16", "note": ""}
    office.submit("/office/handovers", form_id="01a20977-27f4-7315-acef-728c8ca3d0ab", **given)

    told = json.loads(copy(office, town).content)
    sheets = load_workbook(BytesIO(copy(office, town, "xlsx").content))

    (renamed,) = [one for one in told["edits"] if one["field"] == "name"]
    assert (renamed["before"], renamed["after"]) == ("黄小梅", "黄小妹")
    assert renamed["by_name"] == "周晓岚"
    cells = [[cell.value for cell in row] for row in sheets["改前改后"].iter_rows()]
    assert any(row[2:] == ["姓名", "黄小梅", "黄小妹"] for row in cells)
    (moved,) = told["handovers"]
    assert (moved["giver"], moved["from_on"]) == ("周晓岚", "2026-09-16")
    assert moved["building"] == "红棉苑 3栋"
    assert "换人负责" in copy(office, town, "html").text


def test_what_was_typed_into_their_record_tells_of_nobody_else(town, office, lived):
    event = {"household_id": town.household("huang"), "resident_id": town.resident("huang")}
    event |= {"what": "fall", "on": "2026-09-14"}
    town.submit("worker1", "life_event.record", {**event, "note": "梁建国扶她起来"})

    told = copy(office, town).content.decode()

    assert "扶她起来" in told and "梁建国" not in told


def kept_contact(town):
    (row,) = [one for one in rows_of(town, "contact") if one["name"] == "黄小梅"]
    return row


def test_what_somebody_asked_before_they_were_merged_is_theirs(town, office):
    home = town.household("huang")
    twin = town.submit("office1", "resident.add", {"household_id": home, "name": "黄秀贞"}).id
    said = {"kind": "see", "how": "oral", "asked_on": "2026-09-10", "note": "想看看写了什么"}
    office.submit(f"/office/residents/{twin}/wishes", **said)
    merge = {"keep": town.resident("huang"), "drop": twin}
    town.submit("office1", "resident.merge", {**merge, "changes": {"name": "黄秀珍"}})

    told = json.loads(copy(office, town).content)

    assert [one["note"] for one in told["wishes"]] == ["想看看写了什么"]
    text = office.get("/office/wishes").text
    assert "想看看写了什么" in text and f"/office/residents/{merge['keep']}" in text
    town.clock.pass_(days=400)
    with town.store.read() as tx:
        assert home in retention.held_by_hand(tx, COMMUNITY)
    town.submit("office1", "resident.unmerge", {"id": twin})
    told = json.loads(copy(town["office1"], town).content)
    assert told["wishes"] == []
