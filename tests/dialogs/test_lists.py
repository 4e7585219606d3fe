"""Lists and Home: empty, short, paged, very long; and what each kind of person sees there."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from copbot.assistance.tables import EventRow, RequestAreaRow, RequestRow, RequestTopicRow
from copbot.people.tables import PersonRow
from tests.dialogs.kit import Talk
from tests.live import number_in
from tests.waiting import PATIENCE, at_most, eventually


def many(talk: Talk, handle: str, count: int, state: str = "new") -> None:
    """So many requests of one person, as if they had come over the years; nothing is sent for them."""
    talk.person(handle).types("/ta list").told()  # now they are known
    asked = datetime.fromtimestamp(talk.ws.clock.now(), UTC)
    with talk.bot.store.writing(budget=PATIENCE) as session:
        person = session.execute(
            select(PersonRow.id).where(PersonRow.user == talk.person(handle).id)
        ).scalar_one()
        rows = [
            {
                "uid": f"{handle}-{number:08d}-0000-0000-0000", "form_key": f"{handle}-{number}",
                "requester_id": person, "not_agency": True, "kind": "unsure", "need": f"Request {number} & <more>",
                "state": state, "asked_at": asked - timedelta(minutes=count - number),
                "first_reply_due": asked + timedelta(days=30), "staff_channel": "C0NOWHERE",
            }
            for number in range(count)
        ]  # fmt: skip
        ids = list(session.execute(insert(RequestRow).returning(RequestRow.id), rows).scalars())
        session.execute(
            insert(RequestTopicRow), [{"request_id": ident, "topic": "naloxone", "place": 0} for ident in ids]
        )
        session.execute(
            insert(RequestAreaRow), [{"request_id": ident, "area": "wi-dane", "place": 0} for ident in ids]
        )
        session.execute(
            insert(EventRow),
            [
                {"request_id": ident, "at": asked, "person_id": person, "verb": "received", "from_state": "",
                 "to_state": "new", "version": 1}
                for ident in ids
            ],
        )  # fmt: skip


def test_an_empty_list_says_how_to_begin(talk: Talk) -> None:
    assert talk.person("ines").types("/ta list").told() == (
        "Your requests\nNo requests yet. Type /ta to ask for help."
    )


def test_an_empty_list_of_staff_says_so(own_talk: Talk) -> None:
    assert own_talk.person("ravi").types("/ta list").told("No open requests.").startswith("Requests\n")


def test_a_list_shows_ones_own_and_never_anybody_elses(talk: Talk) -> None:
    mine, theirs = talk.asks("noor"), talk.asks("juno")
    shown = talk.person("noor").types("/ta list").told()
    assert f"{mine} · Received" in shown
    assert theirs not in shown
    assert theirs not in talk.person("noor").opens_home(again=True).text()


def test_a_status_without_a_number_is_the_list_and_with_words_the_form(talk: Talk) -> None:
    number = talk.asks("noor")
    noor = talk.person("noor")
    assert number in noor.types("/ta status").told("Your requests")
    noor.types("/ta status of our naloxone order")
    assert noor.modal(text="What do you need?").values()["need"]["value"] == "status of our naloxone order"
    noor.shut()


@pytest.mark.parametrize("typed", ["all", "mine", "open"])
def test_a_word_that_means_the_whole_list_brings_the_list(talk: Talk, typed: str) -> None:
    number = talk.asks("noor")
    assert number in talk.person("noor").types(f"/ta list {typed}").told("Your requests")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lst", "/ta list"),
        ("halp", "/ta help"),
        ("status foo", "/ta status TA-1042"),
        ("list late", "/ta list"),
    ],
)
def test_a_slip_opens_the_form_and_says_what_was_probably_meant(talk: Talk, typed: str, meant: str) -> None:
    noor = talk.person("noor")
    noor.types(f"/ta {typed}")
    form = noor.modal(text=f"Did you mean {meant}?")
    assert form.values()["need"]["value"] == typed
    noor.shut()


@pytest.mark.parametrize("typed", ["kits", "help with kits for a festival", "list of suppliers"])
def test_words_that_are_a_need_are_not_taken_for_a_slip(talk: Talk, typed: str) -> None:
    noor = talk.person("noor")
    noor.types(f"/ta {typed}")
    assert "Did you mean" not in noor.modal(text="What do you need?").text()
    noor.shut()


def test_staff_see_first_what_is_due_first_and_enough_to_tell_requests_apart(own_talk: Talk) -> None:
    many(own_talk, "kim", 12)
    noor = own_talk.fills("noor", need="Sleet has got into *our* kits.", by_when="Urgent")
    noor.modal(text="Why is it urgent?")
    noor.fills(urgent_reason="Rain.").submits()
    number = number_in(noor.modal(text="TA-").text())
    noor.shut()
    shown = own_talk.person("ravi").types("/ta list").told("Unassigned")
    lines = shown.splitlines()
    begins = next(
        at for at, line in enumerate(lines) if line.startswith("TA-")
    )  # counts and a title come before
    first, _about, second = lines[begins : begins + 3]
    assert first.startswith(f"{number} · New · :red_circle: Urgent · reply due ")
    assert second == "Sleet has got into *our* kits."
    assert own_talk.person("ravi").opens_home(again=True).text().index(number) < 400


@pytest.mark.parametrize("typed", ["TA-{}", "ta {}", "{}", "#{}", "TA-{}.", "ta-{}"])
def test_a_number_is_understood_however_it_is_written(talk: Talk, typed: str) -> None:
    number = talk.asks("noor")
    told = talk.person("noor").types(f"/ta status {typed.format(number[3:])}").told()
    assert told.startswith(f"{number} · Received")


@pytest.mark.parametrize("typed", ["TA-9999", "1000", "0999", "999999999"])
def test_a_number_that_is_not_there_and_one_of_somebody_else_read_alike(talk: Talk, typed: str) -> None:
    theirs = talk.asks("juno")
    noor = talk.person("noor")
    told = noor.types(f"/ta status {typed}").told()
    alike = noor.types(f"/ta status {theirs}").told()
    assert alike == f"No {theirs} found. Your requests are in Home."
    number = f"TA-{typed.removeprefix('TA-')}"
    assert told in (alike.replace(theirs, number), "No such request found. Your requests are in Home.")


def test_details_open_the_page_of_a_request(talk: Talk) -> None:
    number = talk.asks("noor", need="It stands on the page.")
    noor = talk.person("noor")
    noor.types("/ta list", channel="general").told(number)
    noor.clicks("Details", in_="general", text=number)
    page = noor.modal(text="It stands on the page.")
    assert page.title == number
    noor.shut()


def test_staff_filter_search_and_turn_the_pages_of_their_list(own_talk: Talk) -> None:
    many(own_talk, "kim", 24)
    rare = own_talk.asks("noor", need="Mittens for our van.")
    ravi = own_talk.person("ravi")
    ravi.types("/ta list unassigned", channel="general")
    ravi.modal(text="1–10 of 25 requests")
    ravi.clicks("Next", in_="modal")
    ravi.modal(text="11–20 of 25 requests")
    ravi.fills(words="mittens").submits()
    assert rare in ravi.modal(text="1 request").text()
    ravi.clicks("Take", in_="modal", text=rare)
    ravi.modal(text="No requests found.")  # it is somebody's now
    ravi.fills(whose="Assigned to you")
    assert rare in ravi.modal(text="1 request").text()
    ravi.clicks("Details", in_="modal", text=rare)
    eventually(lambda: ravi.modal(text="Mittens for our van.").title == rare, "its page")
    ravi.shut()


def test_somebody_sees_all_of_their_own(own_talk: Talk) -> None:
    many(own_talk, "kim", 12)
    kim = own_talk.person("kim")
    assert kim.types("/ta list", channel="general").whisper("TA-").text().count("TA-") == 10
    kim.clicks("See all", in_="general", text="TA-")
    assert kim.modal(text="1–10 of 12 requests").title == "Your requests"


def test_home_with_two_thousand_requests_is_within_limits_and_quick(own_talk: Talk) -> None:
    many(own_talk, "mei", 2000)
    mei = own_talk.person("mei")
    begun = time.monotonic()
    home = mei.opens_home()
    assert time.monotonic() - begun < at_most(3.0)
    assert "Unassigned" in home.text()  # she is staff: what nobody has stands in the queue, and nowhere twice
    assert len(home.view["blocks"]) <= 100
    assert len(json.dumps(home.view)) < 100_000
    mei.clicks("See all", in_="home")
    mei.modal(text="1–10 of 2,000 requests")


def test_home_shows_staff_the_queue_and_everybody_their_own(own_talk: Talk) -> None:
    number = own_talk.asks("kim")
    own_talk.notice(number)
    assert "Unassigned" in own_talk.person("ravi").opens_home().text()
    for handle in ("kim", "gus", "lou"):
        assert "Unassigned" not in own_talk.person(handle).opens_home().text()
    assert "Set-up" in own_talk.person("lou").opens_home().text()
    assert "Set-up" not in own_talk.person("ravi").opens_home().text()


def test_home_opens_the_form_and_the_page(talk: Talk) -> None:
    number = talk.asks("gus")
    gus = talk.person("gus")
    gus.opens_home(again=True)
    gus.clicks("Details", in_="home", text=number)
    assert gus.modal(text=number).title == number
    gus.shut()
    gus.clicks("Ask for help", in_="home")
    gus.modal(text="What do you need?")
    gus.shut()


def test_the_state_of_a_community_is_told_where_one_asks(talk: Talk) -> None:
    told = talk.person("ravi").types("/community status", channel="ta-staff").told()
    assert told
    assert "Something went wrong" not in told


def test_the_messages_tab_publishes_no_home(talk: Talk) -> None:
    sol = talk.person("sol")
    sol.opens_messages()
    sol.types("/ta list").told("Your requests")
    assert sol.home() is None


def test_whoever_has_no_request_and_writes_to_the_app_is_told_what_to_type(own_talk: Talk) -> None:
    noor = own_talk.person("noor")
    noor.says("hello, can you help me?", in_="dm")
    assert "Press the button or type /ta to ask for help." in noor.told("Nobody reads this")
