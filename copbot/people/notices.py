"""This room's messages: load what they are about, hand it to the screen."""

from __future__ import annotations

from copbot.delivery.render import Look, Notices
from copbot.people import screens, service
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


def staff_channel(session: Session, subject: str, _look: Look) -> Message | Nothing:
    told = subject.partition(":")[2]
    now = service.staff_channel(session).problem
    return screens.staff_channel(told, solved=now != told)


def staff_joined(session: Session, subject: str, _look: Look) -> Message | Nothing:
    user = subject.partition(":")[2]
    found = service.identify(session, user)
    return Nothing("not known") if found is None else screens.staff_joined(found.name, user)


def staff_unread(_session: Session, subject: str, _look: Look) -> Message | Nothing:
    return screens.staff_unread(subject.partition(":")[2])


NOTICES: Notices = {
    "people.staff_channel": staff_channel,
    "people.staff_joined": staff_joined,
    "people.staff_unread": staff_unread,
}
