"""What no single setting can show: ids used twice, names that lead nowhere, lists Slack would refuse.

These look at the values as written, so that all faults are told at once, whatever else is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from copbot.program.calendar import closed_days
from copbot.program.schema.areas import Area
from copbot.program.schema.faults import did_you_mean
from copbot.program.schema.source import Loc, ParsedSource
from copbot.program.schema.vocabulary import OPTIONS

_LISTS = (
    "topics", "kinds", "by_when", "close_reasons", "contact_categories", "contact_formats", "fund_sources",
    "agency_kinds", "hotlines", "calendars",
)  # fmt: skip
_MOST = f"Slack shows at most {OPTIONS}"
_AREA_LISTS = ("regions", "nations", "counties")
_STABLE = "give each its own; an id once used for something else must not come back"


def check_program(source: ParsedSource) -> None:
    for name in _LISTS:
        _unique_ids(source, source.entries(name), {})
    _topics_stand_in_one_group(source)
    _commands_differ(source)
    _holidays_are_known(source)


def check_areas(sources: Iterable[ParsedSource]) -> None:
    seen: dict[str, str] = {}
    for source in sources:
        if source.data is None:
            continue
        single = [((name,), source.data.get(name)) for name in ("statewide", "outside")]
        listed = [entry for name in _AREA_LISTS for entry in source.entries(name)]
        _unique_ids(source, [(loc, row) for loc, row in single if isinstance(row, dict)] + listed, seen)
        _regions_are_known(source)


def check_groups(source: ParsedSource, areas: tuple[Area, ...]) -> None:
    """Several area files together may be more than one list holds."""
    groups = Counter(area.group for area in areas)
    for heading, count in groups.items():
        if count > OPTIONS:
            wrong = f"puts {count} areas under the heading “{heading}”"
            source.fault(("area_files",), wrong, f"{_MOST}; name another heading or region")
    if len(groups) > OPTIONS:
        source.fault(
            ("area_files",), f"makes {len(groups)} groups of areas", f"{_MOST}; put regions together"
        )


def _unique_ids(
    source: ParsedSource, entries: Iterable[tuple[Loc, dict[str, Any]]], seen: dict[str, str]
) -> None:
    for loc, row in entries:
        own_id = row.get("id")
        if not isinstance(own_id, str):
            continue
        if own_id in seen:
            source.fault((*loc, "id"), f"the id “{own_id}” is already used in {seen[own_id]}", _STABLE)
        else:
            seen[own_id] = f"{source.file} on line {source.line((*loc, 'id'))}"


def _topics_stand_in_one_group(source: ParsedSource) -> None:
    group_of: dict[str, Any] = {}
    for loc, group in source.entries("topics"):
        for at, topic in source.entries(*loc, "topics"):
            own_id = topic.get("id")
            if not isinstance(own_id, str):
                continue
            if own_id in group_of:
                wrong = f"the topic “{own_id}” already stands in the group “{group_of[own_id]}”"
                source.fault((*at, "id"), wrong, "keep it in one group, or give this one another id")
            else:
                group_of[own_id] = group.get("id")


def _commands_differ(source: ParsedSource) -> None:
    commands = source.data.get("commands")
    taken: dict[str, str] = {}
    for name, command in (commands if isinstance(commands, dict) else {}).items():
        if not isinstance(command, str):
            continue
        if command in taken:
            source.fault(("commands", name), f"is the same as `{taken[command]}`", "choose another word")
        taken[command] = name


def _holidays_are_known(source: ParsedSource) -> None:
    written = source.data.get("holidays")
    if not isinstance(written, dict):
        return
    country, part = written.get("country"), written.get("subdivision")
    calendars = closed_days.calendar_names()
    if country is None:
        if part is not None:
            source.fault(("holidays", "subdivision"), "names no country", "add `country: US`, or remove it")
        return
    if not isinstance(country, str) or country not in calendars:
        wrong = f"no holidays are known for “{country}”"
        source.fault(("holidays", "country"), wrong, "write the country's two letters, such as US")
        return
    if part is not None and part not in calendars[country]:
        wrong = f"no holidays are known for “{part}” in {country}"
        source.fault(("holidays", "subdivision"), wrong, did_you_mean(str(part), calendars[country]))
        return
    names, removed = closed_days.holiday_names(country, part), written.get("removed")
    known = {closed_days.plain_name(name) for name in names}
    for at, name in enumerate(removed if isinstance(removed, list) else []):
        if not isinstance(name, str) or closed_days.day_mark(name) or closed_days.plain_name(name) in known:
            continue
        wrong = f"no holiday is called “{name}”"
        source.fault(("holidays", "removed", at), wrong, did_you_mean(name, names))


def _regions_are_known(source: ParsedSource) -> None:
    regions = {row["id"]: loc for loc, row in source.entries("regions") if isinstance(row.get("id"), str)}
    counties: Counter[str] = Counter()
    for loc, county in source.entries("counties"):
        region = county.get("region")
        if not isinstance(region, str):
            continue
        if region in regions:
            counties[region] += 1
        else:
            source.fault((*loc, "region"), f"there is no region “{region}”", did_you_mean(region, regions))
    for region, count in counties.items():
        if count > OPTIONS:
            right = f"{_MOST} in one group; make two regions of it"
            source.fault((*regions[region], "id"), f"holds {count} counties", right)
