"""Addresses that leave the office on paper or on a screen, for phones to open."""

from server.access import is_https
from server.office.page import Asking

# What a phone outside this machine cannot open.
LOCAL = ("http://127.", "http://localhost", "http://[::1]")


def address(request: Asking) -> str:
    """Where phones reach this server: what the settings say, else what this request used."""
    scheme = "https" if is_https(request) else "http"
    return request.app.state.settings.url or f"{scheme}://{request.headers.get('Host', '')}"


def link(request: Asking, code: str) -> str:
    """What a code says: it stands behind the #, which browsers tell no server."""
    return f"{address(request)}/card#{code}"
