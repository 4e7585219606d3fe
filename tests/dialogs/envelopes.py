"""Hand-made deliveries: one of each kind of entrance, from anybody, with addresses that work."""

from __future__ import annotations

from typing import Any

from copbot.sandbox.people import APP_ID, TEAM
from copbot.slack.entrances import Entrance
from tests.dialogs.kit import Talk

Json = dict[str, Any]
TYPES = {
    "command": "slash_commands",
    "options": "interactive",
    "event": "events_api",
}
_numbers = iter(range(1, 10**9))


def envelope_type(kind: str) -> str:
    return TYPES.get(kind, "interactive")


def delivery(talk: Talk, row: Entrance, handle: str, *, value: str = "", channel: str = "general") -> Json:
    """A well-formed payload for this entrance from this person, as if it came from a channel."""
    return payload(row, handle, talk.ws.faults.address(handle, channel), value=value, channel=channel)


def payload(row: Entrance, handle: str, real: Json, *, value: str = "", channel: str = "general") -> Json:
    """The same with the given `user`, `channel` (its id), `trigger_id` and `response_url`."""
    user, room, number = real["user"]["id"], real["channel"], next(_numbers)
    trigger, address = real["trigger_id"], real["response_url"]
    common: Json = {
        "token": "t", "team": {"id": TEAM["id"]}, "api_app_id": APP_ID, "user": {"id": user, "name": handle},
        "trigger_id": trigger,
    }  # fmt: skip
    if row.kind == "command":
        word, _, verb = row.id.partition(" ")
        return {
            "command": f"/{word}", "text": f"{verb} {value}".strip(), "user_id": user, "channel_id": room,
            "team_id": TEAM["id"], "trigger_id": trigger, "response_url": address,
        }  # fmt: skip
    if row.kind == "event":
        return event(row, real["user"], room, number)
    view = {"id": f"V{number}", "type": "modal", "callback_id": row.id, "hash": str(number), "blocks": [],
            "state": {"values": {}}, "private_metadata": "", "root_view_id": f"V{number}"}  # fmt: skip
    if row.kind in ("view", "closed"):
        return {**common, "type": "view_submission" if row.kind == "view" else "view_closed", "view": view}
    if row.kind == "options":
        return {
            **common,
            "type": "block_suggestion",
            "action_id": row.id,
            "block_id": "b",
            "value": value,
            "view": view,
        }
    message = {"ts": f"1795450{number:03d}.000100", "text": "some words"}
    where = {"channel": {"id": room, "name": channel}, "message": message, "response_url": address}
    if row.kind == "message_shortcut":
        return {
            **common,
            **where,
            "type": "message_action",
            "callback_id": row.id,
            "message_ts": message["ts"],
        }
    if row.kind == "shortcut":
        return {**common, "type": "shortcut", "callback_id": row.id, "action_ts": f"{number}.1"}
    action = {
        "type": "button",
        "action_id": row.id,
        "block_id": "b",
        "value": value,
        "action_ts": f"{number}.2",
    }
    held = {
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": room,
            "is_ephemeral": True,
        }
    }
    return {**common, **where, **held, "type": "block_actions", "actions": [action]}


def event(row: Entrance, person: Json, room: str, number: int) -> Json:
    about: Json = {
        "type": row.id,
        "user": person["id"],
        "channel": room,
        "event_ts": f"{number}.3",
        "ts": f"{number}.3",
    }
    if row.id == "app_home_opened":
        about["tab"] = "home"
    if row.id == "message":
        about |= {"channel_type": "im", "text": "hello"}
    if row.id == "message_deleted":
        about |= {"type": "message", "subtype": row.id, "deleted_ts": "1.1"}
    if row.id == "message_changed":
        stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "1.1"}
        about |= {"type": "message", "subtype": row.id, "message": stone}
    if row.id in ("team_join", "user_change"):
        about["user"] = person
    return {
        "token": "t", "team_id": TEAM["id"], "api_app_id": APP_ID, "type": "event_callback",
        "event_id": f"Ev{number}", "event_time": number, "event": about,
    }  # fmt: skip


def delivered(talk: Talk, row: Entrance, told: Json) -> Json:
    """Send it; what became of it."""
    return talk.ws.faults.raw(told, kind=envelope_type(row.kind), answerable=True)
