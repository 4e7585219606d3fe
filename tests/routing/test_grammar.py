"""Rules as they are written: read back as they were meant, or refused with a sentence."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copbot.errors import InvalidInput
from copbot.people.fields import LANGUAGES
from copbot.program.profile import load
from copbot.routing.grammar import LONGEST, StaffName, example, read, written
from copbot.routing.rules import RoutingRule
from tests.rows import for_each

WI = load()
STAFF = [
    StaffName(1, "U0ADA", "Ada Lindqvist"),
    StaffName(2, "U0MEI", "Mei Brook"),
    StaffName(3, "U0RAVI", "Ravi Tallow"),
    StaffName(4, "U0RAVI2", "Ravi Shah"),
    StaffName(5, "U0ODD", "Backup -> Or"),
    StaffName(6, "U0FACE", "🙂"),
    StaffName(7, "U0TWIN1", "José O’Neil"),
    StaffName(8, "U0TWIN2", "José O’Neil"),
]
MEI = RoutingRule(topics=("naloxone",), areas=("wi-dane",), to=(3,), backup=2)


@for_each(
    ("text", "rule"),
    [
        ("topic naloxone in Dane -> Ravi Tallow, backup Mei", MEI),
        ("Topic: Narcan, in dane county → @Ravi Tallow; backup: mei brook", MEI),
        ("in Dane topic Naloxone and overdose response => U0RAVI backup Mei", MEI),
        (
            "topics wound_care or Housing and shelter in St. Croix or Dane County -> Ada or Mei",
            RoutingRule(topics=("wound_care", "housing"), areas=("wi-st-croix", "wi-dane"), to=(1, 2)),
        ),
        ("urgent kind A site visit -> Ada", RoutingRule(kinds=("visit",), urgent=True, to=(1,))),
        ("language Spanish -> Mei, Ada", RoutingRule(languages=("es",), to=(2, 1))),
        ("anything → Ada", RoutingRule(to=(1,))),
    ],
)
def test_what_a_lead_writes_is_understood(text: str, rule: RoutingRule) -> None:
    assert read(text, WI, STAFF) == rule


@for_each(
    ("text", "words"),
    [
        (
            "naloxone to Ravi",
            "Say who gets it after one arrow, like: topic Naloxone and overdose response in ",
        ),
        ("topic naloxone -> Ada -> Mei", "Say who gets it after one arrow"),
        ("-> Ada", "Say before the arrow what the rule is about"),
        ("topic naloxone ->", "Name somebody after the arrow"),
        ("topic naloxone -> Ada, backup", "Name somebody after the arrow"),
        ("topic nalaxone -> Ada", "No topic is called “nalaxone”. Did you mean “naloxone”?"),
        ("topic qqq in Dane -> Ada", "No topic is called “qqq”. Write it as it is in the request form."),
        ("topic -> Ada", "Write which topic you mean."),
        ("topic naloxone or -> Ada", "Write which topic you mean."),
        (
            "naloxone -> Ada",
            "“naloxone” doesn't belong there. Begin with topic, in, kind, language or urgent.",
        ),
        ("in Atlantis -> Ada", "No area is called “atlantis”"),
        ("topic naloxone -> Zed Nobody", "“zed nobody” is not on staff."),
        ("topic naloxone -> Ada or Zed", "“zed” is not on staff."),
        ("topic naloxone -> Ada or", "Name somebody after the arrow"),
        ("topic naloxone -> Ravi", "2 people on staff are called “ravi”. Write the whole name."),
        ("topic naloxone -> Ada, backup Mei or Ravi Shah", "Name one backup, at the end."),
        ("topic naloxone -> Ada, backup Mei, backup Mei", "Name one backup, at the end."),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read(text, WI, STAFF)
    assert words in told.value.words


IDS = st.sampled_from([each.id for each in STAFF])
TOPICS = [topic.id for _, some in WI.topics_in_groups() for topic in some]


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(tuple)


RULES = st.builds(
    RoutingRule,
    topics=some(TOPICS),
    areas=some([each.id for each in WI.areas]),
    kinds=some([each.id for each in WI.kinds]),
    languages=some([code for code in LANGUAGES if code]),
    urgent=st.booleans(),
    to=st.lists(IDS, min_size=1, max_size=3, unique=True).map(tuple),
    backup=st.none() | IDS,
)


@given(RULES)
def test_every_rule_is_written_so_that_it_reads_back_the_same(rule: RoutingRule) -> None:
    assert read(written(rule, WI, STAFF), WI, STAFF) == rule


TYPED = st.lists(
    st.sampled_from(
        [
            "topic",
            "in",
            "kind",
            "or",
            "and",
            "naloxone",
            "Dane",
            "->",
            "→",
            "Ada",
            "Ravi",
            ",",
            "backup",
            "urgent",
        ]
    )
    | st.text(max_size=8),
    max_size=14,
).map(" ".join)


@given(TYPED)
@hypothesis.example("topic" * (LONGEST // 5))
@hypothesis.example("\u202e<@U1> -> <script>")
def test_whatever_is_typed_is_a_rule_or_a_sentence(text: str) -> None:
    rule, words = None, ""
    try:
        rule = read(text, WI, STAFF)
    except InvalidInput as error:
        words = error.words
    if rule is None:
        assert words.endswith((".", "?", example(WI)))
    else:
        assert rule.to
        assert read(written(rule, WI, STAFF), WI, STAFF) == rule


def test_a_rule_too_long_for_its_field_is_refused() -> None:
    everywhere = " or ".join(each.label for each in WI.areas)
    with pytest.raises(InvalidInput) as told:
        read(f"in {everywhere} -> Ada", WI, STAFF)
    assert told.value.words == "This rule is too long. Name fewer topics, areas or people."


def test_the_example_is_a_rule() -> None:
    assert read(example(WI), WI, STAFF[1:3]) == RoutingRule(("naloxone",), ("wi-brown",), to=(3,), backup=2)
