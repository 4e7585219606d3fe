"""What the register shows in Home: read the values, hand them to the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from copbot.assistance import rules, tables
from copbot.assistance.tables import EventRow
from copbot.assistance.views import list_screens, lists
from copbot.assistance.workflow.participants import may_see
from copbot.delivery import sections as delivery
from copbot.delivery.subject import Subject
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.slack.person import Person
from copbot.store import Session


def own_requests(call: Call) -> Sequence[Block]:
    found = lists.own(call.session, call.person, call.now)
    empty = "" if call.person.is_staff else list_screens.NOTHING_ASKED
    return list_screens.own_requests(found, call.profile, call.now, reader=call.person.id, empty=empty)


def queue(call: Call) -> Sequence[Block]:
    found = lists.queue(call.session, call.person, call.now)
    return list_screens.queue(found, call.profile, reader=call.person.id)


def undelivered(call: Call) -> Sequence[Block]:
    """Messages that did not arrive, with the request and the person that each is about."""
    return delivery.dead_letters(call, names=partial(names, person=call.person))


def load(call: Call) -> Sequence[Block]:
    return list_screens.load(lists.candidates(call.session, call.profile, call.now))


def names(session: Session, subjects: Iterable[str], *, person: Person) -> Mapping[str, str | None]:
    """What staff call the request that a message is about: `TA-1042, Kim`; None for one they may not see.

    Other subjects are left out.
    """
    found: dict[str, str | None] = {}
    for about in map(Subject, subjects):
        event = session.get(EventRow, about.number) if about.kind == "event" else None
        ident = about.number if about.kind == "request" else event.request_id if event is not None else 0
        request = tables.around(session, ident) if ident else None
        if request is not None:
            named = f"{rules.label(request.request.id)}, {request.requester.name}"
            found[about] = named if may_see(session, request.request, person) else None
    return found
