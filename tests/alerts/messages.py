"""CAP messages for tests."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "cap"
CAP = "urn:oasis:names:tc:emergency:cap:1.2"

INFO = """<info><language>zh-CN</language><category>Met</category><event>雷雨大风</event>
<urgency>Unknown</urgency><severity>Moderate</severity><certainty>Unknown</certainty>
<expires>2026-08-07T15:10:00+08:00</expires><headline>清龙市气象台发布雷雨大风黄色预警</headline>
<area><areaDesc>清龙区</areaDesc></area></info>"""


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


def cap(infos: str = INFO, namespace: str = CAP, **fields: str) -> str:
    """A message; a field that is "" is left out."""
    head = {
        "identifier": "44030041600000_20260807091000",
        "sender": "QingLong",
        "sent": "2026-08-07T09:10:00+08:00",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        **fields,
    }
    inside = "".join(f"<{name}>{said}</{name}>" for name, said in head.items() if said)
    return f'<alert xmlns="{namespace}">{inside}{infos}</alert>'
