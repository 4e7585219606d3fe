"""iCalendar files to the occurrences of the next twelve months. A broken event is named, the good ones are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.fetch.pages import SUMMARY, TITLE, cut, text_of
from copbot.imports.readers.feeds import link
from copbot.imports.readers.values import EventCalendar, Happening, Unreadable

AHEAD = timedelta(days=366)
MOST_EACH, MOST = 100, 1_000
"""Occurrences of one event, and of all."""
_TOO_FINE = ("SECONDLY", "MINUTELY", "HOURLY")
_EVENT, _ZONE = (
    re.compile(rf"(?ims)^BEGIN:{part}\r?\n.*?^END:{part}[ \t]*\r?$") for part in ("VEVENT", "VTIMEZONE")
)
_UID, _NAME, _SUMMARY, _RULE = (
    re.compile(rf"(?im)^(?:{name})[^:\n]*:(.*)$")
    for name in ("UID", "X-WR-CALNAME", "SUMMARY", "RRULE|EXRULE")
)


def parse(body: bytes, *, now: datetime, zone: str) -> EventCalendar:
    """What happens from `now` on, in the order of time. Raises `Unreadable` when this is no calendar."""
    # Long lines are folded: one that begins with a space goes on from the last.
    text = re.sub(r"\r?\n[ \t]", "", body.decode("utf-8-sig", "replace").replace("\x00", ""))
    if "BEGIN:VCALENDAR" not in text.upper():
        raise Unreadable("This is not a calendar file. Export it as iCalendar (.ics).")
    zones = "\n".join(match.group() for match in _ZONE.finditer(text))
    found: list[Happening] = []
    problems: list[str] = []
    for events in _series(text):
        title = _named(_SUMMARY, events[0], 80) or "An event without a title"
        try:
            found += _occurrences(events, zones, now, ZoneInfo(zone))
        except Unreadable as left:
            problems.append(f"“{title}” was left out: {left.words}")
        except Exception:  # noqa: BLE001 - the libraries raise what they meet; one event must not hide the others
            problems.append(f"“{title}” was left out: its dates cannot be read.")
    found.sort(key=lambda one: (_instant(one.starts, ZoneInfo(zone)), one.title))
    return EventCalendar(_named(_NAME, text, TITLE), tuple(found[:MOST]), tuple(problems[:50]))


def _series(text: str) -> Iterator[list[str]]:
    """The events of one UID together: a changed occurrence stands beside the event it belongs to."""
    series: dict[str, list[str]] = {}
    for number, match in enumerate(_EVENT.finditer(text)):
        uid = _UID.search(match.group())
        series.setdefault(uid.group(1).strip() if uid else f"event {number}", []).append(match.group())
    yield from list(series.values())[: 2 * MOST]


def _occurrences(events: list[str], zones: str, now: datetime, zone: ZoneInfo) -> list[Happening]:
    import icalendar
    import recurring_ical_events

    _refuse_too_fine(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", zones, *events, "END:VCALENDAR", ""]
    calendar = icalendar.Calendar.from_ical("\r\n".join(filter(None, lines)))
    if any(component.errors for component in calendar.walk("VEVENT")):
        raise Unreadable("its dates cannot be read.")
    if not any(component.get("DTSTART") for component in calendar.walk("VEVENT")):
        raise Unreadable("it has no date.")
    found: list[Happening] = []
    # From yesterday: a whole day, or a meeting under way, has begun already. Between two days, since the
    # library looks for ever for what comes after one when an event has no occurrence left.
    days = recurring_ical_events.of(calendar).between(now - timedelta(days=1), now + AHEAD)
    for told in sorted(days, key=lambda told: _instant(told["DTSTART"].dt, zone)):
        if len(found) == MOST_EACH:
            break
        one = _happening(told, zone)
        is_over = _instant(one.ends or one.starts, zone) < now
        if not is_over and str(told.get("STATUS", "")).upper() != "CANCELLED":
            found.append(one)
    return found


def _refuse_too_fine(events: list[str]) -> None:
    for rule in _RULE.findall("\n".join(events)):
        parts = dict(part.partition("=")[::2] for part in rule.strip().upper().split(";"))
        if parts.get("FREQ") in _TOO_FINE:
            raise Unreadable("it repeats more often than once a day.")
        if {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
            raise Unreadable("it repeats several times a day.")


def _happening(told: Any, zone: ZoneInfo) -> Happening:
    starts = _time(told["DTSTART"].dt, zone)
    ends = _time(told["DTEND"].dt, zone) if told.get("DTEND") is not None else None
    if ends is not None and type(ends) is type(starts) and _instant(ends, zone) <= _instant(starts, zone):
        ends = None
    if ends is not None and not isinstance(ends, datetime):
        ends -= timedelta(days=1)  # a calendar names the day after the last
        ends = ends if ends > starts else None
    summary = text_of(str(told.get("DESCRIPTION") or ""))
    return Happening(
        uid=str(told.get("UID") or "")[:500],
        title=cut(text_of(str(told.get("SUMMARY") or "")), TITLE) or "Event",
        starts=starts,
        ends=ends,
        summary=cut(summary, SUMMARY),
        place=cut(text_of(str(told.get("LOCATION") or "")), TITLE),
        url=link(told.get("URL"), ""),
    )


def _time(told: date | datetime, zone: ZoneInfo) -> date | datetime:
    """A date stays a date; a time becomes UTC, read on `zone`'s clock when it names none."""
    if not isinstance(told, datetime):
        return told
    return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    found = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _named(pattern: re.Pattern[str], text: str, most: int) -> str:
    found = pattern.search(text)
    return cut(text_of(found.group(1).strip()), most) if found else ""
