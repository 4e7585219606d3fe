"""Who left, what is late, what did not arrive: found by looking, told once."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.assistance import notices
from copbot.assistance.sections import names
from copbot.assistance.upkeep import service as upkeep
from copbot.assistance.views import lists
from copbot.assistance.workflow import service
from copbot.delivery.render import Look
from copbot.delivery.rules import MessageState
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.people import service as people_service
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, events, messages, press, profile, row, verbs
from tests.people.given import HOME, NOW, again, slack_user


def run(store: Store, verb: Any, now: Any = NOW) -> int:
    more = {"profile": profile()} if verb is upkeep.release_left else {}
    with store.writing() as session:
        return int(verb(session, now=now, **more))


def deactivated(store: Store, user: str, *, deleted: bool = True) -> None:
    with store.writing() as session:
        people_service.learn(session, [slack_user(user, deleted=deleted)], home_team=HOME, now=NOW)


def leaves(store: Store) -> None:
    with store.writing() as session:
        people_service.set_staff(session, ["U0PAT", "U0LEE"], NOW)


def shown(store: Store, kind: str, subject: str) -> str:
    with store.reading() as session:
        return str(notices.NOTICES[kind](session, Subject(subject), Look(profile(), NOW, "uid")))


@pytest.mark.parametrize("how", ["deactivated", "left the channel"])
def test_what_somebody_had_who_left_is_unassigned_and_leads_are_told_once(store: Store, how: str) -> None:
    people = cast(store)
    with store.writing() as session:
        second = asked(session, people.kim, "second").id
        service.take(session, request_id=second, person=people.sam, version=1, now=NOW, profile=profile())
    press(store, service.take, people, "sam", 1)
    press(store, service.ask_requester, people, "sam", 2, question="How many?")
    if how == "deactivated":
        deactivated(store, "U0SAM")
    else:
        leaves(store)
    assert [run(store, upkeep.release_left) for _ in range(2)] == [2, 0]
    for ident in (people.request, second):
        now = row(store, ident)
        assert (now.state, now.owner_id, now.came_from, now.assigned_at) == ("triaged", None, "", None)
    with store.reading() as session:
        queue = lists.queue(session, people.pat, NOW)
        assert [each.id for each in queue["unassigned"].lines] == [people.request, second]
    told = messages(store, "request.released")
    assert [each.destination for each in told] == ["U0LEE"]
    words = shown(store, "request.released", told[0].subject)
    assert f"{people.sam.name} is no longer on staff and had 2 open requests" in words
    assert words.count("'Take'") == 2
    assert all(each.version > 1 for each in messages(store, "request.notice"))


def test_what_was_released_is_taken_again_and_leads_see_by_whom(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    leaves(sqlite_store)
    run(sqlite_store, upkeep.release_left)
    before = messages(sqlite_store, "request.released")[0]
    press(sqlite_store, service.take, people, "pat", 3)
    after = messages(sqlite_store, "request.released")[0]
    assert after.version > before.version
    assert f"with {people.pat.name}" in shown(sqlite_store, "request.released", after.subject)


def test_without_a_lead_the_staff_channel_hears_of_it(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "lee", 1)
    with sqlite_store.writing() as session:
        people_service.set_staff_channel(session, "C0STAFF", "", now=NOW)
        people_service.set_staff(session, ["U0SAM", "U0PAT"], NOW)
    run(sqlite_store, upkeep.release_left)
    assert [each.destination for each in messages(sqlite_store, "request.released")] == ["C0STAFF"]


def test_who_is_still_there_keeps_what_they_have(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    assert run(sqlite_store, upkeep.release_left) == 0
    assert verbs(sqlite_store, people.request) == ["received", "take"]


def test_a_requester_whose_account_is_deactivated_is_named_so_until_it_is_back(store: Store) -> None:
    people = cast(store)
    deactivated(store, "U0KIM")
    assert [run(store, upkeep.mark_gone) for _ in range(2)] == [1, 0]
    subject = f"request:{people.request}"
    assert "Slack account is deactivated" in shown(store, "request.notice", subject)
    deactivated(store, "U0KIM", deleted=False)
    assert [run(store, upkeep.mark_gone) for _ in range(2)] == [1, 0]
    assert "Slack account is deactivated" not in shown(store, "request.notice", subject)
    assert verbs(store, people.request) == ["received", "requester_gone", "requester_back"]
    assert row(store, people.request).version == 1  # nobody's press goes stale by it


def dead(store: Store, people: Cast) -> str:
    """News for Kim that Slack will not take; what it is about."""
    letter = messages(store, "request.told")[-1]
    with store.writing() as session:
        found = session.get_one(MessageRow, letter.id)
        found.state, found.reason, found.settled_at = MessageState.DEAD, "user_disabled", NOW
    return letter.subject


def test_news_that_did_not_arrive_reach_the_owner_once_and_name_request_and_person(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", 1)
    press(store, service.done, people, "sam", 2, given="Kits.")
    subject = dead(store, people)
    for _ in range(2):
        run(store, upkeep.tell_undelivered)
    told = messages(store, "request.unreached")
    assert [each.destination for each in told] == ["U0SAM"]
    label = f"TA-{people.request + 1000}"
    assert f"{people.kim.name} did not get your message about {label}" in shown(
        store, "request.unreached", told[0].subject
    )
    with store.reading() as session:
        assert names(session, [subject, "people:1", "event:99999"], person=people.lee) == {
            subject: f"{label}, {people.kim.name}"
        }


def test_former_staff_hear_of_no_undelivered_news_inv7(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    press(sqlite_store, service.take, people, "sam", 1)
    press(sqlite_store, service.done, people, "sam", 2, given="Kits.")
    dead(sqlite_store, people)
    leaves(sqlite_store)
    with sqlite_store.reading() as session:
        assert not again(session, people.sam).is_staff
    run(sqlite_store, upkeep.tell_undelivered)
    assert messages(sqlite_store, "request.unreached") == []
    assert events(sqlite_store, people.request)[-1].verb == "done"
