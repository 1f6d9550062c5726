"""疑似重复: who may be on the register twice; somebody says whether they are one or two."""

from itertools import islice
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.audit import Author, note
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, merge_view, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import duplicates, redirects
from server.store.records import Records
from sync.operations import stamp
from sync.refusals import Refusal

HERE = "/office/duplicates"
# Pairs of a kind on one page.
SHOWN = 100
KINDS = {"residents": "resident", "households": "household"}


@get(HERE, guards=GUARDS, sync_to_thread=True)
def show_duplicates(request: Asking, intake: NamedDependency[Intake]) -> Template:
    home = request.user.community_id
    with intake.store.read() as tx:
        all_people, all_doors = duplicates.people(tx, home), duplicates.doors(tx, home)
        last = max(1, -(-max(len(all_people), len(all_doors)) // SHOWN))
        number = page.number_of(request, last)
        people, doors = _part(all_people, number), _part(all_doors, number)
        names = {
            "people": people,
            "doors": doors,
            "people_count": len(all_people),
            "door_count": len(all_doors),
            "pages": {"page": number, "last": last, "path": HERE, "query": ""},
            "facts": {
                **duplicates.residents(tx, home, _ids(people)),
                **duplicates.households(tx, home, _ids(doors)),
            },
            "merges": redirects.merges(tx, home),
            "different": redirects.different(tx, home),
        }
    return page.page(
        request,
        "office/duplicates/page.html",
        "疑似重复",
        "imports",
        limit=redirects.SHOWN,
        **names,
    )


@get(f"{HERE}/{{kind:str}}/{{keep_id:str}}/{{drop_id:str}}", guards=GUARDS, sync_to_thread=True)
def show_sides(
    request: Asking,
    kind: FromPath[str],
    keep_id: FromPath[str],
    drop_id: FromPath[str],
    intake: NamedDependency[Intake],
) -> Template:
    home = request.user.community_id
    with intake.store.read() as tx:
        sides = merge_view.of(tx, home, _kind(kind), forms.ident(keep_id), forms.ident(drop_id))
    title = "合并两位居民" if sides.kind == "resident" else "合并两户"
    url = f"{HERE}/{kind}"
    counted = merge_view.COUNTED
    return page.page(
        request,
        "office/duplicates/sides.html",
        title,
        "imports",
        sides=sides,
        url=url,
        counted=counted,
    )


@post(
    f"{HERE}/{{kind:str}}/{{keep_id:str}}/{{drop_id:str}}/merges",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def merge_records(
    request: Asking,
    kind: FromPath[str],
    keep_id: FromPath[str],
    drop_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The kept one with the values that were chosen, at once."""
    what, keep, drop = _kind(kind), forms.ident(keep_id), forms.ident(drop_id)
    merge = {
        "keep": keep,
        "drop": drop,
        "drop_base": forms.number(data, "drop_base", "版本", 1, 2**53),
        "changes": _chosen(intake, request.user.community_id, what, keep, drop, data),
    }
    base = forms.number(data, "base", "版本", 1, 2**53)
    forms.send(intake, request.user, f"{what}.merge", merge, data, base)
    return page.go(request, f"/office/{kind}/{keep}")


@post(
    f"{HERE}/{{kind:str}}/{{one_id:str}}/{{other_id:str}}/differences",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def say_different(
    request: Asking,
    kind: FromPath[str],
    one_id: FromPath[str],
    other_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """They are two: it is remembered by whom, when and why. With `undo` it is asked again."""
    person, what = request.user, _kind(kind)
    pair = forms.ident(one_id), forms.ident(other_id)
    undo = forms.one(data, "undo") == "1"
    why = "" if undo else forms.text(data, "why", "怎么知道的", 200, needed=True)

    def work(writing: Writing) -> None:
        tx, home = writing.tx, writing.community_id
        if any(Records(tx, home).get(what, one) is None for one in pair):
            raise Refusal("record.unknown")
        if undo:
            redirects.differ_no_more(tx, home, what, pair)
        else:
            redirects.differ(tx, home, what, pair, person.id, stamp(writing.now), why)
        action = "duplicate.again" if undo else "duplicate.different"
        note(writing, Author(person.id, person.role), action, f"{what}:{pair[0]}", detail=pair[1])

    intake.do(person.community_id, work)
    return page.go(request, HERE)


@post("/office/merges/{drop_id:str}/undos", guards=GUARDS, status_code=200, sync_to_thread=True)
def undo_merge(
    request: Asking,
    drop_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    drop = forms.ident(drop_id)
    with intake.store.read() as tx:
        found = Records(tx, request.user.community_id).get("redirect", drop)
    kind = getattr(found, "of", "resident")
    forms.send(intake, request.user, f"{kind}.unmerge", {"id": drop}, data)
    return page.go(request, f"/office/{kind}s/{drop}")


def _kind(word: str) -> str:
    if word not in KINDS:
        raise Refusal("record.unknown")
    return KINDS[word]


def _part(pairs: dict[tuple[str, str], list[str]], number: int) -> dict[tuple[str, str], list[str]]:
    """What stands on a page."""
    return dict(islice(pairs.items(), (number - 1) * SHOWN, number * SHOWN))


def _ids(pairs: dict[tuple[str, str], list[str]]) -> list[str]:
    return sorted({one for pair in pairs for one in pair})


def _chosen(
    intake: Intake, home: str, kind: str, keep: str, drop: str, data: FormData
) -> dict[str, Any]:
    """The values of the dropped one that were chosen, and both where both shall stay."""
    with intake.store.read() as tx:
        sides = merge_view.of(tx, home, kind, keep, drop)
    changes: dict[str, Any] = {}
    for line in sides.lines:
        if not line.differs:
            continue
        allowed = ("left", "right", "both") if line.may_join else ("left", "right")
        pick = forms.code(data, f"pick_{line.field}", line.field, allowed)
        if pick != "left":
            both = sorted({*line.left, *line.right}) if pick == "both" else line.right
            changes[line.field] = both
    if "status" in changes:
        changes["status_until"] = sides.right.status_until
    if "name" in changes:
        changes["pinyin"] = sides.right.pinyin
    return changes


HANDLERS: list[Any] = [
    show_duplicates,
    show_sides,
    merge_records,
    say_different,
    undo_merge,
]
