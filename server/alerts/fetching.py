"""One document over HTTP from a stranger: bounded in bytes, in time, and in where it leads."""

import asyncio
import logging
import zlib

import httpx
from msgspec import Struct

from server.alerts.addresses import Unreachable, addresses_of, checked, permitted
from server.alerts.authorities import authorities
from server.alerts.documents import MAX_BYTES

MOST_REDIRECTS = 3
TIMEOUT_S = 20.0
STEP_TIMEOUT_S = 10.0  # to connect, and between two pieces of an answer
GONE = {404, 410}

# It tells every address it asks, and those of weather services carry keys.
logging.getLogger("httpx").setLevel(logging.WARNING)

AGENT = "jinlin"
ACCEPT = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml, */*"


class Answer(Struct, frozen=True, kw_only=True):
    """`is_same`: what we have still holds (304), and there is no content."""

    content: bytes = b""
    is_same: bool = False
    etag: str = ""
    last_modified: str = ""


def new_client() -> httpx.AsyncClient:
    """What `fetch` takes. One serves many feeds; no redirect is followed unseen.

    No connection is kept: two hosts at one address must not share a certificate's word.
    """
    return httpx.AsyncClient(
        verify=authorities(trust_env=False),
        timeout=STEP_TIMEOUT_S,
        follow_redirects=False,
        trust_env=False,
        limits=httpx.Limits(max_connections=8, max_keepalive_connections=0),
    )


async def fetch(
    client: httpx.AsyncClient,
    address: str,
    networks: frozenset[str],
    *,
    etag: str = "",
    last_modified: str = "",
    secrets: tuple[tuple[str, str], ...] = (),
    timeout_s: float = TIMEOUT_S,
) -> Answer:
    """The document at an address. Raises Unreachable, with a sentence for the office.

    `secrets` are headers for this host only, a key for instance: a redirect elsewhere has none.
    """
    headers = {"User-Agent": AGENT, "Accept": ACCEPT, "Accept-Encoding": "gzip"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    try:
        async with asyncio.timeout(timeout_s):
            answer = await _followed(client, checked(address), (headers, dict(secrets)), networks)
    except (TimeoutError, httpx.TimeoutException):
        raise Unreachable("服务器太慢，等了很久没有取完。") from None
    except httpx.RemoteProtocolError:
        raise Unreachable("服务器的答复不完整，中途断了。") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError):
        raise Unreachable("连不上服务器。") from None
    if answer.is_same and not (etag or last_modified):
        raise Unreachable("服务器说内容没有变化，可从来没有给过内容。")
    return answer


async def _followed(
    client: httpx.AsyncClient,
    url: httpx.URL,
    said: tuple[dict[str, str], dict[str, str]],
    networks: frozenset[str],
) -> Answer:
    headers, secrets = said
    own = origin(url)
    for _ in range(MOST_REDIRECTS + 1):
        known = secrets if origin(url) == own else {}
        answer = await _asked(client, url, {**known, **headers}, networks)
        if isinstance(answer, Answer):
            return answer
        url = checked(str(url.join(answer)))
    raise Unreachable("转来转去，没有取到内容。")


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


async def _asked(
    client: httpx.AsyncClient, url: httpx.URL, headers: dict[str, str], networks: frozenset[str]
) -> Answer | str:
    """An answer, or where it leads. The addresses that were checked are those connected to."""
    addresses = permitted(await addresses_of(url), networks)
    for address in addresses:
        request = client.build_request(
            "GET",
            url.copy_with(host=str(address)),
            headers={**headers, "Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        try:
            response = await client.send(request, stream=True)
        except httpx.ConnectError:
            if address == addresses[-1]:
                raise
            continue
        try:
            return await _taken(response)
        finally:
            await response.aclose()
    raise AssertionError("permitted() gives one address at least")


async def _taken(response: httpx.Response) -> Answer | str:
    status = response.status_code
    if response.has_redirect_location:
        return response.headers["Location"]
    if status == 304:
        return Answer(is_same=True)
    if status != 200:
        problem = Unreachable(_sentence(status))
        problem.is_gone = status in GONE
        problem.retry_after = response.headers.get("Retry-After", "")
        raise problem
    return Answer(
        content=_unpacked(await _bytes(response), response.headers.get("Content-Encoding", "")),
        etag=_kept(response, "ETag"),
        last_modified=_kept(response, "Last-Modified"),
    )


def _kept(response: httpx.Response, name: str) -> str:
    """A header to be said back next time, if it can be."""
    said = response.headers.get(name, "")
    return said if said.isascii() and said.isprintable() and len(said) <= 200 else ""


def _sentence(status: int) -> str:
    if status in {401, 403, 407}:
        return f"服务器不让取（{status}），请检查密钥或权限。"
    if status in GONE:
        return f"地址上没有内容（{status}）。"
    if status == 429:
        return "取得太频繁，服务器要求歇一会儿（429）。"
    return f"服务器出错（{status}）。"


async def _bytes(response: httpx.Response) -> bytes:
    content = bytearray()
    async for piece in response.aiter_raw():
        content += piece
        if len(content) > MAX_BYTES:
            raise Unreachable(TOO_LARGE)
    return bytes(content)


TOO_LARGE = f"内容超过 {MAX_BYTES // (1024 * 1024)} MB，没有取完。"


def _unpacked(content: bytes, encoding: str) -> bytes:
    """Unpacked here and not by the client, so that little cannot become very much."""
    if encoding.lower() in {"", "identity"}:
        return content
    if encoding.lower() not in {"gzip", "x-gzip", "deflate"}:
        raise Unreachable("服务器用了不认识的压缩方式。")
    unpacker = zlib.decompressobj(wbits=47)
    try:
        plain = unpacker.decompress(content, MAX_BYTES + 1)
    except zlib.error:
        raise Unreachable("服务器的答复解压不了。") from None
    if len(plain) > MAX_BYTES:
        raise Unreachable(TOO_LARGE)
    if not unpacker.eof:
        raise Unreachable("服务器的答复不完整，中途断了。")
    return plain
