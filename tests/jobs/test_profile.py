"""A job works with the profile as it counts when it begins."""

from __future__ import annotations

from copbot.clock import FixedClock
from copbot.jobs.runner import Runner
from copbot.jobs.work import Job, Work
from copbot.store import Store
from tests.jobs.kit import NOON, QUICK, ask
from tests.program.editing import changed, seeded


def test_what_a_lead_changed_is_there_in_the_next_job(store: Store) -> None:
    profile = seeded(store)
    seen: list[str] = []

    def look(work: Work) -> None:
        seen.append(work.profile.contact.phone)

    running = Runner(store, [Job("look", look)], None, FixedClock(NOON), profile, timing=QUICK)
    ask(store, "look", "look:1")
    running.turn()
    changed(store, profile, "contact", phone="608-555-0199")
    ask(store, "look", "look:2")
    running.turn()
    assert seen == ["608-555-0100", "608-555-0199"]
