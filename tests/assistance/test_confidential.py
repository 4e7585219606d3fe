"""A confidential request is there for its requester, its owner and leads, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from copbot.assistance.notices import region
from copbot.assistance.sections import names
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts, lists
from copbot.assistance.views.rules import Filters
from copbot.assistance.workflow import participants, service
from copbot.conversations.plugs import closed_to
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, NotAllowed, NotFound
from copbot.people import service as people_
from copbot.program.settings.service import choose
from copbot.store import Store, journal
from tests.assistance.given import CHANNEL, Cast, asked, cast, form, messages, press, profile, row
from tests.people.given import NOW, again

LEADS_CHANNEL = "C0LEADS"


def placed(store: Store, kind: str = "request.notice") -> set[str]:
    return {each.destination for each in messages(store, kind)}


def closed(store: Store, people: Cast, who: str = "kim", **more: Any) -> None:
    with store.writing() as session:
        service.confide(session, request_id=people.request, person=getattr(people, who), now=NOW, **more)


@pytest.fixture
def people(store: Store) -> Cast:
    """Kim's request, marked confidential after its notice stood in the staff channel."""
    found = cast(store)
    with store.writing() as session:
        choose(session, "staff_channel", CHANNEL, by="t", now=NOW)
        choose(session, "staff_channel_problem", "", by="t", now=NOW)
        session.execute(MessageRow.__table__.update().values(ts="1.1", channel=CHANNEL, shown=1))
    closed(store, found)
    return found


def see(store: Store, people: Cast, who: str) -> facts.RequestFacts:
    with store.reading() as session:
        return facts.one(session, people.request, getattr(people, who), NOW)


def test_marked_later_the_copies_go_and_only_leads_and_owner_get_it(store: Store, people: Cast) -> None:
    assert placed(store) == {"U0LEE"}
    gone = messages(store, "request.notice", wanted=False)
    assert [(each.destination, each.state) for each in gone] == [(CHANNEL, "due")]
    assert placed(store, "request.receipt") == {"U0KIM"}
    assert placed(store, "request.confidential") == {CHANNEL}


def test_owner_and_leads_see_it_and_other_staff_read_that_it_is_not_there(store: Store, people: Cast) -> None:
    assert see(store, people, "kim").need == see(store, people, "lee").need
    for who in ("sam", "pat", "olly", "gil"):
        with pytest.raises(NotFound) as refused:
            see(store, people, who)
        assert refused.value.words.startswith("No TA-1001 found.")
    press(store, service.take, people, "lee", version=1)
    press(store, service.hand_over, people, "lee", version=2, to=people.sam.id)
    assert see(store, people, "sam").confidential
    assert placed(store) == {"U0LEE", "U0SAM"}
    press(store, service.hand_over, people, "lee", version=3, to=people.pat.id)
    with pytest.raises(NotFound):
        see(store, people, "sam")
    assert placed(store) == {"U0LEE", "U0PAT"}
    assert placed(store, "request.yours") == {"U0PAT"}


def test_no_verb_works_for_other_staff(store: Store, people: Cast) -> None:
    for verb, more in ((service.take, {}), (service.ask_requester, {"question": "?"}), (service.undo, {})):
        with pytest.raises(NotFound):
            press(store, verb, people, "sam", version=1, **more)
    with store.writing() as session, pytest.raises(NotFound):
        service.remove_details(session, request_id=people.request, person=people.sam, now=NOW)


def test_it_stands_in_no_list_of_other_staff(store: Store, people: Cast) -> None:
    for when in (NOW, row(store, people.request).first_reply_due.replace(year=2030)):
        with store.reading() as session:
            for who, sees in ((people.sam, 0), (people.lee, 1)):
                home = lists.queue(session, who, when)
                assert sum(each.total for each in home.values()) == sees
                assert lists.search(session, Filters(), who, profile=profile(), now=when).total == sees
    with store.reading() as session:
        assert names(session, [f"request:{people.request}"], person=people.sam) == {
            f"request:{people.request}": None
        }


def test_who_looks_stands_in_the_journal_and_the_requester_does_not(store: Store, people: Cast) -> None:
    with store.reading() as session:
        facts.one(session, people.request, people.lee, NOW)
        assert journal.viewed_in(session) == (f"request:{people.request}",)
    with store.reading() as session:
        facts.one(session, people.request, people.kim, NOW)
        assert journal.viewed_in(session) == ()


def test_a_message_about_it_may_go_to_its_readers_alone(store: Store, people: Cast) -> None:
    press(store, service.take, people, "lee", version=1)
    with store.reading() as session:
        event = session.scalars(select(MessageRow.subject).where(MessageRow.kind == "request.told")).one()
        for subject in (f"request:{people.request}", event):
            assert closed_to(session, Subject(subject)) == {"U0KIM", "U0LEE"}
        assert closed_to(session, Subject(f"confidential:{people.request}")) is None
        assert closed_to(session, Subject("request:99")) is None
        assert closed_to(session, Subject("request:x")) is None


def test_the_leads_channel_takes_the_place_of_direct_messages_while_only_leads_are_in_it(
    store: Store, people: Cast
) -> None:
    for problem, places in (("", {LEADS_CHANNEL}), ("others", {"U0LEE"}), ("", {LEADS_CHANNEL})):
        with store.writing() as session:
            choose(session, "leads_channel", LEADS_CHANNEL, by="t", now=NOW)
            choose(session, "leads_channel_problem", problem, by="t", now=NOW)
            assert participants.settle_all(session, 0, now=NOW.replace(second=len(places) + len(problem))) > 0
        assert placed(store) == places


def test_a_lead_who_leads_no_more_loses_it(store: Store, people: Cast) -> None:
    with store.writing() as session:
        boss = replace(people.olly, is_admin=True)
        people_.name_leads(session, ["U0PAT"], by=boss, now=NOW)
        participants.settle_all(session, 0, now=NOW)
        lee = again(session, people.lee)
    assert placed(store) == {"U0PAT"}
    with store.reading() as session, pytest.raises(NotFound):
        facts.one(session, people.request, lee, NOW)


def test_only_requester_and_leads_mark_it_and_not_while_nobody_leads(store: Store) -> None:
    people = cast(store)
    press(store, service.take, people, "sam", version=1)
    with pytest.raises(NotAllowed):
        closed(store, people, "sam")
    with store.writing() as session:
        people_.name_leads(session, [], by=replace(people.olly, is_admin=True), now=NOW)
    with pytest.raises(Conflict):
        closed(store, people, "kim")
    assert not row(store, people.request).confidential


def test_asked_in_confidence_it_never_comes_near_the_staff_channel(store: Store) -> None:
    people = cast(store)
    with store.writing() as session:
        made = asked(session, people.kim, "form-2", form(confidential=True))
    assert not made.held
    with store.reading() as session:
        subject = f"request:{made.id}"
        rows = session.scalars(select(MessageRow).where(MessageRow.subject == subject)).all()
        assert {(each.kind, each.destination) for each in rows} == {
            ("request.receipt", "U0KIM"), ("request.notice", "U0LEE"),
        }  # fmt: skip


def test_without_a_lead_it_waits_and_goes_to_the_next_one(store: Store) -> None:
    people = cast(store)
    boss = replace(people.olly, is_admin=True)
    with store.writing() as session:
        people_.name_leads(session, [], by=boss, now=NOW)
        made = asked(session, people.kim, "form-2", form(confidential=True))
        assert made.held
        people_.name_leads(session, ["U0PAT"], by=boss, now=NOW)
        participants.settle_all(session, 0, now=NOW)
        assert session.get_one(RequestRow, made.id).staff_channel == participants.LEADS
    assert "U0PAT" in placed(store)


def test_the_staff_channel_reads_its_region_and_no_county(store: Store, people: Cast) -> None:
    county = next(area for area in profile().areas if area.kind == "county" and area.region)
    with store.writing() as session:
        session.execute(RequestRow.metadata.tables["request_areas"].update().values(area=county.id))
    with store.reading() as session:
        shown = region(session, Subject(f"confidential:{people.request}"), Look(profile(), NOW, "u"))
    assert shown.text == f"Confidential request, {profile().area_label(county.region)}"
    assert county.label not in str(shown)
