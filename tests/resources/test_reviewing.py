"""Suggesting and deciding: members suggest, only staff approve, and whoever suggested hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from copbot.clock import FixedClock
from copbot.communities.tables import CommunityRow, MemberRow
from copbot.delivery import service as delivery
from copbot.delivery.render import Look
from copbot.delivery.tables import MessageRow
from copbot.errors import InvalidInput, NotAllowed
from copbot.jobs.tables import JobRow
from copbot.jobs.work import Work
from copbot.people import service as people
from copbot.resources import notices, plugs
from copbot.resources.library import jobs, readers, reviewing, service, tables
from copbot.resources.library import service as library_service
from copbot.resources.library.screens import forms
from copbot.resources.library.values import Resource
from copbot.sandbox.blocks import check_blocks
from copbot.slack.answers import Message, Nothing, Open, Update
from copbot.slack.entrances import Form, Wiring
from copbot.store import Store
from tests.days import day
from tests.resources.given import (
    LISTENERS,
    MEMBER,
    NOW,
    PROFILE,
    STAFF,
    add,
    fields,
    filled_in,
    knows_people,
    text_in,
    titles,
    uses,
    values_in,
)

FORM = {"kind": "link", "url": "https://example.org/flyer", "title": "A flyer", "summary": "Two pages"}


@pytest.fixture
def office(sqlite_store: Store) -> Store:
    """Sam is staff, and there is a staff channel."""
    knows_people(sqlite_store)
    with sqlite_store.writing() as session:
        people.set_staff(session, [STAFF.user], NOW)
        people.set_staff_channel(session, "C0STAFF", "", now=NOW)
    return sqlite_store


def suggested(store: Store, title: str = "A flyer", **more: Any) -> Resource:
    with store.writing() as session:
        return reviewing.add(session, fields(title, **more), person=MEMBER, profile=PROFILE, now=NOW)


def said(store: Store, kind: str) -> list[tuple[str, str]]:
    """To whom messages of this kind go, and what stands in them now."""
    found = []
    with store.reading() as session:
        rows = (
            session.query(MessageRow)
            .filter(MessageRow.kind == kind, MessageRow.wanted)
            .order_by(MessageRow.id)
        )
        for row in rows:
            render = plugs.NOTICES[kind]
            message = render(session, row.subject, Look(PROFILE, NOW, "u", posted=True))
            if isinstance(message, Message):
                assert check_blocks(list(message.blocks), "message") == []
                found.append((row.destination, f"{message.text} {message.blocks}"))
            else:
                assert isinstance(message, Nothing)
    return found


def test_a_member_suggests_and_staff_are_told_once_a_day(office: Store) -> None:
    for number in range(3):
        typed_in = filled_in(**{**FORM, "url": f"https://example.org/{number}", "title": f"Flyer {number}"})
        done = uses(office, "view", "resources.added", form=typed_in)
        assert "with staff now" in text_in(done)
    [(to, words)] = said(office, "resources.waiting")
    assert to == "C0STAFF"
    assert words.startswith("3 resources to review")


def test_forty_suggestions_are_decided_page_by_page_without_leaving_the_list(office: Store) -> None:
    for number in range(40):
        suggested(office, f"Suggestion {number:02d}")
    view = uses(office, "command", "resources review", STAFF)
    assert "40 resources to review" in text_in(view)
    presses = 1
    first = values_in(view, "resources.reviewed")[0]
    view = uses(office, "action", "resources.reviewed", STAFF, value=first, in_modal=True, meta={"after": 0})
    assert "39 resources to review" in text_in(view)
    while values_in(view, "resources.publish_all"):
        [every] = values_in(view, "resources.publish_all")
        view = uses(
            office, "action", "resources.publish_all", STAFF, value=every, in_modal=True, meta={"after": 0}
        )
        presses += 1
    assert "Nothing to review" in text_in(view)
    assert presses == 5
    with office.reading() as session:
        assert len(service.published(session).items) == 40
    assert said(office, "resources.waiting")[0][1].startswith("All suggestions are reviewed")
    assert {to for to, _ in said(office, "resources.decided")} == {MEMBER.user}


def test_who_is_not_staff_approves_nothing(office: Store) -> None:
    made = suggested(office)
    entrances = [key for key, row in LISTENERS.items() if row.who == "staff"]
    assert ("action", "resources.reviewed") in entrances
    for kind, ident in entrances:
        with pytest.raises(NotAllowed):
            uses(office, kind, ident, MEMBER, value=made.uid)
    with office.reading() as session:
        assert service.drafts(session) == 1


def test_a_declined_suggestion_says_why_to_whoever_made_it(office: Store) -> None:
    made = suggested(office)
    view = uses(office, "action", "resources.retire", STAFF, value=made.uid)
    assert "Decline a resource" in text_in(view)
    typed_in = filled_in(reason="Not about our work", note="but thank you")
    uses(office, "view", "resources.retired", STAFF, form=typed_in, meta={"resource": made.uid})
    [(to, words)] = said(office, "resources.decided")
    assert to == MEMBER.user
    assert "Not about our work: but thank you" in words


def test_staff_see_what_a_suggestion_may_be_the_same_as_and_merge_it_with_one_press(office: Store) -> None:
    with office.writing() as session:
        kept = add(session, "A flyer about wounds", url="https://example.org/other")
    made = suggested(office, "A flyer about wound", url="https://example.org/new")
    view = uses(office, "action", "resources.card", STAFF, value=made.uid)
    [pair] = values_in(view, "resources.same")
    assert pair == f"{made.uid}|{kept.uid}"
    after = uses(office, "action", "resources.same", STAFF, value=pair, in_modal=True)
    assert "A flyer about wounds" in text_in(after)
    with office.reading() as session:
        gone = service.find(session, made.uid)
    assert gone is not None
    assert (gone.state, gone.same_as) == ("retired", kept.id)


def test_an_address_that_is_there_already_is_refused_at_its_field(office: Store) -> None:
    suggested(office, url="https://example.org/flyer")
    with pytest.raises(InvalidInput) as refused:
        uses(
            office,
            "view",
            "resources.added",
            form=filled_in(**{**FORM, "url": "http://www.example.org/flyer/"}),
        )
    assert "already" in refused.value.fields["url"]


def test_staff_add_and_change_and_the_form_asks_what_the_kind_needs(office: Store) -> None:
    link = text_in(uses(office, "command", "resources add", STAFF, text="https://example.org/a"))
    assert "https://example.org/a" in link
    assert "Hours" not in link
    service_form = uses(
        office, "action", "resources.kind", STAFF, form=filled_in(kind="service", title="Van"), in_modal=True
    )
    for word in ("Hours", "Phone", "Who can use it", "Van"):
        assert word in text_in(service_form)
    typed_in = filled_in(
        kind="service", title="Van", phones="608-555-0100, 911", hours="Mon 9 AM", areas=("wi-dane",)
    )
    uses(office, "view", "resources.added", STAFF, form=typed_in)
    with office.reading() as session:
        [made] = service.published(session).items
    assert (made.phones, made.areas, made.owner) == (("608-555-0100", "911"), ("wi-dane",), STAFF.user)
    edit = uses(office, "action", "resources.edit", STAFF, value=made.uid)
    meta = {"resource": made.uid, "version": made.version}
    assert '"version":1' in text_in(edit).replace("\\", "")
    changed = filled_in(kind="service", title="Van", phones="", hours="Tue 9 AM", review_by=day(38))
    uses(office, "view", "resources.edited", STAFF, form=changed, meta=meta)
    with office.reading() as session:
        after = service.find(session, made.uid)
    assert after is not None
    assert (after.phones, after.hours, str(after.review_by)) == ((), "Tue 9 AM", day(38))


def test_a_message_becomes_the_beginning_of_a_suggestion(office: Store) -> None:
    text = "Good one on wounds\nhttps://example.org/wounds. It helped us."
    view = text_in(uses(office, "message_shortcut", "resource_from_message", text=text))
    assert "https://example.org/wounds" in view
    assert '"initial_value": "Good one on wounds"' in view
    assert forms.from_message("An answer that helped").kind == "answer"


def test_a_page_is_read_for_the_form_and_its_fields_are_new_ones(office: Store) -> None:
    uses(office, "action", "resources.fetch", form=filled_in(**FORM), view_id="V1")
    form = Form(
        {"title": "", "title#page": "From the page", "summary#page": "Its summary", "url": FORM["url"]}
    )
    found = forms.fields_from(form)
    assert (found.title, found.summary) == ("From the page", "Its summary")
    assert forms.at_blocks({"title": "Too long."}, form) == {"title#page": "Too long."}
    assert library_service.FETCH_PAGE in {job.name for job in jobs.JOBS}


@pytest.mark.parametrize(
    ("typed_text", "reads"), [("https://example.org/x", 1), ("", 0), ("Wounds https://example.org/x", 0)]
)
def test_an_address_that_is_typed_alone_is_read_at_once(office: Store, typed_text: str, reads: int) -> None:
    answer = uses(office, "command", "resources add", text=typed_text)
    assert isinstance(answer, Open)
    with office.reading() as session:
        jobs_asked = session.query(JobRow).filter_by(name=library_service.FETCH_PAGE).all()
    assert len(jobs_asked) == reads
    assert ("Reading the page" in text_in(answer)) == bool(reads)
    assert [job.args["view"] for job in jobs_asked] == [answer.view.get("external_id")] * reads


# -- readers


def test_saved_is_for_oneself(office: Store) -> None:
    with office.writing() as session:
        made = add(session)
    card = uses(office, "action", "resources.save", value=made.uid, in_modal=True)
    assert isinstance(card, Update)
    assert titles(uses(office, "command", "resources saved")) == ["Naloxone basics"]
    assert titles(uses(office, "command", "resources saved", STAFF)) == []
    uses(office, "action", "resources.save", value=made.uid, in_modal=True)
    assert titles(uses(office, "command", "resources saved")) == []


def test_opening_is_counted_without_the_person(office: Store) -> None:
    with office.writing() as session:
        made = add(session)
    for person in (MEMBER, STAFF):
        uses(office, "action", "resources.opened", person, value=made.uid)
    with office.reading() as session:
        assert tables.counted(session, made.id, readers.OPENED, readers.month_of(PROFILE, NOW)) == 2


def test_useful_and_out_of_date_go_to_whoever_looks_after_it(office: Store) -> None:
    with office.writing() as session:
        made = add(session)
    for _ in range(2):
        uses(office, "action", "resources.useful", value=made.uid, in_modal=True)
        uses(office, "action", "resources.outdated", value=made.uid, in_modal=True)
    [(to, words)] = said(office, "resources.useful")
    assert (to, words.startswith("2 people found this useful")) == (STAFF.user, True)
    [(to, words)] = said(office, "resources.outdated")
    assert (to, "Still right" in words) == (STAFF.user, True)


def test_what_nobody_on_staff_looks_after_goes_to_the_staff_channel(office: Store) -> None:
    with office.writing() as session:
        made = add(session, owner="UGONE")
    uses(office, "action", "resources.outdated", value=made.uid, in_modal=True)
    assert [to for to, _ in said(office, "resources.outdated")] == ["C0STAFF"]


def test_only_into_a_community_that_one_is_in(office: Store) -> None:
    with office.writing() as session:
        made = add(session)
    with pytest.raises(NotAllowed):
        uses(
            office, "view", "resources.shared", form=filled_in(channel="C0OTHER"), meta={"resource": made.uid}
        )
    assert values_in(uses(office, "action", "resources.card", value=made.uid), "resources.share") == []


def test_a_resource_is_shared_into_ones_community_as_it_is_now(office: Store) -> None:
    with office.writing() as session:
        made = add(session, "Naloxone *now*", summary="In six steps")
        row = CommunityRow(slug="rural", name="Rural", channel="C0RURAL", made_at=NOW)
        session.add(row)
        session.flush()
        session.add(MemberRow(community_id=row.id, user=MEMBER.user))
    assert values_in(uses(office, "action", "resources.card", value=made.uid), "resources.share") == [
        made.uid
    ]
    assert "#Rural" in text_in(uses(office, "action", "resources.share", value=made.uid))
    form = filled_in(channel="C0RURAL")
    assert "C0RURAL" in text_in(
        uses(office, "view", "resources.shared", form=form, meta={"resource": made.uid})
    )
    [(to, words)] = said(office, "resources.shared")
    assert to == "C0RURAL"
    assert "Kim shared: Naloxone *now*" in words
    assert "*Naloxone ∗now∗*" in words
    with office.writing() as session:
        service.retire(session, [made.uid], by=STAFF.user, now=NOW, why="Old")
    assert said(office, "resources.shared") == []


def runs(store: Store, job: Callable[[Work], dict[str, Any]], now: datetime = NOW) -> dict[str, Any]:
    """What a job of this room says it did."""
    return job(Work(store, None, FixedClock(now), PROFILE, {}, lambda _n, _of: None, Wiring()))  # type: ignore[arg-type]


def test_the_quarters_question_is_asked_once_and_again_in_the_next_quarter(office: Store) -> None:
    with office.writing() as session:
        made = add(session, "Drop-in", kind="service")
        add(session, "Only a link")
    assert runs(office, jobs.still_right) == runs(office, jobs.still_right) == {"asked": 1}
    [(to, words)] = said(office, "resources.still_right")
    assert to == STAFF.user
    assert "Drop-in" in words
    uses(office, "action", "resources.right", STAFF, value=made.uid)
    assert "all your services are confirmed" in said(office, "resources.still_right")[0][1]
    assert runs(office, jobs.still_right) == {"asked": 0}
    assert runs(office, jobs.still_right, NOW + timedelta(days=100)) == {"asked": 1}
    assert len(said(office, "resources.still_right")) == 2


def test_the_nightly_job_retires_what_ended_more_than_a_day_ago(office: Store) -> None:
    with office.writing() as session:
        over = add(session, "Webinar", kind="event", starts_at=NOW - timedelta(days=2))
        add(session, "This morning", kind="event", starts_at=NOW - timedelta(hours=3))
        several = add(
            session,
            "Course",
            kind="event",
            starts_at=NOW - timedelta(days=9),
            ends_at=NOW + timedelta(days=1),
        )
    assert runs(office, jobs.past_events) == {"retired": 1}
    with office.reading() as session:
        gone, on = service.find(session, over.uid), service.find(session, several.uid)
    assert gone is not None
    assert on is not None
    assert (gone.state, gone.state_why, on.state) == ("retired", "It is over", "published")


def test_owners_of_services_are_asked_each_quarter_and_each_press_shortens_the_list(office: Store) -> None:
    with office.writing() as session:
        for number in range(10):
            add(session, f"Service {number}", kind="service")
        quarter = reviewing.quarter_of(NOW.date())
        assert reviewing.owners_to_ask(session, quarter) == [STAFF.user]
        items, left = reviewing.unreviewed(session, STAFF.user, quarter)
    assert (len(items), left) == (8, 2)
    for each in items:
        uses(office, "action", "resources.right", STAFF, value=each.uid)
    with office.reading() as session:
        assert len(reviewing.unreviewed(session, STAFF.user, quarter)[0]) == 2
        message = notices.still_right(
            session, reviewing.quarters_subject(STAFF.user, quarter), Look(PROFILE, NOW, "u")
        )
    assert isinstance(message, Message)
    assert check_blocks(list(message.blocks), "message") == []


def test_events_that_are_over_leave_by_themselves(office: Store) -> None:
    with office.writing() as session:
        over = add(session, "Webinar", kind="event", starts_at=NOW - timedelta(days=2))
        coming = add(session, "Training", kind="event", starts_at=NOW + timedelta(days=9))
    assert runs(office, jobs.past_events) == {"retired": 1}
    with office.reading() as session:
        states = [service.find(session, each.uid) for each in (over, coming)]
    assert [each.state for each in states if each is not None] == ["retired", "published"]


def test_what_somebody_shared_names_them_as_they_are_called_now(office: Store) -> None:
    with office.writing() as session:
        made = add(session)
        about = f"share:{made.uid}:{STAFF.user}"
        delivery.say(session, "resources.shared", about, to="C0ROOM", key="shared", now=NOW)
    work = Work(office, None, FixedClock(NOW), PROFILE, {"person": STAFF.id}, lambda _done, _of: None)  # type: ignore[arg-type]
    renamed = next(each for each in jobs.JOBS if each.after == people.RENAMED)
    assert renamed.run(work) == {"redrawn": 1}
    with office.reading() as session:
        assert session.query(MessageRow).filter_by(kind="resources.shared").one().version == 2
