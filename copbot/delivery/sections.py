"""What delivery shows in Home."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from copbot.delivery import screens, service
from copbot.delivery.screens import Letter
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.store import Session

SHOWN = 5


Names = Callable[[Session, Iterable[str]], Mapping[str, str]]
"""(session, subjects of messages) → what staff call what they are about; subjects it does not know are left out."""


def _no_names(_session: Session, _subjects: Iterable[str]) -> Mapping[str, str]:
    return {}


def dead_letters(call: Call, *, names: Names = _no_names) -> Sequence[Block]:
    page = service.dead_letters(call.session)
    shown = page.items[:SHOWN]
    known = names(call.session, [each.subject for each in shown])
    letters = [Letter(each.id, each.kind, each.code, each.to, known.get(each.subject, "")) for each in shown]
    return screens.dead_letters(letters, more=len(page.items) > SHOWN)
