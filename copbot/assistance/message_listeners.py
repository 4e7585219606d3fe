"""What people type to the app in its direct message: the way to answer what they were asked, or to ask for help."""

from __future__ import annotations

from copbot.assistance import facts as shown
from copbot.assistance import rules
from copbot.assistance.screens import requester
from copbot.slack.answers import Answer, Nothing, Say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.text import text_of_message


def written_to(call: Call) -> Answer:
    """Somebody writes to the app, or sends it a picture. Nothing of it is stored."""
    # Not every server names the kind of channel; a direct message's id begins with D everywhere.
    is_direct = call.event.get("channel_type", "im" if call.channel.startswith("D") else "") == "im"
    if not is_direct or call.event.get("bot_id") or not call.person.user:
        return Nothing("not to us")
    waiting = shown.needed(call.session, call.person, call.now)[: requester.MOST_QUESTIONS]
    questions = [shown.one(call.session, each.id, call.person, call.now) for each in waiting]
    needs_care = rules.needs_care(call.text or text_of_message(call.event))
    write = requester.care_message if needs_care else requester.cannot_read
    return Say(write(questions, call.profile))


ENTRANCES = (
    Entrance(kind="event", id="message", run=written_to),
    Entrance(kind="event", id="file_share", run=written_to),
)
