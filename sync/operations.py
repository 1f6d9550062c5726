"""Everything a person can do, as tagged structs; the envelope around them; the protocol version.

An operation is a string, fixed when it was recorded: `read` takes the bytes as they came and never
writes them again. Data structs forbid unknown fields; the envelope ignores what it does not know.
"""

import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from sync.checklists import (
    LIST_CODE,
    MAX_CARDS,
    MAX_EDITION,
    MAX_QUESTIONS,
    MAX_SECTIONS,
    MAX_TITLE,
    Card,
    Question,
    Section,
)
from sync.elements import depth_within, members
from sync.misfits import plain
from sync.refusals import Refusal

PROTOCOL = 1
MAX_BATCH = 200
MAX_BODY = 1024 * 1024
MAX_NUMBER = 2**31
# What a double holds exactly: phones read versions as such.
MAX_VERSION = 2**53
MAX_LEAD = 100_000
MAX_LIST = 50
# Four a year, of this one and the next.
MAX_FEASTS = 8
# No instant is longer; what a phone sends instead of one is not remembered.
LONGEST_KEPT = 40
# What a checklist or a photo says of itself; deeper, and not every reader could read it again.
MAX_DEPTH = 16
# Every timezone and every sum of days has its place between these.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
MaybeId = Annotated[str, Meta(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")]
Word = Annotated[str, Meta(max_length=100)]
Note = Annotated[str, Meta(max_length=1000)]
Day = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
Instant = Annotated[str, Meta(max_length=40)]
Ids = Annotated[list[Id], Meta(max_length=MAX_LIST)]
Words = Annotated[list[Word], Meta(max_length=MAX_LIST)]
Small = Annotated[int, Meta(ge=0, le=10_000)]
Version = Annotated[int, Meta(ge=0, le=MAX_VERSION)]

VisitType = Literal[
    "routine",
    "elder_care",
    "phone",
    "weather",
    "event_triggered",
    "new_resident",
    "hazard",
    "dispute",
    "survey",
    "service",
    "recheck",
]
Method = Literal["door", "phone", "video"]
Result = Literal[
    "met",
    "met_family",
    "phone_ok",
    "not_home",
    "no_answer",
    "refused",
    "rescheduled",
    "hospital",
    "institution",
    "away",
    "moved_out",
    "deceased",
    "vacant",
    "wrong_info",
]
Category = Literal[
    "living_alone",
    "empty_nest",
    "oldest_old",
    "functional_loss",
    "dementia",
    "severe_disability",
    "disability",
    "special_family",
    "subsistence_allowance",
    "low_income_edge",
    "destitute_support",
    "childless_alone",
    "hardship",
    "child_in_need",
    "veteran",
    "party_member",
    "volunteer",
    "tenant",
    "new_resident",
    "high_risk_elder",
    "pregnancy_newborn",
]
Categories = Annotated[list[Category], Meta(max_length=MAX_LIST)]
Step = Literal[
    "self",
    "contact",
    "neighbour",
    "leader",
    "office",
    "110",
    "120",
    "quiet",
    "signs",
    "knock",
    "consent",
]
Outcome = Literal["safe", "needs_help", "no_answer", "moved", "declined"]
# How a warning was handed on in a building.
Channel = Literal["wechat", "sms", "loudspeaker", "door", "notice", "phone"]
IssueCategory = Literal[
    "life_safety",
    "fire_hazard",
    "utility_fault",
    "public_facility",
    "environment",
    "order",
    "dispute",
    "elder_need",
    "relief",
    "policy_service",
    "building_danger",
    "suggestion",
    "other",
]
# How an issue came to us; "" says it by the role of whoever raised it.
IssueSource = Literal["", "visit", "phone", "wechat", "hotline", "window", "open311", "leader"]
# What the community gets done for somebody at an office: 代办.
ErrandCode = Literal[
    "certification",
    "senior_card",
    "insurance",
    "allowance",
    "disability",
    "residence",
    "subsistence",
    "relief",
    "other",
]
IssueStepName = Literal[
    "received",
    "note",
    "revisit",
    "accept",
    "assign",
    "start",
    "negotiate",
    "call",
    "done",
    "check",
    "reject",
    "return",
    "resubmit",
    "suspend",
    "resume",
    "extend",
    "duplicate",
    "cancel",
    "reopen",
]
IssueCallStepName = Literal["arrived", "result", "withdrawn", "urged"]
# Where a matter was solved; "" where nobody said.
IssueLevel = Literal["", "building", "compound", "community", "street"]
Edition = Annotated[int, Meta(ge=1, le=10_000)]
Degrees = Annotated[str, Meta(pattern=r"^(-?[0-9]{1,3}(\.[0-9]{1,8})?)?$")]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Tenure = Literal["own", "rent", "vacant", ""]
Sex = Literal["m", "f", ""]
Status = Literal["living", "hospital", "institution", "away", "moved_out", "deceased"]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What one kind of operation carries."""


class BuildingAdd(Data, frozen=True, kw_only=True):
    compound: Word
    name: Word
    grid_id: Word = ""
    grid_name: Word = ""
    units: Small = 0
    floors: Small = 0
    doors: Small = 0
    order: Small = 0
    style: Literal["walkup", "lift", "tower", "lane", ""] = ""


class BuildingChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    compound: Word | msgspec.UnsetType = msgspec.UNSET
    name: Annotated[str, Meta(min_length=1, max_length=40)] | msgspec.UnsetType = msgspec.UNSET
    style: Literal["walkup", "lift", "tower", "lane", ""] | msgspec.UnsetType = msgspec.UNSET
    grid_id: Word | msgspec.UnsetType = msgspec.UNSET
    grid_name: Word | msgspec.UnsetType = msgspec.UNSET
    units: Small | msgspec.UnsetType = msgspec.UNSET
    floors: Small | msgspec.UnsetType = msgspec.UNSET
    doors: Small | msgspec.UnsetType = msgspec.UNSET
    order: Small | msgspec.UnsetType = msgspec.UNSET
    leader_name: Word | msgspec.UnsetType = msgspec.UNSET
    leader_phone: Word | msgspec.UnsetType = msgspec.UNSET


class BuildingChange(Data, frozen=True, kw_only=True):
    id: Id
    changes: BuildingChanges


class BuildingRemove(Data, frozen=True, kw_only=True):
    id: Id


class HouseholdAdd(Data, frozen=True, kw_only=True):
    """`undoes` names the operation that took this door away."""

    building_id: Id
    unit: Word = ""
    floor: Small = 0
    door_no: Annotated[str, Meta(min_length=1, max_length=40)]
    tenure: Tenure = ""
    categories: Categories = []
    undoes: MaybeId = ""


class HouseholdChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    unit: Word | msgspec.UnsetType = msgspec.UNSET
    floor: Small | msgspec.UnsetType = msgspec.UNSET
    door_no: Annotated[str, Meta(min_length=1, max_length=40)] | msgspec.UnsetType = msgspec.UNSET
    tenure: Tenure | msgspec.UnsetType = msgspec.UNSET
    categories: Categories | msgspec.UnsetType = msgspec.UNSET
    status: Literal["active", "gone"] | msgspec.UnsetType = msgspec.UNSET


class HouseholdChange(Data, frozen=True, kw_only=True):
    """`undoes` names an operation whose fields get back what they were before it."""

    id: Id
    changes: HouseholdChanges
    undoes: MaybeId = ""


class HouseholdRemove(Data, frozen=True, kw_only=True):
    """`reason` is why the office did it; an import that is taken back gives none."""

    id: Id
    reason: Annotated[str, Meta(max_length=200)] = ""


class ResidentAdd(Data, frozen=True, kw_only=True):
    household_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    pinyin: Word = ""
    birth_on: Day = ""
    sex: Sex = ""
    relation_to_head: Word = ""
    categories: Categories = []


class ResidentChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    name: Annotated[str, Meta(min_length=1, max_length=60)] | msgspec.UnsetType = msgspec.UNSET
    pinyin: Word | msgspec.UnsetType = msgspec.UNSET
    birth_on: Day | msgspec.UnsetType = msgspec.UNSET
    sex: Sex | msgspec.UnsetType = msgspec.UNSET
    relation_to_head: Word | msgspec.UnsetType = msgspec.UNSET
    categories: Categories | msgspec.UnsetType = msgspec.UNSET
    status: Status | msgspec.UnsetType = msgspec.UNSET
    status_until: Day | msgspec.UnsetType = msgspec.UNSET
    household_id: Id | msgspec.UnsetType = msgspec.UNSET


class ResidentChange(Data, frozen=True, kw_only=True):
    """`undoes` names an operation whose fields get back what they were before it."""

    id: Id
    changes: ResidentChanges
    undoes: MaybeId = ""


class ResidentRemove(Data, frozen=True, kw_only=True):
    id: Id


class ResidentMerge(Data, frozen=True, kw_only=True):
    """Two records are one person: `drop` becomes another name of `keep`.

    `changes` are the values that were chosen where they differ; `drop_base` is the version of
    `drop` that was looked at.
    """

    keep: Id
    drop: Id
    drop_base: Version = 0
    changes: ResidentChanges = ResidentChanges()


class ResidentUnmerge(Data, frozen=True, kw_only=True):
    """They were two people after all; `id` is the one that was dropped."""

    id: Id


class HouseholdMerge(Data, frozen=True, kw_only=True):
    """Two records are one door, as with `ResidentMerge`."""

    keep: Id
    drop: Id
    drop_base: Version = 0
    changes: HouseholdChanges = HouseholdChanges()


class HouseholdUnmerge(Data, frozen=True, kw_only=True):
    id: Id


class HouseholdSplit(Data, frozen=True, kw_only=True):
    """Some of the people of a door become a household of their own, with the operation's id."""

    id: Id
    resident_ids: Annotated[list[Id], Meta(min_length=1, max_length=MAX_LIST)]
    building_id: Id
    unit: Word = ""
    floor: Small = 0
    door_no: Annotated[str, Meta(min_length=1, max_length=40)]
    tenure: Tenure = ""


class ContactAdd(Data, frozen=True, kw_only=True):
    """`undoes` names the operation that took this number away."""

    household_id: Id
    resident_id: MaybeId = ""
    name: Word = ""
    relation: Word = ""
    phone: Annotated[str, Meta(pattern=r"^\+?[0-9]{3,15}$")]
    verified_on: Day = ""
    undoes: MaybeId = ""


class ContactChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    name: Word | msgspec.UnsetType = msgspec.UNSET
    relation: Word | msgspec.UnsetType = msgspec.UNSET
    phone: Annotated[str, Meta(pattern=r"^\+?[0-9]{3,15}$")] | msgspec.UnsetType = msgspec.UNSET
    verified_on: Day | msgspec.UnsetType = msgspec.UNSET


class ContactChange(Data, frozen=True, kw_only=True):
    """`undoes` names an operation whose fields get back what they were before it."""

    id: Id
    changes: ContactChanges
    undoes: MaybeId = ""


class ContactRemove(Data, frozen=True, kw_only=True):
    id: Id


class Answer(Data, frozen=True, kw_only=True):
    """`asked` and `said` are the wording the visitor saw: of the question, of what was chosen."""

    value: Any
    unchanged: bool = False
    asked: Note = ""
    said: Annotated[list[Note], Meta(max_length=200)] = []


class Call(Data, frozen=True, kw_only=True):
    """Whom a visitor dialled from an action card, or which step was taken, and when."""

    to: Word
    at: Instant = ""


class ActionCard(Data, frozen=True, kw_only=True):
    """What was done with a card that an answer opened. Its instants are told and decide nothing."""

    id: Word
    opened_at: Instant = ""
    calls: Annotated[list[Call], Meta(max_length=MAX_LIST)] = []
    closed_at: Instant = ""


class Checkup(Data, frozen=True, kw_only=True):
    """What one person was asked: `checklist_id` is the code of the list, `version` its edition."""

    resident_id: Id
    checklist_id: Word
    version: Small
    answers: Annotated[dict[Word, Answer], Meta(max_length=MAX_QUESTIONS)]
    consent: Literal["", "yes", "no"] = ""
    consent_method: Literal["", "oral", "written"] = ""
    cards: Annotated[list[ActionCard], Meta(max_length=MAX_LIST)] = []


class VisitRecord(Data, frozen=True, kw_only=True):
    household_id: Id
    type: VisitType
    method: Method
    result: Result
    resident_ids: Ids
    note: Note = ""
    started_at: Instant = ""
    ended_at: Instant = ""
    away_until: Day = ""
    task_ids: Ids = []
    checkups: Annotated[list[Checkup], Meta(max_length=MAX_LIST)] = []
    media: Annotated[list[Any], Meta(max_length=MAX_LIST)] = []
    followup: Annotated[str, Meta(max_length=200)] = ""
    pairing_id: MaybeId = ""


class VisitChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    type: VisitType | msgspec.UnsetType = msgspec.UNSET
    method: Method | msgspec.UnsetType = msgspec.UNSET
    result: Result | msgspec.UnsetType = msgspec.UNSET
    resident_ids: Ids | msgspec.UnsetType = msgspec.UNSET
    note: Note | msgspec.UnsetType = msgspec.UNSET
    started_at: Instant | msgspec.UnsetType = msgspec.UNSET
    ended_at: Instant | msgspec.UnsetType = msgspec.UNSET
    checkups: Annotated[list[Checkup], Meta(max_length=MAX_LIST)] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    away_until: Day | msgspec.UnsetType = msgspec.UNSET
    followup: Annotated[str, Meta(max_length=200)] | msgspec.UnsetType = msgspec.UNSET


class VisitCorrect(Data, frozen=True, kw_only=True):
    id: Id
    changes: VisitChanges
    reason: Note = ""


class VisitWithdraw(Data, frozen=True, kw_only=True):
    id: Id
    reason: Note = ""


class TaskAdd(Data, frozen=True, kw_only=True):
    household_id: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    due_on: Day = ""
    resident_ids: Ids = []
    for_person: MaybeId = ""


class TaskClose(Data, frozen=True, kw_only=True):
    id: Id
    status: Literal["done", "cancelled"] = "done"


class FollowupClose(Data, frozen=True, kw_only=True):
    id: Id
    result: Annotated[str, Meta(min_length=1, max_length=200)]
    note: Note = ""


class LadderStep(Data, frozen=True, kw_only=True):
    """Something was done to find somebody who did not answer at that visit; `who` was dialled."""

    visit_id: Id
    step: Step
    who: Word = ""


class ReviewApprove(Data, frozen=True, kw_only=True):
    id: Id
    reason: Annotated[str, Meta(max_length=500)] = ""


class ReviewReturn(Data, frozen=True, kw_only=True):
    id: Id
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    field: Word = ""


class ReviewReopen(Data, frozen=True, kw_only=True):
    """`undoes` is the decision that is taken back."""

    id: Id
    undoes: MaybeId = ""
    reason: Annotated[str, Meta(max_length=500)] = ""


class DisputeDecide(Data, frozen=True, kw_only=True):
    id: Id
    value: Any


class QuarantineDecide(Data, frozen=True, kw_only=True):
    """`key` names the kept item: an operation id, or the hash of bytes without one."""

    key: Annotated[str, Meta(min_length=8, max_length=64)]
    decision: Literal["accept", "refuse"]
    reason: Note = ""
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class PairingAdd(Data, frozen=True, kw_only=True):
    """A volunteer looks after somebody. `leader_id` is the account of one who is a leader."""

    resident_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    phone: Annotated[str, Meta(pattern=r"^(\+?[0-9]{3,15})?$")] = ""
    leader_id: MaybeId = ""
    from_on: Day = ""


class PairingEnd(Data, frozen=True, kw_only=True):
    id: Id


class PairingContact(Data, frozen=True, kw_only=True):
    """A leader was in touch with somebody they look after."""

    id: Id
    method: Literal["door", "phone"]
    note: Annotated[str, Meta(max_length=200)] = ""


class LifeEventRecord(Data, frozen=True, kw_only=True):
    """Something happened to a person, or with `resident_id` "" to the whole door.

    `what` "" takes back what was recorded until that day.
    """

    household_id: Id
    resident_id: MaybeId = ""
    what: Literal["discharge", "bereavement", "fall", "fire", "moved_in", ""]
    on: Day = ""
    note: Annotated[str, Meta(max_length=200)] = ""


class Feast(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """A festival: its name and day."""

    name: Literal["spring", "dragon_boat", "mid_autumn", "double_ninth"]
    on: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class CommunityChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    name: Word | msgspec.UnsetType = msgspec.UNSET
    office_phone: Word | msgspec.UnsetType = msgspec.UNSET
    gas_phone: Word | msgspec.UnsetType = msgspec.UNSET
    intervals: (
        Annotated[
            dict[Word, Annotated[int, Meta(ge=1, le=1000)]],
            Meta(max_length=100),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    knocks_per_week: Annotated[int, Meta(ge=1, le=20)] | msgspec.UnsetType = msgspec.UNSET
    refused_rest_days: Annotated[int, Meta(ge=0, le=365)] | msgspec.UnsetType = msgspec.UNSET
    contacts_per_day: Annotated[int, Meta(ge=1, le=100)] | msgspec.UnsetType = msgspec.UNSET
    festivals: Annotated[list[Feast], Meta(max_length=MAX_FEASTS)] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    division_code: (
        Annotated[str, Meta(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})?$")] | msgspec.UnsetType
    ) = msgspec.UNSET
    latitude: Degrees | msgspec.UnsetType = msgspec.UNSET
    longitude: Degrees | msgspec.UnsetType = msgspec.UNSET
    alert_minutes: (
        dict[
            Literal["repeat", "deputy", "chief", "secretary"],
            Annotated[int, Meta(ge=1, le=240)],
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    alert_quiet: Annotated[list[Clock], Meta(min_length=2, max_length=2)] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    review_rules: (
        Annotated[dict[Word, Annotated[int, Meta(ge=0, le=1440)]], Meta(max_length=100)]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    pin_required: Annotated[int, Meta(ge=0, le=1)] | msgspec.UnsetType = msgspec.UNSET
    working_hours: (
        Annotated[
            list[Annotated[list[Clock], Meta(min_length=2, max_length=2)]],
            Meta(min_length=1, max_length=4),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    issue_limits: (
        Annotated[
            dict[Word, Annotated[list[Word], Meta(min_length=2, max_length=2)]],
            Meta(max_length=100),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    subdistrict: Word | msgspec.UnsetType = msgspec.UNSET


class CommunityChange(Data, frozen=True, kw_only=True):
    changes: CommunityChanges


class ChecklistPublish(Data, frozen=True, kw_only=True):
    """One edition of a checklist, whole. The operation's id is the id of the edition."""

    code: Annotated[str, Meta(pattern=rf"^{LIST_CODE}$")]
    edition: Annotated[int, Meta(ge=1, le=MAX_EDITION)]
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    purpose: Literal["elder", "weather", "fire", "other"]
    sections: Annotated[list[Section], Meta(max_length=MAX_SECTIONS)]
    questions: Annotated[list[Question], Meta(min_length=1, max_length=MAX_QUESTIONS)]
    cards: Annotated[list[Card], Meta(max_length=MAX_CARDS)] = []
    from_on: Day = ""


class ConsentRecord(Data, frozen=True, kw_only=True):
    """What a person said to being asked, without a visit: on paper, or by telephone."""

    resident_id: Id
    consent: Literal["yes", "no"]
    method: Literal["oral", "written"] = "oral"
    on: Day = ""


class FeedbackSend(Data, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    page: Word = ""


class AlertAcknowledge(Data, frozen=True, kw_only=True):
    """Somebody has read what a warning asks of them, in this edition of its text."""

    incident_id: Id
    edition: Edition = 1


class AlertForward(Data, frozen=True, kw_only=True):
    """A building was told: claimed by whoever told it."""

    incident_id: Id
    building_id: Id
    edition: Edition
    channel: Channel


class AlertConfirm(Data, frozen=True, kw_only=True):
    """Somebody in a building was seen or heard to know."""

    incident_id: Id
    building_id: Id
    how: Literal["reply", "visit", "call"]
    edition: Edition = 1


class AlertUnreachable(Data, frozen=True, kw_only=True):
    """Whoever should tell a building was telephoned and did not answer."""

    incident_id: Id
    building_id: Id
    edition: Edition = 1


class AlertContact(Data, frozen=True, kw_only=True):
    """Somebody on the weather list was asked whether they are safe."""

    incident_id: Id
    household_id: Id
    resident_ids: Ids
    outcome: Outcome
    method: Method = "phone"
    note: Note = ""
    started_at: Instant = ""
    ended_at: Instant = ""
    checkups: Annotated[list[Checkup], Meta(max_length=MAX_LIST)] = []


class AlertStandDown(Data, frozen=True, kw_only=True):
    """The office ends a warning for its community."""

    incident_id: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


Errands = Annotated[list[ErrandCode], Meta(max_length=10)]
Papers = Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=20)]


class IssueRaise(Data, frozen=True, kw_only=True):
    """Something is to be put right: at a door, in a building, or with both "" anywhere.

    `due_on` is the day by which an order of a hotline wants it closed. An errand says which, and
    which papers were `taken` along, handed over by `whom`.
    """

    category: IssueCategory
    text: Annotated[str, Meta(min_length=1, max_length=5000)]
    building_id: MaybeId = ""
    household_id: MaybeId = ""
    place: Word = ""
    media: Annotated[list[Any], Meta(max_length=MAX_LIST)] = []
    solved_on_spot: bool = False
    level: IssueLevel = ""
    source: IssueSource = ""
    source_number: Word = ""
    due_on: Day = ""
    errands: Errands = []
    taken: Papers = []
    whom: Word = ""


class IssueJoin(Data, frozen=True, kw_only=True):
    """Somebody else met with the same, or the same person has more to show."""

    id: Id
    text: Note = ""
    media: Annotated[list[Any], Meta(max_length=MAX_LIST)] = []


class IssueStep(Data, frozen=True, kw_only=True):
    """`words` are read by whoever raised it, `inner` by the staff alone."""

    id: Id
    step: IssueStepName
    words: Note = ""
    inner: Note = ""
    holder_id: MaybeId = ""
    due_on: Day = ""
    duplicate_of: MaybeId = ""
    level: IssueLevel = ""
    media: Annotated[list[Any], Meta(max_length=MAX_LIST)] = []


class IssueChanges(Data, frozen=True, kw_only=True, omit_defaults=True):
    category: IssueCategory | msgspec.UnsetType = msgspec.UNSET
    place: Word | msgspec.UnsetType = msgspec.UNSET
    building_id: MaybeId | msgspec.UnsetType = msgspec.UNSET
    household_id: MaybeId | msgspec.UnsetType = msgspec.UNSET
    hard: Annotated[int, Meta(ge=0, le=1)] | msgspec.UnsetType = msgspec.UNSET


class IssueChange(Data, frozen=True, kw_only=True):
    id: Id
    changes: IssueChanges


class IssueCall(Data, frozen=True, kw_only=True):
    """A department is asked to come. `within` is its limit, such as "2h"; "" is its usual one."""

    id: Id
    department_id: Id
    words: Note = ""
    inner: Note = ""
    within: Annotated[str, Meta(max_length=8)] = ""


class IssueCallStep(Data, frozen=True, kw_only=True):
    """What became of a call, which has the id of its operation."""

    id: Id
    call_id: Id
    step: IssueCallStepName
    words: Note = ""
    inner: Note = ""


class IssuePapers(Data, frozen=True, kw_only=True):
    """Papers of an errand changed hands: `taken` from `whom`, or `returned` to them. `errands` says
    what is to be got, `needed` what the counter wants besides."""

    id: Id
    errands: Errands = []
    needed: Papers = []
    taken: Papers = []
    returned: Papers = []
    whom: Word = ""
    words: Note = ""


class IssueRate(Data, frozen=True, kw_only=True):
    """What whoever raised it said when they were asked, by somebody else than the doer."""

    id: Id
    satisfied: Literal["yes", "partly", "no"]
    words: Note = ""


DATA: dict[str, type[Data]] = {
    "building.add": BuildingAdd,
    "building.change": BuildingChange,
    "building.remove": BuildingRemove,
    "household.add": HouseholdAdd,
    "household.change": HouseholdChange,
    "household.remove": HouseholdRemove,
    "resident.add": ResidentAdd,
    "resident.change": ResidentChange,
    "resident.remove": ResidentRemove,
    "resident.merge": ResidentMerge,
    "resident.unmerge": ResidentUnmerge,
    "household.merge": HouseholdMerge,
    "household.unmerge": HouseholdUnmerge,
    "household.split": HouseholdSplit,
    "contact.add": ContactAdd,
    "contact.change": ContactChange,
    "contact.remove": ContactRemove,
    "visit.record": VisitRecord,
    "visit.correct": VisitCorrect,
    "visit.withdraw": VisitWithdraw,
    "task.add": TaskAdd,
    "task.close": TaskClose,
    "followup.close": FollowupClose,
    "ladder.step": LadderStep,
    "review.approve": ReviewApprove,
    "review.return": ReviewReturn,
    "review.reopen": ReviewReopen,
    "dispute.decide": DisputeDecide,
    "quarantine.decide": QuarantineDecide,
    "pairing.add": PairingAdd,
    "pairing.end": PairingEnd,
    "pairing.contact": PairingContact,
    "life_event.record": LifeEventRecord,
    "community.change": CommunityChange,
    "checklist.publish": ChecklistPublish,
    "consent.record": ConsentRecord,
    "feedback.send": FeedbackSend,
    "alert.acknowledge": AlertAcknowledge,
    "alert.forward": AlertForward,
    "alert.confirm": AlertConfirm,
    "alert.unreachable": AlertUnreachable,
    "alert.contact": AlertContact,
    "alert.stand_down": AlertStandDown,
    "issue.raise": IssueRaise,
    "issue.join": IssueJoin,
    "issue.step": IssueStep,
    "issue.change": IssueChange,
    "issue.papers": IssuePapers,
    "issue.rate": IssueRate,
    "issue.call": IssueCall,
    "issue.call_step": IssueCallStep,
}


class Operation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One readable operation. `raw` are the bytes that were received; nothing else is stored."""

    id: str
    n: int
    kind: str
    at: datetime
    base: int | None
    after: list[str]
    replaces: str
    data: Data
    raw: bytes


class Head(msgspec.Struct, frozen=True, gc=False):
    """What stands around an operation's data. `data` is its text, read by kind."""

    id: Id
    n: int
    kind: str = ""
    at: str = ""
    base: int | None = None
    after: list[str] = []
    replaces: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An operation as far as it could be read before its data is understood.

    `head` is None when something in it is of another type than it should be.
    """

    id: str
    n: int
    head: Head | None
    raw: bytes

    @property
    def fields(self) -> dict[str, msgspec.Raw]:
        """The texts of all its fields."""
        return _fields(self.raw)


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_HEAD = msgspec.json.Decoder(Head)
_DECODERS = {kind: msgspec.json.Decoder(data) for kind, data in DATA.items()}


def open_envelope(raw: bytes) -> Envelope | None:
    """Id and number of the bytes of one operation; None when it has no usable id or number."""
    try:
        raw.decode()
        head = _HEAD.decode(raw)
    except (ValueError, msgspec.DecodeError, RecursionError):
        return _open_odd(raw)
    return Envelope(id=head.id, n=head.n, head=head, raw=raw)


def _open_odd(raw: bytes) -> Envelope | None:
    """An envelope in which something does not fit."""
    try:
        raw.decode()
        fields = _fields(raw)
        found, number = _plain(fields.get("id")), _plain(fields.get("n"))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(found, str) or not _UUID.fullmatch(found):
        return None
    if isinstance(number, bool) or not isinstance(number, int):
        return None

    return Envelope(id=found, n=number, head=None, raw=raw)


def understand(envelope: Envelope, changed_data: bytes | None = None) -> Operation:
    """The whole operation, or a Refusal that says what does not fit.

    `changed_data` replaces the data that was received, when the office corrected it.
    """
    head = envelope.head or _odd_head(envelope)
    kind, base = head.kind, head.base
    if kind not in DATA:
        raise Refusal("kind.unknown")
    at = instant(head.at)
    if at is None:
        raise Refusal("at.unreadable")
    if base is not None and not 0 <= base <= MAX_VERSION:
        raise Refusal("data.misfit", where="base")
    if len(head.after) > MAX_LIST:
        raise Refusal("data.misfit", where="after")
    data = read_data(kind, changed_data or head.data)
    if base is None and kind.endswith(".change") and kind != "community.change":
        raise Refusal("base.missing")

    return Operation(
        id=envelope.id,
        n=envelope.n,
        kind=kind,
        at=at,
        base=base,
        after=head.after,
        replaces=head.replaces,
        data=data,
        raw=envelope.raw,
    )


def _odd_head(envelope: Envelope) -> Head:
    """What can be read where something does not fit. Raises Refusal for what cannot."""
    fields = envelope.fields
    after = _field(fields, "after", list, [])
    if not all(isinstance(one, str) for one in after):
        raise Refusal("data.misfit", where="after")
    return Head(
        id=envelope.id,
        n=envelope.n,
        kind=_field(fields, "kind", str, ""),
        at=_field(fields, "at", str, ""),
        base=_field(fields, "base", int, None),
        after=after,
        replaces=_field(fields, "replaces", str, ""),
        data=fields.get("data", msgspec.Raw(b"{}")),
    )


def data_as_sent(body: bytes) -> dict[str, Any]:
    """The data in an operation's bytes as far as it can be read, for whoever shows it later.

    An operation whose data no parser reads may be applied all the same: the office corrected it.
    """
    envelope = open_envelope(body)
    try:
        data = _plain(envelope.fields.get("data")) if envelope else None
    except (msgspec.DecodeError, RecursionError):
        data = None
    return data if isinstance(data, dict) else {}


def read_data(kind: str, raw: bytes | msgspec.Raw) -> Data:
    """The data of one kind, checked against its struct and the calendar."""
    try:
        data = _DECODERS[kind].decode(raw)
    except RecursionError:
        raise Refusal("operation.too_deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise Refusal("data.misfit", where=plain(str(problem))) from None
    _check_days(data)
    _check_depth(data)

    return data


def instant(text: str) -> datetime | None:
    """An ISO 8601 instant with offset as UTC, between EARLIEST and LATEST; None when it is none."""
    return _instant(text) if len(text) <= LONGEST_KEPT else _instant.__wrapped__(text)


@lru_cache(maxsize=4096)  # the same few instants are asked for again and again in one operation
def _instant(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if read.tzinfo is None:
        return None
    try:
        return within(read.astimezone(UTC))
    except (OverflowError, ValueError):
        return EARLIEST if read.year < LATEST.year else LATEST


def within(at: datetime) -> datetime:
    """The nearest instant that can be counted with: odd clocks never refuse a visit."""
    return at if EARLIEST <= at <= LATEST else min(max(at, EARLIEST), LATEST)


@lru_cache(maxsize=4096)
def stamp(at: datetime) -> str:
    """UTC with milliseconds, as every stored instant is written."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def _fields(raw: bytes) -> dict[str, msgspec.Raw]:
    """The texts of the envelope's fields, also when what is in one of them cannot be read."""
    try:
        return _FIELDS.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return {name: msgspec.Raw(text) for name, text in members(raw).items()}


def _plain(raw: msgspec.Raw | None) -> Any:
    return None if raw is None else msgspec.json.decode(raw)


def _field(fields: dict[str, msgspec.Raw], name: str, kind: type, missing: Any) -> Any:
    if name not in fields:
        return missing
    try:
        value = _plain(fields[name])
    except (msgspec.DecodeError, RecursionError):
        raise Refusal("data.misfit", where=name) from None
    if value is None:
        return missing
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Refusal("data.misfit", where=name)
    return value


def _check_days(data: msgspec.Struct) -> None:
    days, instants, inner = _calendar(type(data))
    for name in days:
        value = getattr(data, name)
        if value and isinstance(value, str):
            _check_day(value)
    for name in instants:
        value = getattr(data, name)
        if value and instant(str(value)) is None:
            raise Refusal("date.unreal", value=value)
    for name in inner:
        _check_days(getattr(data, name))


@cache
def _calendar(struct: type[msgspec.Struct]) -> tuple[list[str], list[str], list[str]]:
    """The fields of a struct that hold days, instants, and structs with more of them."""
    names = struct.__struct_fields__
    days = [name for name in names if name == "on" or name.endswith(("_on", "_until"))]
    return (
        days,
        [one for one in names if one in ("started_at", "ended_at")],
        [one for one in names if one == "changes"],
    )


def _check_day(value: str) -> None:
    try:
        at = date.fromisoformat(value)
    except ValueError:
        raise Refusal("date.unreal", value=value) from None
    if not EARLIEST.date() <= at < LATEST.date():
        raise Refusal("date.unreal", value=value)


def _check_depth(data: Data) -> None:
    free: list[Any] = []
    if type(data) is VisitRecord:
        free = [data.media, *_values(data.checkups)]
    elif type(data) is IssueRaise or type(data) is IssueJoin:
        free = [data.media]
    elif type(data) is AlertContact:
        free = _values(data.checkups)
    elif type(data) is VisitCorrect and isinstance(data.changes.checkups, list):
        free = _values(data.changes.checkups)
    elif type(data) is DisputeDecide:
        free = [data.value]
    if not all(depth_within(one, MAX_DEPTH) for one in free if one != []):
        raise Refusal("operation.too_deep")


def _values(checkups: list[Checkup]) -> list[Any]:
    return [answer.value for one in checkups for answer in one.answers.values()]
