"""What the page shows one person: the workspace, their channels, messages page by page, their forms and Home."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copbot.sandbox import modals
from copbot.sandbox.finding import NotThere, channel_for, person_named
from copbot.sandbox.people import BOT_USER, FOREIGN_TEAM, TEAM
from copbot.sandbox.state import Channel, WorkspaceState
from copbot.sandbox.tutorial import progress
from copbot.sandbox.world import World

Json = dict[str, Any]
PAGE, MOST = 60, 300
KEPT_BACK = ("bot_profile", "metadata", "team", "client_msg_id", "app_id", "type")
SLACK_SAYS = "slack_says"
HOUR, DAY = 3_600, 86_400


async def start(world: World, body: Json) -> Json:  # noqa: ARG001
    """What seldom changes: the app, its commands and shortcuts, everybody."""
    staff = world.state.channels.get(world.state.staff_channel)
    people = [_shown(user, staff) for user in world.state.users.values()]
    app = world.app
    return {
        "team": TEAM["name"],
        "app": {
            "name": app.name,
            "user": BOT_USER,
            "home": app.home_tab,
            "messages": app.messages_tab,
            "read_only": app.messages_read_only,
        },
        "commands": [vars(command) for command in app.commands.values()],
        "shortcuts": [vars(shortcut) for shortcut in app.shortcuts],
        "people": people,
        "ack_seconds": world.timing.ack,
        "touched": world.state.touched.get("users", 0),
    }


def _shown(user: Json, staff: Channel | None) -> Json:
    return {
        "id": user["id"],
        "handle": user["name"],
        "name": user["real_name"],
        "mention": user["profile"]["display_name"] or user["real_name"],
        "title": user["profile"].get("title", ""),
        "zone": user["tz"],
        "roles": _roles(user, staff),
        "bot": user["is_bot"],
        "deleted": user["deleted"],
        "guest": user["is_restricted"] or user["team_id"] == FOREIGN_TEAM,
        "admin": user["is_admin"],
    }


def _roles(user: Json, staff: Channel | None) -> list[str]:
    found = ["staff"] if staff and user["id"] in staff.members and not user["is_bot"] else []
    named = (
        ("is_admin", "administrator"),
        ("is_bot", "app"),
        ("is_restricted", "guest"),
        ("is_stranger", "another organisation"),
        ("deleted", "deactivated"),
    )
    return found + [word for flag, word in named if user.get(flag)]


async def glance(world: World, body: Json) -> Json:
    """What can change at any moment, without the messages themselves."""
    user = person_named(world, body["person"])
    modal, home = modals.top_modal(world, user["id"]), modals.home_of(world, user["id"])
    mine = [c for c in world.state.channels.values() if user["id"] in c.members and c.kind != "im"]
    dm = world.state.dm(user["id"])
    return {
        "user": user["id"],
        "now": world.clock.now(),
        "channels": [_line(world, user["id"], channel) for channel in mine],
        "dm": _line(world, user["id"], dm),
        "elsewhere": _elsewhere(world, user),
        "modal": modals.payload(modal) if modal else None,
        "depth": len(world.state.stacks.get(user["id"], [])),
        "home": modals.payload(home) if home else None,
        "warnings": [n for n in world.state.notices.get(user["id"], []) if n["kind"] == "warning"][-5:],
        "connections": len(world.connections.open),
        "refused": len(world.refusals.entries),
        "tries": progress(world),
        "moves": clock_moves(world, user),
        "people": world.state.touched.get("users", 0),
    }


def _elsewhere(world: World, user: Json) -> dict[str, str]:
    """Names of the public channels that somebody is not in, by id: mentions show them to all but guests."""
    if user.get("is_restricted"):
        return {}
    found = (c for c in world.state.channels.values() if c.kind == "channel" and user["id"] not in c.members)
    return {channel.id: channel.name for channel in found}


def _line(world: World, user: str, channel: Channel) -> Json:
    unread, threads = _unread(world, user, channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "archived": channel.archived,
        "unread": unread,
        "threads": threads,
        "touched": world.state.touched.get(channel.id, 0),
    }


def _unread(world: World, user: str, channel: Channel) -> tuple[int, bool]:
    """Messages since the person last looked, and whether a thread of theirs has gone on."""
    marks = world.state.reads.get(user, {})
    mark, count, threads = str(marks.get(channel.id, "")), 0, False
    for ts in reversed(channel.messages):
        if ts <= mark and (threads or ts <= _oldest_mark(marks, channel)):
            break
        message = channel.messages[ts]
        if message.get("user") == user or message.get("subtype") == "tombstone":
            continue
        if _in_thread_only(message):
            first = channel.messages.get(message["thread_ts"], {})
            read = str(marks.get(f"{channel.id}:{message['thread_ts']}", ""))
            threads = threads or (_takes_part(first, user) and ts > read)
        elif ts > mark:
            count += 1
    return count, threads


def _oldest_mark(marks: Json, channel: Channel) -> str:
    """Before the first mark of any kind there is nothing to count as new in a thread."""
    return min((str(ts) for place, ts in marks.items() if place.startswith(channel.id)), default="")


def _takes_part(first: Json, user: str) -> bool:
    return first.get("user") == user or user in first.get("reply_users", [])


def _in_thread_only(message: Json) -> bool:
    first = message.get("thread_ts", message["ts"])
    return bool(first != message["ts"] and message.get("subtype") != "thread_broadcast")


async def messages(world: World, body: Json) -> Json:
    """One page of a channel or thread: the newest, those `before` or `after` a message, `around` it, or from `first` on."""
    user = person_named(world, body["person"])
    channel = channel_for(world, user, body["channel"])
    thread = str(body.get("thread") or "")
    lines = _lines(world, user["id"], channel, thread)
    chosen, begins, ends = _page(lines, body)
    pinned = [channel.messages[ts] for ts in channel.pins if ts in channel.messages]
    states = world.message_states
    return {
        "channel": {**channel.record(), "member": user["id"] in channel.members},
        "messages": [_trimmed(m) for m in chosen],
        "pinned": [_trimmed(m) for m in pinned],
        "begins": begins,
        "ends": ends,
        "mark": world.state.reads.get(user["id"], {}).get(
            f"{channel.id}:{thread}" if thread else channel.id, ""
        ),
        "marks": _thread_marks(world.state, user["id"], channel, chosen),
        "values": {m["ts"]: v for m in chosen if (v := states.get((user["id"], channel.id, m["ts"])))},
        "touched": world.state.touched.get(channel.id, 0),
    }


def _lines(world: World, user: str, channel: Channel, thread: str) -> list[Json]:
    """What stands in the channel or thread for this person, in order of time: also what only they can see."""
    kept = [m for m in channel.messages.values() if world.visible(channel, m) and _belongs(m, thread)]
    own = [_whispered(n) for n in world.state.notices.get(user, []) if n.get("channel") == channel.id]
    own = [m for m in own if _belongs(m, thread)]
    return sorted([*kept, *own], key=lambda m: float(m["ts"])) if own else kept


def _belongs(message: Json, thread: str) -> bool:
    if thread:
        return bool(thread in (message["ts"], message.get("thread_ts")))
    return not _in_thread_only(message)


def _whispered(notice: Json) -> Json:
    if notice["kind"] == "ephemeral":
        return {**notice["message"], "seq": notice["seq"]}
    said = {"subtype": SLACK_SAYS, "is_ephemeral": True, "text": notice["text"], "seq": notice["seq"]}
    return {"ts": f"{notice['at']:.6f}", **said}


def _page(lines: list[Json], body: Json) -> tuple[list[Json], bool, bool]:
    """The chosen lines, and whether they reach the beginning and the end."""
    limit = min(int(body.get("limit") or PAGE), MOST)
    low, high = max(len(lines) - limit, 0), len(lines)
    if ts := body.get("before"):
        high = next((i for i, m in enumerate(lines) if m["ts"] >= ts), len(lines))
        low = max(high - limit, 0)
    elif ts := body.get("after"):
        low = next((i for i, m in enumerate(lines) if m["ts"] > ts), len(lines))
        high = min(low + limit, len(lines))
    elif ts := body.get("around"):
        here = next((i for i, m in enumerate(lines) if m["ts"] >= ts), len(lines))
        low, high = max(here - limit // 2, 0), min(here + limit // 2, len(lines))
    elif ts := body.get("first"):
        low = max(next((i for i, m in enumerate(lines) if m["ts"] >= ts), len(lines)), len(lines) - MOST)
        if end := body.get("last"):
            low = next((i for i, m in enumerate(lines) if m["ts"] >= ts), len(lines))
            high = next((i for i, m in enumerate(lines) if m["ts"] > end), len(lines))
            high = min(high, low + MOST)
    return lines[low:high], low == 0, high == len(lines)


def _thread_marks(state: WorkspaceState, user: str, channel: Channel, chosen: list[Json]) -> Json:
    """How far each thread has been read, for threads this person takes part in."""
    marks = state.reads.get(user, {})
    return {
        m["ts"]: marks.get(f"{channel.id}:{m['ts']}", "")
        for m in chosen
        if m.get("reply_count") and _takes_part(m, user)
    }


def _trimmed(message: Json) -> Json:
    return {name: value for name, value in message.items() if name not in KEPT_BACK}


async def mark(world: World, body: Json) -> Json:
    """The person has seen everything up to a message."""
    user = person_named(world, body["person"])
    channel = channel_for(world, user, body["channel"])
    thread = body.get("thread")
    world.state.save_read(user["id"], f"{channel.id}:{thread}" if thread else channel.id, str(body["ts"]))
    return {}


async def directory(world: World, body: Json) -> Json:
    """Channels a person can find: public ones, and private ones they are in."""
    user = person_named(world, body["person"])
    found = [
        {**c.record(), "member": user["id"] in c.members}
        for c in world.state.channels.values()
        if c.kind != "im" and (c.kind == "channel" or user["id"] in c.members)
    ]
    return {"channels": sorted(found, key=lambda c: (c["archived"], c["name"]))}


async def dismiss(world: World, body: Json) -> Json:
    """Takes away something that only this person sees."""
    user = person_named(world, body["person"])
    kept = world.state.notices.get(user["id"], [])
    gone = [n for n in kept if n["seq"] == body["seq"]]
    if not gone:
        raise NotThere("it is gone already")
    kept.remove(gone[0])
    world.state.touch(gone[0].get("channel", ""))
    world.state.changed()
    return {}


def clock_moves(world: World, user: Json) -> list[Json]:
    """Where the page offers to move the workspace's clock; always forward, as time goes."""
    now = world.clock.now()
    here = datetime.fromtimestamp(now, ZoneInfo(user["tz"]))
    nine = here.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = nine + timedelta(days=(7 - here.weekday()) % 7)
    if monday <= here:
        monday += timedelta(days=7)
    tomorrow = nine + timedelta(days=1)
    return [
        {"id": "hour", "words": "+1 hour", "to": now + HOUR},
        {"id": "tomorrow", "words": "Tomorrow 9:00", "to": tomorrow.timestamp()},
        {"id": "monday", "words": "Monday 9:00", "to": monday.timestamp()},
    ]
