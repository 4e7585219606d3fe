"""Whatever is said, changed, taken back and broken, in whatever order: Slack ends up matching the rows, each once."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.delivery import service
from copbot.slack.answers import Nothing
from tests.delivery.kit import QUICK, House

PLACES = ("general", "kim")
METHODS = ("chat.postMessage", "chat.update", "chat.delete", "conversations.history", "conversations.replies")
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "answer_lost"},
    {"kind": "answer_lost", "late": 0.1},
    {"kind": "answer_lost", "late": 0.2, "times": 2},
    {"kind": "http_500"},
    {"kind": "http_503", "effect": True},
    {"kind": "reset"},
    {"kind": "refuse", "error": "internal_error", "effect": True},
    {"kind": "refuse", "error": "fatal_error"},
)

LATE = replace(QUICK, recheck_after=0.25)

subjects = st.integers(0, 3)
steps = st.one_of(
    st.tuples(st.just("says"), subjects, st.sampled_from(PLACES), st.booleans()),
    st.tuples(st.just("changes"), subjects),
    st.tuples(st.just("silences"), subjects),
    st.tuples(st.just("unsays"), subjects),
    st.tuples(st.just("breaks"), st.sampled_from(METHODS), st.sampled_from(FAULTS)),
    st.tuples(st.just("sends")),
    st.tuples(st.just("sends")),
    st.tuples(st.just("loses"), subjects),
)
_round = itertools.count(1)


@dataclass
class Story:
    """What was asked for, beside the house that has to make it so."""

    house: House
    name: str
    places: dict[str, str]
    rows: dict[int, tuple[int, str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    version: int = 0

    def subject(self, n: int) -> str:
        return f"{self.name}.{n}"

    def tell(self, n: int) -> str:
        self.version += 1
        return f"{self.subject(n)} v{self.version}."

    def says(self, n: int, place: str, in_thread: bool) -> None:
        if n in self.rows:
            return
        root = self.rows.get(0)
        thread = root[0] if in_thread and root and root[1] == place else None
        self.house.words.of[self.subject(n)] = self.tell(n)
        ident = self.house.say(self.subject(n), to=self.places[place], thread_of=thread, urgent=True)
        self.rows[n] = (ident, place)

    def changes(self, n: int) -> None:
        if n in self.rows:
            self.house.words.of[self.subject(n)] = self.tell(n)
            self.house.refresh(self.subject(n))

    def silences(self, n: int) -> None:
        if n in self.rows:
            self.house.words.of[self.subject(n)] = Nothing("nothing new")
            self.house.refresh(self.subject(n))

    def unsays(self, n: int) -> None:
        if n in self.rows:
            self.house.unsay(self.subject(n))
            self.gone.add(n)

    def breaks(self, method: str, fault: dict[str, Any]) -> None:
        self.house.ws.faults.add(method, **fault)

    def sends(self) -> None:
        self.house.sender.turn()

    def loses(self, n: int) -> None:
        """Somebody deletes the message by hand, and the event tells us."""
        if n not in self.rows or self.rows[n][1] != "general":
            return
        for message in self.house.messages("general"):
            if message.text().startswith(f"{self.subject(n)} "):
                self.house.ws.person("ines").deletes(message)
                with self.house.store.writing() as session:
                    service.vanished(session, message.channel, message.ts, self.house.clock.now())

    def expected(self, place: str) -> Counter[str]:
        wanted = [n for n, (_, at) in self.rows.items() if at == place and n not in self.gone]
        words = [self.house.words.of[self.subject(n)] for n in wanted]
        return Counter(word for word in words if isinstance(word, str))

    def standing(self, place: str) -> Counter[str]:
        seen = self.house.seen(place) if place == "general" else self.house.dm(place)
        return Counter(text for text in seen if text.startswith(f"{self.name}."))


@pytest.mark.both_databases
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, min_size=4, max_size=16))
def test_any_interleaving_ends_with_slack_matching_the_rows_inv5(house: House, script: list[Any]) -> None:
    house.sender = house.another(timing=LATE)
    house.ws.faults.clear()
    places = {place: house.place(place) for place in PLACES}
    story = Story(house, f"story{next(_round)}", places)
    for verb, *arguments in script:
        getattr(story, verb)(*arguments)
    house.work(within=30)
    for place in PLACES:
        assert story.standing(place) == story.expected(place)
    for ident, _ in story.rows.values():
        assert house.row(ident).state in ("shown", "nothing", "gone")
