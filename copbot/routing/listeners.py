"""Entrances of routing: the switch and the rules, and who would get a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from copbot.errors import InvalidInput
from copbot.routing import screens, service
from copbot.routing.rules import RoutedRequest, StaffCandidate, decide
from copbot.slack.answers import Answer, Block, Done, Open, Push, Update
from copbot.slack.entrances import Call, Entrance, Who, number
from copbot.store import Session

if TYPE_CHECKING:
    from copbot.program.profile import Profile

Candidates = Callable[[Session, "Profile", datetime], Sequence[StaffCandidate]]
"""(session, profile, now) → everybody on staff with how much they have, which a higher room knows."""


def to_see(call: Call) -> Sequence[Block]:
    """For Home: rules that name somebody who has left."""
    return screens.gone(service.settings(call.session, call.profile))


def open_rules(call: Call) -> Answer:
    return Open(screens.rules_form(service.settings(call.session, call.profile), call.profile))


def save(call: Call) -> Answer:
    texts = {name: call.form.one(name) for name in screens.FIELDS}
    service.save(
        call.session, texts, on=call.form.one("switch") == screens.ON, seen=number(call.meta.get("seen")),
        by=call.person, profile=call.profile, now=call.now,
    )  # fmt: skip
    return Done()


def open_try(call: Call) -> Answer:
    view = screens.try_form(call.profile)
    return Push(view) if call.in_modal else Open(view)


def entrances(candidates: Candidates) -> tuple[Entrance, ...]:
    def try_(call: Call) -> Answer:
        topics, areas, by_when = call.form.many("topics"), call.form.many("areas"), call.form.one("by_when")
        if not topics or not areas:
            raise InvalidInput.at("areas" if topics else "topics", "Please choose at least one.")
        asked = RoutedRequest(topics, areas, call.form.one("kind"), call.profile.is_urgent(by_when))
        staff = candidates(call.session, call.profile, call.now)
        found = decide(asked, service.rules_now(call.session), staff, call.profile)
        return Update(screens.try_form(call.profile, found, on=service.is_on(call.session)), saved=False)

    who: Who = "lead_or_admin"
    return (
        Entrance("action", screens.OPEN, open_rules, who),
        Entrance("view", screens.SAVE, save, who, "write", other_text=("rule*",)),
        Entrance("action", screens.OPEN_TRY, open_try, who),
        Entrance("view", screens.TRY, try_, who),
    )
