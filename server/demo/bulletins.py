"""What the weather service of 清龙区 sends: invented messages in the form of CAP 1.2."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from server.demo.ids import MINUTE_MS, iso
from server.demo.shapes import Town

SENDER = "44019941600000"
STATION = "清龙区气象台"
# The first nine digits are the subdistrict's; no such district exists.
DIVISION, DISTRICT = "440199001001", "440199"
SUBDISTRICT = "青溪街道"

COLOURS = {"blue": "蓝", "yellow": "黄", "orange": "橙"}
_SEVERITY = {"blue": "Minor", "yellow": "Moderate", "orange": "Severe"}
_SAID = {
    "雷雨大风": "预计未来{hours}小时，清龙区有雷雨，伴有8级左右阵风和短时强降水，请注意防范。",
    "暴雨": "预计未来{hours}小时，清龙区有暴雨，局部大暴雨，低洼处可能积水，请注意防范。",
    "台风": "受台风影响，预计未来{hours}小时清龙区有大风和持续降雨，请做好防台风准备。",
    "高温": "预计未来{hours}小时，清龙区最高气温将达35℃以上，请注意防暑。",
    "寒冷": "预计未来{hours}小时，清龙区最低气温将降至10℃以下，请注意防寒保暖。",
}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A message and when it reached us. `action` is 发布, 变更发布 or 解除."""

    kind: str
    colour: str
    sent_ms: int
    received_ms: int
    hours: int
    action: str = "发布"
    refers: "Bulletin | None" = None

    @property
    def identifier(self) -> str:
        digits = "".join(one for one in iso(self.sent_ms)[:19] if one.isdigit())
        return f"{SENDER}_{digits}"

    @property
    def is_end(self) -> bool:
        return self.action == "解除"

    @property
    def ends_ms(self) -> int:
        return self.sent_ms + self.hours * 60 * MINUTE_MS

    @property
    def raw(self) -> bytes:
        type_of = "Cancel" if self.is_end else "Update" if self.refers else "Alert"
        headline = f"{STATION}{self.action}{self.kind}{COLOURS[self.colour]}色预警信号"
        said = "" if self.is_end else _SAID[self.kind].format(hours=self.hours)
        refers = self.refers
        before = f"{SENDER},{refers.identifier},{_at(refers.sent_ms)}" if refers else ""
        references = f"<references>{before}</references>" if before else ""
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{self.identifier}</identifier>
<sender>{SENDER}</sender><sent>{_at(self.sent_ms)}</sent><status>Actual</status>
<msgType>{type_of}</msgType><scope>Public</scope>{references}
<info><language>zh-CN</language><category>Met</category><event>{self.kind}</event>
<urgency>Expected</urgency><severity>{_SEVERITY[self.colour]}</severity>
<certainty>Likely</certainty><expires>{_at(self.ends_ms)}</expires>
<senderName>{STATION}</senderName><headline>{headline}</headline>
<description>{headline}。{said}</description>
<area><areaDesc>清龙区</areaDesc><geocode><valueName>CN_GEOCODE</valueName>
<value>{DISTRICT}</value></geocode></area></info></alert>
""".encode()


def incident_id(town: Town, first: Bulletin) -> str:
    """What the server will call the warning that this message begins."""
    return str(uuid5(UUID(town.community_id), f"{SENDER} {first.identifier}"))


def _at(at_ms: int) -> str:
    text = iso(at_ms)
    return text[:19] + text[23:]
