"""A profile back in the form in which its file writes it."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml
from pydantic import BaseModel

from copbot.program.calendar.closed_days import DayMark
from copbot.program.calendar.hours import ClockSpan, DaySpans
from copbot.program.profile import Profile
from copbot.program.schema.vocabulary import ProgramFile, Week

_HEAD = """\
# The program profile as it counts now, with everything that was changed in the app, written by
# `bot.py export --format profile`. To start from it, name it in COPBOT_PROGRAM; its area files are looked for
# beside it, then among those that come with the app. The notes of the file it was first loaded from are not in
# it; the profile that comes with the app explains each setting.
"""


def as_yaml(profile: Profile) -> str:
    """A profile file that loads to an equal profile."""
    parts = [_HEAD]
    for name in ProgramFile.model_fields:
        value = as_written(getattr(profile, name))
        if value is not None:
            told = {name: value}
            parts.append(yaml.dump(told, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110))
    return "\n".join(parts)


def as_written(value: Any) -> Any:
    """Texts, lists and groups of settings: what a reader of the file would type. Unset settings are left out."""
    if isinstance(value, Week):
        return {day: _spans(getattr(value, day)) for day in Week.model_fields}
    if isinstance(value, BaseModel):
        written = {name: as_written(getattr(value, name)) for name in type(value).model_fields}
        return {name: inner for name, inner in written.items() if inner is not None}
    if isinstance(value, tuple | list):
        return [as_written(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, DayMark | ClockSpan):
        return str(value)
    return value


def _spans(spans: DaySpans) -> str:
    times = [[f"{at // 60:02d}:{at % 60:02d}" for at in span] for span in spans]
    return ", ".join(map("-".join, times)) or "closed"


class _Plain(yaml.SafeDumper):
    """Writes equal values out in full: the reader refuses references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
