"""A checklist written as XLSForm and read again is the same checklist."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from pyxform.xls2xform import convert

from server.checklists.xlsform import read, write
from sync.checklists import (
    CALLS,
    CHOSEN,
    LEVELS,
    PURPOSES,
    TYPES,
    Card,
    Checklist,
    Flag,
    Option,
    Question,
    Section,
)
from sync.default_checklists import default_checklists
from tests.server.xlsforms import BytesIO

CODES = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z")


def tidy(text):
    """As a cell keeps it: nothing at the edges, no reference."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text).replace("\xa0", " ").replace("\r", "")
    return text.replace("_x000D_", "").replace("${", "$").strip()


TEXTS = st.one_of(
    st.sampled_from(["不适", "=1+1", "#N/A", "2026-01-01", "0012", "a\nb", "\\n", "<b>&", "yes"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20),
).map(tidy)
FILLED = TEXTS.filter(bool)
LINES = FILLED.map(lambda text: text.replace("\n", " ").strip()).filter(bool)


@st.composite
def checklists(draw):
    sections = draw(st.integers(1, 3))
    cards = [
        Card(
            id=f"card{at}",
            title=draw(FILLED),
            steps=draw(st.lists(LINES, min_size=1, max_size=3)),
            calls=draw(st.lists(st.sampled_from(CALLS), max_size=3, unique=True)),
        )
        for at in range(draw(st.integers(0, 2)))
    ]
    questions = []
    for section in range(sections):
        for _ in range(draw(st.integers(1, 3))):
            questions.append(draw(questions_in(f"S{section}", questions, cards)))
    return Checklist(
        id="CK-TRY.7",
        code="CK-TRY",
        edition=7,
        title=draw(FILLED),
        purpose=draw(st.sampled_from(PURPOSES)),
        sections=[Section(id=f"S{at}", label=draw(FILLED)) for at in range(sections)],
        questions=questions,
        cards=cards,
        from_on=draw(st.sampled_from(["", "2026-12-01"])),
    )


@st.composite
def questions_in(draw, section, before, cards):
    type_ = draw(st.sampled_from(TYPES))
    names = [f"${{{question.id}}}" for question in before if question.type != "note"]
    conditions = st.sampled_from(["", "1 = 1", *(f"{name} != '甲'" for name in names)])
    flags = []
    if type_ not in ("note", "calculate"):
        flags = draw(st.lists(flags_of(cards), max_size=3))
    return Question(
        id=f"E{len(before):02d}",
        section=section,
        type=type_,
        ask=draw(FILLED),
        hint=draw(TEXTS),
        options=draw(options()) if type_ in CHOSEN else [],
        required=draw(st.sampled_from(["", "true()", "1 = 2"])),
        relevant=draw(conditions),
        constraint=draw(st.sampled_from(["", ". != ''"])),
        constraint_message=draw(TEXTS),
        calculate="1 + 1" if type_ == "calculate" else "",
        every=draw(st.integers(0, 1)),
        valid_days=draw(st.sampled_from([1, 30, 90, 365])),
        months=draw(st.lists(st.integers(1, 12), max_size=4, unique=True)),
        safety=draw(st.integers(0, 1)),
        restricted=draw(st.integers(0, 1)),
        sets="",
        flags=flags,
    )


@st.composite
def options(draw):
    codes = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
    return [Option(code=code, label=draw(FILLED), alone=draw(st.integers(0, 1))) for code in codes]


@st.composite
def flags_of(draw, cards):
    level = draw(st.sampled_from(LEVELS if cards else LEVELS[1:]))
    return Flag(
        when=draw(st.sampled_from([". = 'a'", "selected(., 'a') or worse()", "last() = ': | '"])),
        level=level,
        kind=draw(CODES | st.sampled_from(["recheck", "card", "office_only"])),
        text=draw(FILLED),
        hours=draw(st.integers(0, 720)),
        recheck_days=draw(st.integers(0, 90)),
        office_only=draw(st.integers(0, 1)),
        card=draw(st.sampled_from([card.id for card in cards])) if level == "now" else "",
    )


@pytest.mark.parametrize("checklist", default_checklists(), ids=lambda one: one.code)
def test_the_default_lists_written_and_read_again(checklist):
    said = read(write(checklist), "清单.xlsx")

    assert said.findings == []
    assert said.checklist == checklist


@pytest.mark.parametrize("checklist", default_checklists(), ids=lambda one: one.code)
def test_other_programs_of_the_field_open_it(checklist):
    warned: list[str] = []
    converted = convert(write(checklist), warnings=warned, file_type=".xlsx")

    assert checklist.title in converted.xform
    assert warned == []


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(checklists())
def test_written_and_read_again(checklist):
    data = write(checklist)
    said = read(data, "清单.xlsx")

    assert said.findings == []
    assert said.checklist == checklist
    convert(data, file_type=".xlsx")


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(checklists())
def test_nothing_in_the_file_is_a_formula(checklist):
    book = load_workbook(BytesIO(write(checklist)))

    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
