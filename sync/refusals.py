"""Every way the rules say no: a code for machines and a sentence for people."""

from typing import Any

SENTENCES: dict[str, str] = {
    # the envelope
    "operation.unreadable": "这条记录读不出来，已原样留存，请社区办公室处理。",
    "operation.too_deep": "这条记录的结构太深，读不出来，已原样留存。",
    "id.reused": "同一个编号收到了两份不同的内容，第二份已留存待办公室核对。",
    "n.taken": "这个序号已经有一条别的记录，这一条已留存待办公室核对。",
    "n.out_of_range": "序号不对，已留存待办公室核对。",
    "at.unreadable": "记录时间读不出来，请核对时间后再发。",
    "operation.failed": "服务器处理这一条时出错，已原样留存，请社区办公室处理。",
    "kind.unknown": "服务器还不认识这类记录，已留存，升级后可处理。",
    "data.misfit": "内容不合要求：{where}。请改好再发。",
    "base.missing": "这条修改没有说明从哪一版改起，请重新打开这页再改。",
    "date.unreal": "日期“{value}”不存在，请改好再发。",
    "nothing.changed": "没有要改的内容。",
    # rights
    "role.not_allowed": "您的岗位不能做这件事，已留存待办公室核对。",
    "scope.outside": "这户不在您负责的楼栋，已留存待办公室核对。",
    "category.office_only": "“{category}”要由社区办公室核定，已报给办公室。",
    "visit.not_yours": "只能改自己记的走访。",
    # order
    "predecessor.missing": "它要等的那一条还没有收到，收到后自动处理。",
    "predecessor.refused": "它前面的一条没有通过，这一条先留存。",
    "after.cycle": "几条记录互相等待，已留存待办公室处理。",
    # nouns
    "record.unknown": "找不到要处理的这一条，可能还没有收到。",
    "household.occupied": "这户还有居民或走访记录，不能删除。",
    "household.same_door": "这栋楼已经有这个门牌。",
    "household.gone": "这户已停用。",
    "building.same_name": "这个小区已经有这栋楼。",
    "resident.elsewhere": "“{resident}”不住在这一户，请重新选择见到的人。",
    "resident.has_visits": "这位居民已有走访记录，不能删除，请改居住状态。",
    "visit.withdrawn": "这次走访已经撤回。",
    "task.closed": "这件事已经办完。",
    "followup.closed": "这件跟进已经办结。",
    "review.not_waiting": "这条不在待审里，可能别人已经处理。",
    "dispute.decided": "这件冲突已经有人定了。",
    "quarantine.decided": "这一条已经有人处理。",
    "quarantine.cannot_accept": "这一条不能照原样收：{reason}请改好再收，或退回。",
    "quarantine.unreadable": "这一条读不出来，只能留存或退回。",
}


class Refusal(Exception):
    """An expected no. `code` is a key of SENTENCES, `facts` fill the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        assert code in SENTENCES, code
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code].format(**self.facts)


class Missing(Exception):
    """What the operation names has not arrived: hold it until an operation with this id comes."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs
