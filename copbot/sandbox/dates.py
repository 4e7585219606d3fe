"""Slack's date tokens, as a person in a given zone reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

_TOKEN = re.compile(r"\{([a-z_]+)\}")


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _year(at: datetime, now: datetime) -> str:
    """Slack leaves the year out within half a year."""
    return "" if abs(at - now) < timedelta(days=183) else f", {at.year}"


def _date(at: datetime, now: datetime) -> str:
    return f"{at:%B} {_ordinal(at.day)}{_year(at, now)}"


def _long(at: datetime, now: datetime) -> str:
    return f"{at:%A}, {at:%B} {_ordinal(at.day)}{_year(at, now)}"


def _near(at: datetime, now: datetime) -> str | None:
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((at.date() - now.date()).days)


def _clock(at: datetime, seconds: str = "") -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{seconds} {at:%p}"


def _ago(at: datetime, now: datetime) -> str:
    gap = int((now - at).total_seconds())
    for unit, span in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        count = abs(gap) // span
        if count:
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{words} ago" if gap > 0 else f"in {words}"
    return "just now"


# These need only the moment; those below also today's date.
_FIXED: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda at: f"{at:%Y-%m-%d}",
    "date_short": lambda at: f"{at:%b} {at.day}, {at.year}",
    "time": _clock,
    "time_secs": lambda at: _clock(at, f":{at:%S}"),
}
_NEAR: dict[str, Callable[[datetime, datetime], str]] = {
    "date": _date,
    "date_long": _long,
    "date_pretty": lambda at, now: _near(at, now) or _date(at, now),
    "date_short_pretty": lambda at, now: _near(at, now) or _FIXED["date_short"](at),
    "date_long_pretty": lambda at, now: _near(at, now) or _long(at, now),
    "ago": _ago,
}


def _token(name: str, at: datetime, now: datetime) -> str:
    return _FIXED[name](at) if name in _FIXED else _NEAR[name](at, now)


def date_words(body: str, now: datetime | None, tz: tzinfo | None) -> str | None:
    """`UNIX^token string^optional link` in words; nothing when the reader's zone is unknown or a token is."""
    moment, _, rest = body.partition("^")
    return written(moment, rest.partition("^")[0], now, tz)


def written(moment: str, form: str, now: datetime | None, tz: tzinfo | None) -> str | None:
    if tz is None or not form:
        return None
    try:
        at = datetime.fromtimestamp(int(moment), tz)
    except (ValueError, OverflowError, OSError):
        return None
    if not set(_TOKEN.findall(form)) <= {*_FIXED, *_NEAR}:
        return None
    today = (now or datetime.now(UTC)).astimezone(tz)
    return _TOKEN.sub(lambda token: _token(token.group(1), at, today), form)
