"""Which request a message belongs to: by its thread, by what is open, by what ended last, or as its author says."""

from __future__ import annotations

import pytest

from copbot.assistance import colleagues
from copbot.assistance.workflow import service
from copbot.conversations.relay import WHICH
from copbot.errors import NotFound
from copbot.people import service as people
from copbot.store import Store
from tests.conversations.kit import Office, words_of

NOT_NEEDED = {"reason": "duplicate", "words": "", "referral": ""}


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


def closes(office: Office, ident: int) -> None:
    office.does(service.close, "ravi", ident, version=None, **NOT_NEEDED)
    office.later(minutes=2)


def under(office: Office, handle: str, kind: str, subject: str) -> str:
    """The ts of a message of ours to somebody, to write in its thread."""
    user = office.slack.user(handle)
    return next(str(row.ts) for row in office.rows(kind, subject) if row.destination == user)


def test_in_a_thread_under_our_message_it_belongs_to_that_messages_request(office: Office) -> None:
    first, second = office.asks(), office.asks()
    receipt = under(office, "kim", "request.receipt", f"request:{first}")
    mine = office.says("kim", "About the first.", thread=receipt)
    office.hears()
    office.says("kim", "And this as well.", thread=mine)
    office.hears()
    assert [len(office.thread(each)) for each in (first, second)] == [2, 0]
    assert office.rows(WHICH) == []


def test_a_reply_under_news_of_a_move_belongs_to_the_request_that_moved(office: Office) -> None:
    office.asks()
    moved = office.asks()
    office.does(service.take, "ravi", moved, version=1)
    [told] = office.rows("request.told")
    office.says("kim", "Thank you, Ravi.", thread=str(told.ts))
    office.hears()
    assert "Thank you, Ravi." in office.thread(moved)[0]


def test_with_several_open_its_author_is_asked_once_and_the_message_is_read_again(office: Office) -> None:
    first, second = office.asks(), office.asks()
    ts = office.says("kim", "Ten more.")
    told = office.events()
    office.hears([*told, *told])
    [asked] = office.has("kim", "Which request is your message about?")
    assert f"TA-{1000 + first}" in asked
    assert office.entries() == []
    office.edits("kim", ts, "Twelve more.")
    office.presses("kim", f"TA-{1000 + second}", holding="Which request")
    assert [len(office.thread(each)) for each in (first, second)] == [0, 1]
    assert "Twelve more." in office.thread(second)[0]
    assert len(office.has("kim", f"Staff get your message about TA-{1000 + second}")) == 1
    assert office.has("kim", "Which request is your message about?") == []


def test_the_request_that_waits_for_their_answer_is_named_first(office: Office) -> None:
    first, second = office.asks(), office.asks()
    office.does(service.take, "ravi", first, version=1)
    office.does(service.ask_requester, "ravi", first, version=2, question="How many?")
    office.says("kim", "Ten of them.")
    office.hears()
    [asked] = office.has("kim", "Which request is your message about?")
    assert asked.index(f"Answer TA-{1000 + first}") < asked.index(f"TA-{1000 + second}")
    office.presses("kim", f"Answer TA-{1000 + first}", holding="Which request")
    assert office.request(first).state == "in_progress"
    assert "Ten of them." in office.thread(first)[-1]


def test_a_message_that_is_gone_before_its_author_chooses_reaches_nobody(office: Office) -> None:
    ident = office.asks()
    office.asks()
    ts = office.says("kim", "Never mind.")
    office.hears()
    office.deletes("kim", ts)
    office.events()
    office.presses("kim", f"TA-{1000 + ident}", holding="Which request")
    assert office.thread(ident) == []
    assert office.has("kim", "Which request is your message about?") == []
    assert [each.text for each in office.entries()] == [""]


def test_the_question_goes_with_a_message_that_is_deleted(office: Office) -> None:
    office.asks()
    office.asks()
    ts = office.says("kim", "Never mind.")
    office.hears()
    office.deletes("kim", ts)
    office.hears()
    assert office.has("kim", "Which request is your message about?") == []


def test_somebody_elses_request_cannot_be_chosen(office: Office) -> None:
    office.asks()
    office.asks()
    others = office.asks("noor")
    office.says("kim", "Ten more.")
    office.hears()
    channel = office.state.dm(office.slack.user("kim"))
    uid, own = office.request(others).uid, office.request(others - 1).uid
    for message in channel.messages.values():
        for block in message.get("blocks") or ():
            for element in block.get("elements") or ():
                element |= {"value": str(element.get("value") or "").replace(own, uid)}
    with pytest.raises(NotFound):
        office.presses("kim", f"TA-{1000 + others - 1}", holding="Which request")


def test_within_fourteen_days_of_its_end_it_is_reopened_with_the_message(office: Office) -> None:
    ident = office.asks()
    closes(office, ident)
    office.later(days=5)
    office.says("kim", "It broke again.")
    office.hears()
    assert office.thread(ident) == []
    office.presses("kim", f"Reopen TA-{1000 + ident}", holding="Reopen it with your message?")
    assert office.request(ident).state == "triaged"
    assert "It broke again." in office.thread(ident)[0]


def test_the_one_under_whose_message_they_write_is_offered_and_no_other(office: Office) -> None:
    first, second, _open = office.asks(), office.asks(), office.asks()
    receipt = under(office, "kim", "request.receipt", f"request:{first}")
    closes(office, first)
    closes(office, second)
    office.says("kim", "It broke again.", thread=receipt)
    office.hears()
    [asked] = office.has("kim", "Reopen it with your message?")
    assert f"TA-{1000 + first} is closed." in asked
    office.presses("kim", f"Reopen TA-{1000 + first}", holding="Reopen it with your message?")
    assert len(office.thread(first)) == 1
    assert len(office.has("kim", f"TA-{1000 + first} was closed. It is open again")) == 1
    assert office.has("kim", "Reopen it with your message?") == []


def test_the_offer_to_reopen_goes_with_a_message_that_is_deleted(office: Office) -> None:
    closes(office, office.asks())
    ts = office.says("kim", "It broke again.")
    office.hears()
    office.deletes("kim", ts)
    office.hears()
    assert office.has("kim", "Reopen it with your message?") == []


def test_later_a_new_request_is_offered(office: Office) -> None:
    ident = office.asks()
    closes(office, ident)
    office.later(days=15)
    office.says("kim", "It broke again.")
    assert "Request assistance" in words_of(office.hears())
    assert office.rows(WHICH) == []


def test_after_done_staff_get_it_and_its_author_reads_how_to_reopen(office: Office) -> None:
    ident = office.asks()
    office.does(service.take, "ravi", ident, version=1)
    office.does(service.done, "ravi", ident, version=2, given="A box of kits.")
    office.says("kim", "Thanks, that was it!")
    words = words_of(office.hears())
    assert "marked as done" in words
    assert "Reopen" in words
    assert "Thanks, that was it!" in office.thread(ident)[0]


def test_a_colleague_writes_about_what_is_shared_with_them(office: Office) -> None:
    ident = office.asks()
    kim, noor = office.person("kim"), office.person("noor")
    with office.store.writing() as session:
        agency = office.request(ident).agency_id
        people.remember(session, noor.id, agency_id=agency, not_agency=False, areas=())
        colleagues.add(session, request_id=ident, user=noor.user, person=kim, now=office.clock.now())
    office.delivers()
    office.says("noor", "We need them on Friday.")
    office.hears()
    assert "Noor" in office.thread(ident)[0]


def test_the_request_that_was_chosen_and_closed_meanwhile_says_that_it_is_open_again(office: Office) -> None:
    ident = office.asks()
    office.asks()
    office.says("kim", "Ten more.")
    office.hears()
    closes(office, ident)
    office.presses("kim", f"TA-{1000 + ident}", holding="Which request")
    assert office.request(ident).state == "triaged"
    assert len(office.has("kim", f"TA-{1000 + ident} was closed. It is open again")) == 1


def test_what_is_written_about_a_request_that_was_merged_belongs_to_the_one_that_goes_on(
    office: Office,
) -> None:
    double, stays = office.asks(), office.asks()
    receipt = under(office, "kim", "request.receipt", f"request:{double}")
    office.does(service.merge, "ravi", double, into=stays, version=None)
    office.later(minutes=2)
    office.says("kim", "Under the one that is closed.", thread=receipt)
    office.hears()
    assert [len(office.thread(each)) for each in (double, stays)] == [0, 1]
    office.says("kim", "At the top.")
    office.hears()
    assert len(office.thread(stays)) == 2
    assert (office.rows(WHICH), office.request(double).state) == ([], "closed")


def test_a_request_that_was_merged_after_it_was_offered_stays_closed(office: Office) -> None:
    double, stays = office.asks(), office.asks()
    office.says("kim", "Ten more.")
    office.hears()
    office.does(service.merge, "ravi", double, into=stays, version=None)
    office.presses("kim", f"TA-{1000 + double}", holding="Which request")
    assert [len(office.thread(each)) for each in (double, stays)] == [0, 1]
    assert office.has("kim", f"Staff get your message about TA-{1000 + stays}.")
    assert (office.request(double).state, office.request(stays).state) == ("closed", "new")


def test_nobody_reads_what_is_written_about_a_request_that_was_merged_into_somebody_elses(
    office: Office,
) -> None:
    double, others = office.asks(), office.asks("noor")
    office.does(service.merge, "ravi", double, into=others, version=None)
    office.later(minutes=2)
    office.says("kim", "It broke again.")
    office.hears()
    assert [len(office.thread(each)) for each in (double, others)] == [0, 0]
    office.presses("kim", f"Reopen TA-{1000 + double}")
    assert [len(office.thread(each)) for each in (double, others)] == [1, 0]


@pytest.mark.parametrize("handle", ["ravi", "tomas"])
def test_what_staff_write_under_what_they_got_is_no_requesters_message(office: Office, handle: str) -> None:
    """A lead may have a request of their own, and a confidential notice in the app's direct message."""
    office.asks(handle)
    confidential = office.asks("kim", confidential=True)
    if handle == "ravi":
        office.does(service.hand_over, "tomas", confidential, version=1, to=office.person("ravi").id)
    notice = under(office, handle, "request.notice", f"request:{confidential}")
    before = len(office.entries())
    office.says(handle, "I know her.", thread=notice)
    office.hears()
    assert len(office.entries()) == before


def test_who_was_taken_off_a_request_writes_about_their_own_under_its_messages(office: Office) -> None:
    shared = office.asks()
    own = office.asks("noor")
    kim, noor = office.person("kim"), office.person("noor")
    with office.store.writing() as session:
        agency = office.request(shared).agency_id
        people.remember(session, noor.id, agency_id=agency, not_agency=False, areas=())
        colleagues.add(session, request_id=shared, user=noor.user, person=kim, now=office.clock.now())
    office.delivers()
    told = max(
        str(each.ts)
        for each in office.rows("request.receipt") + office.rows("request.shared")
        if each.destination == noor.user and each.subject == f"request:{shared}"
    )
    with office.store.writing() as session:
        colleagues.remove(
            session, request_id=shared, colleague_id=noor.id, person=kim, now=office.clock.now()
        )
    office.says("noor", "Can you still hear me?", thread=told)
    assert "no open request" not in words_of(office.hears())
    assert [len(office.thread(each)) for each in (shared, own)] == [0, 1]
