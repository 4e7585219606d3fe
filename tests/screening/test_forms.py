"""A form with personal data in it comes back, says what and where, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from copbot.app import entrances
from copbot.resources.library.tables import ResourceRow
from copbot.resources.plugs import is_known_contact
from copbot.screening.plug import Screening
from copbot.screening.screens import CALL_ME, FIELD
from copbot.slack.answers import Done, Open, Update
from copbot.slack.blocks import context, field, form, text_input
from copbot.slack.entrances import Call, Entrance, Form
from copbot.slack.person import Person
from tests.assistance.given import profile
from tests.dialogs.kit import Talk
from tests.people.given import NOW

NEED = (
    "We help a client named Quillon Zebrand, DOB 03/14/1987, SSN 219-09-9993. Call his mother at 608-555-0142 "
    "about the wound."
)
PRIVATE = ("Zebrand", "03/14/1987", "219-09-9993", "555-0142")
HARMLESS = (
    "Never Use Alone is 800-484-3731. Does s. 961.571 (1) (b) allow 0.4 mg/0.1 mL at a training March 14, 2026, "
    "10:00-11:30, under award H79TI083456?"
)


def on_disk(talk: Talk) -> list[str]:
    """Which of the private words stand in the database, its log beside it, or the bot's log."""
    file = Path(talk.bot.settings.database_url.get_secret_value().partition(":///")[2])
    kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"requests" in kept
    return [each for each in PRIVATE if each.encode() in kept or each in talk.log.getvalue()]


def test_a_need_with_four_findings_comes_back_and_edited_it_is_one_notice(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", need=NEED)
    kim.submits()
    shown = kim.modal(text="Not sent yet").text()
    assert "A name of somebody you serve after “a client named”" in shown
    assert "A birth date after “DOB”" in shown
    assert "A Social Security number after “SSN”" in shown
    assert "A phone number after “his mother at”" in shown
    assert kim.modal().values()["need"]["value"] == NEED
    assert (own_talk.count(), on_disk(own_talk)) == (0, [])
    kim.fills({"need": "We help somebody with a wound. What do we need?"})
    assert kim.submits().updated
    kim.modal(text="TA-1001")
    own_talk.notice("TA-1001")
    assert own_talk.count() == 1
    assert on_disk(own_talk) == []
    assert own_talk.faults() == []


def test_who_asks_to_be_called_is_called_and_no_word_of_theirs_is_kept(own_talk: Talk) -> None:
    kim = own_talk.fills("kim", need=NEED)
    kim.submits()
    kim.modal(text="Not sent yet")
    kim.fills({FIELD: "call"})
    kim.submits()
    kim.modal(text="TA-1001")
    assert CALL_ME in own_talk.notice("TA-1001").text()
    assert own_talk.row("TA-1001").need == CALL_ME
    assert on_disk(own_talk) == []
    own_talk.checked()


def test_a_work_contact_of_their_own_may_be_sent_and_nothing_else(talk: Talk) -> None:
    kim = talk.fills("kim", need="Reach me at 608-555-0177. My client named Zebrand is in jail.")
    kim.submits()
    kim.modal(text="Not sent yet")
    kim.fills({FIELD: "send"})
    kim.submits()
    shown = kim.modal(text="Only a work contact").text()
    assert "name of somebody" in shown
    assert "A phone number" not in shown
    kim.fills({"need": "Reach me at 608-555-0177. My client is in jail."})
    kim.submits()
    kim.modal(text="is saved")
    kim.shut()


def test_what_only_looks_like_it_passes_untouched(talk: Talk) -> None:
    number = talk.asks("kim", need=HARMLESS)
    assert talk.row(number).need == HARMLESS


def test_words_after_the_command_open_the_form_with_what_they_hold(talk: Talk) -> None:
    kim = talk.opens("kim", "help for my client Maria Lopez")
    assert "A name of somebody you serve after “for my client”" in kim.modal(text="Please check").text()
    assert kim.modal().values()["need"]["value"] == "help for my client Maria Lopez"
    kim.shut()


# -- the plug by itself

SCREENING = Screening(lambda _session, _kind, written: written == "608-555-0100")


def call(view: dict[str, Any], **more: Any) -> Call:
    texts = {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in view["blocks"]
        if block["type"] == "input"
    }
    values = {**texts, **more.pop("values", {})}
    return Call(
        session=None,  # type: ignore[arg-type]
        person=Person(id=1, user="U0KIM", name="Kim", tz="UTC"),
        now=NOW,
        profile=profile(),
        form=Form(values),
        entrances=entrances().rows,
        **more,
    )


def sent(text: str, row: Entrance, **more: Any) -> Any:
    view = form(
        "x", "A form", [context("Above"), field("need", "Need", text_input("need", first=text, long=True))]
    )
    return SCREENING.before(
        row, call(view, **more), {**view, "id": "V1", "hash": "1", "state": {}, "team_id": "T"}
    )


def row(**more: Any) -> Entrance:
    return Entrance(kind="view", id="x", run=lambda _call: Done(), effect="write", **more)


@pytest.mark.parametrize("declared", [{}, {"free_text": ("need",)}, {"free_text": ("n*",)}])
def test_a_text_field_is_screened_declared_or_not(declared: Any) -> None:
    answer = sent("Her cell is 608-555-0199", row(**declared))
    assert isinstance(answer, Update)
    assert not answer.saved
    assert set(answer.view) == {"type", "callback_id", "title", "close", "blocks"}
    assert [block["type"] for block in answer.view["blocks"]] == [
        "section",
        "context",
        "input",
        "context",
        "input",
    ]
    assert answer.view["blocks"][2]["element"]["initial_value"] == "Her cell is 608-555-0199"


def test_what_is_published_may_hold_contacts_and_nobody_served() -> None:
    public = row(public_text=("need",))
    assert isinstance(sent("Call 608-555-0199 or go to 12 Main Street", public), Call)
    assert isinstance(sent("Ask our client Maria Lopez", public), Update)
    assert isinstance(sent("123-45-6789", row(other_text=("need",))), Call)


def test_a_known_agencys_phone_passes() -> None:
    assert isinstance(sent("Is 608-555-0100 theirs?", row()), Call)


def test_only_forms_that_offer_it_can_ask_for_a_call() -> None:
    held = {"values": {FIELD: "call"}}
    assert isinstance(sent("SSN 123-45-6789", row(), **held), Update)
    passed = sent("SSN 123-45-6789", row(can_call=True), **held)
    assert passed.form.one("need") == CALL_ME


def test_a_form_sent_back_twice_is_marked_once() -> None:
    first = sent("SSN 123-45-6789", row())
    again = SCREENING.before(row(), call(first.view), first.view)
    assert isinstance(again, Update)
    assert len(again.view["blocks"]) == len(first.view["blocks"])


def test_a_form_drawn_anew_keeps_what_was_said() -> None:
    need = field("need", "Need", text_input("need", first="SSN 123-45-6789", long=True))
    opened = Open(form("request.ask", "Ask for help", [need]))
    assert SCREENING.after(call(opened.view), opened) is opened
    for more in ({"text": "SSN 123-45-6789"}, {"values": {FIELD: "edit"}}):
        marked = SCREENING.after(call(opened.view, **more), opened)
        assert isinstance(marked, Open)
        assert len(marked.view["blocks"]) == 4


def test_the_library_knows_phones_and_addresses_of_services(store: Any) -> None:
    with store.writing() as session:
        common = {"kind": "service", "title": "Drop-in", "state": "published", "state_at": NOW}
        dates = {"created_at": NOW, "updated_at": NOW}
        session.add(
            ResourceRow(**common, **dates, address="412 Main Street, Madison", phones=["(608) 555-0123"])
        )
    with store.reading() as session:
        assert is_known_contact(session, "phone", "608.555.0123")
        assert not is_known_contact(session, "phone", "414-555-0123")
        assert is_known_contact(session, "address", "412 Main Street")
        assert not is_known_contact(session, "address", "412 Elm Street")
