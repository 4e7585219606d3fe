"""Members' own digests: chosen, at their own hour, without what their channels got, and stopped with one tap."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from copbot.communities import tables as communities
from copbot.communities.news import service as news
from copbot.delivery import service as delivery
from copbot.digests import jobs
from copbot.digests.editions import placing
from copbot.digests.rules import schedule_of
from copbot.digests.subscriptions import service, tables
from copbot.digests.subscriptions.rules import Subscription
from copbot.errors import Conflict, InvalidInput
from copbot.people.tables import PersonRow
from copbot.store import Store
from tests.digests.kit import PROFILE, Reading, asks, shares

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def chooses(reading: Reading, who: str = "kim", rhythm: str = "weekly", **more: Any) -> Subscription:
    person, now = reading.person(who), reading.clock.now()
    with reading.store.writing() as session:
        found = service.choose(session, rhythm, person=person, now=now)
        if more:
            known = {"topics": (), "areas": (), **more}
            schedule = schedule_of(person.tz, rhythm, known.pop("weekday", 0), known.pop("at", "09:00"))
            found = service.change(session, schedule, person=person, now=now, **known)
    return found


def digests(reading: Reading, who: str = "kim") -> list[str]:
    return reading.shown(who, "Your digest,")


def goes_to(reading: Reading, *moments: Any) -> None:
    for moment in moments:
        reading.later(seconds=(moment - reading.clock.now()).total_seconds())
        reading.runs()
        jobs.compose_personal(reading.work())
        reading.delivers()


def week(reading: Reading) -> None:
    slot = reading.slot()
    goes_to(reading, slot - 20 * HOUR, slot - timedelta(minutes=10), slot, slot + timedelta(minutes=20))


def test_who_chose_nothing_gets_nothing_and_who_chose_gets_one_a_week_inv4(reading: Reading) -> None:
    found = chooses(reading)
    assert found.next_run == reading.slot()
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    assert len(digests(reading)) == 1
    assert "Test strips" in digests(reading)[0]
    assert digests(reading, "juno") == []
    week(reading)
    assert len(digests(reading)) == 1  # nothing new, nothing sent


def test_it_begins_when_it_is_chosen_and_brings_nothing_older(reading: Reading) -> None:
    reading.publishes("Before")
    reading.later(hours=1)
    chooses(reading)
    reading.later(hours=1)
    reading.publishes("After")
    week(reading)
    assert "After" in digests(reading)[0]
    assert "Before" not in digests(reading)[0]


def test_it_leaves_out_what_the_persons_channels_got_that_week(reading: Reading) -> None:
    channel = reading.channel_id("drug-checking")
    ident = reading.wants("drug-checking", channel=channel, topics=["drug_checking"])
    from copbot.communities import tables

    with reading.store.writing() as session:
        tables.add_members(session, ident, [reading.slack.user("kim")])
    chooses(reading, "kim")
    chooses(reading, "juno")
    reading.later(hours=1)
    reading.publishes("Spectrometers", topics=("drug_checking",))
    reading.publishes("Housing list", topics=("housing",))
    week(reading)
    assert "Spectrometers" in reading.posts(channel)[0]
    assert "Spectrometers" not in digests(reading, "kim")[0]
    assert "Housing list" in digests(reading, "kim")[0]
    assert "Spectrometers" in digests(reading, "juno")[0]


def test_topics_and_places_choose_and_the_state_and_the_nation_come_along(reading: Reading) -> None:
    chooses(reading, topics=("naloxone",), areas=("wi-dane",))
    reading.later(hours=1)
    for title, topics, areas in (
        ("Madison kits", ("naloxone",), ("wi-dane",)),
        ("Milwaukee kits", ("naloxone",), ("wi-milwaukee",)),
        ("National guide", ("naloxone",), ()),
        ("Madison beds", ("housing",), ("wi-dane",)),
    ):
        reading.publishes(title, topics=topics, areas=areas)
    week(reading)
    [found] = digests(reading)
    shown = [
        title
        for title in ("Madison kits", "Milwaukee kits", "National guide", "Madison beds")
        if title in found
    ]
    assert shown == ["Madison kits", "National guide"]


def test_stopped_and_started_again_it_keeps_the_topics_and_brings_nothing_from_between(
    reading: Reading,
) -> None:
    chooses(reading, topics=("naloxone",))
    kim = reading.person("kim")
    with reading.store.writing() as session:
        assert service.stop(session, person=kim, now=reading.clock.now()).next_run is None
    with reading.store.writing() as session, pytest.raises(Conflict):
        service.stop(session, person=kim, now=reading.clock.now())
    reading.publishes("While stopped", topics=("naloxone",))
    week(reading)
    assert digests(reading) == []
    reading.later(hours=1)
    with reading.store.writing() as session:
        found = service.start(session, person=kim, now=reading.clock.now())
    assert (found.topics, found.state) == (("naloxone",), "active")
    reading.later(hours=1)
    reading.publishes("Afterwards", topics=("naloxone",))
    week(reading)
    [text] = digests(reading)
    assert "Afterwards" in text
    assert "While stopped" not in text


def test_a_pause_ends_on_its_day_by_itself(reading: Reading) -> None:
    chooses(reading)
    kim, now = reading.person("kim"), reading.clock.now()
    for wrong in ("", "soon", (now - DAY).date().isoformat(), (now + 400 * DAY).date().isoformat()):
        with reading.store.writing() as session, pytest.raises(InvalidInput):
            service.pause(session, wrong, person=kim, now=now)
    with reading.store.writing() as session:
        found = service.pause(session, (now + 10 * DAY).date().isoformat(), person=kim, now=now)
    assert found.next_run is None
    reading.publishes("During the pause")
    week(reading)
    assert digests(reading) == []
    goes_to(reading, now + 11 * DAY)
    reading.later(minutes=1)
    reading.publishes("After the pause")
    week(reading)
    assert "After the pause" in digests(reading)[0]


def test_each_member_gets_it_at_nine_by_their_own_clock_also_after_a_flight(reading: Reading) -> None:
    chooses(reading)
    slot = reading.slot()
    with reading.store.writing() as session:
        row = session.query(PersonRow).filter_by(user=reading.slack.user("kim")).one()
        row.tz = "America/Los_Angeles"
    reading.later(minutes=1)
    reading.publishes("Test strips")
    goes_to(reading, slot - HOUR, slot, slot + HOUR)
    assert digests(reading) == []
    goes_to(reading, slot + 2 * HOUR)
    assert len(digests(reading)) == 1


def test_down_past_its_day_it_is_not_sent_late(reading: Reading) -> None:
    chooses(reading)
    reading.later(minutes=1)
    reading.publishes("Test strips")
    goes_to(reading, reading.slot() + 30 * HOUR)
    assert digests(reading) == []


def test_a_deactivated_member_gets_nothing(reading: Reading) -> None:
    chooses(reading)
    with reading.store.writing() as session:
        session.query(PersonRow).filter_by(user=reading.slack.user("kim")).one().is_deleted = True
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    assert digests(reading) == []


def test_the_digest_itself_carries_pause_stop_and_change(reading: Reading) -> None:
    chooses(reading)
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    message = json.loads(digests(reading)[0])
    ends = [
        each["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for each in block["elements"]
    ]
    assert ends == ["digests.mine", "digests.pause", "digests.stop", "digests.only_requests"]


def test_a_digest_channel_that_is_no_community_counts_for_those_who_are_in_it(reading: Reading) -> None:
    general = reading.here("general")
    for who in ("kim", "juno"):
        chooses(reading, who)
    jobs.read_members(reading.work(), general)
    reading.slack.world.state.channels[general].members.remove(reading.slack.user("juno"))
    jobs.read_members(reading.work(), general)
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    assert digests(reading) == []
    assert "Test strips" in digests(reading, "juno")[0]


def test_stopped_by_a_lead_nothing_more_goes_out_until_it_goes_on(reading: Reading) -> None:
    everybody = ("kim", "juno", "ada")
    for who in everybody:
        chooses(reading, who)
    reading.later(minutes=1)
    reading.publishes("Test strips")
    slot = reading.slot()
    goes_to(reading, slot - 10 * MINUTE)
    reading.later(minutes=10)
    reading.sender.turn()  # one leaves
    with reading.store.writing() as session:
        placing.stop_sending(session, person=reading.lead, now=reading.clock.now())
    with reading.store.reading() as session:
        sent, of = service.progress(session, reading.clock.now())
    assert 0 < sent < of == 3
    goes_to(reading, slot + 10 * MINUTE)
    assert sum(len(digests(reading, who)) for who in everybody) == sent
    with reading.store.writing() as session:
        kinds, now = [service.PERSONAL], reading.clock.now()
        assert placing.send_on(session, kinds, person=reading.lead, now=now) == 3 - sent
    assert [len(digests(reading, who)) for who in everybody] == [1, 1, 1]


def test_who_cannot_be_reached_has_no_subscription_and_no_dead_letter_any_more(reading: Reading) -> None:
    for who in ("kim", "juno"):
        chooses(reading, who)
    reading.later(minutes=1)
    reading.publishes("Test strips")
    reading.slack.refuses("chat.postMessage", "user_not_found", times=9, where=reading.slack.user("kim"))
    week(reading)
    reading.runs()
    jobs.compose_personal(reading.work())
    assert len(digests(reading, "juno")) == 1
    with reading.store.reading() as session:
        assert tables.counts(session) == {"active": 1, "gone": 1}
        letters = delivery.dead_letters(session).items
        assert [each for each in letters if each.kind == service.PERSONAL] == []
    with reading.store.writing() as session:
        found = service.start(session, person=reading.person("kim"), now=reading.clock.now())
    assert found.state == "active"


def test_stop_all_but_my_requests_stops_what_is_unasked_until_it_is_taken_back(reading: Reading) -> None:
    chooses(reading)
    kim = reading.person("kim")

    def told() -> int:
        with reading.store.writing() as session:
            key = f"joining:{reading.clock.now()}"
            now = reading.clock.now()
            delivery.say(session, placing.NOWHERE, "digests", to=kim.user, key=key, now=now, unasked=True)
        return len(reading.told("kim", "No channel gets the weekly digest yet"))

    with reading.store.writing() as session:
        service.only_requests(session, person=kim, now=reading.clock.now())
        service.only_requests(session, person=kim, now=reading.clock.now())
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    assert digests(reading) == []
    assert told() == 0
    with reading.store.writing() as session:
        delivery.unsilence(session, kim.user)
    reading.later(minutes=1)
    assert told() == 1


def test_a_member_reads_the_news_and_how_many_questions_wait_in_their_communities(reading: Reading) -> None:
    channel = reading.channel_id("peers")
    ident = reading.wants("peers", channel=channel)
    asks(reading, ident, 2)
    with reading.store.writing() as session:
        communities.add_members(session, ident, [reading.slack.user("kim")])
    for who in ("kim", "juno"):
        chooses(reading, who)
    reading.later(minutes=1)
    shares(reading, "We opened a drop-in.")
    week(reading)
    assert "We opened a drop-in." in digests(reading)[0]
    assert f"2 questions in <#{channel}>" in digests(reading)[0]
    assert "question" not in digests(reading, "juno")[0]
    week(reading)
    assert len(digests(reading)) == 1  # the news is not new any more, and questions alone are no digest


def test_a_correction_reaches_members_copies_and_withdrawn_news_leaves_them(reading: Reading) -> None:
    chooses(reading)
    reading.later(minutes=1)
    found = reading.publishes("Test strips")
    uid = shares(reading, "We open on Sunday.")
    week(reading)
    assert "We open on Sunday." in digests(reading)[0]
    reading.later(minutes=5)
    reading.changes(found, summary="Corrected: store them dry")
    with reading.store.writing() as session:
        news.withdraw(session, uid, now=reading.clock.now())
    goes_to(reading, reading.clock.now() + 10 * MINUTE)
    [copy] = digests(reading)
    assert "Corrected: store them dry" in copy
    assert "We open on Sunday." not in copy


def test_when_nothing_changed_neither_job_writes_anything(reading: Reading) -> None:
    chooses(reading)
    reading.here("general")
    reading.later(minutes=1)
    reading.publishes("Test strips")
    week(reading)
    written: list[str] = []

    def hear(_conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and cursor.rowcount:
            written.append(statement)

    event.listen(reading.store.engine, "after_cursor_execute", hear)
    for _ in range(2):
        reading.later(minutes=10)
        jobs.compose(reading.work())
        jobs.compose_personal(reading.work())
    event.remove(reading.store.engine, "after_cursor_execute", hear)
    assert written == []


def test_composing_for_many_asks_the_database_as_often_as_for_few(reading: Reading) -> None:
    def queries(number: int) -> int:
        asked = 0

        def count(*_: Any) -> None:
            nonlocal asked
            asked += 1

        with reading.store.writing() as session:
            engine = session.get_bind()
            event.listen(engine, "before_cursor_execute", count)
            jobs.batch(session, profile=PROFILE, now=reading.slot())
            event.remove(engine, "before_cursor_execute", count)
        return asked

    with reading.store.writing() as session:
        for n in range(40):
            session.add(PersonRow(user=f"UMANY{n}", name=f"Many {n}", tz="America/Chicago"))
    for n in range(40):
        chooses_as(reading, f"UMANY{n}")
    few = queries(40)  # nothing is published: everybody is due, nobody gets any
    assert few < 20


def chooses_as(reading: Reading, user: str) -> None:
    from copbot.people import service as people

    with reading.store.writing() as session:
        person = people.identify(session, user)
        assert person is not None
        service.choose(session, "weekly", person=person, now=reading.clock.now())


@pytest.mark.both_databases
def test_the_store_holds_one_subscription_for_each_person(store: Store) -> None:
    reading = Reading(store)
    chooses(reading)
    chooses(reading, rhythm="monthly")
    with reading.store.reading() as session:
        assert tables.counts(session) == {"active": 1}
