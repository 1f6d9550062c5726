"""Pages that need no records: feedback, sign-in, and what is shown when there is nothing."""

from server.field.shelf import Fields, Shelf
from server.field.views.scene import page_of, scene_of


def feedback(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/feedback.html. `params`: page (where it was opened), text, error, sent,
    replaces: the id of what was refused.
    """
    scene = scene_of(shelf, now_iso, settings)
    path = params.get("page", "")
    return {
        **page_of(scene, "意见反馈", "/feedback", tab="me", back=_inside(path)),
        "about": _inside(path),
        "text": params.get("text", ""),
        "error": params.get("error", ""),
        "sent": params.get("sent", 0),
        "replaces": params.get("replaces", ""),
    }


def signin(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/signin.html. `params`: username, next, error (a sentence), phone and place
    of the office, held: {name, count} of unsent work on this phone.
    """
    scene = scene_of(shelf, now_iso, settings)
    context = page_of(scene, "登录", "/signin")
    page = context["page"]
    return {
        **context,
        "page": {
            **page,
            "office_phone": page["office_phone"] or params.get("office_phone", ""),
            "community_name": page["community_name"] or params.get("community_name", ""),
        },
        "username": params.get("username", ""),
        "next": _inside(params.get("next", "")),
        "error": params.get("error", ""),
        "held": params.get("held", {"name": "", "count": 0}),
    }


def missing(shelf: Shelf, params: Fields, now_iso: str, settings: Fields) -> Fields:
    """Names for field/missing.html. `params`: path; why: absent (not on this phone or not yours),
    wrong (something broke), forbidden, revoked (the office shut this phone out), or offline (only
    the network has it).
    """
    scene = scene_of(shelf, now_iso, settings)
    return {
        **page_of(scene, "没有这一页", params.get("path", "/"), back="/"),
        "why": params.get("why", "absent"),
        "is_help": int(params.get("path", "").startswith("/help")),
    }


def _inside(path: str) -> str:
    """A path of this site and nothing else."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
