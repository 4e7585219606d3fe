"""What people do in the workspace: the verbs behind the driver and, later, the page."""

import re
from typing import Any

from copbot.sandbox import interactions, membership, modals, posting
from copbot.sandbox.events import emit
from copbot.sandbox.filling import chosen_part, held_value, put
from copbot.sandbox.finding import (
    FoundElement,
    NotThere,
    Surface,
    channel_for,
    channels_of,
    field_named,
    find,
)
from copbot.sandbox.form import check_form
from copbot.sandbox.methods.marks import react, unreact
from copbot.sandbox.people import FOREIGN_TEAM
from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
MENTION = re.compile(r"(?<![\w<])@([a-z0-9._-]+)")
PLACE = re.compile(r"(?<![\w<&])#([a-z0-9_-]+)")
WEB = re.compile(r"https?://[^\s<>|]+")
BROADCASTS = ("here", "channel", "everyone")


def as_slack_text(world: World, text: str, *, broadcasts: bool = True) -> str:
    """What somebody typed, in the form Slack stores: escaped, with people, channels and links marked."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = WEB.sub(lambda m: f"<{m.group()}>", text)

    def person(match: re.Match[str]) -> str:
        if broadcasts and match.group(1) in BROADCASTS:
            return f"<!{match.group(1)}>"
        user = world.state.user_named(match.group(1))
        return f"<@{user['id']}>" if user else match.group()

    def place(match: re.Match[str]) -> str:
        channel = world.state.channel_named(match.group(1))
        if channel is None:
            return match.group()
        return f"<#{channel.id}|{channel.name if channel.kind == 'channel' else ''}>"

    return PLACE.sub(place, MENTION.sub(person, text))


def as_command_text(world: World, text: str, *, escaped: bool) -> str:
    """People carry their name in a command's text; without `should_escape` nothing is marked."""
    if not escaped:
        return text
    marked = as_slack_text(world, text, broadcasts=False)
    names = {user["id"]: user["name"] for user in world.state.users.values()}
    return re.sub(r"<@([A-Z0-9]+)>", lambda m: f"<@{m.group(1)}|{names.get(m.group(1), '')}>", marked)


async def types(world: World, user: Json, *, text: str, channel: str = "") -> Json:
    """A slash command, or a message when it does not start with a slash."""
    place = _usual_channel(world, user) if not channel else channel_for(world, user, channel)
    if not text.startswith("/"):
        return await says(world, user, text=text, channel=place.id)
    name, _, rest = text.partition(" ")
    if "\n" in name:
        name, _, rest = text.partition("\n")
    known = world.app.commands.get(name)
    if known is None:
        words = f"{name} is not a valid command."
        world.state.tell(user["id"], {"kind": "error", "channel": place.id, "text": words})
        return {"error": words}
    rest = as_command_text(world, rest.strip(), escaped=known.should_escape)
    return {"error": await interactions.command(world, user, place, name, rest)}


def _usual_channel(world: World, user: Json) -> Channel:
    rooms = [c for c in channels_of(world, user) if c.kind != "im" and not c.archived]
    return rooms[0] if rooms else world.state.dm(user["id"])


async def says(
    world: World, user: Json, *, text: str, channel: str, thread: str = "", blocks: Any = None
) -> Json:
    """`blocks` instead of the usual ones; an empty text with blocks is a blocks-only message."""
    place = channel_for(world, user, channel)
    if user["id"] not in place.members:
        raise NotThere(f"{user['name']} is not in {place.name}")
    if place.archived:
        raise NotThere(f"{place.name} is archived")
    if place.kind == "im" and (world.app.messages_read_only or not world.app.messages_tab):
        raise NotThere("the app takes no messages")
    message = posting.user_message(world, user, as_slack_text(world, text))
    if blocks:
        message["blocks"] = blocks
    if thread:
        message["thread_ts"] = thread
    posted = posting.post(world, place, message)
    posting.unfurl(world, place, posted)
    return {"message": dict(posted), "channel": place.id}


async def edits(world: World, user: Json, *, channel: str, ts: str, text: str) -> Json:
    place = channel_for(world, user, channel)
    message = _message(place, ts)
    return {"message": posting.edit(world, place, message, {"text": as_slack_text(world, text)}, user["id"])}


async def deletes(world: World, user: Json, *, channel: str, ts: str) -> Json:
    """One's own message; an administrator deletes any."""
    place = channel_for(world, user, channel)
    message = _message(place, ts)
    if message.get("user") != user["id"] and not user["is_admin"]:
        raise NotThere(f"{user['name']} may not delete another's message")
    posting.delete(world, place, message)
    return {}


def _message(channel: Channel, ts: str) -> Json:
    message = channel.messages.get(ts)
    if message is None:
        raise NotThere("that message is gone")
    return message


async def reacts(world: World, user: Json, *, channel: str, ts: str, name: str, remove: bool = False) -> Json:
    place = channel_for(world, user, channel)
    (unreact if remove else react)(world, place, _message(place, ts), name, user["id"])
    return {}


async def clicks(
    world: World,
    user: Json,
    *,
    label: str,
    where: str = "",
    text: str = "",
    confirm: bool = True,
    ts: str = "",
) -> Json:
    found = _newest(world, user, label=label, where=where, text=text, ts=ts, buttons=True)
    if found.element.get("confirm") and not confirm:
        return {"declined": True}
    return {"error": await interactions.action(world, user, found, {})}


async def chooses(
    world: World,
    user: Json,
    *,
    label: str,
    option: Any,
    where: str = "",
    text: str = "",
    confirm: bool = True,
    ts: str = "",
) -> Json:
    found = _newest(world, user, label=label, where=where, text=text, ts=ts, buttons=False)
    if found.element.get("confirm") and not confirm:
        return {"declined": True}
    if found.element["type"] == "overflow":
        return {
            "error": await interactions.action(
                world, user, found, {"selected_option": _overflow(found.element, option)}
            )
        }
    held = await held_value(world, user, found, option)
    put(world, user, found, held)
    if found.block["type"] == "input" and not found.block.get("dispatch_action"):
        return {"error": ""}
    return {"error": await interactions.action(world, user, found, chosen_part(held))}


def _newest(
    world: World, user: Json, *, label: str, where: str, text: str, ts: str, buttons: bool
) -> FoundElement:
    if not world.app.interactive:
        raise NotThere("this app is not configured to handle interactive responses")
    found = find(world, user, label, where=where, text=text, buttons=buttons)
    if ts and (found.surface.message or {}).get("ts") != ts:
        message = channel_for(world, user, where).messages.get(ts)
        raise NotThere("that button is gone" if message else "that message is gone")
    return found


def _overflow(element: Json, word: Any) -> Json:
    for option in element["options"]:
        if word in (option.get("value"), option["text"]["text"]):
            return dict(option)
    raise NotThere(f"the menu has no “{word}”")


async def fills(world: World, user: Json, *, fields: Json) -> Json:
    """Fields of the modal in front, by label, action_id or block_id."""
    for name, value in fields.items():
        view = modals.top_modal(world, user["id"])
        if view is None:
            raise NotThere(f"{user['name']} has no form open")
        block, element = field_named(view, name)
        found = FoundElement(Surface(view, view.body["blocks"], ""), block, element)
        held = await held_value(world, user, found, value)
        put(world, user, found, held)
        if acts_at_once(block, element):
            await interactions.action(world, user, found, chosen_part(held))
    return {}


def acts_at_once(block: Json, element: Json, *, enter: bool = False) -> bool:
    """Choices do, typing only where every character (or Enter) counts; outside input blocks everything does."""
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    when = (element.get("dispatch_action_config") or {}).get("trigger_actions_on", ["on_enter_pressed"])
    typed = "on_enter_pressed" if enter else "on_character_entered"
    return not element["type"].endswith("_input") or typed in when


async def submits(world: World, user: Json, *, view_id: str = "") -> Json:
    """Slack's own checks first; only then does the app hear of it."""
    view = modals.top_modal(world, user["id"])
    if view is None or (view_id and view.id != view_id):
        raise NotThere(f"{user['name']} has no form open" if view is None else "another form is in front")
    if not view.body.get("submit"):
        raise NotThere("this form has no button to send it")
    errors = check_form(view.body, view.values)
    if errors:
        return {"closed": False, "updated": False, "errors": errors, "trouble": "", "by_slack": True}
    return await interactions.submission(world, user, view)


async def closes(world: World, user: Json, *, everything: bool = False) -> Json:
    if modals.top_modal(world, user["id"]) is None:
        raise NotThere(f"{user['name']} has no form open")
    await interactions.closing(world, user, everything=everything)
    return {}


async def opens_home(world: World, user: Json, *, tab: str = "home") -> Json:
    held, channel = modals.home_of(world, user["id"]), world.state.dm(user["id"])
    event = {"type": "app_home_opened", "user": user["id"], "channel": channel.id, "tab": tab}
    shown = {"view": modals.payload(held)} if held and tab == "home" else {}
    emit(world, {**event, **shown})
    return {"had": held.hash if held else ""}


async def shortcut(world: World, user: Json, *, name: str) -> Json:
    known = world.app.shortcut("global", name)
    if known is None:
        raise NotThere(f"the app has no shortcut “{name}”")
    return {"error": await interactions.shortcut(world, user, known.callback_id, None, None)}


async def message_shortcut(world: World, user: Json, *, name: str, channel: str, ts: str) -> Json:
    known = world.app.shortcut("message", name)
    if known is None:
        raise NotThere(f"the app has no message shortcut “{name}”")
    place = channel_for(world, user, channel)
    return {"error": await interactions.shortcut(world, user, known.callback_id, place, _message(place, ts))}


async def joins(world: World, user: Json, *, channel: str) -> Json:
    place = world.state.channel_named(channel)
    if place is None or place.kind != "channel" or user["team_id"] == FOREIGN_TEAM:
        raise NotThere(f"{user['name']} cannot join {channel}")
    membership.join(world, place, user["id"])
    return {}


async def leaves(world: World, user: Json, *, channel: str) -> Json:
    membership.leave(world, channel_for(world, user, channel), user["id"])
    return {}
