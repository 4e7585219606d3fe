"""What stands in Home, for whom, and in which order. A room that has something to show adds one line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from copbot.alerts import listeners as alerts
from copbot.assistance import sections as assistance
from copbot.communities import sections as communities
from copbot.digests import listeners as digests
from copbot.followup import listeners as followup
from copbot.home.screens import DrawnSection, bounded, page
from copbot.home.settings import loader
from copbot.home.setup import sections as setup
from copbot.imports import sections as imports
from copbot.people import sections as people
from copbot.slack.answers import Block, View
from copbot.slack.entrances import Call, Who, may


@dataclass(frozen=True)
class HomeSection:
    """One room's section. `load` reads its values and hands them to the room's screen; nothing to show: empty."""

    name: str
    title: str
    who: Who
    load: Callable[[Call], Sequence[Block]]


PARTS = (
    HomeSection("load", "Workload", "lead", assistance.load),
    HomeSection("queue", "Requests", "staff", assistance.queue),
    HomeSection("came_of_it", "What came of it", "lead", followup.came_of_it),
    HomeSection("set_up", "Set-up", "admin", setup.checklist),
    HomeSection("own", "Your requests", "anyone", assistance.own_requests),
    HomeSection("communities", "Your communities", "anyone", communities.own),
    HomeSection("resources", "Resources", "anyone", imports.library),
    HomeSection("digest", "Your digest", "anyone", digests.own),
    HomeSection("alerts", "Alerts", "staff", alerts.current),
    HomeSection("feeds", "Feeds and calendars", "staff", imports.sources),
    HomeSection("letters", "Not delivered", "staff", assistance.undelivered),
    HomeSection("profile", "About you", "anyone", people.about_you),
    HomeSection("staff", "Your work here", "staff", people.your_work),
    HomeSection("choices", "The program", "lead_or_admin", loader.overview),
    HomeSection("health", "Health", "lead_or_admin", setup.health),
)


def view_of(call: Call) -> View:
    """The person's Home as it is now."""
    return page(call.profile, [_drawn(part, call) for part in PARTS if may(call.person, part.who)])


def part_of(call: Call, name: str) -> DrawnSection | None:
    """One section on its own; None for one that is not there or not for this person."""
    part = next((part for part in PARTS if part.name == name), None)
    return _drawn(part, call) if part is not None and may(call.person, part.who) else None


def _drawn(part: HomeSection, call: Call) -> DrawnSection:
    return DrawnSection(part.name, part.title, bounded(part.load(call)))
