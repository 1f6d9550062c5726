"""代办: what the community gets done for somebody at an office, which papers that takes, and which
of them were handed over and went back.

An errand is an issue; its papers are told by its entries `papers`, in their order. Twin:
web/phone/errands.js.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sync.operations import ErrandCode, IssueCategory

PAPERS = "papers"
# What a question asks whether somebody wants an errand run.
FLAG = "errand"


class Errand(NamedTuple):
    """`papers` are what most counters ask for; each community adds what its own ask."""

    name: str
    category: IssueCategory
    papers: tuple[str, ...]


ERRANDS: Mapping[ErrandCode, Errand] = {
    "certification": Errand("资格认证", "policy_service", ("身份证", "社保卡")),
    "senior_card": Errand("优待证", "policy_service", ("身份证", "户口簿", "一寸照片")),
    "insurance": Errand("医保", "policy_service", ("身份证", "社保卡")),
    "allowance": Errand("高龄津贴", "policy_service", ("身份证", "户口簿", "银行卡")),
    "disability": Errand("残疾证", "policy_service", ("身份证", "户口簿", "两寸照片", "诊断证明")),
    "residence": Errand("居住证", "policy_service", ("身份证", "租房合同")),
    "subsistence": Errand("低保申请", "relief", ("身份证", "户口簿", "收入证明", "核对授权书")),
    "relief": Errand("临时救助", "relief", ("身份证", "户口簿", "医疗票据")),
    "other": Errand("别的证明", "policy_service", ("身份证",)),
}


class Paper(NamedTuple):
    """One paper: `needed` for these errands or brought besides; where it is now, and who had it
    from whom when, "" for what was not yet."""

    name: str
    needed: int
    is_here: int = 0
    taken_at: str = ""
    taken_by: str = ""
    taken_from: str = ""
    returned_at: str = ""
    returned_by: str = ""
    returned_to: str = ""


def known(codes: Iterable[str]) -> list[ErrandCode]:
    """Those of these codes that are errands, in the order of the table."""
    given = set(codes)
    return [code for code in ERRANDS if code in given]


def category_of(codes: Sequence[str]) -> IssueCategory:
    """Relief where one of them is relief: its limits are the stricter."""
    kinds = [ERRANDS[code].category for code in known(codes)]
    return "relief" if "relief" in kinds else "policy_service"


def said(codes: Iterable[str]) -> str:
    """What an errand is called where nobody wrote a word."""
    return "代办：" + "、".join(ERRANDS[code].name for code in known(codes))


def of(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Which errands an issue is, as it was said last; none of what is no errand."""
    told = [one["errands"] for one in entries if one["what"] == PAPERS and one["errands"]]
    return list(told[-1]) if told else []


def papers(entries: Sequence[Mapping[str, Any]]) -> list[Paper]:
    """What is needed, then what came besides, each as it stands after the last hand-over."""
    moved = [one for one in entries if one["what"] == PAPERS]
    needed = [name for code in known(of(moved)) for name in ERRANDS[code].papers]
    needed += [name for one in moved for name in one["needed"]]
    found = {name: Paper(name, 1) for name in needed}
    for one in moved:
        for name in one["taken"]:
            taken = {"taken_at": one["at"], "taken_by": one["by_name"], "taken_from": one["whom"]}
            found[name] = Paper(name, int(name in needed), 1, **taken)
        for name in one["returned"]:
            before = found.get(name, Paper(name, int(name in needed)))
            found[name] = before._replace(
                is_here=0,
                returned_at=one["at"],
                returned_by=one["by_name"],
                returned_to=one["whom"],
            )
    return list(found.values())
