"""Which addresses may be read."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.fetch.rules import NotFetched, may_connect, redirected, target
from tests.rows import for_each

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:7f00:1::1",
    "2001:0:808:808:0:0:f5ff:fffe",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "2620:fe::fe",
    "::ffff:8.8.8.8",
    "2002:808:808::",
]


@for_each("address", PRIVATE)
def test_what_is_not_public_is_not_connected_to(address: str) -> None:
    assert not may_connect(ipaddress.ip_address(address), 80)
    assert not may_connect(ipaddress.ip_address(address), 443)


@for_each("address", PUBLIC)
def test_what_is_public_is_connected_to_on_the_webs_ports_only(address: str) -> None:
    assert may_connect(ipaddress.ip_address(address), 443)
    assert not may_connect(ipaddress.ip_address(address), 22)
    assert not may_connect(ipaddress.ip_address(address), 8080)


def test_an_allowed_network_is_open_on_any_port_and_only_that_network() -> None:
    allowed = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8"))
    assert may_connect(ipaddress.ip_address("10.1.2.3"), 8080, allowed)
    assert may_connect(ipaddress.ip_address("::ffff:10.1.2.3"), 8080, allowed)
    assert may_connect(ipaddress.ip_address("fd00::1"), 80, allowed)
    assert not may_connect(ipaddress.ip_address("10.2.2.3"), 80, allowed)


@for_each(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("ftp://example.org/", "scheme"),
        ("example.org", "scheme"),
        ("http://", "scheme"),
        ("https://user:secret@example.org/", "credentials"),
        ("http://example.org:99999/", "not_an_address"),
        ("http://[::1/", "not_an_address"),
        ("http://exa mple.org/", "not_an_address"),
        ("http://example.org/" + "a" * 3000, "not_an_address"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(url: str, code: str) -> None:
    with pytest.raises(NotFetched) as refused:
        target(url)
    assert refused.value.code == code
    assert refused.value.words.endswith(".")


def test_a_redirect_may_be_relative_and_never_leads_to_another_scheme() -> None:
    assert redirected("https://example.org/a/b", "../c?d=1").url == "https://example.org/c?d=1"
    with pytest.raises(NotFetched):
        redirected("https://example.org/", "file:///etc/passwd")


def test_letters_beyond_ascii_are_sent_as_the_web_sends_them() -> None:
    assert (
        target("https://Bücher.example/ä b".replace(" ", "%20")).url
        == "https://xn--bcher-kva.example/%C3%A4%20b"
    )


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = target(text)
    except NotFetched:
        return
    assert found.url.isascii()
    assert found.scheme in ("http", "https")
