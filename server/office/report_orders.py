"""What a form of 报表 asks for: which report, days, place, and whether masked."""

from typing import NamedTuple

from server import spans
from server.office import forms
from server.office.forms import FormData
from server.reports.catalogue import REPORTS
from server.reports.definition import DAY, MONTH, WEEK, Order, Report
from server.reports.places import place_of
from server.store.database import Tx
from sync import days
from sync.refusals import Refusal

KINDS = {DAY: "一天", WEEK: "一周", MONTH: "一个月"}
MASKED, OPEN = "masked", "open"
MAX_REASON = 200


class Asked(NamedTuple):
    """`place` is where in words, "" for everywhere; `reason` says why nothing is masked."""

    today: str
    report: Report
    order: Order
    place: str
    reason: str

    @property
    def masked(self) -> bool:
        return not self.reason

    @property
    def days(self) -> str:
        """The days in words. What is not over yet says up to when it tells."""
        first, last = self.order.first, min(self.order.last, self.today)
        if self.order.first == self.order.last:
            return first
        return f"{first} 至 {last}" + ("（到今天为止）" if self.order.last >= self.today else "")


def read(tx: Tx, community_id: str, form: FormData, today: str) -> Asked:
    report = report_of(forms.code(form, "report", "报表", REPORTS))
    kind = forms.code(form, "kind", "多久", KINDS)
    if kind not in report.kinds:
        kinds = "、".join(KINDS[one] for one in report.kinds)
        raise Refusal("report.other_span", title=report.title, kinds=kinds)
    on = forms.day(form, "on", "哪一天") or today
    first, last = _span(kind, on)
    if first > today:
        raise Refusal("report.not_yet", first=first)
    where, place = place_of(tx, community_id, forms.one(form, "where"))
    is_open = forms.code(form, "shown", "姓名电话", (MASKED, OPEN)) == OPEN
    reason = forms.text(form, "reason", "为什么不打码", MAX_REASON, needed=True) if is_open else ""
    return Asked(today, report, Order(first, last, **where), place, reason)


def report_of(code: str) -> Report:
    """Raises Refusal for a report that there is not."""
    if code not in REPORTS:
        raise Refusal("record.unknown")
    return REPORTS[code]


def _span(kind: str, on: str) -> tuple[str, str]:
    """The day, or the week from Monday or calendar month around it."""
    if kind == WEEK:
        first = days.week_of(on)
        return first, days.after(first, 6)
    if kind == MONTH:
        first = f"{on[:7]}-01"
        return first, spans.last_of_month(first)
    return on, on
