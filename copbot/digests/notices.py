"""The digests' messages: load the edition, hand it to the screen. An edition past its day is not sent any more."""

from __future__ import annotations

from datetime import date

from copbot.delivery.readers import ANYBODY, Kinds
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.digests import rules as slots
from copbot.digests.editions import composing, placing, rules, service
from copbot.digests.editions.rules import Edition
from copbot.digests.editions.screens import messages
from copbot.digests.subscriptions import screens as personal_screens
from copbot.digests.subscriptions import service as subscriptions
from copbot.digests.subscriptions.rules import GONE as UNREACHED
from copbot.digests.subscriptions.rules import STOPPED
from copbot.errors import NotFound
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

GONE = Nothing("it is gone")


def _loaded(session: Session, subject: Subject, look: Look) -> Edition | None:
    try:
        return service.edition(session, subject.ident, look.profile, look.now)
    except NotFound:
        return None


def _to_send(session: Session, subject: Subject, look: Look) -> Edition | Nothing:
    """The edition as its channel gets it now, or why it gets none."""
    found = _loaded(session, subject, look)
    if found is None:
        return GONE
    if found.state == "skipped":
        return Nothing("skipped")
    if not service.is_out(session, found.uid, subject.detail):
        if placing.is_stopped(session):
            return Nothing(rules.STOPPED)
        if slots.timing(found.due_at, look.now) == "late":
            return Nothing("too late")
        if found.state != "sent" and rules.is_held(found.state, placing.approval(session)):
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


def _of_day(session: Session, kind: str, subject: Subject, look: Look) -> list[Edition]:
    """All of a day that the reader looks after. What the last release said is about one edition."""
    uids = [subject.ident]
    if subject.kind == kind:
        uids = composing.of_day(session, kind, look.to, date.fromisoformat(subject.ident))
    loaded = (_loaded(session, Subject(f"edition:{uid}"), look) for uid in uids)
    return [each for each in loaded if each is not None]


def ahead(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found, approval = _of_day(session, composing.AHEAD, subject, look), placing.approval(session)
    if len(found) > 1:
        return messages.all_ahead(found, look.profile, approval=approval)
    return messages.ahead(found[0], look.profile, approval=approval) if found else GONE


def skipped(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = _of_day(session, composing.SKIP_NOTE, subject, look)
    return messages.skipped(found, look.profile) if found else GONE


def personal(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = subscriptions.personal(session, subject.ident, look.now)
    if found is None:
        return GONE
    if not subscriptions.is_out(session, subject.ident):
        if found.stopped_by_lead:
            return Nothing(rules.STOPPED)
        if found.subscription.state in (STOPPED, UNREACHED):
            return Nothing("stopped")
        if slots.timing(found.slot_at, look.now) == "late":
            return Nothing(subscriptions.TOO_LATE)
    if not any(item.shown for item in found.items) and not found.extras.news:
        return Nothing("nothing new")
    return personal_screens.personal(found, look.profile)


NOTICES: Notices = {
    composing.EDITION: edition,
    composing.REST: rest,
    composing.AHEAD: ahead,
    composing.SKIP_NOTE: skipped,
    subscriptions.PERSONAL: personal,
    placing.NOWHERE: lambda _session, _subject, look: messages.nowhere(look.profile),
    placing.NOT_IN: lambda _session, subject, _look: messages.not_in(subject.ident),
}
READERS: Kinds = dict.fromkeys(NOTICES, ANYBODY)
"""Published resources and staff's own note: nothing that somebody wrote in a request."""
