"""A colleague of the same agency is added to a request, sees and hears what its requester does, and is removed again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import event

from copbot.app import entrances
from copbot.assistance import colleagues, notices
from copbot.assistance.views import facts, lists
from copbot.assistance.views.listeners import status
from copbot.assistance.views.requester_screens import page
from copbot.assistance.workflow import service
from copbot.assistance.workflow.participants import participants
from copbot.conversations.plugs import closed_to
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.errors import Conflict, InvalidInput, NotAllowed, NotFound
from copbot.people import service as people_
from copbot.sandbox.views import check_message, check_view
from copbot.slack.answers import Open, Say, Update
from copbot.slack.entrances import Call, Form
from copbot.slack.person import Person
from copbot.store import Store
from tests.assistance.given import Cast, asked, cast, close, form, later, messages, press, profile, row, verbs
from tests.people.given import NOW, again, person


@dataclass(frozen=True)
class Team:
    """Kim's request at Dane Drop-in, and Devon, who works there too."""

    store: Store
    people: Cast
    devon: Person

    @property
    def request(self) -> int:
        return self.people.request

    def adds(self, who: str = "kim", user: str = "U0DEVON") -> None:
        with self.store.writing() as session:
            by = getattr(self.people, who)
            colleagues.add(session, request_id=self.request, user=user, person=by, now=NOW)

    def removes(self, by: Person) -> None:
        with self.store.writing() as session:
            colleagues.remove(
                session, request_id=self.request, colleague_id=self.devon.id, person=by, now=NOW
            )

    def told(self, kind: str = "request.told") -> list[str]:
        return [each.destination for each in messages(self.store, kind)]

    def reads(self, kind: str, to: str) -> str:
        """Everything of this kind that stands with somebody, as Slack gets it."""
        said = []
        for each in messages(self.store, kind):
            if each.destination == to:
                with self.store.reading() as session:
                    look = Look(profile(), NOW, "", to=to)
                    made: Any = notices.NOTICES[kind](session, Subject(each.subject), look)
                sent = {"channel": to, "text": made.text, "blocks": list(made.blocks)}
                assert check_message(sent) is None
                said.append(str(sent))
        return "\n".join(said)

    def does(self, verb: Any, who: Person, **more: Any) -> Any:
        return press(self.store, verb, replace(self.people, olly=who), "olly", **more)

    def sees(self, who: Person) -> facts.RequestFacts:
        with self.store.reading() as session:
            return facts.one(session, self.request, who, NOW)

    def call(self, session: Any, who: Person, **more: Any) -> Call:
        return Call(session, who, NOW, profile(), entrances=entrances().rows, **more)


def joins(store: Store, user: str, agency: str = "Dane Drop-in", **flags: Any) -> Person:
    """Somebody who has chosen this agency."""
    with store.writing() as session:
        made = person(session, user, **flags)
        ident = people_.agency_named(session, agency).id
        people_.remember(session, made.id, agency_id=ident, not_agency=False, areas=())
        return again(session, made)


@pytest.fixture
def team(store: Store) -> Team:
    people = cast(store)
    return Team(store, people, joins(store, "U0DEVON"))


def test_a_colleague_sees_and_hears_what_the_requester_does(team: Team) -> None:
    with pytest.raises(NotFound):
        team.sees(team.devon)
    press(team.store, service.take, team.people, "sam", 1)
    press(team.store, service.ask_requester, team.people, "sam", question="How many kits?")
    team.adds()
    with team.store.reading() as session:
        assert [each.name for each in participants(session, team.request)] == ["Kim", "Devon"]
        assert [each.id for each in lists.own(session, team.devon, NOW)["needed"].lines] == [team.request]
        assert isinstance(status(team.call(session, team.devon, text=f"TA-{team.request + 1000}")), Say)
    assert team.told("request.receipt") == ["U0KIM", "U0DEVON"]
    asks = team.reads("request.told", "U0DEVON")  # also what was asked before they came
    assert "Sam has a question about Kim's request TA-1001" in asks
    assert "How many kits?" in asks
    assert "your request TA-1001" in team.reads("request.told", "U0KIM")
    receipt = team.reads("request.receipt", "U0DEVON")
    assert "Kim asked this. You get the same messages and can answer." in receipt
    assert "I no longer need it" not in receipt
    assert "Devon sees this too" in team.reads("request.receipt", "U0KIM")
    notice = team.reads("request.notice", "C0STAFF")
    assert "Colleagues" in notice
    assert "Devon" in notice
    team.does(service.answer, team.devon, text="About 40.")
    assert row(team.store, team.request).state == "in_progress"
    assert "Devon answered" in team.reads("request.receipt", "U0KIM")
    assert "Devon has answered this." in team.reads("request.told", "U0KIM")
    assert "You have answered this." in team.reads("request.told", "U0DEVON")
    assert "About 40." in team.reads("request.notice", "C0STAFF")
    team.does(service.add_words, team.devon, text="And gloves.")
    assert "And gloves." in team.reads("request.receipt", "U0KIM")
    press(team.store, service.done, team.people, "sam", given="Sent 40 kits.")
    for user in ("U0KIM", "U0DEVON"):
        assert "Sent 40 kits." in team.reads("request.told", user)
    team.does(service.reopen, team.devon, now=later(minutes=5))
    assert "Kim's request" not in team.reads("request.told", "U0KIM")
    assert "Your request TA-1001 is open again." in team.reads("request.told", "U0KIM")


def test_who_did_it_is_not_told_and_the_others_are(team: Team) -> None:
    team.adds()
    press(team.store, service.withdraw, team.people, "kim")
    assert team.told() == ["U0DEVON"]
    assert "Kim no longer needs TA-1001" in team.reads("request.told", "U0DEVON")


@pytest.mark.parametrize("verb", [service.withdraw, service.take, service.first_reply])
def test_a_colleague_neither_withdraws_nor_works_on_it_inv7(team: Team, verb: Any) -> None:
    team.adds()
    with pytest.raises((NotAllowed, Conflict)):
        team.does(verb, team.devon)
    with pytest.raises(NotAllowed):
        team.does(lambda session, **of: colleagues.add(
            session, request_id=of["request_id"], user="U0OLLY", person=of["person"], now=NOW
        ), team.devon)  # fmt: skip


def test_who_can_be_added_and_what_the_others_are_told(team: Team) -> None:
    store = team.store
    joins(store, "U0GUEST", is_restricted=True)
    joins(store, "U0GONE", deleted=True)
    joins(store, "U0ELSE", "Elm House")
    joins(store, "U0TWIN", "dane drop in")  # the same agency, spelt otherwise
    team.adds("sam")
    said = {
        "U0DEVON": "Devon is already on TA-1001.",
        "U0KIM": "Kim sent this request.",
        "U0GUEST": "Guest is a guest here. Only full members of this workspace can be added.",
        "U0GONE": "Gone's Slack account is deactivated.",
        "U0ELSE": "Else isn't listed with Dane Drop-in. Ask them to choose Dane Drop-in in Home, under About you. "
        "Then add them.",
        "U0OLLY": "Olly isn't listed with Dane Drop-in. Ask them to choose Dane Drop-in in Home, under About you. "
        "Then add them.",
        "U0NEVER": "We don't know their agency yet. Ask them to choose Dane Drop-in in Home, under About you. "
        "Then add them.",
    }
    for user, words in said.items():
        with pytest.raises(InvalidInput) as refused:
            team.adds(user=user)
        assert refused.value.fields == {"colleague": words}
    team.adds(user="U0TWIN")
    for at in range(3):
        joins(store, f"U0MORE{at}")
        team.adds(user=f"U0MORE{at}")
    joins(store, "U0LAST")
    with pytest.raises(InvalidInput) as refused:
        team.adds(user="U0LAST")
    assert "has 5 colleagues" in refused.value.fields["colleague"]
    with pytest.raises(NotFound):
        team.adds("olly", "U0LAST")
    close(store, team.people, "sam")
    with pytest.raises(Conflict):
        team.adds(user="U0LAST")


def test_removed_they_lose_sight_of_it_and_what_they_were_shown(team: Team) -> None:
    team.adds()
    press(team.store, service.take, team.people, "sam", 1)
    team.removes(team.people.kim)
    with pytest.raises(NotFound):
        team.sees(team.devon)
    assert team.told() == team.told("request.receipt") == ["U0KIM"]
    assert "Kim removed you from TA-1001." in team.reads("request.unshared", "U0DEVON")
    with team.store.reading() as session:
        found = lists.own(session, team.devon, NOW)
    assert (found["mine"].lines, found["needed"].lines) == ((), ())
    press(team.store, service.ask_requester, team.people, "sam", question="How many?")
    assert set(team.told()) == {"U0KIM"}
    with pytest.raises(NotFound):
        team.removes(team.people.kim)
    team.adds("sam")  # and back again
    assert team.told("request.receipt") == ["U0KIM", "U0DEVON"]
    team.removes(team.devon)  # who wants to, leaves, and is told nothing more
    assert len(team.told("request.unshared")) == 1
    assert verbs(team.store, team.request)[-1] == "leave"


def test_their_messages_are_taken_back_by_one_statement_however_much_has_happened(team: Team) -> None:
    asked: list[str] = []
    event.listen(team.store.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    counts = []
    for more in (0, 12):
        for _ in range(more):
            press(team.store, service.add_words, team.people, "kim", text="More.")
        team.adds()
        asked.clear()
        team.removes(team.people.kim)
        counts.append(len([each for each in asked if "messages" in each]))
    assert counts[0] == counts[1]


def test_what_a_former_colleague_wrote_stays_with_staff(team: Team) -> None:
    team.adds()
    team.does(service.add_words, team.devon, text="And gloves.")
    team.removes(team.people.kim)
    assert "And gloves." in team.reads("request.notice", "C0STAFF")


def test_a_confidential_request_is_shared_by_those_who_see_it_alone(team: Team) -> None:
    with team.store.writing() as session:
        service.confide(session, request_id=team.request, person=team.people.kim, now=NOW)
    with pytest.raises(NotFound):
        team.adds("sam")
    team.adds("kim")
    press(team.store, service.take, team.people, "lee", None)
    with team.store.reading() as session:
        readers = closed_to(session, Subject(f"request:{team.request}"))
    assert readers is not None
    assert {"U0KIM", "U0DEVON", "U0LEE"} <= readers
    assert "U0SAM" not in readers
    assert team.told() == ["U0KIM", "U0DEVON"]
    assert "your colleagues on it, whoever has it and leads" in team.reads("request.receipt", "U0KIM")
    team.removes(team.people.lee)
    with team.store.reading() as session:
        assert "U0DEVON" not in (closed_to(session, Subject(f"request:{team.request}")) or ())


def test_the_form_adds_lists_and_removes_and_says_when_there_is_nobody(team: Team) -> None:
    value = f"{team.sees(team.people.kim).uid}:1"
    run = {each.id: each.run for each in entrances().rows}
    with team.store.writing() as session:
        opened = run["request.colleagues"](team.call(session, team.people.kim, value=value))
        assert isinstance(opened, Open)
        assert check_view(opened.view, kind="modal") is None
        assert "Colleague at Dane Drop-in" in str(opened.view)
        call = team.call(session, team.people.kim, form=Form({"colleague": "U0DEVON"}), meta=_meta(opened))
        added = run["request.add_colleague"](call)
        assert isinstance(added, Update)
        assert "Devon was added to TA-1001 and gets a message now." in str(added.view)
        assert "Nobody else is listed with Dane Drop-in yet." in str(added.view)  # all two of them are on it
        gone = run["request.remove_colleague"](
            team.call(session, team.people.kim, value=f"{value}:{team.devon.id}", in_modal=True)
        )
        assert isinstance(gone, Update)
        assert check_view(gone.view, kind="modal") is None
        assert "Remove" not in str(gone.view)


def test_buttons_stand_where_somebody_can_be_added(team: Team) -> None:
    with team.store.writing() as session:
        alone = asked(session, team.people.kim, "alone", form(agency_name="", not_agency=True)).id
        lone = facts.one(session, alone, team.people.kim, NOW)
    for found, has in ((team.sees(team.people.kim), True), (lone, False)):
        for staff in (True, False):
            said = str(page(found, profile(), NOW, staff=staff, reader=team.people.kim.id))
            assert ("Add a colleague" in said) == has
    team.adds()
    said = str(page(team.sees(team.devon), profile(), NOW, staff=False, reader=team.devon.id))
    assert "Add a colleague" not in said
    assert "Leave" in said


def _meta(opened: Open) -> dict[str, Any]:
    return dict(json.loads(opened.view["private_metadata"]))
