"""What the screens of the program's choices are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from copbot.about import listeners as about
from copbot.home.settings import screens as screen
from copbot.home.settings.screens import LINES_GROUP, STAFF_GROUP, ShownLine
from copbot.home.settings.staff_screens import StaffChannelStatus
from copbot.people import service as people
from copbot.people.words import problem_words
from copbot.program.schema.vocabulary import Hotline
from copbot.program.settings import editable
from copbot.program.settings.edits import PARTS, VERIFIED, VERIFIED_BY, Edited, differences, everything
from copbot.program.settings.filed import Called
from copbot.program.settings.hotlines import hotlines_due
from copbot.routing import listeners as routing
from copbot.slack.answers import Block, View
from copbot.slack.differences import FileDifference
from copbot.slack.entrances import Call


def channel_found(call: Call) -> StaffChannelStatus:
    found = people.staff_channel(call.session)
    staff = len(people.staff_list(call.session))
    return StaffChannelStatus(found.id, problem_words(found.problem), bool(call.wiring.staff_channel), staff)


def overview(call: Call) -> Sequence[Block]:
    parts = editable.editables(call.profile).values()
    groups = list(dict.fromkeys([*(part.group for part in parts), STAFF_GROUP]))
    differing = len(differences(call.session, call.profile))
    in_set_up = call.person.is_admin  # where the lines are a step
    due = 0 if in_set_up else len(hotlines_due(call.session, call.profile, call.now))
    return [*screen.overview(groups, differing, due), *routing.to_see(call), *about.to_see(call)]


def environment(call: Call) -> dict[str, str]:
    """What the environment says of choices: it beats them."""
    return {"staff_channel": call.wiring.staff_channel} if call.wiring.staff_channel else {}


def group_view(call: Call, group: str, page: int = 0, note: str = "") -> View:
    """One group as it is now; the lines have a view of their own."""
    if group == LINES_GROUP:
        return lines_view(call, page, note)
    parts = _parts(call, group)
    called, zone = caller(call, [part.by for part in parts]), call.profile.time_zone
    named = [_named(call, part) for part in parts]
    return screen.group_view(group, named, page=page, called=called, zone=zone, note=note)


def lines_view(call: Call, page: int = 0, note: str = "") -> View:
    due = {line.id for line in hotlines_due(call.session, call.profile, call.now)}
    filed = {line.id: line for line in call.profile.filed.hotlines}
    lines = [_shown(part, due, filed) for part in _parts(call, LINES_GROUP)]
    called = caller(call, [user for line in lines for user in (line.part.by, line.verified_by)])
    return screen.lines_view(lines, page=page, called=called, note=note)


def _shown(part: Edited, due: set[str], filed: Mapping[str, Hotline]) -> ShownLine:
    value, ident = part.value or {}, part.name.partition(".")[2]
    day, by, line = value.get(VERIFIED), value.get(VERIFIED_BY, ""), filed.get(ident)
    check, essential = (line.check or "", line.essential) if line is not None else ("", False)
    verified = date.fromisoformat(day) if day else None
    return ShownLine(part, ident in due, verified, by, line is not None, check, essential)


def file_differences(call: Call) -> list[FileDifference]:
    found = differences(call.session, call.profile)
    return [screen.difference(each, PARTS.mark(each)) for each in found]


def caller(call: Call, users: Sequence[str]) -> Called:
    """Names the users for people to read; one query for all of them."""
    known = people.names_of(call.session, sorted({user for user in users if user}))
    return lambda user: people.NOBODY.get(user) or known.get(user, "somebody else")


def _parts(call: Call, group: str) -> list[Edited]:
    parts = everything(call.session, call.profile, environment=environment(call))
    return [part for part in parts if part.group == group]


def _named(call: Call, part: Edited) -> Edited:
    """Ids of people and channels as Slack's own links would not show in plain text: leads by name."""
    users = (part.value or {}).get("leads", "").split()
    if not users:
        return part
    return replace(part, value={"leads": ", ".join(sorted(map(caller(call, users), users)))})


def texts(form: Mapping[str, object], part: Edited) -> dict[str, str]:
    """What stands in the form's fields."""
    return {each.name: str(form.get(each.name) or "") for each in part.fields}
