"""What the office calls the codes of warnings."""

ALERTS: dict[str, dict[str, str]] = {
    "alert_colour": {
        "": "不分颜色",
        "white": "白色",
        "blue": "蓝色",
        "yellow": "黄色",
        "orange": "橙色",
        "red": "红色",
    },
    "alert_action": {
        "issue": "发布",
        "continue": "继续发布",
        "change": "变更（升级、降级）",
        "update": "更新",
        "lift": "解除",
    },
    "alert_state": {
        "waiting": "等办公室决定",
        "open": "正在进行",
        "closed": "已解除",
        "expired": "到时间，自动结束",
        "dismissed": "不属于本社区",
    },
    "alert_source": {
        "api": "接口推送",
        "feed": "自动来源",
        "paste": "微信群粘贴",
        "form": "办公室填写",
    },
    "cap_status": {
        "Actual": "正式",
        "Exercise": "演练",
        "System": "系统测试",
        "Test": "测试",
        "Draft": "草稿",
    },
    "cap_type": {
        "Alert": "发布",
        "Update": "更新",
        "Cancel": "解除",
        "Ack": "回执",
        "Error": "出错通知",
    },
}
