"""The lists of the office that can be taken along: on which page each stands, and its columns."""

from typing import NamedTuple

from server.reports.workbooks import Head


class Listing(NamedTuple):
    """`heads` as "时间 18,姓名* 12": a width each; `*` holds names, `~` words that may name or
    reach somebody. `is_staff`: who looks after accounts may have it."""

    code: str
    word: str
    page: str
    heads: str
    is_staff: bool = False

    @property
    def url(self) -> str:
        return f"/office/{'staff-lists' if self.is_staff else 'lists'}/{self.code}"

    @property
    def columns(self) -> list[tuple[Head, str]]:
        """Each with what is hidden in it: names, words, or nothing."""
        parts = (one.rpartition(" ") for one in self.heads.split(","))
        return [
            (Head(head.rstrip("*~"), int(width)), head[-1] if head[-1] in "*~" else "")
            for head, _, width in parts
        ]


_ISSUE = (
    "上报 18,类别 12,什么事~ 40,楼栋 20,地点~ 20,进度 12,在谁手里 12,首次处理前 18,办结前 18,"
    "超期还是还剩 14,怎么来的 12,工单号 20,谁报的 12,几人也报 10,要议 8,办结 18,编号 38"
)
_ALL = (
    Listing(
        "visits",
        "走访记录",
        "/office/visits",
        "时间 18,住处 28,见到谁* 16,结果 12,类型 10,方式 10,备注~ 40,要跟进~ 24,走访人 12,审核 10,"
        "更正过 8,已撤回 8,走访编号 38",
    ),
    Listing(
        "unseen",
        "本月没见到的人",
        "/office/unseen",
        "住处 28,姓名* 12,出生 12,类别 28,上次见到 12",
    ),
    Listing(
        "overdue",
        "超期的户",
        "/office/overdue",
        "住处 28,为什么要去 20,应访 12,超期几天 10,上次走访 18,结果 12",
    ),
    Listing(
        "followups",
        "跟进",
        "/office/followups",
        "急缓 8,住处 28,姓名* 12,要办什么~ 36,提出 18,谁提出 12,提了几次 10,限期 18,到谁手里 14,"
        "办结 18,谁办结 12,办得怎样~ 36",
    ),
    Listing(
        "issues",
        "事件",
        "/office/issues",
        _ISSUE,
    ),
    Listing(
        "issue-numbers",
        "事件数字",
        "/office/issues/numbers",
        "怎么分 12,哪一项 24,上报 8,办结 8,没办结 8,该办结 8,其中超期 10,该处理 8,其中超时 10,"
        "重开过 8,当场解决 10,回访过 8,满意和基本满意 14,楼栋解决 10,小区解决 10,社区解决 10,"
        "街道解决 10,没写哪级 10",
    ),
    Listing(
        "counted-issues",
        "数字里的事件",
        "/office/issues/numbers/records",
        _ISSUE,
    ),
    Listing(
        "tasks",
        "交办",
        "/office/tasks",
        "哪天前 12,住处 28,为什么~ 36,交给谁 14,谁交办 12,办得怎样 10,走访编号 38",
    ),
    Listing(
        "review",
        "待审",
        "/office/review",
        "收到 18,走访 18,住处 28,结果 12,为什么要看 40,走访人 12,交给谁看 12,走访编号 38",
    ),
    Listing(
        "decisions",
        "定过的走访",
        "/office/review/decisions",
        "时间 18,谁 12,原来 8,定为 14,住处 28,原因~ 40,打开或改了 20,走访编号 38",
    ),
    Listing(
        "conflicts",
        "冲突",
        "/office/conflicts",
        "收到 18,住处 28,关于谁* 12,哪一项 14,现在的~ 24,另一处的~ 24",
    ),
    Listing(
        "quarantine",
        "隔离",
        "/office/quarantine",
        "收到 18,作者 12,手机 18,要做什么 18,住处 28,为什么没收 40",
    ),
    Listing(
        "buildings",
        "楼栋",
        "/office/buildings",
        "小区 16,楼栋 12,网格 14,楼长 12,户 8,空置 8,每周看望 10,今天到期 10,超期 8",
    ),
    Listing(
        "households",
        "住户",
        "/office/buildings",
        "住处 28,楼栋 20,网格 14,房屋 10,人数 8,类别 28,应访 12,方式 10,上次走访 18,结果 12",
    ),
    Listing(
        "pairings",
        "结对",
        "/office/pairings",
        "住处 28,老人* 12,结对* 14,楼长 8,电话~ 16,从哪天 12,上次联系 12,下次应访 12",
    ),
    Listing(
        "planned",
        "计划里的门",
        "/office/plans/doors",
        "住处 28,楼栋 20,应访 12,方式 10,为什么 36",
    ),
    Listing(
        "alerts",
        "预警",
        "/office/alerts",
        "发布 18,预警 28,影响范围 30,怎样了 16,来源 14,核对过 8,演练 8,到什么时候 18,编号 38",
    ),
    Listing(
        "duplicates",
        "疑似重复",
        "/office/duplicates",
        "居民还是住户 12,这一边* 24,住处 28,那一边* 24,那边住处 28,为什么 30",
    ),
    Listing(
        "counted",
        "数字里的人",
        "/office/numbers/people",
        "住处 28,姓名* 12,类别 28,本月第一次见到 14,为什么另计 18,有效探访 10,上门 8",
    ),
    Listing(
        "consents",
        "告知同意",
        "/office/consents",
        "住处 28,姓名* 12,网格 14,怎么说 10,哪天 12,方式 10,谁告知的 12",
    ),
    Listing(
        "wishes",
        "本人要求",
        "/office/wishes",
        "姓名* 12,住处 28,要求什么 12,具体~ 36,哪天提出 12,怎么提出 10,谁记的 12,哪天前答复 12,"
        "办得怎样 12,怎么答复的~ 36,谁答复 12,答复时间 18",
    ),
    Listing(
        "proposals",
        "等办公室定的",
        "/office/proposals",
        "哪一类 14,谁* 16,住处 28,怎么说、提议什么 24,原话~ 36,谁提的 12,什么时候 18",
    ),
    Listing(
        "missing",
        "名册里没有了的人",
        "/office/missing",
        "姓名* 12,住处 28,最近见到 12,哪份名册 28",
    ),
    Listing(
        "rejects",
        "待修正的行",
        "/office/rejects",
        "哪份名册 28,哪张表 14,第几行 8,姓名* 12,住址~ 28,为什么 24",
    ),
    Listing(
        "handovers",
        "交接楼栋",
        "/office/handovers",
        "从哪天 12,谁交出 12,交给谁 12,几栋 8,交代的话~ 36,怎样了 18,谁定的 12,哪天定的 18",
    ),
    Listing(
        "records",
        "数字后面的记录",
        "/office/numbers/records",
        "哪一类 16,住处 28,姓名* 12,什么~ 36,从什么时候 18,到什么时候 18,怎样了~ 28",
    ),
    Listing(
        "found",
        "查到的",
        "/office/search",
        "居民、住户还是电话 12,姓名* 12,住处 28,出生 12,电话~ 16",
    ),
    Listing(
        "feedback",
        "意见反馈",
        "/office/feedback",
        "时间 18,谁 12,角色 12,说了什么~ 60,哪一页 28",
    ),
    Listing(
        "people",
        "人员",
        "/office/people",
        "姓名 12,账号 16,角色 12,负责 28,手机 18,上次同步 18,本机已记 10,服务器已收 10,没到 12",
        True,
    ),
    Listing(
        "phones",
        "手机",
        "/office/phones",
        "谁的 12,角色 12,手机 18,上次联系 18,没发的 10,最早一条 18,服务器已收 10,码 8,版本 16,"
        "差几分钟 10,出错 18,停用 18",
        True,
    ),
)
LISTS = {one.code: one for one in _ALL}


def on_page(path: str, is_office: bool) -> list[Listing]:
    """The lists that stand on a page, as far as its reader may take them."""
    return [one for one in _ALL if one.page == path and (one.is_staff or is_office)]
