"""Home's entrances: opening it, a section that did not fit, and a word to whoever writes to the app."""

from __future__ import annotations

from copbot.errors import NotFound
from copbot.home import choices_listeners, set_up_listeners
from copbot.home.parts import part_of, view_of
from copbot.home.screens.page import PART, part_view
from copbot.slack.answers import Answer, Home, Nothing, Open, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def opened(call: Call) -> Answer:
    if call.event.get("tab", "home") != "home" or not call.person.user:
        return Nothing("not somebody's Home tab")
    return Home(view_of(call))


def show_part(call: Call) -> Answer:
    part = part_of(call, call.value)
    if part is None:
        raise NotFound("That is no longer in your Home.")
    return Open(part_view(part))


def written_to(call: Call) -> Answer:
    """Somebody writes to the app in its direct message."""
    # Not every server names the kind of channel; a direct message's id begins with D everywhere.
    is_direct = call.event.get("channel_type", "im" if call.channel.startswith("D") else "") == "im"
    if not is_direct or call.event.get("bot_id") or not call.person.user:
        return Nothing("not to us")
    word = call.profile.commands.ta
    return Say(
        say(f"I cannot read messages here. Type {word} and I open a form; {word} list shows your requests.")
    )


ENTRANCES = (
    Entrance(kind="event", id="app_home_opened", run=opened),
    Entrance(kind="event", id="message", run=written_to),
    Entrance(kind="action", id=PART, run=show_part),
    *set_up_listeners.ENTRANCES,
    *choices_listeners.ENTRANCES,
)
