"""What people type to the app in its direct message: the way to answer what they were asked, or to ask for help."""

from __future__ import annotations

from typing import Any

from copbot.assistance import rules
from copbot.assistance.views import facts as shown
from copbot.assistance.views import lists, requester_screens
from copbot.imports.drops.rules import lists_in
from copbot.slack.answers import Answer, Nothing, Say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.text import text_of_message


def _is_direct(event: dict[str, Any]) -> bool:
    # Not every server names the kind of channel; a direct message's id begins with D everywhere.
    return str(event.get("channel_type", "im" if str(event.get("channel")).startswith("D") else "")) == "im"


def is_to_us(event: dict[str, Any], bot_user: str) -> bool:
    """Whether somebody writes in the app's own conversation, or mentions the app. All other talk is not for us."""
    if event.get("bot_id") or not event.get("user"):
        return False
    return _is_direct(event) or (bool(bot_user) and f"<@{bot_user}" in str(event.get("text")))


def written_to(call: Call) -> Answer:
    """Somebody writes to the app, or sends it a picture. Nothing of it is stored.

    Whoever mentions it in a channel is answered so that nobody else sees it.
    """
    if not _is_direct(call.event):
        return Say(requester_screens.mentioned(call.profile))
    waiting = lists.own(call.session, call.person, call.now)["needed"].lines
    questions = [shown.one(call.session, each.id, call.person, call.now) for each in waiting]
    needs_care = rules.needs_care(call.text or text_of_message(call.event), call.profile.help_now_words)
    if lists_in(call.event) and not needs_care:
        return Nothing("a list for the library, which answers itself")
    write = requester_screens.care_message if needs_care else requester_screens.cannot_read
    return Say(write(questions, call.profile))


ENTRANCES = (
    Entrance(kind="event", id="message", run=written_to, concerns=is_to_us),
    Entrance(kind="event", id="file_share", run=written_to, concerns=is_to_us),
)
