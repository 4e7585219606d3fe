"""What Slack tells of our own messages, and staff's retry of those it would not take."""

from __future__ import annotations

from copbot.delivery import service
from copbot.delivery.screens import RETRY
from copbot.slack.answers import Answer, Done, Nothing, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def message_deleted(call: Call) -> Answer:
    """Somebody deleted a notice that is still wanted: it is posted anew."""
    ts = str(call.event.get("deleted_ts") or (call.event.get("previous_message") or {}).get("ts") or "")
    return _vanished(call, ts)


def message_changed(call: Call) -> Answer:
    """The start of a thread is not deleted but turned into a stone: for us that is the same."""
    stone = call.event.get("message")
    if not isinstance(stone, dict) or stone.get("subtype") != "tombstone":
        return Nothing("changed, not deleted")
    return _vanished(call, str(stone.get("ts") or ""))


def _vanished(call: Call, ts: str) -> Answer:
    gone = service.vanished(call.session, call.channel, ts, call.now)
    return Done() if gone else Nothing("not our message")


def retry(call: Call) -> Answer:
    service.retry_dead(call.session, call.number, now=call.now)
    return Say(say("Sending it again."))


ENTRANCES = (
    Entrance("event", "message_deleted", message_deleted, "slack", "write"),
    Entrance("event", "message_changed", message_changed, "slack", "write"),
    Entrance("action", RETRY, retry, "staff", "write"),
)
