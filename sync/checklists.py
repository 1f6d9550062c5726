"""What a checklist is: sections, questions, options, flags and cards, as data that travels.

A definition is published as an edition and never changed afterwards. Texts that decide something
(`relevant`, `constraint`, `when` …) are expressions of `sync/expressions.py`. What follows from
answers is in `sync/checklist_rules.py`.
"""

from msgspec import Struct, field

from sync.record import Record

ELDER = "CK-ELDER"

YES_NO = ("yes", "no")
YES_NO_NA = ("yes", "no", "na")
TYPES = (
    *("one", "multi", "yes_no", "yes_no_na", "int", "decimal"),
    *("text", "date", "photo", "note", "calculate"),
)
CHOSEN = ("one", "multi")
UNASKED = ("note", "calculate")  # shown or worked out; nobody answers them
LEVELS = ("now", "red", "amber")
PURPOSES = ("elder", "weather", "fire", "other")
CALLS = ("120", "110", "119", "96110", "gas", "contact", "office")

# How large a list may be. A visit may bring as many answers for one person as there are questions.
MAX_QUESTIONS = 200
MAX_SECTIONS = 50
MAX_CARDS = 50
MAX_STEPS = 12
MAX_OPTIONS = 100
MAX_FLAGS = 20
MAX_CODE = 40
MAX_TITLE = 100
MAX_WORDS = 300
MAX_HOURS = 24 * 366
MAX_DAYS = 3660
MAX_EDITION = 10_000
LIST_CODE = rf"[A-Za-z][A-Za-z0-9_-]{{0,{MAX_CODE - 1}}}"


class Option(Struct, frozen=True, kw_only=True):
    """One thing to choose. `alone` 1 excludes the others of a multi (无, 好)."""

    code: str
    label: str
    alone: int = 0


class Flag(Struct, frozen=True, kw_only=True):
    """What an answer sets off. In `when`, "." is this question's answer.

    `hours` is the limit from the visit, 0 for none; `recheck_days` says to look again so long after
    it was done; `card` names the action card of a flag that cannot wait (`level` "now").
    """

    when: str
    level: str
    kind: str
    text: str
    hours: int = 0
    recheck_days: int = 0
    office_only: int = 0
    card: str = ""


class Section(Struct, frozen=True, kw_only=True):
    id: str
    label: str


class Card(Struct, frozen=True, kw_only=True):
    """What to do now, step by step, and whom to call (`CALLS`)."""

    id: str
    title: str
    steps: list[str]
    calls: list[str] = []


class Question(Struct, frozen=True, kw_only=True):
    """One question as it is asked at a door.

    `every` 1 asks at every visit, otherwise when the last answer is older than `valid_days` or
    something changed; in `months` it is asked at every visit. `safety` stays when the person does
    not want to be asked. What is `restricted` is for the office alone. `sets` names a field of the
    resident that the answer sets.
    """

    id: str
    section: str
    type: str
    ask: str
    hint: str = ""
    options: list[Option] = []
    required: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: str = ""
    calculate: str = ""
    every: int = 0
    valid_days: int = 90
    months: list[int] = []
    safety: int = 0
    restricted: int = 0
    sets: str = ""
    flags: list[Flag] = []


class Checklist(Record, frozen=True, kw_only=True):
    """One edition of a list, used from the day `from_on` until a later one is."""

    code: str
    edition: int
    title: str
    purpose: str
    sections: list[Section]
    questions: list[Question]
    cards: list[Card] = field(default_factory=list)
    from_on: str
    status: str = "published"
