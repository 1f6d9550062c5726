"""What pages that sign somebody in share: the cookie, the phone's name, where to go next."""

import re
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from server.access import is_https
from server.people import COOKIE

# Longer than a session may sleep; the server decides when it ends.
COOKIE_S = 400 * 24 * 3600


def cookie(request: Request[Any, Any, Any], token: str) -> Cookie:
    """The same token for pages, out of reach of scripts."""
    return Cookie(
        key=COOKIE,
        value=token,
        path="/",
        max_age=COOKIE_S,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def safe_path(text: str) -> str:
    """A path of ours, else the home page: nobody is sent elsewhere after signing in."""
    parts = urlsplit(text.replace("\\", "/"))
    own = not parts.scheme and not parts.netloc and re.fullmatch(r"/(?!/)[\x21-\x7e]*", text)
    return text if own and "\\" not in text and not text.startswith("/signin") else "/"


def device_name(agent: str) -> str:
    """A phone as its owner would call it, from what the browser says."""
    model = re.search(r"Android [\d.]+; ([^;)]+?)(?: Build/[^;)]*)?[;)]", agent)
    if model and model[1] not in ("K", "wv"):
        return model[1].strip()[:40]
    for word, name in (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "安卓手机"),
        ("Windows", "Windows 电脑"),
        ("Macintosh", "Mac 电脑"),
        ("Linux", "Linux 电脑"),
    ):
        if word in agent:
            return name
    return "浏览器"
