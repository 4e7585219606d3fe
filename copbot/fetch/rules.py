"""Which web addresses may be fetched from: pure decisions on URLs and IP addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}

_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Addresses that a gateway turns into IPv4 ones, private ones too (RFC 6052, RFC 8215)."""


@dataclass(frozen=True)
class Target:
    """Where a URL leads. `host` is ASCII and in lower case; `url` is the address in the form it is sent in."""

    url: str
    scheme: str
    host: str
    port: int


class NotFetched(Exception):
    """An address that was not read. `code` is for logs and rules, `words` for the person; neither holds the URL."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def target(url: str) -> Target:
    """The parts of a URL. Raises `NotFetched` for anything but http and https with a host and no password."""
    url = url.strip()
    none = NotFetched("not_an_address", "This is not a web address. It must begin with https://.")
    if len(url) > LONGEST_URL or any(ord(sign) < 33 or ord(sign) == 127 for sign in url):
        raise none
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except ValueError:
        raise none from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS or not host:
        raise NotFetched("scheme", "Only addresses that begin with http:// or https:// can be read.")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("credentials", "This address holds a user name or password. Use one without them.")
    return Target(_sent(parts, scheme, host, port), scheme, host, port or PORTS[scheme])


def redirected(here: str, location: str) -> Target:
    """Where a redirect leads, which may be relative. Raises `NotFetched`."""
    try:
        return target(urljoin(here, location))
    except ValueError:
        raise NotFetched("redirect", "This address redirects to one that cannot be read.") from None


def may_connect(address: Address, port: int, allowed: Iterable[Network] = ()) -> bool:
    """Whether this address and port may be connected to.

    Public addresses on the web's two ports; networks that the administrator allows, on any port. An IPv4
    address inside an IPv6 one (mapped, 6to4, Teredo) must be public itself.
    """
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    plain = mapped or address
    if any(plain.version == network.version and plain in network for network in allowed):
        return True
    return port in PORTS.values() and _is_public(plain)


def _is_public(address: Address) -> bool:
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    if any(address in network for network in _TRANSLATED):
        return False
    # Judged by what they wrap: Pythons differ in whether they call the wrapping itself public.
    inner = [one for one in (address.sixtofour, *(address.teredo or ())) if one is not None]
    return all(_is_public(one) for one in inner) if inner else address.is_global


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("no host") from None


def _sent(parts: SplitResult, scheme: str, host: str, port: int | None) -> str:
    """The URL in ASCII: letters beyond it and spaces stand as percent codes, the fragment stays behind."""
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != PORTS[scheme]:
        place += f":{port}"
    path, query = (_quoted(part) for part in (parts.path or "/", parts.query))
    return urlunsplit((scheme, place, path, query, ""))


def _quoted(text: str) -> str:
    return "".join(
        sign
        if "!" <= sign <= "~" and sign not in '"<>\\^`{|}'
        else "".join(f"%{b:02X}" for b in sign.encode())
        for sign in text
    )
