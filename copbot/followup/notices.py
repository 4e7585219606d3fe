"""The questions after Done, loaded for their screens."""

from __future__ import annotations

from copbot.assistance.views import facts
from copbot.delivery.readers import ANYBODY, Kinds
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.followup import rules, screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

_GONE = Nothing("the request is gone")


def feedback(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None:
        return _GONE
    answered = service.has_answered(session, found.id)
    ready = rules.is_delivered_before_today(found.delivered_at, look.profile.hours, look.now)
    return (
        screens.feedback(found, look.profile, answered=answered)
        if answered or ready
        else Nothing(service.NOT_YET)
    )


def outcome(session: Session, subject: Subject, look: Look) -> Message | Nothing:
    found = facts.notice(session, subject.number, look.now)
    if found is None:
        return _GONE
    said, barrier = service.outcome_of(session, found.id)
    if not said and found.delivered_at is None:
        return Nothing("it is open again")
    return screens.outcome(found, look.profile, said=said, barrier=barrier)


NOTICES: Notices = {service.FEEDBACK: feedback, service.OUTCOME: outcome}
READERS: Kinds = dict.fromkeys(NOTICES, ANYBODY)
