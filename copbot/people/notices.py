"""This room's messages: load what they are about, hand it to the screen."""

from __future__ import annotations

from datetime import date

from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices
from copbot.delivery.subject import Subject
from copbot.people import screens, service
from copbot.people.staff import service as staffing
from copbot.program.settings import hotlines
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def staff_channel(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    told = subject.ident
    now = service.staff_channel(session).problem
    return screens.staff_channel(told, solved=now != told)


def staff_joined(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    users = subject.ident.split(",")
    found = [each for each in (service.identify(session, user) for user in users) if each is not None]
    joined = [(each.name, each.user) for each in found]
    return screens.staff_joined(joined) if joined else Nothing("not known")


def named_lead(session: Session, subject: Subject, _look: Look) -> Message | Nothing:
    found = service.identify(session, subject.ident)
    return screens.named_lead() if found is not None and found.is_lead else Nothing("no longer a lead")


def no_lead(session: Session, _subject: Subject, _look: Look) -> Message | Nothing:
    return screens.no_lead(solved=not staffing.last_lead_left(session))


def hotlines_due(session: Session, _subject: Subject, look: Look) -> Message | Nothing:
    due = hotlines.hotlines_due(session, look.profile, look.now)
    if not due:
        return Nothing("every line is confirmed")
    return screens.hotlines_due([(line.name, line.number, _confirmed(line.last_verified)) for line in due])


def _confirmed(day: date | None) -> str:
    return f"confirmed on {day:%B} {day.day}, {day.year}" if day else "not yet confirmed"


NOTICES: Notices = {
    "people.staff_channel": staff_channel,
    "people.staff_joined": staff_joined,
    "people.named_lead": named_lead,
    "people.staff_unread": lambda _session, about, _look: screens.staff_unread(about.ident, about.detail),
    "people.unread": lambda _session, about, _look: screens.people_unread(about.ident, about.detail),
    "people.no_lead": no_lead,
    "people.hotlines_due": hotlines_due,
}

READERS: Kinds = {
    "people.staff_channel": ANYBODY,
    "people.staff_joined": Readers(
        Audience.LEADS, lambda _session, _subject: "Somebody joined the staff channel"
    ),
    "people.named_lead": ANYBODY,
    "people.staff_unread": ANYBODY,
    "people.unread": ANYBODY,
    "people.no_lead": ANYBODY,
    "people.hotlines_due": ANYBODY,
}
