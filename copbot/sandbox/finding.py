"""What a person has in front of them, and the button or field there that goes by a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from copbot.sandbox import modals
from copbot.sandbox.blocks import elements_of, walk
from copbot.sandbox.state import Channel, View
from copbot.sandbox.text import message_reading
from copbot.sandbox.world import World

Json = dict[str, Any]
EMOJI = re.compile(r":[a-z0-9_+'-]+:")
BUTTONS = ("button", "workflow_button")


class NotThere(Exception):
    """Nothing a person could use now; it may come."""


@dataclass(frozen=True)
class Surface:
    """A message, modal or Home with blocks on it."""

    place: Channel | View
    blocks: list[Json]
    words: str
    message: Json | None = None


@dataclass(frozen=True)
class FoundElement:
    surface: Surface
    block: Json
    element: Json


def bare(words: Any) -> str:
    """A label without emoji codes and stray spaces."""
    text = words.get("text", "") if isinstance(words, dict) else str(words or "")
    return " ".join(EMOJI.sub(" ", text).split())


def person_named(world: World, word: str) -> Json:
    user = world.state.user_named(word)
    if user is None:
        known = ", ".join(sorted(user["name"] for user in world.state.users.values()))
        raise ValueError(f"nobody is called {word}; there are {known}")
    return user


def channels_of(world: World, user: Json) -> list[Channel]:
    return [c for c in world.state.channels.values() if user["id"] in c.members]


def channel_for(world: World, user: Json, where: str) -> Channel:
    """A channel the person can open; `dm` is the one with the app."""
    if where == "dm":
        return world.state.dm(user["id"])
    channel = world.state.channel_named(where)
    if channel is None:
        raise NotThere(f"there is no channel {where}")
    if user["id"] not in channel.members and channel.kind != "channel":
        raise NotThere(f"{user['name']} is not in {where}")
    return channel


def messages_seen(world: World, user: Json, channel: Channel) -> list[Json]:
    """Messages and this person's own ephemerals, in order of time."""
    kept = [m for m in channel.messages.values() if world.visible(channel, m)]
    whispers = [
        n["message"]
        for n in world.state.notices.get(user["id"], [])
        if n["kind"] == "ephemeral" and n["channel"] == channel.id
    ]
    return sorted([*kept, *whispers], key=lambda m: float(m["ts"]))


def surfaces(world: World, user: Json, where: str) -> Iterator[Surface]:
    """Newest first: the modal in front, then messages, then Home; `where` narrows it down."""
    names = world.state.names()
    modal, home = modals.top_modal(world, user["id"]), modals.home_of(world, user["id"])
    if where in ("", "modal") and modal:
        yield Surface(modal, modal.body["blocks"], message_reading(modal.body, names))
    if where not in ("modal", "home"):
        rooms = [channel_for(world, user, where)] if where else channels_of(world, user)
        seen = [(m, c) for c in rooms for m in messages_seen(world, user, c) if m.get("blocks")]
        for message, channel in sorted(seen, key=lambda pair: float(pair[0]["ts"]), reverse=True):
            yield Surface(channel, message["blocks"], message_reading(message, names), message)
    if where in ("", "home") and home:
        yield Surface(home, home.body["blocks"], message_reading(home.body, names))


def elements_on(surface: Surface, user: Json) -> Iterator[tuple[Json, Json]]:
    for _, block in walk(surface.blocks):
        for _, element in elements_of(block):
            if user["id"] in element.get("visible_to_user_ids", [user["id"]]):
                yield block, element


def _names(block: Json, element: Json) -> set[str]:
    """Everything an element may be called by."""
    words = {element.get("action_id", ""), block.get("block_id", ""), bare(element.get("text"))}
    words |= {
        bare(element.get("placeholder")),
        bare(block.get("label")),
        (element.get("text") or {}).get("text", ""),
    }
    if element["type"] in BUTTONS:
        words -= {block.get("block_id", "")}
        words.add(str(element.get("value", "")))
    return words - {""}


def find(world: World, user: Json, label: str, *, where: str, text: str, buttons: bool) -> FoundElement:
    """The newest place that contains `text` and has this button (or field)."""
    offered: list[str] = []
    for surface in surfaces(world, user, where):
        if text and text not in surface.words:
            continue
        for block, element in elements_on(surface, user):
            if (element["type"] in BUTTONS) != buttons:
                continue
            if label in _names(block, element):
                return FoundElement(surface, block, element)
            offered.append(bare(element.get("text")) or element.get("action_id", ""))
    kind, seen = "button" if buttons else "field", ", ".join(dict.fromkeys(offered)) or "none"
    raise NotThere(f"{user['name']} sees no {kind} “{label}” {where and 'in ' + where}; there are: {seen}")


def field_named(view: View, name: str) -> tuple[Json, Json]:
    """An input of the modal by its label, action_id or block_id; a unique beginning of the label is enough."""
    fields = [
        (b, e) for _, b in walk(view.body["blocks"]) for _, e in elements_of(b) if e["type"] not in BUTTONS
    ]
    for block, element in fields:
        if name in _names(block, element):
            return block, element
    near = [
        (b, e) for b, e in fields if bare(b.get("label")).lower().startswith(name.lower().replace("_", " "))
    ]
    if len(near) == 1:
        return near[0]
    labels = ", ".join(bare(b.get("label")) or e["action_id"] for b, e in fields)
    raise NotThere(f"the form has no field “{name}”; there are: {labels}")
