"""部门呼叫: the directory, the community's word to the street, calls, and who sees what."""

import re

import pytest

from tests.server.office import hidden, kept, rows_of

ASKED = "消防通道被占，请城管来拖车"


def department(town, name="城管中队", phone="87650001", who="street", **more):
    form = {"name": name, "phone": phone, "amount": "2", "unit": "h", **more}
    answer = town[who].submit("/office/departments", **form)
    assert answer.status_code == 200, answer.text
    (row,) = rows_of(town, "department", name=name)
    return row["id"]


@pytest.fixture
def city(town):
    return department(town)


@pytest.fixture
def car(town):
    """An issue for which the community asked the street."""
    data = {"category": "order", "text": "黄秀珍家门口乱停车", "place": "301 门口"}
    data["household_id"] = town.household("huang")
    issue = str(town.submit("worker1", "issue.raise", data).id)
    town.submit("office1", "issue.step", {"id": issue, "step": "call", "words": ASKED})
    return issue


def call(town, issue, *departments, who="street", **more):
    return post(town, who, f"/office/calls/{issue}/departments", departments=departments, **more)


def tell(town, issue, step, who="street", at=-1, **more):
    about = kept(town, "issue", issue).calls[at]["id"]
    return post(town, who, f"/office/calls/{issue}/steps", call=about, step=step, **more)


def post(town, who, path, **fields):
    """A form sent as the page sends it: the answer is what stands in its place."""
    member = town[who]
    data = {**fields, "form_token": member.form_token}
    return member.post(path, data=data, headers={"HX-Request": "true"})


def test_the_street_calls_somebody_comes_says_what_and_it_goes_on(town, car, city):
    fire = department(town, "消防站", "119119", who="office1", unit="wd", amount="1")

    said = call(town, car, city, fire, words="已请两个部门")
    assert "已记呼叫 2 个部门" in said.text
    assert "已记到场" in tell(town, car, "arrived", at=0).text
    tell(town, car, "result", at=0, words="车已拖走")
    assert kept(town, "issue", car).state == "calling"
    tell(town, car, "withdrawn", at=1, words="不用消防来了")

    issue = kept(town, "issue", car)
    assert (issue.state, issue.calls_open) == ("in_progress", 0)
    text = town["office1"].get(f"/office/issues/{car}").text
    assert "城管中队" in text and "已反馈" in text and "车已拖走" in text


def test_the_same_form_twice_is_one_call(town, car, city):
    form = hidden(town["street"].get(f"/office/calls/{car}").text, f"/{car}/departments")
    for _ in range(2):
        call(town, car, city, form_id=form["form_id"])

    assert len(kept(town, "issue", car).calls) == 1


def test_the_street_sees_what_it_is_asked_and_nothing_of_people(town, car, city):
    call(town, car, city, who="office1", inner="黄婆婆的儿子会开门")
    street = town["street"]

    for page in ("/office/calls", f"/office/calls/{car}"):
        text = re.sub("[0-9A-Za-z_-]{8,}", "", street.get(page).text)  # ids and tokens
        assert ASKED in text and "秩序" in text and "城管中队" in text
        for never in ("黄秀珍", "黄婆婆", "301", "周晓岚"):
            assert never not in text
    assert "黄婆婆" in town["office1"].get(f"/office/calls/{car}").text


def test_what_is_for_the_office_alone_the_street_only_counts(town, car, city):
    with town.store.write() as tx:
        tx.run("update issue set restricted = 1 where id = :id", id=car)

    text = town["street"].get("/office/calls").text

    assert "其中 1 件只给社区办公室看" in text and ASKED not in text
    assert town["street"].get(f"/office/calls/{car}").status_code == 404
    assert call(town, car, city).status_code == 404


def test_what_nobody_asked_about_the_street_does_not_see(town, city):
    data = {"category": "order", "text": "乱停车", "building_id": town.building("hongmian")}
    issue = str(town.submit("worker1", "issue.raise", data).id)

    assert town["street"].get(f"/office/calls/{issue}").status_code == 404
    assert call(town, issue, city).status_code == 404
    assert kept(town, "issue", issue).calls == []


def test_a_late_call_is_shown_to_whoever_called_and_climbs(town, car, city):
    call(town, car, city, who="office1")

    def waits(who):
        return 'class="is-own"' in town[who].get("/office/calls").text

    assert not any(waits(one) for one in ("office1", "secretary", "street"))
    town.clock.pass_(minutes=125)
    assert [waits(one) for one in ("office1", "secretary", "street")] == [True, False, False]
    town.clock.pass_(minutes=60)
    assert all(waits(one) for one in ("office1", "secretary", "street"))
    text = town["street"].get("/office/calls").text
    assert "没到场，已升级" in text and "超时没到场" in text
    tell(town, car, "arrived", who="office1")
    assert not any(waits(one) for one in ("office1", "secretary", "street"))


def test_departments_and_how_long_they_are_waited_for_are_counted(town, car, city):
    before = town["street"].get("/office/calls").text
    assert "还没有呼叫部门" in before and "部门呼叫<b>1</b>" in before
    call(town, car, city)
    town.clock.pass_(days=2)

    text = town["street"].get("/office/calls").text

    line = text[text.index("<b>城管中队</b>") :].split("</tr>")[0]
    cells = [part.split("</td>")[0] for part in line.split('<td class="num">')[1:]]
    assert cells[:4] == ["", "1", "", ""] and "state--bad" in cells[4]


def test_a_step_that_counts_for_nothing_says_why(town, car, city):
    call(town, car, city)
    tell(town, car, "result", words="来过了")

    late = tell(town, car, "arrived")

    assert "这一次呼叫那时已经结束" in late.text
    assert kept(town, "issue", car).calls[0]["arrived_at"] == ""


def test_the_street_sets_a_later_date_where_the_community_did_once(town, car):
    path = f"/office/calls/{car}/extensions"
    page = town["street"].get(f"/office/calls/{car}").text
    later, latest = ("2030-06-03", "2030-06-10")
    assert f'action="{path}"' in page and "延期" in page

    refused = post(town, "street", path, words="", due_on=later)
    town.submit(
        "office1", "issue.step", {"id": car, "step": "extend", "words": "等拖车", "due_on": later}
    )
    again = post(town, "office1", path, words="还在等", due_on=latest)
    said = post(town, "street", path, words="拖车在修", due_on=latest)

    issue = kept(town, "issue", car)
    assert refused.status_code == 422 and "说明" in refused.text
    assert "街道" in again.text and "已延期" not in again.text
    assert "已延期" in said.text and issue.extended == 2
    assert issue.close_due.startswith(latest)


@pytest.mark.parametrize("who", ["worker1", "chief", "leader1", "admin"])
def test_only_the_office_and_the_street_call(town, car, city, who):
    assert town[who].get("/office/calls").status_code == 403
    assert call(town, car, city, who=who).status_code == 403
    assert kept(town, "issue", car).calls == []


def test_nobody_to_call_is_said(town, car, city):
    assert "请填" in call(town, car).text or call(town, car).status_code == 422
    change(town, city)
    assert "停用" in call(town, car, city).text
    assert kept(town, "issue", car).calls == []


def change(town, ident, **more):
    form = {"name": "城管中队", "phone": "87650001", "amount": "2", "unit": "h", **more}
    return post(town, "street", f"/office/departments/{ident}/changes", **form)


def test_a_department_is_changed_and_earlier_calls_keep_its_name(town, car, city):
    call(town, car, city)
    changed = change(
        town, city, name="综合执法队", phone="87650002", amount="1", unit="wd", is_on="1"
    )

    assert "综合执法队" in changed.text and "1 个工作日内到场" in changed.text
    assert kept(town, "issue", car).calls[0]["department"] == "城管中队"
    assert [row["detail"] for row in town.audit("department.change")] == ["综合执法队"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": ""}, "名称"),
        ({"name": "城管中队"}, "已经有"),
        ({"phone": "没有"}, "电话"),
        ({"amount": "0"}, "到场"),
        ({"unit": "weeks"}, "到场"),
    ],
)
def test_a_department_that_does_not_fit_is_refused_plainly(town, city, more, said):
    form = {"name": "派出所", "phone": "110", "amount": "1", "unit": "h", **more}
    answer = town["street"].submit("/office/departments", **form)

    assert answer.status_code == 422 and said in answer.text
    assert len(rows_of(town, "department")) == 1


def test_the_reporter_reads_it_all(town, car, city):
    call(town, car, city)
    tell(town, car, "arrived")
    tell(town, car, "result", words="车已拖走")

    text = town["worker1"].get("/issues").text

    for said in ("呼叫部门", "部门到场", "城管中队，车已拖走"):
        assert said in text
