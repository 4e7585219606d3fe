"""The next edition in plain lines, for the command line: stored, or put together from what is there now."""

from __future__ import annotations

from datetime import datetime

from copbot.digests import rules as slots
from copbot.digests.editions import composing, placing, service
from copbot.digests.editions.rules import Composition
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.editions.values import Digest, Edition
from copbot.program.profile import Profile
from copbot.resources.library import service as library
from copbot.slack.text import spoken
from copbot.store import Session


def as_text(session: Session, profile: Profile, now: datetime) -> str:
    """What the program's next digest holds at that time, with what is held back and why."""
    digest = placing.find(session, PROGRAM, profile, now)
    if digest is None or not digest.channels:
        return "No channel gets the digest yet. Type /digest here in the channel that should get it."
    slot = slots.next_slot(digest.schedule, now)
    period = slot.period
    stored = next(
        (each for each in service.newest(session, digest, profile, now) if each.period == period), None
    )
    if stored is not None:
        return _stored(stored, digest)
    found, _ = composing.composed(session, digest, slot, profile, now)
    return _composed(session, found, digest, slot.at)


def _stored(found: Edition, digest: Digest) -> str:
    when = spoken(found.due_at, digest.schedule.zone)
    if found.state == "skipped":
        return f"The digest of {when} is not sent: {found.why}."
    lines = [f"The digest of {when} ({found.state}), to {len(found.channels)} channels:"]
    lines += [f"  {number}. {item.resource.title} ({item.why})" for number, item in enumerate(found.shown, 1)]
    return "\n".join([*lines, *_held(found.held_back)])


def _composed(session: Session, found: Composition, digest: Digest, at: datetime) -> str:
    when = spoken(at, digest.schedule.zone)
    if not found.items:
        return "\n".join(
            [f"The digest of {when} would not be sent: there is nothing new.", *_held(found.held_back)]
        )
    titles = {each.id: each.title for each in library.by_ids(session, [item.id for item in found.items])}
    lines = [f"The digest of {when}, as it would be put together now, to {len(digest.channels)} channels:"]
    lines += [
        f"  {number}. {titles.get(item.id, '')} ({item.why})" for number, item in enumerate(found.items, 1)
    ]
    return "\n".join([*lines, *_held(found.held_back)])


def _held(held: tuple[tuple[str, str], ...]) -> list[str]:
    return [f"  Held back: {title}: {why}" for title, why in held]
