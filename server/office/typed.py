"""Words that people type to find somebody: names do not belong in addresses, which histories and
logs keep. A form hands them in, and the address of what it finds holds them locked.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from server.identities import Vault, WrongSecret
from server.office.page import Asking

ABOUT = "words to find"


def locked(request: Asking, words: str) -> str:
    made = _vault(request).lock(words.encode(), _about(request))
    return urlsafe_b64encode(made).decode()


def words(request: Asking) -> str:
    """What was typed; "" when an address holds nothing, or something that is not ours."""
    try:
        cipher = urlsafe_b64decode(request.query_params.get("of", "").encode())
        return _vault(request).unlock(cipher, _about(request)).decode() if cipher else ""
    except (WrongSecret, ValueError, binascii.Error):
        return ""


def _vault(request: Asking) -> Vault:
    return Vault(request.app.state.settings.secret)


def _about(request: Asking) -> str:
    """Another person's address opens nothing."""
    return f"{ABOUT} {request.user.community_id} {request.user.id}"
