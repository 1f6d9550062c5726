"""Two years of history in one file: as many lines as visits, in little memory."""

import tracemalloc
from io import BytesIO

from openpyxl import load_workbook

from server.reports import taking, workbooks
from server.reports.catalogue import REPORTS
from server.reports.definition import Order
from server.store.records import Records
from sync import days
from tests.server.office import record
from tests.server.town import COMMUNITY

FIRST, MONTHS, EACH = "2024-09-01", 24, 250
# Beyond what a month takes: the file itself, and what SQLite and the writer hold in between.
MORE_MIB = 4


def fill(town, visit_id):
    """So many visits a month, copies of one."""
    with town.store.write() as tx:
        row = tx.row("select * from visit where id = :id", id=visit_id)
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(f":{name}" for name in row)
        for number in range(MONTHS * EACH):
            on = days.after(FIRST, number * 730 // (MONTHS * EACH))
            at = f"{on}T02:00:00.000Z"
            new = {**row, "id": f"{number:08d}{visit_id[8:]}", "at": at, "true_at": at}
            tx.run(f"insert into visit ({names}) values ({marks})", **new)


def exported(town, first, last):
    """The file of these days, and the most memory that making it took."""
    with town.store.read() as tx:
        community = Records(tx, COMMUNITY).get("community", COMMUNITY)
        order = Order(first, last)
        tracemalloc.start()
        taken = taking.take(tx, community, REPORTS["ledger"], order, last, "谁", masked=True)
        written = workbooks.of_report(taken)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return written, peak


def test_two_years_take_hardly_more_memory_than_a_month(town):
    resident = town.resident("huang")
    visit = record(town, "worker1", "huang", resident_ids=[resident], note="黄秀珍精神好" * 5)
    fill(town, visit)
    exported(town, FIRST, FIRST)

    month, little = exported(town, FIRST, "2024-09-30")
    years, much = exported(town, FIRST, "2026-08-31")

    assert month.lines > EACH * 0.9 and years.lines == MONTHS * EACH
    assert much - little < MORE_MIB * 2**20
    sheet = load_workbook(BytesIO(years.content), read_only=True).active
    assert sum(1 for _ in sheet.iter_rows(min_row=3)) == years.lines
