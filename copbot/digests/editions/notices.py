"""The digests' messages: load the edition, hand it to the screen. An edition past its day is not sent any more."""

from __future__ import annotations

from collections.abc import Callable

from copbot.delivery.readers import ANYBODY, Kinds
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.digests import rules as slots
from copbot.digests.editions import composing, placing, rules, service
from copbot.digests.editions.screens import messages
from copbot.digests.editions.values import Edition
from copbot.errors import NotFound
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def _loaded(session: Session, subject: Subject, look: Look) -> Edition | None:
    try:
        return service.edition(session, subject.ident, look.profile, look.now)
    except NotFound:
        return None


def _to_send(session: Session, subject: Subject, look: Look) -> Edition | Nothing:
    """The edition as its channel gets it now, or why it gets none."""
    found = _loaded(session, subject, look)
    if found is None:
        return Nothing("it is gone")
    if found.state == "skipped":
        return Nothing("skipped")
    if not service.is_out(session, found.uid, subject.detail):
        if placing.is_stopped(session):
            return Nothing(rules.STOPPED)
        if slots.timing(found.due_at, look.now) == "late":
            return Nothing("too late")
        if found.state != "sent" and rules.verdict(found.state, placing.approval(session)) == "hold":
            return Nothing("not approved")
    for_channel = service.for_channel(session, found, subject.detail)
    return for_channel if for_channel.has_content else Nothing("nothing new for this channel")


def edition(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _to_send(session, subject, look)
    return found if isinstance(found, Nothing) else messages.edition(found, look.profile)


def rest(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _to_send(session, subject, look)
    if isinstance(found, Nothing):
        return found
    return messages.rest(found, look.profile) or Nothing("everything fits")


def nowhere(_session: Session, _subject: Subject, look: Look) -> Message | Nothing:
    return messages.nowhere(look.profile)


def not_in(_session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    return messages.not_in(subject.ident)


def _for_leads(
    draw: Callable[[Edition, Look, Session], Message],
) -> Callable[[Session, Subject, Look], Message | Nothing]:
    def run(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = _loaded(session, subject, look)
        return Nothing("it is gone") if found is None else draw(found, look, session)

    return run


READERS: Kinds = {
    **dict.fromkeys((composing.EDITION, composing.REST), ANYBODY),
    **dict.fromkeys((composing.AHEAD, composing.SKIP_NOTE, placing.NOWHERE, placing.NOT_IN), ANYBODY),
}
"""Published resources and staff's own note: nothing that somebody wrote in a request."""

NOTICES: Notices = {
    composing.EDITION: edition,
    composing.REST: rest,
    composing.AHEAD: _for_leads(
        lambda found, look, session: messages.ahead(found, look.profile, approval=placing.approval(session))
    ),
    composing.SKIP_NOTE: _for_leads(lambda found, look, _: messages.skipped(found, look.profile)),
    placing.NOWHERE: nowhere,
    placing.NOT_IN: not_in,
}
