"""A form becomes one request, however often and however late it arrives."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from copbot.assistance.intake import service as asking
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts, lists
from copbot.errors import InvalidInput, NotFound
from copbot.people import service as people
from copbot.store import Store
from tests.assistance.given import CHANNEL, asked, events, form, later, messages, profile, row, verbs
from tests.days import DAY
from tests.home.given import statements
from tests.people.given import NOW, person


def test_asking_saves_everything_with_a_speakable_number(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM", "Kim")
        made = asked(session, kim, filled=form(topics=("naloxone", "ssp_start")))
    assert (made.label, made.already, made.held) == (f"TA-{made.id + 1000}", False, False)
    with store.reading() as session:
        found = facts.one(session, made.id, kim, NOW)
    assert found.topics == ("naloxone", "ssp_start")
    assert found.areas == form().areas
    assert (found.agency, found.not_agency) == ("Dane Drop-in", False)
    assert (found.need, found.kind, found.state, found.version) == (form().need, "unsure", "new", 1)
    assert (found.requester.name, found.owner) == ("Kim", None)
    assert [event.verb for event in found.events] == ["received"]


def test_notice_and_receipt_are_in_the_same_transaction_inv2(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        made = asked(session, kim)
    notice, receipt = messages(store, "request.notice"), messages(store, "request.receipt")
    assert [(each.subject, each.destination) for each in notice] == [(f"request:{made.id}", CHANNEL)]
    assert [(each.subject, each.destination) for each in receipt] == [(f"request:{made.id}", "U0KIM")]
    assert notice[0].due_at == NOW


@pytest.mark.both_databases
def test_saving_a_form_takes_seven_statements(store: Store) -> None:
    """Agency, request, topics, areas, event, both messages at once, and the person's row."""
    with store.writing() as session:
        kim = person(session, "U0KIM")
        agency = people.agency_named(session, "Dane Drop-in").id
    known = form(agency_name="", agency_id=agency)
    with store.writing() as session:
        asked(session, kim, "form-0", filled=known)
    with store.writing() as session, statements(store) as sent:
        asked(session, kim, filled=known)
    assert len([each for each in sent if not each.startswith("BEGIN")]) <= 7


@pytest.mark.both_databases
def test_a_failure_after_asking_leaves_nothing_behind_inv1(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
    with pytest.raises(RuntimeError), store.writing() as session:
        asked(session, kim)
        raise RuntimeError("the power went")
    assert messages(store, "request.notice") == []
    with store.reading() as session:
        assert lists.own(session, kim, NOW)["mine"].total == 0
        assert people.agency_found(session, "Dane Drop-in") is None


def test_the_same_form_thrice_is_one_request_inv3(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        first = asked(session, kim)
    for minutes in (1, 2):
        with store.writing() as session:
            again = asked(session, kim, now=later(minutes=minutes))
        assert again == replace(first, already=True)
    assert len(messages(store, "request.notice")) == 1
    assert verbs(store, first.id) == ["received"]


def test_the_same_form_with_other_words_says_so_and_keeps_the_first(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        first = asked(session, kim)
        again = asked(session, kim, filled=form(need="Kits and a training."))
    assert (again.id, again.already, again.changed) == (first.id, True, True)
    assert row(store, first.id).need == form().need


def test_the_same_form_with_invisible_differences_has_not_changed(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        asked(session, kim)
        again = asked(session, kim, filled=form(need=f"  {form().need}\0\n", agency_name="dane drop in"))
    assert (again.already, again.changed) == (True, False)


def test_a_form_that_comes_again_after_its_date_has_passed_is_still_the_saved_one(store: Store) -> None:
    filled = form(by_when="date", by_when_date=DAY)
    with store.writing() as session:
        kim = person(session, "U0KIM")
        first = asked(session, kim, filled=filled)
        assert asked(session, kim, filled=filled, now=later(days=2)) == replace(first, already=True)


def test_another_form_of_the_same_person_is_another_request(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        first, second = asked(session, kim, "form-1"), asked(session, kim, "form-2")
    assert second.id != first.id
    assert not second.already


def test_a_form_key_of_somebody_else_shows_nothing_of_theirs(store: Store) -> None:
    with store.writing() as session:
        asked(session, person(session, "U0KIM"))
        with pytest.raises(NotFound):
            asked(session, person(session, "U0OLLY"))


def test_the_same_form_from_two_threads_at_once_is_one_request_inv3(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
    start, made = threading.Barrier(2), []

    def send() -> None:
        start.wait(5)
        with store.writing() as session:
            made.append(asked(session, kim))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({each.id for each in made}) == 1
    assert sorted(each.already for each in made) == [False, True]
    assert len(messages(store, "request.receipt")) == 1


def test_a_wrong_form_saves_nothing_and_the_corrected_one_saves_once(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
    with pytest.raises(InvalidInput) as wrong, store.writing() as session:
        asked(session, kim, filled=form(need=" \u200b ", topics=()))
    assert set(wrong.value.fields) == {"need", "topics"}
    with store.writing() as session:
        assert not asked(session, kim).already
    assert len(messages(store, "request.notice")) == 1


@pytest.mark.both_databases
def test_a_number_never_returns_after_its_request_is_gone(store: Store) -> None:
    from sqlalchemy import delete

    from copbot.assistance.tables import EventRow, RequestAreaRow, RequestTopicRow

    with store.writing() as session:
        kim = person(session, "U0KIM")
        first = asked(session, kim)
        for table in (EventRow, RequestAreaRow, RequestTopicRow):
            session.execute(delete(table))
        session.execute(delete(RequestRow))
    with store.writing() as session:
        assert asked(session, kim, "form-2").id > first.id


def test_what_was_told_of_oneself_is_remembered_for_the_next_form(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        asked(session, kim)
    with store.reading() as session:
        last = people.remembered(session, kim.id)
    assert last.agency is not None
    assert (last.agency.name, last.not_agency, last.areas) == ("Dane Drop-in", False, form().areas)
    with store.writing() as session:
        asked(session, kim, "form-2", form(agency_name="", not_agency=True))
        asked(session, kim, "form-3", form(agency_name="Another Agency"))
    with store.reading() as session:
        assert people.remembered(session, kim.id) == last, "asking once for another moves nobody's profile"


def test_an_agency_that_is_no_longer_there_is_asked_for_again(store: Store) -> None:
    with store.writing() as session, pytest.raises(InvalidInput) as wrong:
        asked(session, person(session, "U0KIM"), filled=form(agency_name="", agency_id=99))
    assert set(wrong.value.fields) == {"agency"}


def test_urgent_requests_are_due_sooner(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        usual = asked(session, kim, "form-1")
        urgent = asked(session, kim, "form-2", form(by_when="urgent", urgent_reason="Spike in overdoses"))
    assert urgent.first_reply_due < usual.first_reply_due
    assert row(store, urgent.id).urgent_reason == "Spike in overdoses"


def test_a_date_is_kept_as_the_day_it_names(store: Store) -> None:
    with store.writing() as session:
        filled = form(by_when="date", by_when_date=DAY + timedelta(days=31))
        made = asked(session, person(session, "U0KIM"), filled=filled)
    assert row(store, made.id).by_when_date == DAY + timedelta(days=31)


def test_guests_may_ask(store: Store) -> None:
    with store.writing() as session:
        assert asked(session, person(session, "U0GIL", is_ultra_restricted=True)).label


def test_without_a_staff_channel_the_request_is_kept_and_its_notice_held(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        made = asked(session, kim, channel=None)
    assert made.held
    assert messages(store, "request.notice") == []
    assert len(messages(store, "request.receipt")) == 1


def test_held_requests_are_announced_once_there_is_a_channel(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        held = asked(session, kim, "form-1", channel=None)
        asked(session, kim, "form-2")
        assert asking.announce_held(session, channel=CHANNEL, now=later(hours=1)) == 1
        assert asking.announce_held(session, channel=CHANNEL, now=later(hours=2)) == 0
    assert [each.subject for each in messages(store, "request.notice")][-1] == f"request:{held.id}"
    assert len(messages(store, "request.notice")) == 2
    assert row(store, held.id).staff_channel == CHANNEL


def test_notices_of_open_requests_move_with_the_channel_and_back(store: Store) -> None:
    with store.writing() as session:
        made = asked(session, person(session, "U0KIM"))
    for hours, channel in ((1, "C0NEW"), (2, CHANNEL)):
        with store.writing() as session:
            assert asking.announce_held(session, channel=channel, now=later(hours=hours)) == 1
        standing = messages(store, "request.notice")
        assert [(each.subject, each.destination) for each in standing] == [(f"request:{made.id}", channel)]
    assert len(messages(store, "request.notice", wanted=False)) == 2


def test_what_is_done_moves_with_the_channel_and_what_is_closed_stays_where_it_was(
    sqlite_store: Store,
) -> None:
    with sqlite_store.writing() as session:
        kim = person(session, "U0KIM")
        idents = [asked(session, kim, f"form-{number}").id for number in range(3)]
        for ident, state in zip(idents, ("new", "delivered", "closed"), strict=True):
            session.get_one(RequestRow, ident).state = state
    with sqlite_store.writing() as session:
        assert asking.announce_held(session, channel="C0NEW", now=later(hours=1)) == 2
    with sqlite_store.reading() as session:
        found = [session.get_one(RequestRow, ident).staff_channel for ident in idents]
    assert found == ["C0NEW", "C0NEW", CHANNEL]


def test_many_held_requests_are_announced_in_batches(sqlite_store: Store) -> None:
    with sqlite_store.writing() as session:
        kim = person(session, "U0KIM")
        for number in range(7):
            asked(session, kim, f"form-{number}", channel=None)
    counts = []
    while not counts or counts[-1]:
        with sqlite_store.writing() as session:
            counts.append(asking.announce_held(session, channel=CHANNEL, now=NOW, most=3))
    assert counts == [3, 3, 1, 0]
    assert len(messages(sqlite_store, "request.notice")) == 7


def test_every_area_and_topic_of_the_profile_can_be_asked_for(sqlite_store: Store) -> None:
    everything = tuple(area.id for area in profile().areas)
    with sqlite_store.writing() as session:
        made = asked(session, person(session, "U0KIM"), filled=replace(form(), areas=everything))
    with sqlite_store.reading() as session:
        found = facts.notice(session, made.id, NOW)
    assert found is not None
    assert found.areas == everything


def test_the_first_event_says_who_asked_and_when(store: Store) -> None:
    with store.writing() as session:
        kim = person(session, "U0KIM")
        made = asked(session, kim)
    (event,) = events(store, made.id)
    assert (event.person_id, event.at, event.from_state, event.to_state) == (kim.id, NOW, "", "new")
