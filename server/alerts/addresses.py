"""Where a feed may lead the server: the open internet, and its own kind of network."""

import asyncio
import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

import httpx

Address = IPv4Address | IPv6Address

MOST_ADDRESSES = 4
PORTS = {"http": 80, "https": 443}


class Unreachable(Exception):
    """Why nothing could be fetched, in the user's words."""

    is_gone = False  # the server answered that there is nothing any more
    retry_after = ""  # as the server said it


def network_of(address: Address) -> str:
    """public, or what no stranger may send us to: loopback, link or private."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return network_of(inner)
    if address.is_loopback or address.is_unspecified:
        return "loopback"
    if address.is_link_local:
        return "link"
    return "public" if address.is_global and not address.is_multicast else "private"


def checked(text: str) -> httpx.URL:
    """A web address with a host. Raises Unreachable."""
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise Unreachable("地址读不懂。") from None
    if url.scheme not in PORTS:
        raise Unreachable("地址不是 http 或 https。")
    if not url.host:
        raise Unreachable("地址里没有主机名。")
    return url


async def addresses_of(url: httpx.URL) -> list[Address]:
    """What the host's name stands for. Raises Unreachable."""
    port = url.port or PORTS[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.raw_host, port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise Unreachable("找不到这个主机，请检查网络和地址。") from None
    hosts = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    return [ipaddress.ip_address(host) for host in hosts][:MOST_ADDRESSES]


def permitted(addresses: list[Address], networks: frozenset[str]) -> list[Address]:
    """All of them. Raises Unreachable when one lies in a network that is not among these."""
    if not addresses or any(network_of(one) not in networks for one in addresses):
        raise Unreachable("地址指向内部网络，公开的来源不可以，没有去取。")
    return addresses
