"""The frame around every listener: who is let in, what is kept, what is said when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import delete, select

from copbot.delivery import service as delivery
from copbot.errors import Busy, Conflict, CopbotError, InvalidInput, NotAllowed, NotFound, UnknownPerson
from copbot.people.tables import PersonRow
from copbot.program.settings.tables import ChoiceRow
from copbot.sandbox.people import BOT_ID, BOT_USER, TEAM
from copbot.slack import reopen, tables
from copbot.slack.answers import Answer, Done, Home, Nothing, Open, Options, Push, Say, Update, Wrong
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Form
from copbot.slack.errors import Unsure
from copbot.slack.incoming import Incoming
from copbot.slack.tables import Claim
from copbot.store import Store, hold
from copbot.store.journal import JournalRow
from copbot.store.purge import purge
from tests.databases import SqliteFiles
from tests.dialogs.kit import logs_read
from tests.slack.framed import NOON, VIEW, House, slack_user


@pytest.fixture(scope="module")
def shared(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all tests here; each begins with nothing in it."""
    opened = Store(sqlite_files.copy(tmp_path_factory.mktemp("frame") / "copbot.db"))
    yield opened
    opened.close()


@pytest.fixture
def house(shared: Store) -> House:
    with shared.writing() as session:
        for table in (Claim, JournalRow, ChoiceRow, PersonRow):
            session.execute(delete(table))
    return House(shared)


@pytest.fixture
def log() -> Iterator[StringIO]:
    with logs_read() as out:
        yield out


def words_of(answer: Answer) -> str:
    assert isinstance(answer, Say | Update | Wrong), answer
    return str(answer)


# -- one delivery, one effect


def test_an_effect_stands_once_with_its_claim_and_its_line_in_the_journal_inv3(house: House) -> None:
    for _ in range(3):
        assert house.takes(meta={"request": "42"}) == Done()
    assert (house.made, len(house.calls)) == (1, 1)
    [row] = house.rows(JournalRow)
    assert (row.actor, row.entrance, row.subject, row.at) == ("UKIM", "action:write.anyone", "", NOON)
    [claim] = house.rows(Claim)
    assert len(claim.key) == 64
    assert "UKIM" not in claim.key


def test_the_journal_names_what_a_deed_was_about_and_no_text(house: House) -> None:
    def moves(call: Call) -> Answer:
        row = call.session.scalars(select(PersonRow).where(PersonRow.user == "UKIM")).one()
        hold(call.session, PersonRow, row.id)
        delivery.refresh(call.session, "request:7", now=NOON)
        return Done()

    def tells(call: Call) -> Answer:
        delivery.say(call.session, "told", "request:7", to="C1", key="told:7", now=NOON)
        return Done()

    [person] = [row.id for row in house.rows(PersonRow) if row.user == "UKIM"]
    for number, run in enumerate((moves, tells)):
        house.run = run  # type: ignore[method-assign]
        house.frame = house.framed()
        house.takes("view", claim=(str(number),), form=Form({"need": "private words"}), value="private words")
    del house.run
    house.frame = house.framed()
    house.takes("event", "write.slack", "", claim=("3",), channel="C9", event={"type": "channel_rename"})
    house.takes("event", "write.slack", "U9", claim=("4",), event={"type": "user_change"})
    subjects = [row.subject for row in house.rows(JournalRow)]
    assert subjects == [f"person:{person}", "request:7", "channel:C9", "user:U9"]


@pytest.mark.parametrize(
    "answer",
    [
        Wrong({"need": "Please say more."}),
        Nothing("nothing to do"),
        Say(say("No."), saved=False),
        Update(VIEW, saved=False),
        Open(VIEW),
        Push(VIEW),
        Options(),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_an_answer_that_changes_nothing_leaves_nothing_so_the_same_may_come_again_inv3(
    house: House, answer: Answer
) -> None:
    house.answers = [answer, Done()]
    assert house.takes() == answer
    assert (house.made, house.rows(Claim), house.rows(JournalRow)) == (0, [], [])
    assert house.takes() == Done()
    assert house.made == 1


@pytest.mark.parametrize(
    "answer", [Say(say("Yes.")), Update(VIEW), Done(), Home(VIEW)], ids=lambda a: type(a).__name__
)
def test_an_answer_with_an_effect_is_kept(house: House, answer: Answer) -> None:
    house.answers = [answer]
    assert house.takes() == answer
    assert (house.made, len(house.rows(Claim))) == (1, 1)


def test_a_repeated_delivery_gets_the_answer_of_success_where_there_is_one_inv3(house: House) -> None:
    house.frame = house.framed(again=lambda call: Say(say(f"Saved already, {call.person.user}.")))
    house.takes("view")
    assert "Saved already, UKIM." in words_of(house.takes("view"))
    assert (house.made, len(house.calls)) == (1, 1)


def test_deliveries_that_differ_in_kind_are_two(house: House) -> None:
    house.takes("view", claim=("x", "1"))
    house.takes("closed", claim=("x", "1"))
    house.takes("view", claim=("x1", ""))
    assert house.made == 3


def test_looking_claims_and_notes_nothing(house: House) -> None:
    house.takes("command", "read.anyone", text="", event={"type": "reading"})
    assert (house.rows(Claim), house.rows(JournalRow)) == ([], [])


# -- who is let in


@pytest.mark.parametrize(
    ("ident", "user", "lets"),
    [
        ("anyone", "UKIM", True),
        ("anyone", "UGUS", True),
        ("anyone", "UDEE", False),
        ("member", "UKIM", True),
        ("member", "UGUS", False),
        ("staff", "UKIM", False),
    ],
)
@pytest.mark.parametrize("effect", ["read", "write"])
def test_a_listener_runs_only_for_those_it_is_for_inv7(
    house: House, effect: str, ident: str, user: str, lets: bool
) -> None:
    house.takes("action", f"{effect}.{ident}", user, event={"type": "reading"})
    assert bool(house.calls) is lets
    if not lets:
        assert isinstance(house.kept.answers[0], Say)


def test_somebody_new_is_asked_about_once_and_let_in(house: House) -> None:
    house.slack.known["UNEW"] = slack_user("UNEW")
    house.takes(user="UNEW")
    house.takes(user="UNEW", claim=("again",))
    assert house.slack.asked == ["users.info UNEW"]
    assert [call.person.user for call in house.calls] == ["UNEW", "UNEW"]


def test_somebody_new_who_may_not_is_told_so_at_once_inv7(house: House) -> None:
    house.slack.known["UNEW"] = slack_user("UNEW", is_bot=True)
    assert isinstance(house.takes(user="UNEW"), Say)
    assert house.calls == []


def test_where_slack_does_not_say_who_somebody_is_nothing_runs_and_they_may_try_again(house: House) -> None:
    house.slack.trouble = Unsure("no_answer", "users.info")
    assert "try again" in words_of(house.takes(user="UNEW"))
    assert house.calls == []
    house.slack.trouble = None
    house.slack.known["UNEW"] = slack_user("UNEW")
    assert house.takes(user="UNEW") == Done()


def test_somebody_else_whom_a_form_names_is_asked_about_and_the_listener_runs_again(house: House) -> None:
    house.slack.known["UNEW"] = slack_user("UNEW")
    house.answers = [UnknownPerson("UNEW")]
    assert house.takes() == Done()
    assert (house.slack.asked, len(house.calls), house.made) == (["users.info UNEW"], 2, 1)
    assert "UNEW" in {row.user for row in house.rows(PersonRow)}
    house.slack.trouble = Unsure("no_answer", "users.info")
    house.answers = [UnknownPerson("ULATER")]
    assert "couldn't look this person up" in words_of(house.takes(claim=("again",)))


@pytest.mark.parametrize(
    "told", [None, {}, {"id": "UNEW"}, {"id": "UOTHER"}, {**slack_user("UNEW"), "deleted": None}, "UNEW", []]
)
def test_somebody_of_whom_slack_says_too_little_is_let_in_nowhere_and_reads_why_inv7(
    house: House, told: Any
) -> None:
    house.slack.known["UNEW"] = told
    assert "could not check" in words_of(house.takes(user="UNEW"))
    assert house.calls == []
    assert "UNEW" not in {row.user for row in house.rows(PersonRow)}


def test_an_event_of_slacks_own_asks_nobody_who_it_is(house: House) -> None:
    assert house.takes("event", "write.slack", "UNOBODY") == Done()
    assert house.slack.asked == []
    assert house.rows(JournalRow)[0].actor == "slack"


# -- when it goes wrong


SAID: list[Callable[[str], CopbotError]] = [NotAllowed, NotFound, Conflict, InvalidInput, Busy]


@pytest.mark.parametrize("error", SAID, ids=lambda error: error.__name__)
@pytest.mark.parametrize("kind", ["command", "action", "shortcut"])
def test_a_refusal_is_said_and_nothing_of_it_stands(
    house: House, error: Callable[[str], CopbotError], kind: str
) -> None:
    house.answers = [error("Not like that.")]
    answer = house.takes(kind)
    assert isinstance(answer, Say)
    assert not answer.saved
    assert "Not like that." in str(answer.message)
    assert (house.made, house.rows(Claim)) == (0, [])


INPUTS = {"blocks": [{"type": "section"}, *({"type": "input", "block_id": name} for name in ("a", "b"))]}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"a": "Mend this."}, {"a": "Mend this."}),
        ({"a": "Mend this.", "gone": "And this."}, {"a": "Mend this."}),
        ({"gone": "Mend this."}, {"b": "In all."}),
        ({}, {"b": "In all."}),
    ],
)
def test_a_form_comes_back_with_the_words_at_a_field_it_has_inv1(
    house: House, fields: dict[str, str], shown: dict[str, str]
) -> None:
    house.answers = [InvalidInput("In all.", fields)]
    assert house.takes("view", view=INPUTS) == Wrong(shown)


def test_a_form_without_fields_makes_way_for_the_sentence(house: House) -> None:
    house.answers = [Conflict("5 < 6 *now*")]
    answer = house.takes("view", view={"blocks": []})
    assert isinstance(answer, Update)
    assert not answer.saved
    assert "5 &lt; 6" in str(answer.view)


@pytest.mark.parametrize(("kind", "answer"), [("options", Options()), ("closed", Nothing("refused"))])
def test_where_no_sentence_can_be_read_a_refusal_is_silent(house: House, kind: str, answer: Answer) -> None:
    house.answers = [NotFound("Gone.")]
    assert house.takes(kind) == answer


@pytest.mark.parametrize("kind", ["command", "action", "view", "options", "closed", "shortcut"])
def test_a_fault_of_ours_has_a_code_that_stands_in_the_log_and_holds_nothing_private_inv8(
    house: House, log: StringIO, kind: str
) -> None:
    house.answers = [RuntimeError("Kim's own words")]
    answer = house.takes(kind, view=INPUTS)
    assert house.made == 0
    assert "Kim's own words" not in str(answer)
    assert "Kim's own words" not in log.getvalue()
    assert '"listener_failed"' in log.getvalue()
    if kind not in ("options", "closed"):
        code = words_of(answer).partition("(Code ")[2].partition(".")[0]
        assert len(code) == 6
        assert code in log.getvalue()


@pytest.mark.parametrize("error", [RuntimeError("x"), Busy("Later.")], ids=["fault", "busy"])
def test_an_event_that_fails_is_raised_so_that_slack_sends_it_again(
    house: House, log: StringIO, error: Exception
) -> None:
    house.answers = [error]
    with pytest.raises(type(error)):
        house.takes("event", "write.slack")
    assert (house.made, house.rows(Claim)) == (0, [])
    assert house.takes("event", "write.slack") == Done()


@pytest.mark.parametrize("error", [NotAllowed, NotFound, Conflict])
def test_an_event_that_is_refused_is_not_sent_again(
    house: House, error: Callable[[str], CopbotError]
) -> None:
    house.answers = [error("No.")]
    assert isinstance(house.takes("event", "write.slack"), Nothing)


# -- what is found


def message(ident: str = "message", **event: Any) -> Incoming:
    return Incoming(kind="event", id=ident, claim=("1",), event={"type": "message", **event})


@pytest.mark.parametrize(
    ("incoming", "own"),
    [
        (message(user=BOT_USER), True),
        (message(bot_id=BOT_ID), True),
        (message(user="UKIM"), False),
        (message(bot_id="B0OTHER"), False),
        (message("message_changed", message={"user": BOT_USER}), True),
        (message("message_changed", message={"user": "UKIM"}), False),
        (message("message_changed", message={"user": BOT_USER, "subtype": "tombstone"}), False),
        (message("message_changed", user=BOT_USER, message={"user": "UKIM"}), False),
        (message("message_changed", message=None), False),
        (message("message_deleted", previous_message={"user": BOT_USER}, user=BOT_USER), False),
        (Incoming(kind="action", id="message", user=BOT_USER, event={"type": "message", "user": BOT_USER}), False),
    ],
)  # fmt: skip
def test_our_own_posts_and_edits_are_no_news_but_their_deletion_is_inv10(
    house: House, incoming: Incoming, own: bool
) -> None:
    assert house.frame._is_own(incoming) is own


@pytest.mark.parametrize("kind", ["action", "command", "view", "event"])
def test_what_nobody_listens_to_runs_nothing_and_whoever_pressed_is_answered(house: House, kind: str) -> None:
    answer = house.takes(kind, "nothing.of_ours", text="")
    assert (house.calls, house.made) == ([], 0)
    assert isinstance(answer, Nothing) is (kind == "event")


def test_the_open_again_button_runs_a_command_that_writes_with_the_words_that_were_typed(
    house: House,
) -> None:
    value = f"command|write.anyone|{house.kept.late.keep('https://example.org/a')}"
    house.frame.take(Incoming(kind="action", id=reopen.ACTION, user="UKIM", value=value, claim=("1",)))
    assert [(call.text, call.value) for call in house.calls] == [("https://example.org/a", "")]


@pytest.mark.parametrize(("effect", "runs"), [("read", True), ("write", False)])
def test_the_open_again_button_opens_forms_and_presses_no_other_button_inv7(
    house: House, effect: str, runs: bool
) -> None:
    value = f"action|{effect}.anyone|42"
    press = Incoming(kind="action", id=reopen.ACTION, user="UKIM", value=value, claim=("1",))
    house.frame.take(replace(press, event={"type": "reading"}))
    assert house.made == 0
    assert [call.value for call in house.calls] == (["42"] if runs else [])


def test_a_form_opened_once_has_one_key_however_its_views_follow_each_other_inv3(house: House) -> None:
    for view in ({"id": "V1"}, {"id": "V2", "root_view_id": "V1"}, {"id": "V3"}, {}):
        house.takes("view", claim=(str(view),), view=view)
    first, pushed, other, none = (call.form_key for call in house.calls)
    assert first == pushed != other
    assert none == ""
    assert "V1" not in first


def test_a_listener_is_handed_the_programmes_time_and_where_it_is(house: House) -> None:
    house.takes(channel="C1", ts="1.1", value="7", text="words")
    [call] = house.calls
    assert (call.now, call.team, call.channel, call.ts, call.number, call.text) == (
        NOON, TEAM["id"], "C1", "1.1", 7, "words",
    )  # fmt: skip


def test_claims_are_kept_for_a_month_and_then_forgotten_inv3(shared: Store, house: House) -> None:
    ages = (timedelta(0), timedelta(days=30), timedelta(days=30, seconds=1), timedelta(days=60))
    with shared.writing() as session:
        for number, age in enumerate(ages):
            assert tables.claim(session, f"key-{number}", NOON - age)
        assert not tables.claim(session, "key-0", NOON)
    assert purge(shared, NOON) == {"claims": 2}
    assert [row.key for row in house.rows(Claim)] == ["key-0", "key-1"]
