"""What is taken from a page on the web."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.fetch.pages import SUMMARY, TITLE, cut, facts_of, text_of

PAGE = b"""<!doctype html><html lang="es-MX"><head><meta charset="iso-8859-1"><title>Tira\xf1as</title>
<meta property="og:title" content="Fentanyl test strips: how to use them"><meta name="description" content=" Six
steps. "><meta property="og:site_name" content="Example Health"><script>var a = "<title>no</title>"</script>
</head><body><h1>Heading</h1></body></html>"""


def test_a_pages_own_description_comes_first() -> None:
    facts = facts_of(PAGE)
    assert facts.title == "Fentanyl test strips: how to use them"
    assert facts.summary == "Six steps."


def test_a_page_without_descriptions_gives_its_title_and_first_paragraph() -> None:
    long = "Naloxone is sold without a prescription in every state since 2023, and anybody may carry it."
    facts = facts_of(f"<title>Caf\u00e9</title><script>x()</script><p>Short.</p><p>{long}</p>".encode())
    assert (facts.title, facts.summary) == ("Café", long)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>two &amp; three</p>", "One two & three"),
        ("<script>alert(1)</script><style>p{}</style>Words", "Words"),
        ("plain\nwords", "plain words"),
        ("<b>&lt;!channel&gt; &lt;@U123&gt;</b>", "<!channel> <@U123>"),
        ("", ""),
    ],
)
def test_text_is_what_a_reader_would_see(markup: str, text: str) -> None:
    assert text_of(markup) == text


@given(st.binary(max_size=300))
def test_any_bytes_give_facts_within_their_limits(body: bytes) -> None:
    facts = facts_of(body)
    assert len(facts.title) <= TITLE
    assert len(facts.summary) <= SUMMARY


@given(st.text(max_size=80), st.integers(1, 40))
def test_a_text_that_is_cut_is_never_longer_than_asked(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most
