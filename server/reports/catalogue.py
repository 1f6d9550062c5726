"""Every report there is."""

from server.reports.definition import Report
from server.reports.followups import FOLLOWUPS
from server.reports.months import MONTHLY
from server.reports.visits import DIARY, LEDGER

REPORTS: dict[str, Report] = {one.code: one for one in (LEDGER, DIARY, MONTHLY, FOLLOWUPS)}
