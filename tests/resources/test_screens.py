"""No screen of the library can be refused or ping anybody, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from copbot.resources.guide.rules import Guide, Part, grouped
from copbot.resources.guide.screens import guide_view, place_form
from copbot.resources.library.rules import LONGEST_LINE, LONGEST_SUMMARY, LONGEST_TITLE
from copbot.resources.library.screens import card, forms, review
from copbot.resources.library.service import fields_of
from copbot.resources.library.values import Resource, Shown
from copbot.resources.search.rules import Found, Query, Ranked, Results
from copbot.resources.search.screens import gap_notice, saved_view, search_view
from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.text import message_pings
from copbot.sandbox.views import check_view
from copbot.slack.answers import Message
from copbot.store import Page
from tests.days import DAY, NOON
from tests.resources.given import PROFILE

NASTY = ["<!channel>", "<@U1>", "&lt;!here&gt;", "*b* `c`\n" * 60, "🩹" * 900, "x" * 3000, ""]


def text(most: int) -> st.SearchStrategy[str]:
    found = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=60))
    return found.map(lambda each: each[:most])


LINE = text(LONGEST_LINE)
RESOURCE = st.builds(
    Resource,
    id=st.integers(1, 2**31 - 1),
    uid=st.uuids().map(lambda each: each.hex),
    kind=st.sampled_from(["link", "document", "service", "event", "answer"]),
    title=text(LONGEST_TITLE).map(lambda each: each.strip() or "A title"),
    summary=text(LONGEST_SUMMARY),
    url=st.sampled_from(["", "https://example.org/" + "p" * 1900]),
    topics=st.lists(st.sampled_from(["naloxone", "gone", "law_policy"]), max_size=10, unique=True).map(tuple),
    areas=st.lists(st.sampled_from([area.id for area in PROFILE.areas]), max_size=40, unique=True).map(tuple),
    audience=text(200),
    jurisdiction=text(200),
    source=text(200),
    reviewed_on=st.none() | st.just(DAY),
    review_by=st.none() | st.just(date(DAY.year - 1, 1, 1)),
    language=st.just("en"),
    service_kind=text(75),
    address=LINE,
    phones=st.lists(text(100), max_size=10).map(tuple),
    hours=LINE,
    eligibility=LINE,
    languages=st.lists(text(100), max_size=20).map(tuple),
    starts_at=st.none() | st.just(NOON),
    ends_at=st.none(),
    all_day=st.booleans(),
    private=st.booleans(),
    owner=st.sampled_from(["", "U0123456789"]),
    origin=st.sampled_from(["staff", "member"]),
    state=st.sampled_from(["draft", "published", "retired"]),
    state_by=st.just("U1"),
    state_at=st.just(NOON),
    state_why=text(200),
    same_as=st.none(),
    created_by=st.just("U1"),
    created_at=st.just(NOON),
    updated_at=st.just(NOON),
    version=st.just(1),
)
FEW = st.lists(RESOURCE, max_size=10, unique_by=lambda each: each.uid).map(tuple)
CHANNELS = st.dictionaries(st.just("C1"), text(80), max_size=1)


def drawn(message: Message) -> None:
    assert check_blocks(list(message.blocks), "message") == []
    assert not message_pings({"text": message.text, "blocks": list(message.blocks)})


@given(found=RESOURCE, doubles=FEW, channels=CHANNELS, is_staff=st.booleans(), note=text(100))
def test_a_card_fits(
    found: Resource,
    doubles: tuple[Resource, ...],
    channels: dict[str, str],
    is_staff: bool,
    note: str,
) -> None:
    shown = Shown(found, is_saved=is_staff, channels=channels, doubles=doubles[:3])
    assert (
        check_view(card.card(shown, PROFILE, today=DAY, is_staff=is_staff, note=note), kind="modal") is None
    )
    drawn(card.shared_message(found, "Kim <!channel>", PROFILE))
    drawn(card.asks_owner(found))
    drawn(card.found_useful(found, 2))
    drawn(card.decided(found))
    assert check_view(review.retire_form(found.uid, found.title, is_draft=is_staff), kind="modal") is None
    assert check_view(forms.added(found.title, is_staff=is_staff), kind="modal") is None


@given(found=RESOURCE, is_staff=st.booleans(), kind=st.sampled_from(["link", "service", "event", "answer"]))
def test_a_form_fits_with_what_is_in_the_resource(found: Resource, is_staff: bool, kind: str) -> None:
    first = replace(fields_of(found), kind=kind)
    for uid in ("", found.uid):
        view = forms.resource_form(first, PROFILE, is_staff=is_staff, uid=uid, version=3, note=found.title)
        assert check_view(view, kind="modal") is None


@given(items=FEW, typed=text(150), more=st.booleans())
def test_lists_fit(items: tuple[Resource, ...], typed: str, more: bool) -> None:
    following = 7 if more else None
    assert check_view(review.review_view(Page(items, following), 40, PROFILE), kind="modal") is None
    assert check_view(saved_view(items, PROFILE), kind="modal") is None
    found = tuple(Found(each, Ranked(each.id, 1.0, 0, "text", "wi-dane")) for each in items)
    query = Query(areas=("wi-dane",), topic="naloxone", needs_care=more)
    notes = {"more": more, "instead": typed, "without": (typed,), "elsewhere": more}
    results = Results(query=query, items=found, start=10 * more, total=40, **notes)
    view = search_view(typed, results, PROFILE)
    assert check_view(view, kind="modal") is None
    drawn(card.still_right(items[:8], 3, PROFILE))
    drawn(gap_notice("naloxone", "wi-dane", 2, PROFILE))


@given(
    items=st.lists(RESOURCE, max_size=45, unique_by=lambda each: each.uid), start=st.sampled_from([0, 20, 40])
)
def test_a_guide_fits_however_many_kinds_it_has(items: list[Resource], start: int) -> None:
    groups = grouped(items, PROFILE)
    guide = Guide(
        ("wi-dane",), "Dane County", (Part("Dane County", groups), Part("Statewide", groups, is_wide=True))
    )
    assert check_view(guide_view(guide, PROFILE, start=start), kind="modal") is None
    assert check_view(place_form(PROFILE, "<!channel>", ("wi-dane", "wi-rock")), kind="modal") is None
