"""The administrator's sections: read how the set-up stands and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from copbot.communities import sections as communities
from copbot.delivery import service as delivery
from copbot.digests import listeners as digests
from copbot.home.settings import loader
from copbot.home.setup import screens as screen
from copbot.home.setup.screens import FailedJob, Health
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD
from copbot.program.settings.filed import FROM_FILE
from copbot.program.settings.hotlines import hotlines_due
from copbot.program.settings.service import choice, chosen
from copbot.resources import sections as resources
from copbot.slack.answers import Block
from copbot.slack.entrances import Call
from copbot.slack.steps import SetupStep

LIST_TODAY = "assistance.today"
ZONE_CONFIRMED = "time_zone_confirmed"
"""The choice that holds the time zone somebody has said is right."""


def _zone(call: Call) -> SetupStep:
    """Confirmed: somebody has said it is right, or has set it."""
    zone = chosen(call.session, "time_zone")
    is_set = zone is not None and zone.by != FROM_FILE
    confirmed = is_set or choice(call.session, ZONE_CONFIRMED) == call.profile.time_zone
    return screen.zone_step(call.profile, call.now, confirmed=confirmed)


def _lines(call: Call) -> SetupStep:
    due = len(hotlines_due(call.session, call.profile, call.now))
    return screen.lines_step(due, len(call.profile.hotlines))


STEPS: tuple[Callable[[Call], SetupStep], ...] = (
    lambda call: screen.channel_step(loader.channel_found(call)),
    lambda call: screen.leads_step([each.name for each in people.leads(call.session)]),
    _zone,
    _lines,
    communities.first_one,
    resources.first_ten,
    digests.where_to,
)
"""In the order of the first afternoon. A room that has something to set up adds its step here."""


def checklist(call: Call) -> Sequence[Block]:
    return screen.checklist([step(call) for step in STEPS], call.profile)


def health(call: Call) -> Sequence[Block]:
    read = jobs.status(call.session, name=STAFF_REREAD, limit=3)
    ended = [each for each in read if each.finished is not None or each.error_code]
    good = next((each.finished for each in ended if each.state == "done"), None)
    found = Health(
        database="SQLite, in one file" if call.session.get_bind().dialect.name == "sqlite" else "PostgreSQL",
        has_channel=bool(call.wiring.staff_channel or people.staff_channel(call.session).id),
        staff_read_at=good,
        staff_trouble=ended[0].error_code if ended else "",
        waits_since=delivery.oldest_due(call.session, now=call.now),
        undelivered=delivery.count_dead(call.session),
        broken=tuple(FailedJob(each.id, each.name, each.error_code) for each in jobs.failing(call.session)),
        no_summary=_no_summary(call),
    )
    return screen.health(found, call.now, call.profile.time_zone, may_try=call.person.is_admin)


def _no_summary(call: Call) -> str:
    """Why this morning's summary of open requests was left out."""
    for ran in jobs.status(call.session, name=LIST_TODAY, limit=1):
        if ran.finished is not None and call.profile.today(ran.finished) == call.profile.today(call.now):
            return str((ran.result or {}).get("skipped") or "")
    return ""
