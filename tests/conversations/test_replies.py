"""A reply of staff's: one message a minute later, with the request's move, and all of it undone until then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.assistance import colleagues
from copbot.assistance.tables import RequestRow
from copbot.assistance.workflow import service as workflow
from copbot.conversations import copies, listeners, plugs, replies
from copbot.conversations.rules import StaffReply
from copbot.conversations.tables import ConversationEntryRow
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, CopbotError, InvalidInput, NotAllowed, NotFound
from copbot.people.tables import PersonRow
from copbot.slack.answers import Say
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.assistance.given import CHANNEL, Cast, cast, messages, press, profile, row, verbs
from tests.assistance.test_table_in_service import put
from tests.people.given import NOW
from tests.rows import for_each

MINUTE = timedelta(minutes=1)
KITS = "Forty kits are on their way."


def sends(
    store: Store, cast_: Cast, who: str = "sam", form: str = "f1", text: str = KITS, now: Any = NOW
) -> StaffReply:
    person = getattr(cast_, who)
    with store.writing() as session:
        return replies.send(
            session,
            request_id=cast_.request,
            person=person,
            text=text,
            form_key=form,
            now=now,
            profile=profile(),
        )


def undoes(store: Store, cast_: Cast, uid: str, who: str = "sam", now: Any = NOW) -> str:
    with store.writing() as session:
        return replies.undo(session, uid, person=getattr(cast_, who), now=now, profile=profile())


def kept(store: Store) -> list[ConversationEntryRow]:
    with store.reading() as session:
        return list(session.query(ConversationEntryRow).order_by(ConversationEntryRow.id))


def drawn(store: Store, message: MessageRow, now: Any) -> str:
    with store.reading() as session:
        render = plugs.NOTICES[message.kind]
        return str(render(session, Subject(message.subject), Look(profile(), now, "uid")))


def test_it_goes_out_a_minute_later_and_begins_the_work(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    made = sends(sqlite_store, people_)
    found = row(sqlite_store, people_.request)
    assert (found.state, found.owner_id, found.first_reply_at) == ("in_progress", people_.sam.id, NOW)
    (to_kim,), (to_staff,) = (
        messages(sqlite_store, "conversation.reply"),
        messages(sqlite_store, "conversation.sent"),
    )
    assert (to_kim.destination, to_kim.due_at, to_kim.thread_of) == (people_.kim.user, NOW + MINUTE, None)
    (notice,) = messages(sqlite_store, "request.notice")
    assert (to_staff.destination, to_staff.due_at, to_staff.thread_of) == (CHANNEL, NOW, notice.id)
    assert messages(sqlite_store, "request.told") == []
    before, after = drawn(sqlite_store, to_staff, NOW), drawn(sqlite_store, to_staff, NOW + MINUTE)
    assert all(each in before for each in (made.uid, "goes out", KITS))
    assert all(each in after for each in ("replied to Kim", KITS))
    assert "conversation.undo_reply" not in after
    said = drawn(sqlite_store, to_kim, NOW + MINUTE)
    assert all(each in said for each in (KITS, "replied about TA-", "You wrote: Kits for our drop-in"))


def test_within_the_minute_it_is_undone_as_if_it_had_never_been(store: Store) -> None:
    people_ = cast(store)
    before = row(store, people_.request)
    made = sends(store, people_)
    assert undoes(store, people_, made.uid, now=NOW + timedelta(seconds=59)) == KITS
    after = row(store, people_.request)
    same = ("state", "owner_id", "assigned_at", "first_reply_at", "came_from", "paused_at", "delivery_due")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    for kind in ("conversation.reply", "conversation.sent", "request.told"):
        assert messages(store, kind) == []
    assert [(each.text, each.state) for each in kept(store)] == [("", "deleted")]
    with pytest.raises(Conflict):
        undoes(store, people_, made.uid)


def test_after_the_minute_or_by_a_colleague_it_is_not_undone(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    made = sends(sqlite_store, people_)
    with pytest.raises(NotAllowed):
        undoes(sqlite_store, people_, made.uid, "pat")
    with pytest.raises(Conflict) as late:
        undoes(sqlite_store, people_, made.uid, now=NOW + MINUTE)
    assert "gone out" in late.value.words
    assert len(messages(sqlite_store, "conversation.reply")) == 1


def test_what_was_done_meanwhile_stays_when_it_is_undone(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    made = sends(sqlite_store, people_)
    press(sqlite_store, workflow.done, people_, "sam", given="Kits")
    undoes(sqlite_store, people_, made.uid, "lee")
    found = row(sqlite_store, people_.request)
    assert (found.state, found.undo_state and found.undo_state["verb"]) == ("delivered", "done")
    assert messages(sqlite_store, "conversation.reply") == []


def test_a_form_saves_one_reply_however_often_it_is_sent_inv3(store: Store) -> None:
    people_ = cast(store)
    assert sends(store, people_) == sends(store, people_, now=NOW + MINUTE)
    with pytest.raises(Conflict):
        sends(store, people_, text="Fifty kits.")
    sends(store, people_, form="f2", text="Fifty kits.")
    assert [each.text for each in kept(store)] == [KITS, "Fifty kits."]
    assert len(messages(store, "conversation.reply")) == 2


@for_each(
    ("state", "after", "owner"),
    [
        ("new", "in_progress", "pat"),
        ("triaged", "in_progress", "pat"),
        ("assigned", "in_progress", "sam"),
        ("in_progress", "in_progress", "sam"),
        ("waiting_requester", "waiting_requester", "sam"),
        ("waiting_partner", "waiting_partner", "sam"),
        ("delivered", "delivered", "sam"),
        ("closed", "", ""),
    ],
)
def test_what_it_does_to_each_state(sqlite_store: Store, state: str, after: str, owner: str) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        put(session, people_, state)
    if not after:
        with pytest.raises(Conflict) as refusal:
            sends(sqlite_store, people_, "pat", form=state)
        assert "Reopen it first" in refusal.value.words
        return
    sends(sqlite_store, people_, "pat", form=state)
    found = row(sqlite_store, people_.request)
    assert (found.state, found.owner_id) == (after, getattr(people_, owner).id)
    assert verbs(sqlite_store, people_.request)[-1] == "reply"


def test_a_done_that_nobody_has_heard_of_can_still_be_undone_after_a_reply(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    press(sqlite_store, workflow.take, people_, "sam")
    press(sqlite_store, workflow.done, people_, "sam", given="Kits")
    sends(sqlite_store, people_)
    press(sqlite_store, workflow.undo, people_, "sam")
    assert row(sqlite_store, people_.request).state == "assigned"
    assert len(messages(sqlite_store, "conversation.reply")) == 1


def test_whoever_replies_while_nobody_has_it_gets_it_back_from_the_wait(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    press(sqlite_store, workflow.triage, people_, "sam", level="targeted", topics=("naloxone",))
    press(sqlite_store, workflow.wait_partner, people_, "sam", why="County legal")
    sends(sqlite_store, people_, "pat")
    press(sqlite_store, workflow.partner_answered, people_, "sam")
    found = row(sqlite_store, people_.request)
    assert (found.state, found.owner_id) == ("in_progress", people_.pat.id)


@pytest.mark.parametrize("who", ["kim", "olly", "gil"])
def test_only_staff_reply(sqlite_store: Store, who: str) -> None:
    people_ = cast(sqlite_store)
    with pytest.raises(CopbotError):
        sends(sqlite_store, people_, who)
    assert kept(sqlite_store) == []


@pytest.mark.parametrize("text", ["", "  \u200b ", "x" * 3001])
def test_a_text_that_says_nothing_or_too_much_is_sent_back(sqlite_store: Store, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        sends(sqlite_store, cast(sqlite_store), text=text)
    assert "text" in refusal.value.fields


def test_a_confidential_one_is_for_its_readers_alone(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        workflow.confide(session, request_id=people_.request, person=people_.kim, now=NOW)
    with pytest.raises(NotFound):
        sends(sqlite_store, people_, "pat")
    sends(sqlite_store, people_, "lee")
    (to_staff,) = messages(sqlite_store, "conversation.sent")
    assert to_staff.destination == people_.lee.user
    with sqlite_store.reading() as session:
        closed = plugs.closed_to(session, Subject(to_staff.subject))
    assert closed == {people_.kim.user, people_.lee.user}


def test_marked_confidential_afterwards_it_leaves_the_staff_channel(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    sends(sqlite_store, people_)
    with sqlite_store.writing() as session:
        workflow.confide(session, request_id=people_.request, person=people_.kim, now=NOW)
    assert messages(sqlite_store, "conversation.sent") == []
    assert len(messages(sqlite_store, "conversation.reply")) == 1


def test_a_reply_whose_words_were_removed_is_not_sent(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    sends(sqlite_store, people_)
    with sqlite_store.writing() as session:
        workflow.remove_details(session, request_id=people_.request, person=people_.kim, now=NOW)
    (to_kim,) = messages(sqlite_store, "conversation.reply")
    (to_staff,) = messages(sqlite_store, "conversation.sent")
    assert "undone" in drawn(sqlite_store, to_kim, NOW + MINUTE)
    assert "undone" in drawn(sqlite_store, to_staff, NOW + MINUTE)  # not "replied to Kim"


def test_a_request_from_earlier_records_has_nobody_to_reply_to(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        session.get_one(RequestRow, people_.request).import_id = 1
    with pytest.raises(Conflict) as refusal:
        sends(sqlite_store, people_)
    assert "earlier records" in refusal.value.words


def test_its_owner_hears_of_a_reply_that_did_not_arrive(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    sends(sqlite_store, people_)
    with sqlite_store.writing() as session:
        for each in session.query(MessageRow).filter_by(kind="conversation.reply"):
            each.state, each.reason = "dead", "user_disabled"
    for _ in range(2):
        with sqlite_store.writing() as session:
            replies.tell_undelivered(session, now=NOW)
    assert [each.destination for each in messages(sqlite_store, "request.unreached")] == [people_.sam.user]


BOT = "U0BOT"
IN_THREAD = {"user": "U0SAM", "ts": "2.0", "thread_ts": "1.0", "channel_type": "group", "parent_user_id": BOT}


@for_each(
    ("change", "is_talk"),
    [
        ({}, True),
        ({"channel_type": "im"}, True),
        ({"parent_user_id": None}, True),
        ({"parent_user_id": "U0PAT"}, False),
        ({"channel_type": "channel"}, False),
        ({"thread_ts": None}, False),
        ({"thread_ts": "2.0"}, False),
        ({"bot_id": "B1"}, False),
        ({"user": None}, False),
    ],
)
def test_only_talk_under_a_message_of_ours_is_looked_at(change: dict[str, Any], is_talk: bool) -> None:
    assert listeners.is_thread_talk({**IN_THREAD, **change}, BOT) is is_talk


def test_what_was_sent_is_emptied_in_slack_when_client_details_are_removed(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    sends(sqlite_store, people_)
    before = [each.version for each in messages(sqlite_store, "conversation.sent")]
    with sqlite_store.writing() as session:
        workflow.remove_details(session, request_id=people_.request, person=people_.kim, now=NOW + 2 * MINUTE)
    (to_staff,) = messages(sqlite_store, "conversation.sent")
    assert [to_staff.version - 1] == before
    assert KITS not in drawn(sqlite_store, to_staff, NOW + 2 * MINUTE)


def test_a_colleague_reads_it_too_and_loses_it_with_the_request(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        agency = session.get_one(RequestRow, people_.request).agency_id
        for each in (people_.kim, people_.olly):
            session.get_one(PersonRow, each.id).agency_id = agency
        colleagues.add(
            session, request_id=people_.request, user=people_.olly.user, person=people_.kim, now=NOW
        )
    sends(sqlite_store, people_)
    found = {each.destination: each for each in messages(sqlite_store, "conversation.reply")}
    assert set(found) == {people_.kim.user, people_.olly.user}
    with sqlite_store.reading() as session:
        about = Subject(found[people_.olly.user].subject)
        look = Look(profile(), NOW + MINUTE, "uid", to=people_.olly.user)
        assert "Kim wrote: Kits for our drop-in" in str(
            plugs.NOTICES["conversation.reply"](session, about, look)
        )
    with sqlite_store.writing() as session:
        which = {"request_id": people_.request, "colleague_id": people_.olly.id}
        colleagues.remove(session, **which, person=people_.kim, now=NOW)
    assert [each.destination for each in messages(sqlite_store, "conversation.reply")] == [people_.kim.user]


def test_the_undo_of_a_done_takes_no_reply_back(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    sends(sqlite_store, people_)
    with pytest.raises(Conflict) as refusal:
        press(sqlite_store, workflow.undo, people_, "sam")
    assert "nothing to undo" in refusal.value.words


@for_each(
    ("who", "change", "is_told"),
    [
        ("sam", {}, True),
        ("kim", {}, False),
        ("sam", {"thread_ts": "8.0"}, False),
        ("pat", {"confidential": True}, False),
        ("lee", {"confidential": True}, True),
    ],
)
def test_staff_who_write_under_a_notice_are_told_that_it_stays_with_staff(
    sqlite_store: Store, who: str, change: dict[str, Any], is_told: bool
) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        session.get_one(RequestRow, people_.request).confidential = bool(change.get("confidential"))
        for each in session.query(MessageRow).filter_by(kind="request.notice"):
            about = Subject(each.subject)
            each.channel, each.ts = ("C0", "1.0") if about.number == people_.request else (None, None)
    with sqlite_store.reading() as session:
        event = {"ts": "2.0", "thread_ts": change.get("thread_ts", "1.0")}
        person = getattr(people_, who)
        call = Call(session=session, person=person, now=NOW, profile=profile(), channel="C0", event=event)
        answer = listeners.thread_talk(call)
    assert isinstance(answer, Say) is is_told
    assert ("Send to Kim" in str(answer)) is is_told


def test_a_new_lead_reads_what_was_replied_to_a_confidential_request(sqlite_store: Store) -> None:
    people_ = cast(sqlite_store)
    with sqlite_store.writing() as session:
        workflow.confide(session, request_id=people_.request, person=people_.kim, now=NOW)
    sends(sqlite_store, people_, "lee")
    undone = sends(sqlite_store, people_, "lee", form="f2")
    undoes(sqlite_store, people_, undone.uid, "lee")
    with sqlite_store.writing() as session:
        press_ = {"person": people_.lee, "now": NOW, "profile": profile(), "to": people_.pat.id}
        workflow.hand_over(session, request_id=people_.request, **press_)
        copies.settle(session, people_.request, NOW)
    found = [each.destination for each in messages(sqlite_store, "conversation.sent")]
    assert found == [people_.lee.user, people_.pat.user]
