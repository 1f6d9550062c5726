"""Which authorities are believed about certificates."""

import ssl
from functools import cache

import httpx


@cache
def authorities(*, trust_env: bool) -> ssl.SSLContext:
    """Read once for the whole process: that takes longer than most questions.

    Where the environment is trusted, it may name other authorities than httpx does.
    """
    return httpx.create_ssl_context(trust_env=trust_env)
