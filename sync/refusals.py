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
    # what a form says before it becomes an operation
    "field.empty": "请填写“{field}”。",
    "field.too_long": "“{field}”最多 {limit} 个字，现在有 {length} 个。",
    "field.unknown": "“{field}”里没有“{value}”这一项，请重新选。",
    "field.not_a_number": "“{field}”应是 {least} 到 {most} 的整数。",
    "date.out_of_range": "“{field}”应在 {first} 到 {last} 之间，现在是 {value}。",
    "phone.misfit": "电话应是 3 到 15 位数字，可以带空格和短横。",
    "export.too_large": "一次最多导出 {limit} 条，现在有 {count} 条。请把日期范围选小一些。",
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
    "review.changed": "这条走访刚刚改过，请看过新的内容再定。",
    "review.not_waiting": "这条不在待审里，可能别人已经处理。",
    "dispute.decided": "这件冲突已经有人定了。",
    "quarantine.decided": "这一条已经有人处理。",
    "quarantine.cannot_accept": "这一条不能照原样收：{reason}请改好再收，或退回。",
    "quarantine.unreadable": "这一条读不出来，只能留存或退回。",
    # people who sign in
    "person.unknown": "没有这个人。",
    "person.same_username": "账号“{username}”已经有人用，请换一个。",
    "person.username_misfit": "账号要 2 到 40 个小写字母、数字、点或横线。",
    "person.name_misfit": "请写姓名，最多 40 个字。",
    "person.role_misfit": "没有“{role}”这个岗位。",
    "person.not_yours": "您的岗位不能管理这个账号，请找书记或管理员。",
    "person.self": "不能停用自己，也不能改自己的岗位。",
    "person.holds_no_building": "这个岗位不分楼栋。",
    "person.building_unknown": "没有选楼栋，或者这栋楼已不在。",
    "person.days_misfit": "最后一天不能早于第一天。",
    "device.unknown": "没有这台手机。",
    "password.wrong": "现在的密码不对，请再试一次。",
    "password.short": "新密码至少 10 个字，现在只有 {length} 个。",
    "password.long": "新密码太长，最多 200 个字。",
    "password.differs": "两次写的新密码不一样，请再写一次。",
    "password.same": "新密码和现在的一样，请换一个。",
    "card.spent": "这张登录卡已经用过、过期或作废，请找社区办公室换一张。",
    "card.nobody_chosen": "请先选人，再做登录卡。",
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
