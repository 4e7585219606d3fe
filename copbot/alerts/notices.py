"""The alert as its readers have it, and staff's card. One that has ended is not sent to anybody any more."""

from __future__ import annotations

from copbot.alerts import rules, screens, service
from copbot.delivery import service as delivery
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import service as people
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def alert(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    """The alert itself, or the correction whose number is the subject's detail."""
    found = service.known(session, subject.ident, look.now)
    if found is None or found.state != rules.APPROVED or (found.is_over and not look.posted):
        return Nothing("it has ended")
    return screens.alert(found, look.profile, number=int(subject.detail or 0))


def card(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = service.known(session, subject.ident, look.now)
    if found is None:
        return Nothing("it is gone")
    names = [people.name_of(session, user) for user in (found.by, found.approved_by)]
    sent = delivery.progress(session, service.ALERT, subject)
    newest = delivery.progress(session, service.CORRECTION, f"{subject}:{found.corrections}")
    return screens.card(found, look.profile, names=names, sent=sent, newest=newest)


NOTICES: Notices = {service.ALERT: alert, service.CORRECTION: alert, service.CARD: card}
READERS: Kinds = {
    **dict.fromkeys((service.ALERT, service.CORRECTION), ANYBODY),
    service.CARD: Readers(Audience.STAFF, lambda _session, _subject: "An alert"),
}
