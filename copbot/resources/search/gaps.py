"""What people looked for and did not find: kept as topic and area, never as typed."""

from __future__ import annotations

from datetime import date, datetime

from copbot.delivery import service as delivery
from copbot.people import service as people
from copbot.program.profile import Profile
from copbot.resources.library import readers, tables
from copbot.store import Session


def tell(session: Session, topic: str, area: str, *, profile: Profile, now: datetime) -> None:
    """Staff read what is missing: one message a month for each topic and area, kept up to date."""
    month = readers.month_of(profile, now)
    tables.count_gap(session, month, topic, area)
    channel = people.notice_channel(session)
    if channel is not None:
        subject = f"gap:{month:%Y-%m}:{topic}:{area}"
        delivery.say(session, "resources.gap", subject, to=channel, key=f"resources.{subject}", now=now)
        delivery.refresh(session, subject, now=now)


def told(session: Session, month: date, topic: str, area: str) -> int:
    """How many people told staff so in this month."""
    return tables.gap_count(session, month, topic, area)
