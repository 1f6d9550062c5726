"""Words of the pages of a warning, and how long something took as people say it."""

from datetime import timedelta

KINDS = {"repeat": "再提醒", "deputy": "请副楼长", "chief": "请网格长", "secretary": "报书记"}
CHANNELS = {
    "wechat": "微信群",
    "sms": "短信",
    "loudspeaker": "喇叭",
    "door": "上门",
    "notice": "张贴",
    "phone": "电话",
}
HOWS = {"call": "电话问过", "visit": "上门看过", "reply": "有人回话"}
HOPS = {
    "sent": "发出",
    "delivered": "送到手机",
    "acknowledged": "点了收到",
    "forwarded": "说已转发",
    "confirmed": "已确认",
}
# What became of a text that was handed to a group or a service, and what it was about.
RESULTS = {
    "accepted": "渠道已收下",
    "refused": "拒收",
    "busy": "太忙，稍后再发",
    "unreachable": "没有回答",
    "gone": "已失效",
    "waiting": "等着发",
    "given_up": "没发出去",
    "replaced": "有新的，没再发",
    "over": "已过时，没再发",
}
TURNS = {"begun": "发布", "changed": "更新", "stood_down": "解除", **KINDS}
OUTCOMES = {
    "safe": "平安",
    "needs_help": "需帮助",
    "no_answer": "联系不上",
    "moved": "已转移",
    "declined": "拒绝",
}
STATES = {
    "waiting": "等办公室决定",
    "open": "进行中",
    "closed": "已解除",
    "expired": "已到期",
    "dismissed": "不属于本社区",
}


def clocked(took: timedelta) -> str:
    """5:20, or 1:05:20 from an hour on."""
    seconds = max(int(took.total_seconds()), 0)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def spoken(took: timedelta) -> str:
    """3 分 40 秒, 2 小时 5 分, 3 天."""
    seconds = max(int(took.total_seconds()), 0)
    if seconds < 3600:
        return f"{seconds // 60} 分 {seconds % 60:02} 秒"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} 小时 {seconds % 3600 // 60} 分"
    return f"{seconds // 86400} 天"
