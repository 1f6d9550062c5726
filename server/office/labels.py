"""Labels of codes that no phone shows, beside those of web/locale/labels.json."""

from server.field.words import CHINESE, words

_words = words(CHINESE)

MORE: dict[str, dict[str, str]] = {
    "operation": {
        "building.add": "加楼栋",
        "building.change": "改楼栋",
        "task.add": "交办",
        "review.approve": "通过",
        "review.return": "退回",
        "dispute.decide": "定冲突",
        "quarantine.decide": "处理隔离",
        "community.change": "改设置",
    },
    "field": {
        "household_id": "住户",
        "building_id": "楼栋",
        "resident_id": "居民",
        "own_categories": "户类别",
        "status_until": "到哪天",
        "task_ids": "办了哪些交办",
        "checkups": "清单",
        "media": "照片",
        "reason": "原因",
        "due_on": "哪天前",
        "for_person": "交给谁",
        "text": "内容",
        "page": "页面",
        "pinyin": "拼音",
        "changes": "改动",
        "id": "编号",
        "compound": "小区",
        "grid_id": "网格",
        "grid_name": "网格名称",
        "units": "单元数",
        "floors": "层数",
        "doors": "每层户数",
        "order": "顺序",
        "style": "样式",
        "leader_name": "楼长",
        "value": "值",
        "decision": "处理",
    },
    "review": {"none": "不用审", "waiting": "待审", "approved": "已通过", "returned": "已退回"},
    "household_status": {"active": "在用", "gone": "已停用"},
    "task_status": {"open": "没办完", "done": "已办完", "cancelled": "已取消"},
    "sign": {"phone": "电话"},
    "sex": {"": "未填"},
    "tenure": {"": "未填"},
    "audit": {
        "session.open": "登录",
        "session.end": "退出",
        "session.end_all": "退出所有手机",
        "password.change": "改自己的密码",
        "password.reset": "给临时密码",
        "card.make": "做登录卡",
        "card.use": "用登录卡登录",
        "card.withdraw": "作废登录卡",
        "device.revoke": "停用手机",
        "person.add": "加人",
        "person.change": "改账号",
        "building.assign": "分楼栋",
        "building.unassign": "收回楼栋",
        "denied": "没有权限",
        "view": "看",
        "export": "导出",
        "import": "导入",
    },
    "audit_outcome": {"done": "做了", "refused": "没通过", "denied": "已拒绝"},
}

# Which set of labels a field's codes belong to.
CODED = {
    "result": "result",
    "type": "type",
    "method": "method",
    "status": "status",
    "sex": "sex",
    "tenure": "tenure",
    "relation": "relation",
    "relation_to_head": "relation",
    "categories": "category",
    "own_categories": "category",
    "category": "category",
}


def named(code: str, kind: str) -> str:
    """What people call a code; one that nobody has named is shown as it is."""
    known = _words.labels.get(kind, {}).get(code)
    return known or MORE.get(kind, {}).get(code, code)
