"""The next edition in plain lines, for the command line: stored, or put together from what is there now."""

from __future__ import annotations

from datetime import datetime

from copbot.digests import rules as slots
from copbot.digests.editions import composing, placing, service
from copbot.digests.editions.tables import PROGRAM
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
    newest = service.newest(session, digest, profile, now)
    stored = next((each for each in newest if each.period == slot.period), None)
    when = spoken(stored.due_at if stored else slot.at, digest.schedule.zone)
    if stored is not None and stored.state == "skipped":
        return f"The digest of {when} is not sent: {stored.why}."
    if stored is not None:
        lines = [f"The digest of {when} ({stored.state}), to {len(stored.channels)} channels:"]
        items, held = [(item.resource.title, item.why) for item in stored.shown], stored.held_back
    else:
        found, _ = composing.composed(session, digest, slot, profile, now)
        titles = {each.id: each.title for each in library.by_ids(session, [item.id for item in found.items])}
        items, held = [(titles.get(item.id, ""), item.why) for item in found.items], found.held_back
        lines = [
            f"The digest of {when}, as it would be put together now, to {len(digest.channels)} channels:"
        ]
        if not items:
            lines = [f"The digest of {when} would not be sent: there is nothing new."]
    lines += [f"  {number}. {title} ({why})" for number, (title, why) in enumerate(items, 1)]
    return "\n".join([*lines, *(f"  Held back: {title}: {why}" for title, why in held)])
