"""A Home that was ever drawn for staff is drawn again when its owner is staff no more, however long ago they opened it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from copbot.home.jobs import RedrawTiming, Refresher
from copbot.home.parts import view_of
from copbot.people import service as people
from copbot.program.settings.edits import effective
from copbot.sandbox.people import TEAM
from copbot.slack.entrances import Call
from copbot.slack.errors import Refused
from copbot.slack.person import Person
from copbot.store import Session, Store
from copbot.store.purge import purge
from tests.assistance.given import asked, form
from tests.communities.kit import PROFILE
from tests.readers.kit import CANARY, Office
from tests.readers.test_former_staff import ENDS

LONG = timedelta(days=40)


class Homes:
    """An office whose staff look at their Homes, in which a request of somebody else's stands."""

    def __init__(self, store: Store) -> None:
        self.office = Office(store)
        parts = (store, self.office.slack, self.office.clock, PROFILE, self._identify)
        timing = RedrawTiming(settle=0.0, gap=0.0, pause=0.0)
        self.homes = Refresher(*parts, wiring=self.office.wiring, timing=timing)
        kim = self.office.person("kim")
        with store.writing() as session:
            asked(session, kim, filled=form(need=CANARY), channel=self.office.staff.id)

    def _identify(self, session: Session, user: str, _seen: dict[str, Any] | None = None) -> Person | None:
        return people.identify(session, user, None, TEAM["id"])

    def opens(self, handle: str) -> None:
        """As the answer to opening it does."""
        user = self.office.slack.user(handle)
        with self.office.store.reading() as session:
            person = self._identify(session, user)
            assert person is not None
            profile, now = effective(session, PROFILE), self.office.clock.now()
            view = view_of(Call(session, person, now, profile, team=TEAM["id"], wiring=self.office.wiring))
        answer = self.office.slack.call("views.publish", user_id=user, view=view)
        self.homes.published(user, view, str(answer["view"]["hash"]))

    def shows(self, handle: str) -> bool:
        """Whether the request's text stands in this person's Home."""
        state = self.office.slack.world.state
        return CANARY in str(state.views[state.homes[self.office.slack.user(handle)]].body)


@pytest.fixture
def homes(sqlite_store: Store) -> Homes:
    return Homes(sqlite_store)


@pytest.mark.parametrize("how", [how for how in ENDS if how != "stranger"])  # Slack draws no Home for those
def test_the_text_is_gone_at_the_next_round(homes: Homes, how: str) -> None:
    for handle in ("ravi", "mei"):
        homes.opens(handle)
    assert homes.shows("ravi")
    homes.office.later(LONG)
    ENDS[how](homes.office)
    homes.homes.round()
    assert not homes.shows("ravi")
    assert homes.shows("mei")
    published = homes.office.slack.count("views.publish")
    homes.homes.round()
    assert homes.office.slack.count("views.publish") == published


def test_who_is_staff_is_not_forgotten_after_a_month(homes: Homes) -> None:
    homes.opens("ravi")
    homes.opens("kim")
    homes.office.later(LONG)
    assert purge(homes.office.store, homes.office.clock.now())["home_views"] == 1
    ENDS["left"](homes.office)
    homes.homes.round()
    assert not homes.shows("ravi")


def test_a_home_that_slack_will_not_take_is_tried_again_after_a_while(homes: Homes) -> None:
    homes.opens("ravi")
    homes.office.later(LONG)
    ENDS["left"](homes.office)
    homes.office.slack.fails("views.publish", Refused("user_not_found", "views.publish"), times=2)
    for _ in range(5):
        homes.homes.round()
    assert len(homes.office.slack.answers) == 1
    homes.homes._refused.clear()
    homes.homes.round()
    homes.homes._refused.clear()
    homes.homes.round()
    assert not homes.shows("ravi")
