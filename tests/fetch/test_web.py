"""The guard over real sockets: what is read, what is refused, and how soon it ends."""

from __future__ import annotations

import gzip
import ipaddress
import time
from collections.abc import Iterable

import pytest

from copbot.fetch.rules import NotFetched
from copbot.fetch.web import Web
from tests.fetch.site import Site, moved, page, site
from tests.waiting import at_most

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
WEB = Web(LOOPBACK)


def refused(web: Web, url: str) -> str:
    with pytest.raises(NotFetched) as error:
        web.fetch(url)
    assert url not in error.value.words
    return error.value.code


def test_a_private_address_is_refused_without_a_single_connection() -> None:
    with site({"/": page(b"hello")}) as local:
        assert refused(Web(), local.url) == "private"
        assert local.connections == 0
        assert WEB.fetch(local.url).body == b"hello"


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    addresses = [ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("10.0.0.1")]
    assert refused(Web(resolve=lambda host, port: addresses), "http://example.org/") == "private"


def test_a_name_is_resolved_once_and_host_and_path_are_sent_as_written() -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        looked_up.append(host)
        return [ipaddress.ip_address("127.0.0.1")]

    with site({"/feed?a=1": page(b"x")}) as local:
        Web(LOOPBACK, resolve=resolve).fetch(f"http://library.example:{local.port}/feed?a=1#part")
        assert looked_up == ["library.example"]
        assert f"Host: library.example:{local.port}" in local.asked[0]
        assert "Accept-Encoding: identity" in local.asked[0]


def test_a_redirect_to_a_private_address_is_refused_at_the_second_step() -> None:
    def resolve(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        return [ipaddress.ip_address("127.0.0.1" if host == "public.example" else "10.0.0.1")]

    with site({"/": moved("http://inside.example/")}) as local:
        assert refused(Web(LOOPBACK, resolve=resolve), f"http://public.example:{local.port}/") == "private"


@pytest.mark.parametrize("to", ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/"])
def test_a_redirect_to_another_scheme_is_refused(to: str) -> None:
    with site({"/": moved(to)}) as local:
        assert refused(WEB, local.url) == "scheme"


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    steps: dict[str, bytes] = {f"/{n}": moved(f"/{n - 1}") for n in range(1, 7)}
    with site({**steps, "/0": page(b"here")}) as local:
        assert WEB.fetch(f"{local.url}/5").body == b"here"
        assert refused(WEB, f"{local.url}/6") == "redirects"


def test_a_permanent_move_is_told_and_a_passing_one_is_not() -> None:
    pages = {"/old": moved("/new", "301 Moved"), "/today": moved("/new"), "/new": page(b"here")}
    with site(pages) as local:
        assert WEB.fetch(f"{local.url}/old").moved_to == f"{local.url}/new"
        assert WEB.fetch(f"{local.url}/today").moved_to == ""


def test_what_has_not_changed_is_not_sent_again() -> None:
    with site({"/": page(status="304 Not Modified")}) as local:
        got = WEB.fetch(local.url, etag='"7"', last_modified="Mon, 02 Mar 2026 09:00:00 GMT")
        assert (got.status, got.body) == (304, b"")
        assert 'If-None-Match: "7"' in local.asked[0]
        assert "If-Modified-Since: Mon, 02 Mar 2026 09:00:00 GMT" in local.asked[0]


def test_the_status_alone_is_read_without_the_body() -> None:
    with site({"/": page(b"x" * 100_000), "/gone": page(status="410 Gone")}) as local:
        assert WEB.fetch(local.url, body=False).body == b""
        assert WEB.fetch(f"{local.url}/gone", body=False).status == 410


def test_what_is_compressed_is_refused() -> None:
    with site({"/": page(gzip.compress(b"0" * 10_000_000), headers={"Content-Encoding": "gzip"})}) as local:
        assert refused(WEB, local.url) == "compressed"


def test_what_is_too_large_ends_at_the_bound() -> None:
    sent = [0]

    def endless() -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        while True:
            sent[0] += 65_536
            yield b"x" * 65_536

    with site({"/": endless}) as local:
        assert refused(Web(LOOPBACK, largest=1_000_000), local.url) == "too_large"
    assert sent[0] < 10_000_000


def slowly(local: Site, whole: bytes) -> Iterable[bytes]:
    for at in range(len(whole)):
        yield whole[at : at + 1]
        if local.pause(0.05):
            return


@pytest.mark.parametrize("part", ["head", "body", "nothing"])
def test_a_byte_at_a_time_ends_at_the_deadline(part: str) -> None:
    with site() as local:
        head, body = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", b"x" * 500

        def answer() -> Iterable[bytes]:
            if part == "nothing":
                local.pause(5)
                return
            yield from slowly(local, head + body) if part == "head" else (head, *slowly(local, body))

        local.pages["/"] = answer
        began = time.monotonic()
        assert refused(Web(LOOPBACK, first_byte=0.3, whole=0.6), local.url) == "too_slow"
        assert time.monotonic() - began < at_most(3.0)


@pytest.mark.parametrize(
    "answer", [b"", b"no answer at all\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_an_answer_that_is_none_is_a_clear_refusal(answer: bytes) -> None:
    with site({"/": answer}) as local:
        assert refused(WEB, local.url) == "broken"


def test_a_name_that_nobody_has_and_a_door_that_is_shut_are_told_apart() -> None:
    def nobody(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        raise OSError

    assert refused(Web(resolve=nobody), "http://nobody.example/") == "no_such_name"
    with site() as local:
        shut = local.url
    assert refused(WEB, shut) == "unreachable"
    with site({"/": page(b"plain")}) as plain:
        assert refused(WEB, plain.url.replace("http://", "https://")) == "certificate"
