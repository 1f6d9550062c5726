"""The Common Alerting Protocol, 1.2 as the standard and 1.1 and 1.0 as they still come (OASIS)."""

from enum import StrEnum
from typing import TypeVar

from lxml import etree

from server.alerts import points
from server.alerts.cap_parts import ALERT, AREA, INFO, Part, Warnings
from server.alerts.documents import name_of
from sync.alert_times import is_standard
from sync.alerts import Area, Info, Message, MsgType, Scope, Status

NAMESPACES = {
    "urn:oasis:names:tc:emergency:cap:1.2": "1.2",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    "http://www.incident.com/cap/1.0": "1.0",
}
CURRENT = "1.2"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
# A triple of references cannot be taken apart when a name holds one of these (§3.2.1).
APART = set(" ,<&\t\r\n")

MOST_INFOS = 1000
Word = TypeVar("Word", bound=StrEnum)

WORDS = {
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}


class Rejected(Exception):
    """Why a message cannot be taken, in the user's words."""


def is_alert(element: etree._Element) -> bool:
    namespace, name = name_of(element)
    return name == "alert" and namespace in NAMESPACES


def message_of(element: etree._Element) -> Message:
    """The message of an `alert` element. Raises Rejected where its head is not to be relied on."""
    warnings = Warnings()
    version = NAMESPACES[name_of(element)[0]]
    if version != CURRENT:
        warnings.add(f"这是 CAP {version} 的旧格式，已尽量读取。")
    part = Part(element, ALERT, warnings)
    head = {name: _needed(part, name) for name in ("identifier", "sender", "sent")}
    status = _of(Status, part, "status")
    msg_type = _of(MsgType, part, "msgType")
    scope = _of(Scope, part, "scope")
    _check_head(part, head, msg_type, scope)
    if len(part.elements("info")) > MOST_INFOS:
        raise Rejected(f"内容段（info）超过 {MOST_INFOS} 个。")
    infos = tuple(_info(one, warnings) for one in part.elements("info"))
    if not infos and msg_type is MsgType.ALERT:
        warnings.add("预警没有任何内容段（info）。")
    return Message(
        **head,
        status=status,
        msg_type=msg_type,
        scope=scope,
        note=part.one("note"),
        references=_references(part),
        infos=infos,
        is_signed=any(True for _ in element.iterchildren(f"{{{SIGNATURE}}}Signature")),
        warnings=warnings.all(),
    )


def _needed(part: Part, name: str) -> str:
    if found := part.one(name):
        return found
    raise Rejected(f"缺少 {name}。")


def _of(kind: type[Word], part: Part, name: str) -> Word:
    said = _needed(part, name)
    try:
        return kind(said)
    except ValueError:
        raise Rejected(f"{name} 是“{said[:40]}”，标准里没有这个值。") from None


def _check_head(part: Part, head: dict[str, str], msg_type: MsgType, scope: Scope) -> None:
    add = part.warnings.add
    for name in ("identifier", "sender"):
        if APART & set(head[name]):
            add(f"{name} 里有空格、逗号等字符，后续消息可能引用不到它。")
    _check_time(part, "sent")
    if scope is Scope.RESTRICTED and not part.one("restriction"):
        add("范围是 Restricted，却没有写 restriction。")
    if scope is Scope.PRIVATE and not part.one("addresses"):
        add("范围是 Private，却没有写 addresses。")
    if msg_type is not MsgType.ALERT and not part.one("references"):
        add(f"{msg_type} 没有写明引用哪一条（references）。")


def _check_time(part: Part, name: str) -> None:
    said = part.one(name)
    if (said or part.has(name)) and not is_standard(said):
        part.warnings.add(f"{name} 的时间“{said[:40]}”不合标准写法。")


def _references(part: Part) -> tuple[tuple[str, str], ...]:
    """(sender, identifier) of each triple. Their times are not kept: services get them wrong."""
    found = []
    for triple in part.one("references").split():
        pieces = triple.split(",")
        if len(pieces) < 2 or not pieces[0] or not pieces[1]:
            part.warnings.add(f"引用“{triple[:80]}”读不懂。")
            continue
        if len(pieces) != 3:
            part.warnings.add(f"引用“{triple[:80]}”不是 sender,identifier,sent 三项。")
        found.append((pieces[0], pieces[1]))
    return tuple(found)


def _info(element: etree._Element, warnings: Warnings) -> Info:
    part = Part(element, INFO, warnings)
    for name in ("category", "event", "urgency", "severity", "certainty"):
        if not part.one(name):
            warnings.add(f"内容段缺少 {name}。")
    for name, allowed in WORDS.items():
        for said in part.many(name):
            if said and said not in allowed.split():
                warnings.add(f"{name} 是“{said[:40]}”，标准里没有这个值。")
    for name in ("effective", "onset", "expires"):
        _check_time(part, name)
    return Info(
        language=part.one("language") or "en-US",
        event=part.one("event"),
        categories=part.many("category"),
        response_types=part.many("responseType"),
        urgency=part.one("urgency"),
        severity=part.one("severity"),
        certainty=part.one("certainty"),
        effective=part.one("effective"),
        onset=part.one("onset"),
        expires=part.one("expires"),
        sender_name=part.one("senderName"),
        headline=part.one("headline"),
        description=part.one("description"),
        instruction=part.one("instruction"),
        web=part.one("web"),
        contact=part.one("contact"),
        event_codes=part.pairs("eventCode"),
        parameters=part.pairs("parameter"),
        areas=tuple(_area(one, warnings) for one in part.elements("area")),
    )


def _area(element: etree._Element, warnings: Warnings) -> Area:
    part = Part(element, AREA, warnings)
    if not part.one("areaDesc"):
        warnings.add("区域没有写名称（areaDesc）。")
    polygons, circles = [], []
    for said in part.many("polygon"):
        try:
            ring, repairs = points.polygon(said)
        except points.Broken as problem:
            warnings.add(str(problem))
            continue
        polygons.append(ring)
        for repair in repairs:
            warnings.add(repair)
    for said in part.many("circle"):
        try:
            circles.append(points.circle(said))
        except points.Broken as problem:
            warnings.add(str(problem))
    return Area(
        description=part.one("areaDesc"),
        polygons=tuple(polygons),
        circles=tuple(circles),
        geocodes=part.pairs("geocode"),
    )
