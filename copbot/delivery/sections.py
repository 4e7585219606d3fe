"""What delivery shows in Home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from copbot.delivery import screens, service
from copbot.delivery.screens import Letter
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.store import Session

SHOWN = 5


Names = Callable[[Session, Iterable[str]], Mapping[str, str | None]]
"""(session, subjects of messages) → what staff call what they are about, None for what the reader may not see.

Subjects it does not know are left out."""


def _no_names(_session: Session, _subjects: Iterable[str]) -> Mapping[str, str | None]:
    return {}


def dead_letters(call: Call, *, names: Names = _no_names) -> Sequence[Block]:
    page = service.dead_letters(call.session)
    shown = page.items[:SHOWN]
    known = names(call.session, [each.subject for each in shown])
    named = [(each, known.get(each.subject, "")) for each in shown]
    letters = [
        Letter(each.id, each.kind, each.code, each.to, name) for each, name in named if name is not None
    ]
    return screens.dead_letters(letters, more=len(page.items) > SHOWN)
