"""Every way the rules say no: a code for machines and a sentence for people."""

from typing import Any

SENTENCES: dict[str, str] = {
    # the envelope
    "operation.unreadable": "这条记录读不出来，已原样留存，请社区办公室处理。",
    "seal.unreadable": "这一条封着，服务器打不开（可能换过密钥），已原样留存。"
    "请打开那部手机、输入密码，它会自己重新发。",
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
    "nothing.changed": "没有要改的内容：和原来一样。要改，请先改一项再保存。",
    # what a form says before it becomes an operation
    "field.empty": "请填写“{field}”。",
    "field.too_long": "“{field}”最多 {limit} 个字，现在有 {length} 个。",
    "field.unknown": "“{field}”里没有“{value}”这一项，请重新选。",
    "field.not_a_number": "“{field}”应是 {least} 到 {most} 的整数。",
    "field.not_a_clock": "“{field}”请填时间，例如 22:00。",
    "date.out_of_range": "“{field}”应在 {first} 到 {last} 之间，现在是 {value}。",
    "door.unclear": "“{said}”找到 {count} 户，请写全小区、楼栋、单元和门牌。",
    "phone.misfit": "电话应是 3 到 15 位数字，可以带空格和短横。",
    "export.too_large": "一次最多出 {limit} 行。请把时间选短一些，或者只选一个网格、一栋楼。",
    "report.other_span": "“{title}”只能按{kinds}出，请重新选。",
    "report.not_yet": "{first} 还没有到，没有可以出的内容。",
    "report.too_many": "最多定 {limit} 张自动做的报表。请先停掉不用的。",
    "report.stopped": "这张自动做的报表已经停了，请刷新页面看现在的。",
    "report.lost": "这份文件不在服务器上了。可以在上面选同样的日子，重新导出一份。",
    "report.no_column": "至少要留一列，请勾上一列再保存。",
    "place.code_misfit": "区划代码应是 6、9 或 12 位数字，例如 440304，查统计用区划代码就有。",
    "place.half": "纬度和经度要一起填，或者都空着。",
    "place.degrees_misfit": "“{field}”应是 -{most} 到 {most} 的度数，小数最多 8 位，例如 22.5431。",
    "backup.off": "备份关着（JINLIN_BACKUPS 是 off），请管服务器的人先打开。",
    "backup.unknown": "没有这份备份，或者它已经过期删去。请回到“备份”重新选。",
    "backup.by_command": "这里不能恢复。请管服务器的人停掉服务，用 jinlin restore 恢复。",
    "backup.unconfirmed": "没有恢复。要恢复，请在框里写“恢复”两个字。",
    # rights
    "role.not_allowed": "您的岗位不能做这件事，已留存待办公室核对。",
    "scope.outside": "这户不在您负责的楼栋，已留存待办公室核对。",
    "category.office_only": "“{category}”要由社区办公室核定，已报给办公室。",
    "visit.not_yours": "只能改自己记的走访。别人记错了，请告诉他本人或社区办公室。",
    # order
    "predecessor.missing": "它要等的那一条还没有收到，收到后自动处理。",
    "predecessor.refused": "它前面的一条没有通过，这一条先留存。",
    "replaces.applied": "要更正的那一条办公室已经收下，这一条先留存，免得记两次。",
    "after.cycle": "几条记录互相等待，已留存待办公室处理。",
    # taking an edit back
    "undo.changed_since": "“{field}”后来又改过（{who}），不能撤销。要改，请直接改成要的内容。",
    "undo.nothing": "这一次改动没有可以撤销的内容，可能已经撤销过。",
    # nouns
    "record.unknown": "找不到要处理的这一条，可能还没有收到。",
    "record.gone": "它说的那一条已经删除，或者不是这类记录，已留存待办公室核对。",
    "household.occupied": "这户还有人，不能删。请先把人搬到现在住的那一户，或把户改成“已停用”。",
    "household.has_work": "这户有走访或交办的记录，删了就查不到。请改成“已停用”，记录都还在。",
    "household.same_door": "这栋楼已经有这个门牌。请打开那一户，或换一个门牌。",
    "household.gone": "这户已停用。要用，请社区办公室先恢复它。",
    "building.same_name": "这个小区已经有这栋楼。请换个名字，或打开那一栋。",
    "grid.same_name": "已经有一个网格叫“{name}”，请换个名字，或把楼换过去。",
    "building.occupied": "这栋楼里还有门牌，不能删除。请先把每一户搬走或删去。",
    "resident.elsewhere": "选的人里有人不住在这一户，请重新选择见到的人。",
    "resident.has_visits": "这位居民已有走访记录，不能删除，请改居住状态。",
    "merge.itself": "这是同一条资料，不能和自己合并。请另选一条。",
    "merge.already": "这一条已经并入“{name}”，请从“{name}”的页面接着办。",
    "merge.changed": "两份资料刚刚有改动，请看过新的内容再合并。",
    "merge.disputed": "还有两处改得不一样、没有定的内容，请先到“冲突”里定下来。",
    "merge.same_followup": "两边都有同一件没有办结的跟进（{what}），请先办结一件再合并。",
    "merge.other_building": "两户不在同一栋楼，不能合并。请把人搬到要保留的那一户。",
    "merge.alert": "预警正要联系其中一户，还没有结果。请等有了结果再合并。",
    "merge.unknown": "没有这次合并，可能已经撤销。请回到“合并过的”再看。",
    "merge.kept": "别的资料并入过这一条，不能删除。要删，请先撤销合并。",
    "merge.later": "后来又有过合并。请先撤销后来的那一次，再撤销这一次。",
    "split.nobody": "请选分出去的人；至少要有一人留下。",
    "visit.withdrawn": "这次走访已经撤回，不能再改。要记，请重新记一次走访。",
    "handover.self": "交给的人不能是自己，请另选一位。",
    "handover.role": "{name}的岗位接不了这些楼栋，或者账号已停用，请另选一位。",
    "handover.past": "交接的日子不能早于今天，请另选一天。",
    "handover.not_held": "到那天{name}已经不负责勾选的楼栋，请重新选。",
    "handover.undone": "这次交接已经撤销。还要交，请再做一次交接。",
    "handover.begun": "交接已经生效，不能撤销。要改回来，请再做一次交接。",
    "handover.changed_since": "这些楼栋后来又改过分工，不能整个撤销。请到两人的页面上改。",
    "leave.overlap": "{name} 在 {first} 到 {last} 已经请了假，请先销假或改日子。",
    "leave.self": "代班的人不能是自己，请另选一位。",
    "leave.deputy_away": "{name} 那几天也请假，请另选一位。",
    "holiday.days_misfit": "最后一天不能早于第一天，一次最多 {limit} 天，请改日子。",
    "pairing.already": "这两位已经结对，不用再加。",
    "pairing.ended": "这一对已经结束，请问社区办公室。",
    "pairing.not_yours": "这不是您结对的人，已留存待办公室核对。",
    "task.closed": "这件事已经办完，不用再办。还有别的事，请再交办一件。",
    "followup.closed": "这件跟进已经办结，不用再办。还有事，请记一次走访。",
    "checklist.old_edition": "这份清单已经发布到第 {latest} 版，请用更大的版本号。",
    "review.changed": "这条走访刚刚改过，请看过新的内容再定。",
    "review.rule_misfit": "待审规则没有“{value}”这样的取值，请照旁边的例子填。",
    "issue.limit_misfit": "时限“{value}”不成：每类要有首次处理和办结两个时限，办结不早于首次处理。",
    "issue.hours_misfit": "上班时间要一段接一段，后一段不早于前一段结束，最多 4 段。",
    "review.rules_changed": "待审规则刚刚有改动，请看过新的再改。",
    "review.rule_met": "“{field}”刚刚由{who}改成{theirs}，您填的是{mine}。请刷新看过新的再定。",
    "review.no_reason": "请写一句为什么一起通过，会记在每一条的历史里。",
    "review.red": "红色的要一条一条看，没有一起通过。",
    "review.decided": "这条 {who} {at} {what}，不用再定。",
    "review.nobody": "没有这位可以审的同事，请从名单里选。",
    "meeting.same": "这一天已经有一次{kind}，在下面的会议记录里接着记。",
    "meeting.closed": "这次会已经散了，纪要不再改；要改主意，下次会上再定。",
    "review.not_decided": "这条还没有定，没有可收回的。",
    "review.not_waiting": "这条不在待审里，可能别人已经处理。",
    "dispute.changed": "这一项刚刚又改过，请看过新的内容再定。",
    "dispute.decided": "这件冲突已经有人定了，不用再定。定错了，请到那一户直接改。",
    "quarantine.decided": "这一条已经有人处理，不用再办。请回到“隔离”看下一条。",
    "quarantine.cannot_accept": "这一条不能照原样收：{reason}请改好再收，或退回。",
    "quarantine.unreadable": "这一条读不出来，只能留存或退回。",
    # issues
    "issue.one_only": "只勾了一件，没有可合并的。请至少勾两件。",
    "issue.not_yours": "这件事不在您负责的楼栋，也不是您报的或手上的，已留存待办公室核对。",
    "issue.lacks": "这一步还缺“{field}”，请补上再发。",
    "issue.later_one": "只能并入更早报的那一件。请从后报的那件点“重复”。",
    "issue.holder_unknown": "选的人现在不负责这栋楼，或者账号已停用，请另选一位。",
    "issue.step_state": "这件事那时是“{status}”，这一步记下了，进度没有变。",
    "issue.step_same_person": "办理的人不能自己核查或回访。这一步记下了，请换一个人。",
    "issue.step_no_revisit": "人身安全的事要有人再到现场看过才能办结。这一步记下了，还没有办结。",
    "issue.step_extended": "已经延期过一次，再延要由街道定。这一步记下了，期限没有变。",
    "issue.step_not_later": "新的期限不比现在的晚。这一步记下了，期限没有变。",
    "issue.step_no_call": "那时还没有这一次呼叫，或者没有呼成。这一步记下了，呼叫没有变。",
    "issue.step_call_ended": "这一次呼叫那时已经结束。这一步记下了，还要请部门，请重新呼叫。",
    "issue.step_call_arrived": "这一次呼叫已经记过到场。这一步记下了，到场时间没有变。",
    "department.unknown": "部门名录里没有这个部门，或者已停用，请另选一个。",
    "department.limit_misfit": "到场时限“{value}”读不出来：写数字和单位，如 2 小时。",
    "department.twice": "已经有叫“{name}”的部门。",
    "department.too_many": "最多 {limit} 个部门，请先停用不用的。",
    "issue.step_late": "办结已经超过 {days} 天，不能自己重开。话记下了，请告诉社区办公室。",
    # pictures
    "media.name": "照片的编号不对，没有收。请在“待同步”里再发一次。",
    "media.other_hash": "照片传来时变了样，没有收，请再发一次。",
    "media.unreadable": "这不是能打开的照片，没有收。请重新拍一张。",
    "media.too_many": "一次最多 {limit} 张照片，请先去掉一张。",
    "media.unknown": "这张照片还没有传到，或者已经清理。没传到的，请拍照的人打开应用并联网。",
    # warnings
    "alert.decided": "这条预警已经有人处理，请刷新后看它现在怎样。",
    # people who sign in
    "person.unknown": "没有这个人，可能在别的社区。请回到“人员”再找。",
    "person.same_username": "账号“{username}”已经有人用，请换一个。",
    "person.username_misfit": "账号要 2 到 40 个小写字母、数字、点或横线。",
    "person.name_misfit": "请写姓名，最多 40 个字。",
    "person.role_misfit": "没有“{role}”这个岗位，请从名单里选。",
    "person.not_yours": "您的岗位不能管理这个账号，请找书记或管理员。",
    "person.self": "不能停用自己，也不能改自己的岗位。请另一位书记或管理员来做。",
    "person.holds_no_building": "这个岗位不分楼栋。要分楼栋，请先把岗位改成网格员、社工或楼长。",
    "person.building_unknown": "没有选楼栋，或者这栋楼已不在。请重新选。",
    "person.days_misfit": "最后一天不能早于第一天，请改日子。",
    "bulk.no_sheet": "文件里没有叫“人员”或“楼栋”的表，或者没有表头。请先下载现在的表，照着填。",
    "bulk.twice": "这一行和上面的重复，请只留一行。",
    "bulk.building_unknown": "没有叫“{name}”的楼栋。请写全名，如“红棉苑 3栋”。",
    "device.unknown": "没有这台手机，可能已经换人登记。请回到“手机”再找。",
    "password.wrong": "现在的密码不对，请再试一次。",
    "password.short": "新密码至少 10 个字，现在只有 {length} 个。",
    "password.long": "新密码太长，最多 200 个字。",
    "password.differs": "两次写的新密码不一样，请再写一次。",
    "password.same": "新密码和现在的一样，请换一个。",
    "card.nobody_chosen": "请先选人，再做登录卡。",
    "card.unknown": "这不是近邻走访发的码，或者没有扫完整。请对着社区办公室给的码再扫一次。",
    "card.used": "这个码已经用过，一个码只能登记一部手机。您自己刚登记过，就直接打开应用；"
    "不是您，请马上告诉社区办公室。",
    "card.expired": "这个码过期了。请社区办公室再出一个，当场扫。",
    "card.withdrawn": "这个码已经作废，可能又出了新的。请扫最新的那个，或找社区办公室。",
    "card.inactive": "这个账号已停用，请找社区办公室。",
    "api_key.unknown": "没有这个密钥，或者它已经作废。请刷新后再看。",
    "api_key.too_many": "密钥太多了，不能再加。一个系统用一个就够。",
    # a phone's outbox as a file
    "outbox.no_file": "请先选一个从手机存出来的文件。",
    "outbox.empty": "这个文件是空的。请在手机的“待同步”里再存一次。",
    "outbox.too_big": "文件超过 {limit} MB，不是手机存出来的待同步文件。",
    "outbox.too_many": "文件里超过 {limit} 条记录，请找技术支持处理。",
    "outbox.cut": "文件不完整，后半截没有传到。请从手机重新传一次，或在“待同步”里再存一次。",
    "outbox.not_ours": "这不是近邻走访存出来的文件。请在手机的“待同步”里点“存成文件”，"
    "把那个 .json 文件交来。",
    "outbox.misfit": "文件像是近邻走访存的，但内容对不上，可能被改过。请在手机上再存一次。",
    "outbox.nothing": "文件里没有记录：存的时候都已经发出去了。",
    "outbox.other_community": "文件是“{name}”存的，本社区没有这个人。请交给他所在的社区办公室。",
    "outbox.unknown_device": "服务器不认识存文件的这台手机。请{name}在这台手机上重新登录一次，"
    "再存一次文件。",
    "outbox.device_of_other": "存文件的手机登记在别人名下，和文件里写的“{name}”不一致，没有导入。"
    "请{name}在这部手机上重新登录，再存一次。",
    "outbox.decided": "这个文件已经导入或放弃，不用再办。",
    # what lacks for good
    "numbers.missing": "“{name}”上登记到第 {recorded} 条，服务器收到 {received} 条，"
    "缺第 {numbers} 条。那部手机还在，就打开它联网；已经清空或丢了，这几条就找不回来，"
    "请补记，并告诉办公室。",
    # warnings
    "alert.minutes_misfit": "一级要不早于上一级：提醒、副楼长、网格长、书记，分钟数从小到大。",
    "alert.quiet_misfit": "开始和结束不能是同一个时间，请改其中一个。",
    "alert.kind_misfit": "种类只能用文字，例如：雷雨大风、停水。",
    "alert.text_misfit": "这些文字还不能用，请改好再存：{problems}",
    # channels
    "channel.address_misfit": "这个地址用不了。请从群里复制机器人的整条地址（https 开头），"
    "企业微信、钉钉、飞书都可以；邮件、ntfy、Bark 和短信按 apprise 的写法。",
    "channel.no_secret_needed": "企业微信的机器人没有加签密钥，请把这一格空着。",
    "channel.unknown": "没有这个通道，可能刚刚被删掉。请刷新后再看。",
    "channel.too_many": "最多 {limit} 个通道。请先删掉不用的。",
    # checklists: the file
    "checklist.no_file": "请先选一个清单文件（.xlsx）。",
    "checklist.too_big": "文件超过 {limit} MB，不像是清单。请只留清单的几张表再传。",
    "checklist.misfit": "这张清单不合规矩，不能发布。请重新上传，看逐行说明。",
    # rosters: the file
    "roster.empty": "这个文件是空的，请重新导出后再选。",
    "roster.too_big": "文件超过 {limit} MB。请删去图片和多余的行，或按小区分成几个文件，再导入。",
    "roster.too_many_rows": "表格超过 {limit} 行。请删去最后一位居民下面的内容，或分成几个文件。",
    "roster.too_many_cells": "表格的格子太多。请删去用不到的列和工作表，另存为 .xlsx 再导入。",
    "roster.old_format": "这是旧版 .xls 或加了密码的文件。请用 Excel 或 WPS 打开，"
    "另存为不加密码的 .xlsx 再导入。",
    "roster.not_a_table": "这个文件不是表格。请用 Excel 或 WPS 打开名册，另存为 .xlsx 再导入。",
    "roster.damaged": "这个文件打不开，可能没有传完整。请用 Excel 打开，另存为 .xlsx 再导入。",
    "roster.no_header": "没有找到名册。前 {limit} 行里要有一行表头，写着“姓名”和“身份证号”。",
    # rosters: the rows for correction
    "roster.missing_name": "没有姓名，请补上。",
    "roster.bad_address": "门牌读不出是哪一户，请改成“3栋2单元502”这样的写法。",
    "roster.door_is_date": "门牌被 Excel 变成了日期，请改回原来的门牌，例如 2-502。",
    "roster.door_blank": "没有门牌，上一行也接不上，请补上门牌。",
    "roster.id_checksum": "身份证号最后一位与前面对不上，可能有一位写错，请核对。",
    "roster.id_birth_invalid": "身份证号里的出生日期不存在或在今天以后，请核对。",
    "roster.id_length": "身份证号不是 18 位（或旧的 15 位），也不能带 * 号，请补全。",
    "roster.id_precision_lost": "Excel 只留下了身份证号前 15 位，后几位已丢失，请照证件重填。",
    "roster.id_conflict": "同一个身份证号在“{sheet}”第 {row} 行是另一个姓名，请核对是谁写错。",
    "roster.duplicate_other_address": "这个人在“{sheet}”第 {row} 行已登记在另一户，"
    "请定下住在哪一户（人户分离）。",
    "roster.lives_elsewhere": "这个人已登记在 {door}，请定下住在哪一户（人户分离）。",
    "roster.id_of_other": "这个身份证号已登记给 {door} 的另一个姓名，请核对是谁写错。",
    # rosters: the import
    "roster.busy": "另一份名册正在写入。请等它写完，再确认这一份。",
    "roster.moved_on": "看过以后资料有了变化，预览已经更新，请再看一遍再确认。",
    "roster.not_waiting": "这份名册不在等确认，可能已经导入或放弃。请回到“名册导入”看结果。",
    "roster.nothing_new": "这份名册里没有要写入的内容：都和现在一样，可以放弃这一份。",
    "roster.undo_too_late": "已过 {limit} 小时，不能再整批撤回，请逐户修改。",
    "roster.row_decided": "这一行已经有人处理，请看下一行。",
    "roster.step_refused": "这一行没有写进去。{reason}",
    "roster.no_file": "请先选一个名册文件。",
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
