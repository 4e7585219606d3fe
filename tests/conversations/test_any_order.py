"""Whatever is written, edited, deleted, lost, doubled and restarted, in whatever order: staff see what stands in Slack."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.assistance.jobs import UPKEEP
from copbot.assistance.workflow import service
from copbot.conversations.jobs import READ
from copbot.sandbox import posting
from copbot.store import Store
from tests.conversations.kit import Office

messages = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("says"), messages, st.booleans()),
    st.tuples(st.just("edits"), messages, st.booleans()),
    st.tuples(st.just("deletes"), messages),
    st.tuples(st.just("hears"), st.integers(0, 9), st.sampled_from((0.0, 0.3, 1.0))),
    st.tuples(st.just("hears"), st.integers(0, 9), st.just(0.0)),
    st.tuples(st.just("reads")),
    st.tuples(st.just("restarts")),
    st.tuples(st.just("loses_root")),
)


@dataclass
class Story:
    """What somebody wrote, beside the office in which staff must end up seeing it."""

    office: Office
    ident: int
    placed: dict[int, str] = field(default_factory=dict)
    version: int = 0

    def text(self, n: int, *, is_private: bool) -> str:
        self.version += 1
        mark = f"request {self.ident} number {n} version {self.version}."
        return f"My client Maria Jones was born 03/04/1988: {mark}" if is_private else f"Kits: {mark}"

    def says(self, n: int, is_private: bool) -> None:
        if n not in self.placed:
            thread = self.placed.get(0, "") if n == 1 else ""
            self.placed[n] = self.office.says("kim", self.text(n, is_private=is_private), thread=thread)

    def edits(self, n: int, is_private: bool) -> None:
        """Twice, so that one of the two events may come too late."""
        for private in (not is_private, is_private):
            if self.placed.get(n) in self.standing():
                self.office.edits("kim", self.placed[n], self.text(n, is_private=private))

    def deletes(self, n: int) -> None:
        if self.placed.get(n) in self.standing():
            self.office.deletes("kim", self.placed[n])

    def hears(self, seed: int, lost: float) -> None:
        """Some events never come, the others in any order and some twice."""
        chance = random.Random(seed)
        events = [each for each in self.office.events() if chance.random() >= lost]
        events += [each for each in events if chance.random() < 0.3]
        chance.shuffle(events)
        self.office.hears(events)

    def reads(self) -> None:
        self.office.later(minutes=2)
        self.office.runs(READ)
        self.office.delivers()
        self.office.runs(UPKEEP)
        self.office.delivers()

    def restarts(self) -> None:
        self.office.restarts()

    def loses_root(self) -> None:
        channel, root = (
            self.office.state.channels[self.office.staff_channel],
            self.office.notice(self.ident).ts,
        )
        if root in channel.messages:
            posting.delete(self.office.world, channel, channel.messages[root])

    def standing(self) -> dict[str, str]:
        """Text by ts of what stands in Slack now."""
        found = self.office.state.dm(self.office.slack.user("kim")).messages
        mine = {ts: found[ts] for ts in self.placed.values() if ts in found}
        return {ts: str(m["text"]) for ts, m in mine.items() if m.get("subtype") != "tombstone"}

    def check(self) -> None:
        shown = sorted(text for text in self.standing().values() if "Maria" not in text)
        copies = self.office.thread(self.ident)
        assert len(copies) == len(shown)
        assert all(sum(text in copy for copy in copies) == 1 for text in shown)
        channel = self.office.state.channels[self.office.staff_channel]
        others = [
            m for m in channel.messages.values() if json.dumps(m) and f"request {self.ident} number" in str(m)
        ]
        assert len(others) == len(copies)
        assert self.office.loose() == []
        mine = [each for each in self.office.entries() if each.request_id == self.ident]
        assert sorted(each.text for each in mine if each.text) == shown
        held = [each for each in self.standing().values() if "Maria" in each]
        assert len(self.office.has("kim", "wasn't sent to staff")) == len(held)
        assert "Maria" not in str([each.text for each in mine])


@pytest.fixture
def office(sqlite_store: Store) -> Office:
    return Office(sqlite_store)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(story=st.lists(steps, min_size=6, max_size=16))
def test_staff_end_up_seeing_what_stands_in_slack_once_each(
    office: Office, story: list[tuple[str, ...]]
) -> None:
    office.events()
    office.runs(READ)
    told = Story(office, office.asks())
    for name, *how in story:
        getattr(told, name)(*how)
    office.events()  # what has not been heard by now never is
    for _ in range(2):
        told.reads()
    try:
        told.check()
    finally:
        for ts in told.standing():
            office.deletes("kim", ts)
        office.hears()
        office.does(
            service.close, "ravi", told.ident, version=None, reason="duplicate", words="", referral=""
        )
        office.later(minutes=2)
