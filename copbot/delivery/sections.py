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
    """The oldest of those that the reader may see: what is confidential hides none of the others."""
    letters: list[Letter] = []
    after: int | None = 0
    while after is not None and len(letters) <= SHOWN:
        page = service.dead_letters(call.session, after)
        known = names(call.session, [each.subject for each in page.items])
        named = [(each, known.get(each.subject, "")) for each in page.items]
        letters += [
            Letter(each.id, each.kind, each.code, each.to, name) for each, name in named if name is not None
        ]
        after = page.next
    return screens.dead_letters(letters[:SHOWN], more=len(letters) > SHOWN)
