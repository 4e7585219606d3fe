"""The list that staff filter and search: what is found, a page at a time, and what is said of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from copbot.app import entrances
from copbot.assistance import listeners
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts, list_screens, lists
from copbot.assistance.views import listeners as shown
from copbot.assistance.views.rules import Filters, nearly, understand
from copbot.assistance.workflow import service
from copbot.people import service as people_
from copbot.sandbox.views import check_view
from copbot.slack.answers import Open, Options, Say, Update, View
from copbot.slack.entrances import Call, Form
from copbot.store import Store
from tests.assistance.given import asked, cast, form, later, press, profile
from tests.home.given import everybody, requests, statements
from tests.people.given import NOW


def call(session: Any, who: Any, **more: Any) -> Call:
    return Call(session=session, person=who, now=NOW, profile=profile(), entrances=entrances().rows, **more)


def typed(store: Store, who: Any, text: str) -> Any:
    with store.reading() as session:
        return shown.list_requests(call(session, who, text=text))


def found(store: Store, who: Any, text: str, now: Any = NOW, start: int = 0) -> list[int]:
    with store.reading() as session:
        filters = understand(text, profile())
        page = lists.search(session, filters, who, profile=profile(), now=now, start=start)
        return [each.id for each in page.lines]


def words_of(view: View) -> str:
    assert check_view(view, kind="modal") is None
    return str(view["blocks"])


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("late", Filters("late")),
        ("Overdue requests", Filters("late")),
        ("mine", Filters(whose="me")),
        ("my late", Filters("late", "me")),
        ("unassigned", Filters(whose="nobody")),
        ("closed", Filters("ended")),
        ("asked", Filters("any", "asked")),
        ("naloxone", Filters(topic="naloxone")),
        ("kits", Filters(words="kits")),
        ("naloxone in dane", Filters(topic="naloxone", area="wi-dane")),
        ("waiting Dane County drug checking", Filters("waiting", topic="drug_checking", area="wi-dane")),
        ("southern region", Filters(area="wi-region-southern")),
        ("Madison", Filters(area="wi-dane")),
        ("Dane Drop-in", Filters(words="Dane Drop-in")),
        ("late Dane Drop-in", Filters("late", words="Dane Drop-in")),
        ("naloxone wound care", Filters(words="naloxone wound care")),
        ("River Falls", Filters(words="River Falls")),  # it lies in two counties
        ("TA-1042", Filters(words="TA-1042")),
        ("100%", Filters(words="100%")),
        ("in the", Filters()),
    ],
)
def test_what_is_typed_is_filters_where_it_names_some_and_words_where_not(
    text: str, filters: Filters
) -> None:
    assert understand(text, profile()) == filters


def test_a_slip_is_told_what_it_was_probably_for() -> None:
    assert [nearly(each, profile()) for each in ("lte", "naloxne", "danee", "mittens")] == [
        "late",
        "naloxone",
        "dane",
        "",
    ]


def test_filters_and_words_find_what_they_say(store: Store) -> None:
    people = cast(store)
    first = people.request
    area = next(each.id for each in profile().areas if each.label == "Brown County")
    with store.writing() as session:
        sharps = replace(form(topics=("wound_care",), need="Sharps boxes, 50% OFF_"), areas=(area,))
        second = asked(session, people.olly, "second", sharps).id
        third = asked(session, people.kim, "third").id
    press(store, service.take, replace(people, request=third), "sam", 1)
    press(store, service.ask_requester, replace(people, request=third), "sam", 2, question="How many?")
    assert found(store, people.sam, "") == [first, second, third]
    assert found(store, people.sam, "mine") == [third]
    assert found(store, people.pat, "mine") == []
    assert found(store, people.sam, "unassigned") == [first, second]
    assert found(store, people.sam, "waiting") == [third]
    assert found(store, people.sam, "late") == []
    assert found(store, people.sam, "late", later(days=7)) == [first, second]
    assert found(store, people.sam, "wound care brown county") == [second]
    assert found(store, people.sam, "northeastern region") == [second]
    for text in ("sharps", "BOXES sharps", "olly sharps", "50% off_", "dane drop-in boxes"):
        assert found(store, people.sam, text) == [second], text
    for text in ("mittens", "sharps mittens", "1% OFF", "o__y"):
        assert found(store, people.sam, text) == [], text
    assert found(store, people.sam, f"TA-{second + 1000}") == [second]
    assert found(store, people.sam, "TA-9999") == []


def test_late_is_also_whose_help_is_overdue(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.first_reply, people, "sam", 2)
    with store.writing() as session:
        session.execute(update(RequestRow).values(delivery_due=later(days=1)))
    assert found(store, people.pat, "late") == []
    assert found(store, people.pat, "late", later(days=2)) == [people.request]
    with store.reading() as session:
        home = lists.queue(session, people.sam, later(days=2))
        assert (home["late"].total, home["owned"].total) == (1, 0)
        assert [
            each.late for each in lists.candidates(session, profile(), later(days=2)) if each.name == "Sam"
        ] == [1]


def test_members_see_their_own_alone_whatever_they_send_inv7(store: Store) -> None:
    people = cast(store)
    with store.writing() as session:
        theirs = asked(session, people.olly, "theirs").id
    for filters in (
        Filters(),
        Filters(whose="nobody"),
        Filters(words="kits"),
        Filters(words=f"TA-{theirs + 1000}"),
    ):
        with store.reading() as session:
            page = lists.search(session, filters, people.kim, profile=profile(), now=NOW)
        assert {each.id for each in page.lines} <= {people.request}


def test_words_are_not_looked_for_in_what_is_confidential_and_its_readers_learn_how_many(
    store: Store,
) -> None:
    people = cast(store)
    with store.writing() as session:
        service.confide(session, request_id=people.request, person=people.kim, now=NOW)
        open_one = asked(session, people.kim, "open").id
    for who, unsearched, all_of_it in (
        (people.lee, 1, [people.request, open_one]),
        (people.sam, 0, [open_one]),
    ):
        with store.reading() as session:
            page = lists.search(session, Filters(words="kits"), who, profile=profile(), now=NOW)
        assert ([each.id for each in page.lines], page.unsearched) == ([open_one], unsearched)
        assert found(store, who, "") == all_of_it
        assert found(store, who, f"TA-{people.request + 1000}") == [
            each for each in all_of_it if each != open_one
        ]
    view = typed(store, people.lee, "kits").view
    assert "Words are not searched for in 1 confidential request." in words_of(view)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("open", "No open requests. New ones come to the staff channel and are listed here."),
        ("late", "Nothing is late."),
        ("mine", "No open requests are assigned to you."),
        ("unassigned", "Every open request has an owner."),
        ("waiting", "Nothing is waiting for an answer."),
        ("TA-9999", "No TA-9999 found."),
        ("mittens", "*No requests found.* Try another word, or clear a filter."),
        ("lte", "Show late"),
    ],
)
def test_nothing_found_has_an_answer_of_its_own(sqlite_store: Store, text: str, said: str) -> None:
    who = everybody(sqlite_store)
    answer = typed(sqlite_store, who["staff"], text)
    assert isinstance(answer, Open)
    assert said in words_of(answer.view)


def test_ten_a_page_forth_and_back_to_the_two_thousandth(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 2000)
    seen: list[int] = []
    with sqlite_store.reading() as session:
        view = shown.redraw(call(session, who["staff"], in_modal=True, form=Form({"state": "any"}))).view
        assert "1–10 of 2,000 requests" in words_of(view)
        assert "Previous" not in str(view)
        for start in (0, 10, 1990):
            page = lists.search(
                session, Filters("any"), who["staff"], profile=profile(), now=NOW, start=start
            )
            seen += [each.id for each in page.lines]
        assert seen == [*range(2000, 1980, -1), *range(10, 0, -1)]
        turned = call(session, who["staff"], in_modal=True, form=Form({"state": "any"}), value="9000")
        view = shown.turn(turned).view
        assert "1,991–2,000 of 2,000 requests" in words_of(view)
        assert "Next" not in str(view)


def test_a_page_of_two_thousand_asks_the_database_as_little_as_one_of_none(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    counts = []
    for more in (0, 2000):
        requests(sqlite_store, who, more)
        for text in ("", "late", "kits", "naloxone dane"):
            with sqlite_store.reading() as session, statements(sqlite_store) as sent:
                shown.list_requests(call(session, who["staff"], text=text))
            counts.append(len([each for each in sent if each.startswith("SELECT")]))
    assert counts == [2, 1, 2, 1] * 2


def test_a_chosen_filter_and_a_taken_request_draw_the_list_anew_where_it_stood(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 240)
    chosen = Form({"words": "kits", "state": "open", "whose": "nobody", "topic": "any", "area": "any"})
    with sqlite_store.reading() as session:
        view = shown.turn(call(session, who["staff"], in_modal=True, form=chosen, value="10")).view
        assert "11–20 of 40 requests" in words_of(view)
        wanted = lists.search(session, Filters(whose="nobody"), who["staff"], profile=profile(), now=NOW)
        row = wanted.lines[0]
    meta = {"start": 10}
    with sqlite_store.writing() as session:
        here = {"in_modal": True, "form": chosen, "meta": meta, "value": f"{row.uid}:{row.version}"}
        take = next(each for each in listeners.ENTRANCES if each.id == "request.take")
        answer = take.run(call(session, who["staff"], **here))
    assert isinstance(answer, Update)
    assert "11–20 of 39 requests" in words_of(answer.view)


def test_staffs_overview_fits_a_message_and_leads_to_each_whole_list(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 2000)
    answer = typed(sqlite_store, who["staff"], "")
    assert isinstance(answer, Say)
    blocks = answer.message.blocks
    assert 20 < len(blocks) < 50
    leads = {
        each["action_id"]: each["value"]
        for block in blocks
        for each in (*block.get("elements", ()), block.get("accessory", {}))
        if each.get("action_id", "").startswith("request.more")
    }
    assert leads == {
        "request.more:late": "late",
        "request.more:owned": "mine",
        "request.more:mine": "asked",
        "request.more:open": "open",
    }
    for value in (*leads.values(), "late:17"):  # the last is an older release's
        with sqlite_store.reading() as session:
            seen = shown.see_all(call(session, who["staff"], value=value))
        assert "1–10 of" in words_of(seen.view), value


def test_a_members_words_after_list_are_a_need_and_their_list_is_their_own(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 60)
    asks = typed(sqlite_store, who["member"], "of suppliers")
    assert isinstance(asks, Open)
    assert "list of suppliers" in str(asks.view)
    own = typed(sqlite_store, who["member"], "mine")
    assert isinstance(own, Say)
    assert len(own.message.blocks) < 50
    with sqlite_store.reading() as session:
        view = shown.see_all(call(session, who["member"], value="asked")).view
    assert view["title"]["text"] == "Your requests"
    assert "1–10 of 30 requests" in words_of(view)
    assert "Whose" not in str(view)


def test_a_lead_sees_whose_requests_they_opened_on_every_page(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    requests(sqlite_store, who, 120)
    sam = who["staff"]
    with sqlite_store.reading() as session:
        view = shown.workload(call(session, who["lead"], value=str(sam.id))).view
        assert "Assigned to Sam:" in words_of(view)
        meta = {"whose": str(sam.id), "start": 0}
        more = shown.turn(call(session, who["lead"], in_modal=True, meta=meta, value="10")).view
    assert "Assigned to Sam:" in words_of(more)
    assert "11–20 of" in words_of(more)


def test_areas_are_offered_as_they_are_typed_and_none_of_them_first(sqlite_store: Store) -> None:
    who = everybody(sqlite_store)
    with sqlite_store.reading() as session:
        answers = [shown.area_options(call(session, who["staff"], text=text)) for text in ("", "madis")]
    assert all(isinstance(each, Options) for each in answers)
    assert [each.options[0]["value"] for each in answers] == ["any", "wi-dane"]


def test_the_longest_lines_fit_the_list(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    with sqlite_store.writing() as session:
        for number in range(12):
            asked(session, people.kim, f"long-{number}", form(need="💊 wörd & <more> " * 100))
        session.flush()
        people_.learn(session, [], home_team="", now=NOW)
    with sqlite_store.reading() as session:
        words = "💊" * list_screens.LONGEST_SEARCH
        for text in ("w" * 400, words, "wörd"):
            here = call(session, people.sam, in_modal=True, form=Form({"words": text}))
            words_of(shown.redraw(here).view)
        assert facts.one(session, people.request, people.sam, NOW + timedelta(days=1)).is_late in (
            True,
            False,
        )
