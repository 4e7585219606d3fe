"""What people type into forms and commands: taken as typed, or sent back with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from copbot.assistance import rules
from copbot.assistance.rules import Deed
from copbot.assistance.texts import (
    LONGEST_NEED,
    RequestForm,
    close_troubles,
    form_troubles,
    text_trouble,
    tidied,
    tidy,
)
from copbot.assistance.views.listeners import ENTRANCES
from copbot.signs import plain_signs
from copbot.slack.text import size
from tests.assistance.given import form, profile
from tests.days import DAY
from tests.people.given import NOW
from tests.rows import for_each

EMPTY = "Please say in a few words what you need."


def troubles(filled: RequestForm) -> dict[str, str]:
    return form_troubles(tidied(filled), profile(), NOW)


def test_a_complete_form_has_no_trouble() -> None:
    assert troubles(form()) == {}
    assert troubles(form(agency_name="", not_agency=True)) == {}
    assert troubles(form(agency_name="", agency_id=4)) == {}


@for_each(
    "need",
    [
        "",
        "   ",
        "\n\t\r\n",
        "\u200b\u200d\ufeff",
        "\u2060 \u00a0\u3000",
        "\0\0",
        "\ud800",
        "\u3164\u2800",
        "\u202e\u200f",
    ],
)
def test_a_need_in_which_nothing_can_be_seen_is_refused(need: str) -> None:
    assert troubles(form(need=need)) == {"need": EMPTY}


@for_each(
    "need",
    [
        "x",
        "🙂",
        "👩‍👩‍👧‍👦",
        "نحتاج إلى مساعدة",
        "<!channel> @here <@U123> <http://a|b> &lt; `code` *bold*",
        "w" * 200,
        "line one\n\nline two",
        "n" * 2000,
    ],
)
def test_any_other_need_is_taken_as_typed(need: str) -> None:
    filled = tidied(form(need=need))
    assert form_troubles(filled, profile(), NOW) == {}
    assert filled.need == need


@for_each(
    ("need", "words"),
    [
        ("n" * 2001, "This is 1 character too long. At most 2,000 fit."),
        ("n" * 3001, "This is 1,001 characters too long. At most 2,000 fit."),
        ("🙂" * 1001, "This is 2 characters too long. At most 2,000 fit."),  # counted as Slack counts
    ],
)
def test_a_need_that_is_too_long_is_told_by_how_much(need: str, words: str) -> None:
    assert troubles(form(need=need)) == {"need": words}


def test_edges_that_are_not_kept_do_not_count() -> None:
    assert troubles(form(need="  " + "n" * LONGEST_NEED + "\0\n ")) == {}


@given(st.text(max_size=300))
def test_any_text_is_either_refused_or_can_be_stored(text: str) -> None:
    kept = tidy(text)
    kept.encode()  # PostgreSQL takes neither lone surrogates
    assert "\0" not in kept  # nor this
    assert tidy(kept) == kept
    if text_trouble(text, most=200, empty=EMPTY) is None:
        assert kept
        assert size(kept) <= 200


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=100))
def test_what_can_be_seen_is_never_changed(text: str) -> None:
    assert tidy(f" {text.strip()} ") == text.strip()


@for_each(
    ("changes", "field"),
    [
        ({"topics": ()}, "topics"),
        ({"topics": ("no_such",)}, "topics"),
        ({"topics": ("naloxone", "ssp_start", "ssp_ops", "housing")}, "topics"),
        ({"kind": "no_such"}, "kind"),
        ({"agency_name": ""}, "agency"),
        ({"agency_name": "!!!"}, "agency"),
        ({"agency_name": "a" * 121}, "agency"),
        ({"agency_id": 3}, "agency"),
        ({"not_agency": True}, "agency"),
        ({"by_when": "no_such"}, "by_when"),
        ({"by_when": "date"}, "by_when_date"),
        ({"by_when": "date", "by_when_date": DAY - timedelta(days=1)}, "by_when_date"),
        ({"by_when": "date", "by_when_date": DAY + timedelta(days=800)}, "by_when_date"),
        ({"by_when": "urgent"}, "urgent_reason"),
        ({"by_when": "urgent", "urgent_reason": "x" * 301}, "urgent_reason"),
    ],
)
def test_each_wrong_field_is_named_alone(changes: dict[str, object], field: str) -> None:
    assert list(troubles(form(**changes))) == [field]


def test_all_wrong_fields_are_named_at_once() -> None:
    empty = RequestForm(topics=(), kind="", need="", areas=())
    assert set(troubles(empty)) == {"topics", "kind", "need", "agency", "areas"}


@for_each("areas", [(), ("no_such",)])
def test_an_area_of_the_list_is_needed(areas: tuple[str, ...]) -> None:
    assert list(troubles(replace(form(), areas=areas))) == ["areas"]


def test_three_topics_fit_and_a_topic_named_twice_counts_once() -> None:
    three = ("naloxone", "ssp_start", "housing")
    assert troubles(form(topics=(*three, "naloxone"))) == {}
    assert tidied(form(topics=(*three, "naloxone"))).topics == three


def test_today_is_the_programmes_today() -> None:
    midnight = NOW.replace(hour=3)  # still the 22nd in Wisconsin
    filled = form(by_when="date", by_when_date=DAY - timedelta(days=1))
    assert form_troubles(filled, profile(), midnight) == {}


def test_only_an_urgent_by_when_is_urgent() -> None:
    assert profile().is_urgent("urgent")
    assert not profile().is_urgent("month")
    assert not profile().is_urgent("")


@for_each(
    ("reason", "words", "referral", "fields"),
    [
        ("duplicate", "", "", set()),
        ("completed", "", "", {"reason"}),
        ("referred", "", "", {"referral"}),
        ("referred", "", "Call the county.", set()),
        ("no_capacity", "", "", {"words", "referral"}),
        ("no_capacity", "We have nobody for this.", " \u200b", {"referral"}),
        ("out_of_scope", "\u200b", "Call the county.", {"words"}),
        ("ineligible", "You are out of state.", "Call the county.", set()),
        ("", "", "", {"reason"}),
        ("no_such", "", "", {"reason"}),
        ("duplicate", "x" * 2001, "", {"words"}),
    ],
)
def test_a_decline_carries_a_sentence_and_a_referral(
    reason: str, words: str, referral: str, fields: set[str]
) -> None:
    assert set(close_troubles(reason, words, referral, profile())) == fields


def test_every_declining_reason_of_the_profile_asks_for_both() -> None:
    declining = [reason.id for reason in profile().close_reasons if reason.declined]
    assert {"ineligible", "out_of_scope", "no_capacity"} <= set(declining)
    for reason in declining:
        assert set(close_troubles(reason, "", "", profile())) == {"words", "referral"}


@for_each(
    ("typed", "ident"),
    [
        ("TA-1042", 42),
        ("ta-1042", 42),
        ("ta 1042", 42),
        ("TA1042", 42),
        ("1042", 42),
        ("  #TA-1042. ", 42),
        ("TA – 1042", 42),
        ("TA\u20101042", 42),
        ("TA\u20111042", 42),
        ("ta\u22121042", 42),
        ("TA\u00a01042", 42),
        ("TA-1001", 1),
        ("TA-1000", None),
        ("TA-0042", None),
        ("42", None),
        ("TA-", None),
        ("", None),
        ("TA-1042 please", None),
        ("TB-1042", None),
        ("٢٠٤٢", None),
        ("TA-99999999999999999999", None),
        ("-1042" * 3, None),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, ident: int | None) -> None:
    assert rules.parse_number(typed) == ident


def test_a_command_with_a_number_asks_for_its_request_whatever_the_hyphen() -> None:
    [status] = [each for each in ENTRANCES if each.id == "ta status"]
    for typed in ("TA-1042", "TA\u20111042", "ta\u20131042", "#1042", "12", ""):
        assert status.takes(typed), typed
    assert not status.takes("TA-1042 please")


@given(st.integers(min_value=1, max_value=900_000_000))
def test_every_label_reads_back_as_its_request(ident: int) -> None:
    assert rules.parse_number(rules.label(ident)) == ident


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_number(typed: str) -> None:
    found = rules.parse_number(typed)
    assert found is None or rules.label(found).removeprefix("TA-") in plain_signs(typed)


@for_each(
    ("deed", "words"),
    [
        (Deed("take", NOW, "Sam"), "Sam took TA-1001 a moment ago."),
        (Deed("take", NOW, "Sam", is_mine=True), "You took TA-1001 a moment ago."),
        (Deed("hand_over", NOW, "Sam", "Pat"), "Sam handed TA-1001 over to Pat a moment ago."),
        (Deed("settle", NOW), "TA-1001 was closed after 14 days without news a moment ago."),
        (
            Deed("release", NOW, whom_name="Sam"),
            "TA-1001 went back to unassigned because Sam is no longer on staff a moment ago.",
        ),
        (Deed("close", NOW - timedelta(minutes=5), "Sam"), "Sam closed TA-1001 5 minutes ago."),
        (Deed("close", NOW - timedelta(hours=3), "Sam"), "Sam closed TA-1001 3 hours ago."),
        (Deed("close", NOW - timedelta(days=3), "Sam"), "Sam closed TA-1001 3 days ago."),
    ],
)
def test_who_did_what_is_told_in_one_sentence(deed: Deed, words: str) -> None:
    assert rules.did(deed, 1, NOW) == words


def test_every_verb_has_its_own_words() -> None:
    told = {rules.did(Deed(verb, NOW, "Sam", "Pat"), 1, NOW) for verb in (*rules.MOVES, "undo", "add_words")}
    by_people = [verb for verb, rule in rules.MOVES.items() if rule.roles != {"clock"}]
    assert len(told) >= len(by_people) + 2
