"""What the form of a telephone number becomes. Twin: web/phone/contact_forms.js."""

import re

from server.field.forms import Fields, Filled, Record, first

PHONE = re.compile(r"\+?\d{3,15}")


def contact_change(fields: Fields, before: Record, today: str) -> Filled:
    """Data of `contact.change`: only what differs."""
    after = _contact_data(fields, today)
    if not PHONE.fullmatch(after["phone"]):
        return _bad_phone()
    after["verified_on"] = after["verified_on"] or before["verified_on"]
    changes = {name: value for name, value in after.items() if value != before[name]}
    if not changes:
        return Filled({}, "没有改动。", "phone")
    return Filled({"id": before["id"], "changes": changes})


def contact_add(fields: Fields, household: Record, today: str) -> Filled:
    """Data of `contact.add`."""
    data = _contact_data(fields, today)
    if not PHONE.fullmatch(data["phone"]):
        return _bad_phone()
    return Filled(
        {"household_id": household["id"], "resident_id": first(fields, "resident_id"), **data}
    )


def _contact_data(fields: Fields, today: str) -> Record:
    return {
        "name": first(fields, "name").strip()[:40],
        "relation": first(fields, "relation"),
        "phone": re.sub(r"[^\d+]", "", first(fields, "phone")),
        "verified_on": today if first(fields, "verified") else "",
    }


def _bad_phone() -> Filled:
    return Filled({}, "电话号码不对，应是 3 到 15 位数字。", "phone")
