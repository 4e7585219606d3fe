"""The design's invariants as people would notice them; the numbers are the design's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from copbot.people.service import staff_list
from copbot.sandbox.views import check_view
from tests.dialogs.kit import NO_AGENCY, Talk, sends_back, talking
from tests.waiting import PATIENCE, eventually

CANARY = "kanarienvogel"


# -- 1: saved before acknowledged


def test_what_is_acknowledged_stands_in_the_database_already_inv1(own_talk: Talk) -> None:
    kim = own_talk.fills("kim")
    seen: list[int] = []

    def count(tables: frozenset[str], _subjects: tuple[str, ...]) -> None:
        """Heard after a commit and before its answer; of jobs too, which write no request."""
        if "requests" in tables:
            seen.append(own_talk.count())

    own_talk.bot.store.on_change(count)
    assert kim.submits().updated
    assert seen[0] == 1


def test_when_saving_fails_the_form_stays_with_the_text_and_a_code_inv1(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", need=f"Please keep this, {CANARY}.")
    with broken_table(own_talk):
        errors = sends_back(kim.submits())
    [words] = errors.values()
    assert words.startswith("Something went wrong on our side, so nothing was saved.")
    assert own_talk.bot.profile.contact.phone in words
    code = words.rpartition("Code ")[2].rstrip(".)")
    assert code in own_talk.log.getvalue()
    assert CANARY not in own_talk.log.getvalue()
    assert kim.modal().values()["need"]["value"] == f"Please keep this, {CANARY}."
    assert kim.submits().updated
    assert own_talk.count() == 1
    own_talk.log.truncate(0)  # that one failure was meant


class broken_table:  # noqa: N801 - reads as a clause
    """The table of events is away for as long as the block runs."""

    def __init__(self, talk: Talk) -> None:
        self._store = talk.bot.store

    def __enter__(self) -> None:
        self._rename("request_events", "request_events_away")

    def __exit__(self, *_: object) -> None:
        self._rename("request_events_away", "request_events")

    def _rename(self, old: str, new: str) -> None:
        from sqlalchemy import text

        with self._store.writing(budget=PATIENCE) as session:
            session.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


# -- 3: one delivery, one effect


def test_the_same_command_twice_opens_one_form_and_says_nothing_of_it_inv3(sqlite_url: str) -> None:
    with talking(sqlite_url, checked=False) as talk:
        talk.ws.faults.duplicate_next("command")
        kim = talk.opens("kim")
        eventually(talk.ws.refusals, "the second opening to be refused")
        assert [each["error"] for each in talk.ws.refusals()] == ["exchanged_trigger_id"]
        kim.types("/ta list").told("Your requests")
        kim.does_not_see("did not open")
        assert kim.depth() == 1
        assert talk.count() == 0


def test_the_same_event_three_times_is_one_answer_inv3(own_talk: Talk) -> None:
    own_talk.ws.faults.duplicate_next("event", times=2)
    own_talk.person("kim").opens_home()
    own_talk.ws.settled(timeout=PATIENCE)
    assert own_talk.faults() == []


def test_an_addition_sent_twice_is_added_once_inv3(own_talk: Talk) -> None:
    number = own_talk.taken("ravi")
    kim = own_talk.person("kim")
    kim.clicks("Add details", in_="dm", text=number)
    kim.modal(text="What would you like to add?")
    own_talk.ws.faults.duplicate_next("interactive")
    assert kim.fills(text="And gloves.").submits().updated
    assert "And gloves." in kim.modal(text=f"Added to {number}").text()
    kim.shut()
    own_talk.person("ravi").sees(f"Kim Alder added to {number}", in_="dm")
    assert own_talk.notice(number).text().count("And gloves.") == 1


# -- 7: every click is authorised at the click


def test_a_role_lost_between_showing_and_pressing_is_lost_inv7(own_talk: Talk) -> None:
    number = own_talk.asks("kim")
    mei = own_talk.person("mei")
    mei.types(f"/ta status {number}", channel="general")
    mei.told("Take")
    own_talk.ws.admin.remove("mei", "ta-staff")
    eventually(lambda: "Mei Brook" not in staff(own_talk), "Mei to be staff no more")
    mei.clicks("Take", in_="general", text=number)
    assert mei.told("Only") == "Only staff can do this."
    assert own_talk.row(number).state == "new"


def test_a_form_opened_as_staff_and_sent_as_nobody_is_refused_with_its_text_inv7(own_talk: Talk) -> None:
    number = own_talk.taken("mei")
    mei = own_talk.person("mei")
    mei.presses("Done", number)
    mei.modal(text="What did you give them?")
    mei.fills(given="Much.")
    own_talk.ws.admin.remove("mei", "ta-staff")
    eventually(lambda: "Mei Brook" not in staff(own_talk), "Mei to be staff no more")
    assert list(sends_back(mei.submits()).values()) == ["Only staff can do this."]
    assert own_talk.row(number).state in ("assigned", "triaged")  # it goes back to staff once that is noticed


def test_who_is_deactivated_in_the_middle_can_do_no_more_inv7(own_talk: Talk) -> None:
    kim = own_talk.fills("kim")
    own_talk.ws.admin.deactivate("kim")
    own_talk.ws.settled(timeout=PATIENCE)
    errors = sends_back(kim.submits())
    assert "deactivated" in str(errors)
    assert own_talk.count() == 0


def staff(talk: Talk) -> list[str]:
    with talk.bot.store.reading() as session:
        return [person.name for person in staff_list(session)]


# -- 8: nothing private outside Slack and the database


def test_what_people_type_stands_in_no_log_metadata_or_button_inv8(own_talk: Talk) -> None:
    number = own_talk.asks("kim", need=f"need {CANARY}", agency=f"Agency {CANARY}")
    ravi, kim = own_talk.person("ravi"), own_talk.person("kim")
    ravi.presses("Take", number)
    ravi.presses("Ask", number)
    ravi.modal(text="Your question")
    ravi.fills(question=f"question {CANARY}").submits()
    kim.clicks("Answer", in_="dm", text="has a question")
    kim.modal(text="Your answer")
    kim.fills(text=f"answer {CANARY}").submits()
    kim.shut()
    ravi.sees("answered your question", in_="dm")
    kim.types(f"/ta {CANARY} and more", channel="general")
    kim.modal(text="What do you need?")
    assert CANARY not in own_talk.log.getvalue()
    assert CANARY not in json.dumps(own_talk.bot.measures())
    for hidden in hidden_parts(own_talk):
        assert CANARY not in json.dumps(hidden)


def hidden_parts(talk: Talk) -> Iterator[object]:
    """What nobody reads on screen, of everything that was sent: metadata, private metadata, values, ids."""
    for call in talk.ws.calls():
        yield call["args"].get("metadata")
        yield from hidden_in(call["args"])
    for envelope in talk.ws.envelopes():
        yield from hidden_in(envelope.get("ack") or {})


def hidden_in(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        for name, part in node.items():
            if name in (
                "value",
                "private_metadata",
                "action_id",
                "block_id",
                "callback_id",
                "external_id",
                "url",
            ):
                yield part
            elif name != "initial_value":
                yield from hidden_in(part)
    elif isinstance(node, list):
        for part in node:
            yield from hidden_in(part)


# -- 12: limits are met by construction


def test_every_ack_and_every_view_of_a_long_day_is_within_limits_inv12(own_talk: Talk) -> None:
    for _turn in range(3):
        own_talk.asks(
            "kim", need="😀&<>" * 400, areas=["wi-dane", "wi-brown"], topics=["naloxone", "housing"]
        )
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    for person in (kim, ravi):
        person.types("/ta list").told()
        person.types("/ta status TA-1001").told("TA-1001")
        person.opens_home()
    own_talk.opens("kim", "&<>" * 900)
    assert max(each["ack_bytes"] for each in own_talk.ws.envelopes()) <= 16_384
    for call in own_talk.ws.calls():
        view = call["args"].get("view")
        if isinstance(view, dict):
            assert check_view(view, kind="home" if view["type"] == "home" else "modal") is None


# -- a form that Slack did not let us open in time


@pytest.mark.parametrize("error", ["expired_trigger_id", "invalid_trigger_id"])
def test_a_form_that_could_not_open_in_time_is_offered_by_a_button_with_the_words_typed(
    own_talk: Talk, error: str
) -> None:
    own_talk.ws.faults.add("views.open", "refuse", error=error)
    kim = own_talk.person("kim")
    kim.types(f"/ta naloxone for {CANARY} <!channel>", channel="general")
    offer = kim.whisper("the form did not open")
    offer.says(f"naloxone for {CANARY} @channel")
    assert offer.buttons() == ["Open the form"]
    assert offer.pings() == set()
    assert CANARY not in json.dumps(list(hidden_in(offer.blocks)))
    kim.clicks("Open the form", in_="general")
    kim.modal(text="What do you need?")
    kim.fills({"agency": NO_AGENCY})
    kim.modal(text="Which is true?")


@pytest.mark.parametrize("kind", ["http_503", "reset", "rate_limited"])
def test_a_form_that_slacks_own_trouble_kept_shut_is_offered_with_the_words_typed(
    own_talk: Talk, kind: str
) -> None:
    own_talk.ws.faults.add("views.open", kind)
    kim = own_talk.person("kim")
    kim.types(f"/ta naloxone for {CANARY}", channel="general")
    offer = kim.whisper("may not have opened")
    offer.says(f"naloxone for {CANARY}")
    kim.clicks("Open the form", in_="general")
    kim.modal(text="What do you need?")


def test_a_staff_form_that_could_not_open_in_time_is_offered_too(own_talk: Talk) -> None:
    number = own_talk.taken("ravi")
    own_talk.ws.faults.add("views.open", "refuse", error="expired_trigger_id")
    ravi = own_talk.person("ravi")
    ravi.presses("Done", number)
    ravi.whisper("the form did not open")
    ravi.clicks("Open the form", in_="ta-staff")
    ravi.modal(text="What did you give them?")
    assert ravi.fills(given="A talk.").submits().closed
    own_talk.notice(number, "Done")


# -- many at once


def test_six_people_ask_at_once_and_each_has_one_request(own_talk: Talk) -> None:
    handles = ("kim", "juno", "noor", "ravi", "mei", "gus")
    people = [own_talk.fills(handle) for handle in handles]
    threads = [threading.Thread(target=person.submits) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    numbers = {person.modal(text="is saved").text().split()[2] for person in people}
    assert len(numbers) == len(handles) == own_talk.count()
    for number in numbers:
        own_talk.notice(number)
