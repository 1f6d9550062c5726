"""Forms about doors, people and their numbers, read into the data of operations."""

from typing import Any, get_args

from server.office import forms
from server.office.forms import FormData
from server.pinyin import spelled
from sync.operations import Category, Sex, Status, Tenure

MAX_NAME, MAX_DOOR, MAX_UNIT, MAX_RELATION = 60, 40, 20, 20
MAX_FLOOR = 120

TENURES: tuple[str, ...] = get_args(Tenure)
SEXES: tuple[str, ...] = get_args(Sex)
STATUSES: tuple[str, ...] = get_args(Status)
# The derived category is worked out from the others; two are said of a door, not of a person.
OF_DOORS = ("new_resident", "tenant", "subsistence_allowance", "low_income_edge", "hardship")
OF_PEOPLE: tuple[str, ...] = tuple(
    one for one in get_args(Category) if one not in ("high_risk_elder", "tenant")
)
RELATIONS = (
    *("head", "spouse", "son", "daughter", "father", "mother", "grandson", "granddaughter"),
    *("son_in_law", "daughter_in_law", "sibling", "nephew", "relative", "carer", "tenant"),
    "other",
)
CONTACT_RELATIONS = (
    *("self", "spouse", "son", "daughter", "father", "mother", "grandson", "granddaughter"),
    *("son_in_law", "daughter_in_law", "sibling", "nephew", "relative", "carer", "neighbour"),
    *("friend", "landlord", "other"),
)


def door(form: FormData) -> dict[str, Any]:
    """Where a door is and how it is lived in."""
    return {
        "unit": forms.text(form, "unit", "单元", MAX_UNIT),
        "floor": forms.number(form, "floor", "楼层", 0, MAX_FLOOR),
        "door_no": forms.text(form, "door_no", "门牌", MAX_DOOR, needed=True),
        "tenure": forms.code(form, "tenure", "房屋", TENURES),
        "categories": forms.codes(form, "categories", "户类别", OF_DOORS),
    }


def whole_door(form: FormData) -> dict[str, Any]:
    """Everything that the form of a door says."""
    return {**door(form), "status": forms.code(form, "status", "状态", ("active", "gone"))}


def household_changes(form: FormData) -> dict[str, Any]:
    return forms.changes(form, whole_door(form))


def person(form: FormData, today: str) -> dict[str, Any]:
    return {
        "name": forms.text(form, "name", "姓名", MAX_NAME, needed=True),
        "sex": forms.code(form, "sex", "性别", SEXES),
        "birth_on": forms.day(form, "birth_on", "出生日期", last=today),
        "relation_to_head": forms.text(form, "relation_to_head", "与户主关系", MAX_RELATION),
        "categories": forms.codes(form, "categories", "类别", OF_PEOPLE),
    }


def new_resident(form: FormData, household_id: str, today: str) -> dict[str, Any]:
    known = person(form, today)
    return {"household_id": household_id, "pinyin": spelled(known["name"]), **known}


def whole_person(form: FormData, today: str) -> dict[str, Any]:
    """Everything that the form of a person says."""
    return {
        **person(form, today),
        "status": forms.code(form, "status", "状态", STATUSES),
        "status_until": forms.day(form, "status_until", "到哪天"),
    }


def resident_changes(form: FormData, today: str) -> dict[str, Any]:
    changed = forms.changes(form, whole_person(form, today))
    if "name" in changed:
        changed["pinyin"] = spelled(changed["name"])
    return changed


def contact(form: FormData) -> dict[str, Any]:
    return {
        "name": forms.text(form, "name", "姓名", MAX_NAME),
        "relation": forms.text(form, "relation", "关系", MAX_RELATION),
        "phone": forms.phone(form, "phone"),
    }


def new_contact(form: FormData, household_id: str, today: str) -> dict[str, Any]:
    checked = {"verified_on": today} if forms.one(form, "checked") else {}
    resident_id = forms.one(form, "resident_id")
    whose = {"resident_id": forms.ident(resident_id)} if resident_id else {}
    return {"household_id": household_id, **whose, **contact(form), **checked}


def contact_changes(form: FormData, today: str) -> dict[str, Any]:
    """A number that was called and answers is a change too: the day it was checked."""
    checked = forms.one(form, "checked")
    wanted = {
        **contact(form),
        "verified_on": today if checked else forms.one(form, "was_verified_on"),
    }
    return forms.changes(form, wanted)


def value_of(form: FormData, field: str, today: str) -> Any:
    """Another value for one field of a door, a person or a number."""
    if field in ("categories", "own_categories"):
        allowed = OF_DOORS if field == "own_categories" else OF_PEOPLE
        return forms.codes(form, "value", "类别", allowed)
    if field == "floor":
        return forms.number(form, "value", "楼层", 0, MAX_FLOOR)
    if field == "phone":
        return forms.phone(form, "value")
    if field in ("birth_on", "verified_on"):
        return forms.day(form, "value", "日期", last=today)
    if field == "status_until":
        return forms.day(form, "value", "到哪天")
    return forms.text(form, "value", "另外的值", MAX_NAME, needed=True)
