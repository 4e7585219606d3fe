"""Presses and choices named by the ids on the page: the same doings as the driver's, which go by visible words."""

from typing import Any

from copbot.sandbox import interactions
from copbot.sandbox.acting import acts_at_once
from copbot.sandbox.filling import chosen_part, held_value, put
from copbot.sandbox.finding import FoundElement, NotThere, Surface, channel_for, elements_on, messages_seen
from copbot.sandbox.form import HELD, reported
from copbot.sandbox.objects import options_of, same_option
from copbot.sandbox.world import World

Json = dict[str, Any]


def _surface(world: World, user: Json, place: Json) -> Surface:
    if view_id := place.get("view"):
        held = world.state.views.get(view_id)
        mine = [*world.state.stacks.get(user["id"], []), world.state.homes.get(user["id"])]
        if held is None or view_id not in mine:
            raise NotThere("that form is closed")
        return Surface(held, held.body["blocks"], "")
    channel = channel_for(world, user, place["channel"])
    for message in messages_seen(world, user, channel):
        if message["ts"] == place["ts"]:
            return Surface(channel, message.get("blocks") or [], "", message)
    raise NotThere("that message is gone")


def _found(world: World, user: Json, place: Json, block_id: str, action_id: str) -> FoundElement:
    if not world.app.interactive:
        raise NotThere("this app is not configured to handle interactive responses")
    surface = _surface(world, user, place)
    for block, element in elements_on(surface, user):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return FoundElement(surface, block, element)
    raise NotThere("that is no longer there; what you see has changed")


async def presses(
    world: World, user: Json, *, place: Json, block_id: str, action_id: str, choice: Json | None = None
) -> Json:
    """A button; `choice` is the option of an overflow menu."""
    found = _found(world, user, place, block_id, action_id)
    extra: Json = {}
    if found.element["type"] == "overflow":
        extra = {"selected_option": _offered(found.element, choice or {})}
    return {"error": await interactions.action(world, user, found, extra)}


async def sets(
    world: World,
    user: Json,
    *,
    place: Json,
    block_id: str,
    action_id: str,
    value: Any,
    enter: bool = False,
) -> Json:
    """What stands in a field now; the app hears of it where the field says so."""
    found = _found(world, user, place, block_id, action_id)
    held = await _held(world, user, found, value)
    put(world, user, found, held)
    if not acts_at_once(found.block, found.element, enter=enter):
        return {"error": ""}
    return {"error": await interactions.action(world, user, found, chosen_part(held))}


async def _held(world: World, user: Json, found: FoundElement, value: Any) -> Json:
    kind = found.element["type"]
    key, _, many = HELD.get(kind, ("", "", False))
    if key == "files":
        return {"type": kind, key: [_file(world, user, one) for one in value or []]}
    if key not in ("selected_option", "selected_options"):
        return await held_value(world, user, found, value)
    if many:
        return {"type": kind, key: [_offered(found.element, one) for one in value or []]}
    return {"type": kind, key: _offered(found.element, value) if value else None}


def _offered(element: Json, wanted: Json) -> Json:
    """An option as Slack reports it; an external menu's options are known only to the app."""
    for option in options_of(element):
        if same_option(option, wanted):
            return reported(option)
    if "external" in element["type"] and wanted.get("value"):
        return reported({name: wanted[name] for name in ("text", "value", "description") if name in wanted})
    raise NotThere("that option is no longer offered")


def _file(world: World, user: Json, chosen: Json) -> Json:
    """Only what it is called and how large it is: nothing is uploaded in a practice workspace."""
    if chosen.get("id"):
        return chosen
    name = str(chosen.get("name", "file"))
    return {
        "id": world.state.new_id("F"),
        "name": name,
        "title": name,
        "mimetype": str(chosen.get("type", "")),
        "filetype": name.rpartition(".")[2].lower(),
        "size": int(chosen.get("size", 0)),
        "user": user["id"],
        "created": int(world.clock.now()),
    }


async def asks_for_options(
    world: World, user: Json, *, place: Json, block_id: str, action_id: str, typed: str
) -> Json:
    """What an external menu offers for the words typed so far; None when the app did not answer."""
    found = _found(world, user, place, block_id, action_id)
    return {"options": await interactions.suggestions(world, user, found, typed)}
