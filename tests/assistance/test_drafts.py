"""A form that is closed goes on for seven days with what was chosen in it, never with what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from copbot.app import entrances
from copbot.assistance.intake.tables import DraftRow
from copbot.people import service as people_
from copbot.sandbox.views import check_view
from copbot.slack.answers import Open, Update
from copbot.slack.entrances import Call, Form
from copbot.store import Store, purge
from tests.assistance.given import Cast, cast, form, profile
from tests.days import MORNING as NOW
from tests.people.given import again

CHOSEN = {
    "topics": ("naloxone", "stigma_comms"),
    "kind": "training",
    "by_when": "month",
    "agency": "agency:1",
}
TYPED = {"need": "Zebrand", "urgent_reason": "Zebrand", "agency_name": "Zebrand"}


def acts(
    store: Store, people: Cast, kind: str, ident: str, now: Any = NOW, who: str = "olly", **more: Any
) -> Any:
    run = next(each for each in entrances().rows if (each.kind, each.id) == (kind, ident)).run
    with store.writing() as session:
        person = again(session, getattr(people, who))
        return run(
            Call(
                session, person, now, profile(), entrances=entrances().rows, form_key=f"form of {who}", **more
            )
        )


def chooses(store: Store, people: Cast, now: Any = NOW, **fields: Any) -> None:
    filled = Form({**CHOSEN, "areas": form().areas, **TYPED, **fields})
    acts(store, people, "action", "request.choice", now, form=filled, in_modal=True)


def opened(store: Store, people: Cast, now: Any = NOW, text: str = "") -> dict[str, Any]:
    answer = acts(store, people, "command", "ta", now, text=text)
    assert isinstance(answer, Open)
    assert check_view(answer.view, kind="modal") is None
    return answer.view


def drafts(store: Store) -> list[DraftRow]:
    with store.reading() as session:
        return list(session.scalars(select(DraftRow)))


def first(view: dict[str, Any], name: str) -> Any:
    element = next(each["element"] for each in view["blocks"] if each.get("block_id") == name)
    found = element.get("initial_options") or [element.get("initial_option")]
    return [each and each["value"] for each in found]


def test_what_was_chosen_is_there_again_and_nothing_that_was_typed(store: Store) -> None:
    people = cast(store)
    assert "left off" not in str(opened(store, people))
    chooses(store, people)
    chooses(store, people)  # again: one draft a person
    [draft] = drafts(store)
    assert "Zebrand" not in str(draft.choices)
    view = opened(store, people)
    assert "Continue where you left off on" in str(view)
    assert "Start over" in str(view)
    assert (first(view, "topics"), first(view, "kind")) == (list(CHOSEN["topics"]), ["training"])
    assert (first(view, "areas"), first(view, "by_when")) == (list(form().areas), ["month"])
    assert first(view, "agency") == ["agency:1"]
    assert "Zebrand" not in str(view)
    assert first(opened(store, people, text="wound care"), "topics") == [
        "wound_care"
    ]  # what is typed now goes first


def test_it_is_deleted_when_the_form_is_sent_or_begun_anew_or_after_seven_days(store: Store) -> None:
    people = cast(store)
    chooses(store, people)
    sent = Form({**CHOSEN, "areas": form().areas, "need": "Kits, please.", "by_when": ""})
    answer = acts(store, people, "view", "request.ask", form=sent)
    assert "is saved" in str(answer)
    assert "left off" not in str(opened(store, people))
    purge.purge(store, NOW)
    assert drafts(store) == []
    chooses(store, people)  # a choice that comes after the form was sent
    assert "left off" not in str(opened(store, people))

    acts(store, people, "action", "request.choice", form=Form({**CHOSEN}), in_modal=True, who="gil")
    answer = acts(store, people, "action", "request.start_over", in_modal=True, who="gil")
    assert isinstance(answer, Update)
    assert check_view(answer.view, kind="modal") is None
    assert "left off" not in str(acts(store, people, "command", "ta", who="gil"))
    assert isinstance(acts(store, people, "action", "request.start", in_modal=True, who="gil"), Update)

    acts(store, people, "action", "request.choice", form=Form({**CHOSEN}), in_modal=True, who="gil")
    late = NOW + timedelta(days=7, minutes=1)
    assert "left off" in str(acts(store, people, "command", "ta", late - timedelta(minutes=2), who="gil"))
    assert "left off" not in str(acts(store, people, "command", "ta", late, who="gil"))
    purge.purge(store, late)
    assert drafts(store) == []


@pytest.mark.parametrize(
    "fields", [{"confidential": ("yes",)}, {"agency": "agency:none"}, {"topics": (), "by_when": ""}]
)
def test_nothing_is_kept_of_what_is_confidential_or_may_be_about_care(store: Store, fields: Any) -> None:
    people = cast(store)
    chooses(store, people)
    chooses(store, people, **fields)
    assert drafts(store) == []


def test_what_is_no_longer_there_is_left_out(store: Store) -> None:
    people = cast(store)
    chooses(store, people, topics=("naloxone", "gone"), by_when="gone", agency="agency:99", areas=("gone",))
    with store.writing() as session:
        assert people_.agency_known(session, 99) is None
    view = opened(store, people)
    assert first(view, "topics") == ["naloxone"]
    assert first(view, "by_when") == first(view, "agency") == first(view, "areas") == [None]
