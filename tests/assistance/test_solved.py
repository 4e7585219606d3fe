"""The receipt's resources and “This solved it”: what the library has on a request, and how it ends one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copbot.assistance import notices
from copbot.assistance.listeners import ENTRANCES
from copbot.assistance.workflow import service
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.errors import NotFound
from copbot.resources.library import service as library
from copbot.resources.library.values import ResourceFields
from copbot.sandbox.messages import check_message
from copbot.slack.answers import Nothing
from copbot.slack.entrances import Call
from copbot.store import Store
from tests.assistance.given import Cast, cast, events, form, later, messages, press, profile, row
from tests.people.given import NOW

LOOK = Look(profile(), NOW, "")


def has(store: Store, people: Cast, title: str, **more: Any) -> str:
    """A published resource on naloxone; its uid."""
    told = {"kind": "link", "url": "https://example.org/a?b=1&c=2", "topics": ("naloxone",), **more}
    fields = ResourceFields(title=title, **told)
    with store.writing() as session:
        return library.add(session, fields, person=people.sam, profile=profile(), now=NOW).uid


def drawn(store: Store, people: Cast, kind: str, subject: str = "") -> dict[str, Any]:
    """A message of the register as Slack gets it."""
    with store.reading() as session:
        about = Subject(subject or f"request:{people.request}")
        made = notices.NOTICES[kind](session, about, LOOK)
    assert not isinstance(made, Nothing)
    message = {"channel": "U0KIM", "text": made.text, "blocks": list(made.blocks)}
    assert check_message(message) is None
    return message


def text(made: Any) -> str:
    return json.dumps(made, ensure_ascii=False)


def presses(store: Store, people: Cast, who: str, value: str) -> Any:
    run = next(each.run for each in ENTRANCES if each.id == "request.solved")
    with store.writing() as session:
        call = {"person": getattr(people, who), "profile": profile(), "now": NOW, "value": value}
        return run(Call(session, **call))


def solving(made: dict[str, Any]) -> list[str]:
    """The values of “This solved it”."""
    found = [each for block in made["blocks"] for each in block.get("elements", ())]
    return [each["value"] for each in found if str(each.get("action_id", "")).startswith("request.solved:")]


def test_a_receipt_shows_three_resources_with_their_links_and_reasons(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    assert solving(drawn(sqlite_store, people, "request.receipt")) == []
    uids = [has(sqlite_store, people, f"Kits *{at}* <!here>") for at in range(4)]
    has(sqlite_store, people, "Wounds", topics=("wound_care",))
    made = drawn(sqlite_store, people, "request.receipt")
    values = solving(made)
    assert len(values) == 3
    assert {each.split(":")[2] for each in values} < set(uids)
    assert "*<https://example.org/a?b=1&amp;c=2|Kits ∗3∗ &lt;!here&gt;>*\\nAbout Naloxone" in text(made)
    assert "National" in text(made)
    assert "Wounds" not in text(made)
    press(sqlite_store, service.withdraw, people, "kim", 1)
    assert solving(drawn(sqlite_store, people, "request.receipt")) == []


def test_this_solved_it_closes_the_request_and_says_which_resource_did(store: Store) -> None:
    people = cast(store)
    uid = has(store, people, "Kits by mail")
    [value] = solving(drawn(store, people, "request.receipt"))
    presses(store, people, "kim", value)
    now = row(store, people.request)
    assert (now.state, now.close_reason, now.level) == ("closed", "completed", "universal")
    assert events(store, people.request)[-1].verb == "solved"
    assert messages(store, "request.told") == []
    assert "Kim found the answer in the library: Kits by mail" in text(drawn(store, people, "request.notice"))
    receipt = drawn(store, people, "request.receipt")
    assert "You found the answer in the library: Kits by mail" in text(receipt)
    assert "Reopen" in text(receipt)
    press(store, service.reopen, people, "kim", 2, now=later(days=13))
    again = row(store, people.request)
    assert (again.state, again.close_reason, again.level) == ("triaged", "", "")
    assert uid in solving(drawn(store, people, "request.receipt"))[0]


def test_it_holds_though_staff_took_it_meanwhile_and_the_owner_hears_of_it(store: Store) -> None:
    people = cast(store)
    has(store, people, "Kits by mail")
    [value] = solving(drawn(store, people, "request.receipt"))
    press(store, service.take, people, "sam", 1)
    presses(store, people, "kim", value)
    [told] = messages(store, "request.added")
    assert told.destination == "U0SAM"
    made = drawn(store, people, "request.added", told.subject)
    assert f"Kim found the answer in the library and closed TA-{people.request + 1000}" in text(made)
    assert "Kits by mail" in text(made)


def test_nobody_else_can_and_a_resource_that_is_gone_does_not_hinder(store: Store) -> None:
    people = cast(store)
    uid = has(store, people, "Kits by mail")
    [value] = solving(drawn(store, people, "request.receipt"))
    with pytest.raises(NotFound):
        presses(store, people, "olly", value)
    with store.writing() as session:
        library.retire(session, [uid], by="U0SAM", now=NOW, why="Old")
    assert solving(drawn(store, people, "request.receipt")) == []
    presses(store, people, "kim", value)
    assert row(store, people.request).state == "closed"
    notice = text(drawn(store, people, "request.notice"))
    assert "Kim found the answer in the library" in notice
    assert "Kits by mail" not in notice


def test_what_counts_elsewhere_or_waits_for_review_is_not_offered(sqlite_store: Store) -> None:
    people = cast(sqlite_store)
    there = next(each.id for each in profile().areas if each.kind == "county" and each.id not in form().areas)
    has(sqlite_store, people, "Kits elsewhere", areas=(there,))
    told = ResourceFields(kind="answer", title="Kits", summary="By mail.", topics=("naloxone",))
    with sqlite_store.writing() as session:
        library.add(session, told, person=people.kim, profile=profile(), now=NOW)
    assert solving(drawn(sqlite_store, people, "request.receipt")) == []


def test_marked_confidential_afterwards_it_still_says_so_to_those_who_may_read_it_alone(
    sqlite_store: Store,
) -> None:
    people = cast(sqlite_store)
    has(sqlite_store, people, "Kits by mail")
    [value] = solving(drawn(sqlite_store, people, "request.receipt"))
    presses(sqlite_store, people, "kim", value)
    with sqlite_store.writing() as session:
        service.confide(session, request_id=people.request, person=people.kim, now=NOW)
    assert "You found the answer in the library: Kits by mail" in text(
        drawn(sqlite_store, people, "request.receipt")
    )
    assert "found the answer in the library: Kits by mail" in text(
        drawn(sqlite_store, people, "request.notice")
    )
    assert [each.destination for each in messages(sqlite_store, "request.notice")] == ["U0LEE"]
