"""Home's entrances: opening it, and a section that did not fit."""

from __future__ import annotations

from typing import Any

from copbot.errors import NotFound
from copbot.home.parts import part_of, view_of
from copbot.home.screens import PART, part_view
from copbot.home.settings import listeners as choices_listeners
from copbot.home.setup import listeners as set_up_listeners
from copbot.slack.answers import Answer, Home, Open
from copbot.slack.entrances import Call, Entrance


def _is_home_tab(event: dict[str, Any], _bot_user: str) -> bool:
    return event.get("tab", "home") == "home" and bool(event.get("user"))


def opened(call: Call) -> Answer:
    return Home(view_of(call))


def show_part(call: Call) -> Answer:
    part = part_of(call, call.value)
    if part is None:
        raise NotFound("That is no longer in your Home.")
    return Open(part_view(part))


ENTRANCES = (
    Entrance(kind="event", id="app_home_opened", run=opened, concerns=_is_home_tab),
    Entrance(kind="action", id=PART, run=show_part),
    *set_up_listeners.ENTRANCES,
    *choices_listeners.ENTRANCES,
)
