"""Helps the tests of imports: a roster in a few words, importing it, counting what is stored."""

import csv
import json
import time
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.server.town import Member, Town

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "roster"
ROSTER = SAMPLES / "roster-a.xlsx"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "roster-a.expected.json").read_text("utf-8"))

HEADS = ["小区", "楼栋", "门牌号", "姓名", "与户主关系", "身份证号", "联系电话", "人员类别", "备注"]
RESTRICTED = ("精神障碍", "社区矫正", "信访重点", "吸毒人员")


def id_number(birth: str, order: int = 1) -> str:
    """A number of a county that does not exist, with a right check digit."""
    body = f"440199{birth.replace('-', '')}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def line(name: str, door: str = "502", building: str = "9栋", **more: str) -> list[str]:
    """One row of a roster; `more` are id, phone, labels, kin, note."""
    return [
        "紫薇苑",
        building,
        door,
        name,
        more.get("kin", ""),
        more.get("id", ""),
        more.get("phone", ""),
        more.get("labels", ""),
        more.get("note", ""),
    ]


def csv_of(*lines: list[str], encoding: str = "utf-8-sig") -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows([HEADS, *lines])
    return text.getvalue().encode(encoding)


def xlsx_of(*lines: list[str]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (HEADS, *lines):
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def upload(office: Member, data: bytes, name: str = "名册.xlsx") -> Any:
    return office.post(
        "/office/imports", files={"file": (name, data)}, data={"form_token": office.form_token}
    )


def read(office: Member, data: bytes, name: str = "名册.xlsx") -> str:
    """Upload a file; the path of its page."""
    answer = upload(office, data, name)
    assert answer.status_code == 200, answer.text
    return str(answer.url.path)


def bring_in(office: Member, data: bytes, name: str = "名册.xlsx") -> str:
    """Upload and confirm a file, and wait until it is written; the path of its page."""
    path = read(office, data, name)
    answer = office.submit(f"{path}/confirmations")
    assert answer.status_code == 200, answer.text
    wait(office, path)
    return path


def take_back(office: Member, path: str) -> Any:
    answer = office.submit(f"{path}/undos")
    if answer.status_code == 200:
        wait(office, path)
    return answer


def wait(office: Member, path: str) -> None:
    """Until the page no longer asks again, as a browser does."""
    until = time.monotonic() + 30
    while "every 1s" in office.get(path).text:
        assert time.monotonic() < until, "the import does not end"


def count(town: Town, table: str, **where: str) -> int:
    asked = "".join(f" and {name} = :{name}" for name in where)
    with town.store.read() as tx:
        return int(tx.value(f"select count(*) from {table} where 1 = 1{asked}", **where))


def rows(town: Town, sql: str, **values: Any) -> list[dict[str, Any]]:
    with town.store.read() as tx:
        return tx.rows(sql, **values)


def raw_bytes(town: Town) -> bytes:
    """Everything on disk, the log of writes included."""
    path = town.store.path
    return b"".join(
        one.read_bytes() for one in path.parent.iterdir() if one.name.startswith(path.name)
    )
