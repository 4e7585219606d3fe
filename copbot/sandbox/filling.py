"""What a person puts into a field, as Slack would hold it."""

from typing import Any

from copbot.sandbox import interactions
from copbot.sandbox.finding import FoundElement, NotThere, bare
from copbot.sandbox.form import HELD, reported
from copbot.sandbox.objects import options_of
from copbot.sandbox.posting import rich_runs
from copbot.sandbox.state import View
from copbot.sandbox.world import World

Json = dict[str, Any]
SHORTEST_QUERY = 3
NAMED = ("selected_user", "selected_conversation", "selected_channel")


async def held_value(world: World, user: Json, found: FoundElement, value: Any) -> Json:
    """The entry of `state.values`, and what a block_actions payload says was chosen."""
    kind = found.element["type"]
    if kind not in HELD:
        raise NotThere(f"{found.element.get('action_id')} holds no value")
    key, _, many = HELD[kind]
    if value is None or value == []:
        return {"type": kind, key: [] if many else None}
    if key in ("selected_option", "selected_options"):
        words = value if many and isinstance(value, list) else [value]
        chosen = [await _option(world, user, found, word) for word in words]
        return {"type": kind, key: chosen if many else chosen[0]}
    if many or key in NAMED:
        ids = [_id(world, kind, str(word)) for word in (value if isinstance(value, list) else [value])]
        return {"type": kind, key: ids if many else ids[0]}
    return {"type": kind, key: _plain(kind, value)}


def put(world: World, user: Json, found: FoundElement, held: Json) -> None:
    place, block_id, action_id = found.surface.place, found.block["block_id"], found.element["action_id"]
    if isinstance(place, View):
        place.values.setdefault(block_id, {})[action_id] = held
        world.state.save_view(place)
    elif found.surface.message is not None:
        key = (user["id"], place.id, found.surface.message["ts"])
        world.message_states.setdefault(key, {}).setdefault(block_id, {})[action_id] = held


def chosen_part(held: Json) -> Json:
    """What a block_actions payload carries beside the element's ids."""
    return {name: value for name, value in held.items() if name != "type"}


def _plain(kind: str, value: Any) -> Any:
    if kind == "rich_text_input":
        runs = rich_runs(str(value))
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}
    return int(value) if kind == "datetimepicker" else str(value)


def _id(world: World, kind: str, word: str) -> str:
    if "users" in kind:
        user = world.state.user_named(word)
        if user is None:
            raise NotThere(f"nobody is called {word}")
        return str(user["id"])
    channel = world.state.channel_named(word)
    if channel is None:
        raise NotThere(f"there is no channel {word}")
    return channel.id


async def _option(world: World, user: Json, found: FoundElement, wanted: Any) -> Json:
    """By visible words or by value; an external menu is asked first, with what was typed."""
    typed, word = (wanted["type"], wanted["pick"]) if isinstance(wanted, dict) else (str(wanted), str(wanted))
    if "external" in found.element["type"]:
        offered = await _asked(world, user, found, typed)
    else:
        offered = options_of(found.element)
    for option in offered:
        if word in (option.get("value"), option["text"]["text"], bare(option["text"])):
            return reported(option)
    words = ", ".join(option["text"]["text"] for option in offered) or "none"
    raise NotThere(f"no option “{word}”; there are: {words}")


async def _asked(world: World, user: Json, found: FoundElement, typed: str) -> list[Json]:
    if len(typed) < found.element.get("min_query_length", SHORTEST_QUERY):
        raise NotThere(f"“{typed}” is too short to search for")
    offered = await interactions.suggestions(world, user, found, typed)
    if offered is None:
        raise NotThere("no options could be loaded")
    return offered
