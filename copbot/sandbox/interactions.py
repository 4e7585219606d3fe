"""What Slack sends when a person does something with the app, and what the app's ack does to what they see."""

from typing import Any

from copbot.sandbox import modals, posting
from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.connections import Envelope
from copbot.sandbox.finding import FoundElement
from copbot.sandbox.limits import BlockRefusal
from copbot.sandbox.methods.chat import content, whisper
from copbot.sandbox.people import APP_ID, TEAM
from copbot.sandbox.state import Channel, View
from copbot.sandbox.views import check_ack
from copbot.sandbox.world import ReplyAddress, World

Json = dict[str, Any]
VERIFICATION = "sandbox-verification"
PLACE_NAMES = {"group": "privategroup", "im": "directmessage"}
NOT_DELIVERED, TOO_LATE = "dispatch_failed", "operation_timeout"
TROUBLE = "We had some trouble connecting. Try again?"


async def deliver(
    world: World, type_: str, kind: str, payload: Json, *, answerable: bool
) -> tuple[str, Envelope]:
    """Empty when the app acknowledged in time, else what Slack calls the failure."""
    envelope = world.connections.new(type_, kind, payload, answerable=answerable)
    envelope.at = world.clock.now()
    world.state.flush()
    if not await world.connections.send(envelope):
        envelope.given_up = True
        return NOT_DELIVERED, envelope
    if not await world.connections.acknowledged(envelope, world.timing.ack):
        envelope.given_up = True
        return TOO_LATE, envelope
    return "", envelope


def head(user: Json) -> Json:
    """What every interactive payload starts with."""
    return {
        "token": VERIFICATION,
        "team": {"id": TEAM["id"], "domain": TEAM["domain"]},
        "user": {
            "id": user["id"],
            "username": user["name"],
            "name": user["name"],
            "team_id": user["team_id"],
        },
        "api_app_id": APP_ID,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def place_name(channel: Channel) -> str:
    return PLACE_NAMES.get(channel.kind, channel.name)


def _address(user: Json, channel: Channel, **more: Any) -> ReplyAddress:
    return ReplyAddress(user["id"], channel.id, machine_seconds(), **more)


# -- slash commands


async def command(world: World, user: Json, channel: Channel, name: str, text: str) -> str:
    """Returns the error the person sees, or nothing."""
    payload = {
        "token": VERIFICATION,
        "team_id": user["team_id"],
        "team_domain": TEAM["domain"],
        "channel_id": channel.id,
        "channel_name": place_name(channel),
        "user_id": user["id"],
        "user_name": user["name"],
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": world.new_response_url(_address(user, channel)),
        "trigger_id": world.new_trigger(user["id"]),
    }
    failure, envelope = await deliver(world, "slash_commands", "command", payload, answerable=True)
    found = None if failure else check_ack("command", envelope.ack)
    if found:
        refuse_ack(world, "command", found)
        failure = NOT_DELIVERED
    if failure:
        words = f'{name} failed with the error "{failure}"'
        world.state.tell(user["id"], {"kind": "error", "channel": channel.id, "text": words})
        return words
    _show_command_answer(world, user, channel, f"{name} {text}".strip(), envelope.ack or {})
    return ""


def _show_command_answer(world: World, user: Json, channel: Channel, typed: str, ack: Json) -> None:
    if ack.get("response_type") == "in_channel":
        posting.post(world, channel, posting.user_message(world, user, typed))
        if set(ack) == {"response_type"}:
            return
        posting.post(world, channel, posting.bot_message(world, content(world, ack)))
    elif ack:
        whisper(world, channel, user["id"], content(world, ack))


def refuse_ack(world: World, kind: str, found: BlockRefusal) -> None:
    world.refusals.add(f"ack of {kind}", found.error, list(found.messages))


# -- clicks and choices


async def action(world: World, user: Json, found: FoundElement, extra: Json) -> str:
    """A press or a choice in a message or view; `extra` is what was chosen. Returns the failure, if any."""
    block, element, place = found.block, found.element, found.surface.place
    now = world.clock.now()
    acted: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **{name: element[name] for name in ("text", "value", "style", "url") if name in element},
        **extra,
        "action_ts": f"{now:.6f}",
    }
    if isinstance(place, View):
        around = _around_view(world, user, place)
    else:
        around = _around_message(world, user, place, found.surface.message or {})
    payload = {"type": "block_actions", **head(user), **around, "actions": [acted]}
    failure, _ = await deliver(world, "interactive", "block_actions", payload, answerable=False)
    if failure:
        world.state.tell(
            user["id"], {"kind": "warning", "text": f"⚠ {failure}", "action_id": element["action_id"]}
        )
    return failure


def _around_view(world: World, user: Json, view: View) -> Json:
    return {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.new_trigger(user["id"], view.root),
        "view": modals.payload(view),
    }


def _around_message(world: World, user: Json, channel: Channel, message: Json) -> Json:
    hidden = bool(message.get("is_ephemeral"))
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    address = _address(user, channel, message_ts=message["ts"], ephemeral=hidden)
    address.thread_ts = message.get("thread_ts", "")
    around: Json = {
        "container": container,
        "trigger_id": world.new_trigger(user["id"]),
        "channel": {"id": channel.id, "name": place_name(channel)},
        "state": {"values": world.message_states.get((user["id"], channel.id, message["ts"]), {})},
        "response_url": world.new_response_url(address),
    }
    if not hidden:
        around["message"] = {k: v for k, v in message.items() if k != "metadata"}
    return around


async def suggestions(world: World, user: Json, menu: FoundElement, typed: str) -> list[Json] | None:
    """What an external menu offers for the typed words; None when the app did not answer."""
    block, element, place = menu.block, menu.element, menu.surface.place
    if isinstance(place, View):
        around: Json = {
            "container": {"type": "view", "view_id": place.id},
            "view": modals.payload(place),
        }
    else:
        around = _around_message(world, user, place, menu.surface.message or {})
        around = {k: v for k, v in around.items() if k not in ("trigger_id", "response_url", "state")}
    asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    payload = {"type": "block_suggestion", **head(user), **around, **asked}
    failure, envelope = await deliver(world, "interactive", "block_suggestion", payload, answerable=True)
    found = None if failure else check_ack("options", envelope.ack)
    if found:
        refuse_ack(world, "block_suggestion", found)
    if failure or found:
        world.state.tell(user["id"], {"kind": "warning", "text": "No options could be loaded"})
        return None
    ack = envelope.ack or {}
    groups = [option for group in ack.get("option_groups") or [] for option in group["options"]]
    return [*(ack.get("options") or []), *groups]


# -- views


async def submission(world: World, user: Json, view: View) -> Json:
    """What the person sees after pressing the button: closed, errors, another view, or trouble."""
    payload = {
        "type": "view_submission",
        **head(user),
        "trigger_id": world.new_trigger(user["id"], view.root),
        "view": modals.payload(view),
        "response_urls": _response_urls(world, user, view),
    }
    failure, envelope = await deliver(world, "interactive", "view_submission", payload, answerable=True)
    depth = len(world.state.stacks.get(user["id"], []))
    found = None
    if not failure:
        found = check_ack("view", envelope.ack, blocks_of_view=view.body["blocks"], depth=depth)
        if found:
            refuse_ack(world, "view_submission", found)
    if failure or found:
        return _trouble(world, user)
    try:
        return _apply(world, user, view, envelope.ack or {})
    except modals.ViewRefused as refused:
        refuse_ack(world, "view_submission", refused.refusal)
        return _trouble(world, user)


def _trouble(world: World, user: Json) -> Json:
    """The app learns nothing of it; the modal stays with what was typed."""
    world.state.tell(user["id"], {"kind": "trouble", "text": TROUBLE})
    return {"closed": False, "updated": False, "errors": {}, "trouble": TROUBLE}


def _apply(world: World, user: Json, view: View, ack: Json) -> Json:
    result: Json = {"closed": False, "updated": False, "errors": {}, "trouble": ""}
    action_ = ack.get("response_action")
    open_now = world.state.stacks.get(user["id"], [])
    if view.id not in open_now:
        return result | {"closed": True}
    if action_ == "errors":
        return result | {"errors": ack["errors"]}
    if action_ == "update":
        modals.update_stored(world, view, modals.accept(world, ack["view"], "modal", instead_of=view.id))
        return result | {"updated": True}
    if action_ == "push":
        modals.push_stored(world, user["id"], modals.accept(world, ack["view"], "modal"))
        return result | {"updated": True}
    if action_ == "clear":
        modals.close_all(world, user["id"])
    else:
        world.state.drop_view(view.id)
        world.state.save_stack(user["id"], [one for one in open_now if one != view.id])
    return result | {"closed": True}


def _response_urls(world: World, user: Json, view: View) -> list[Json]:
    """For conversation menus that ask for it."""
    found = []
    for block in view.body["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        held = view.values.get(block["block_id"], {}).get(element["action_id"], {})
        channel = world.state.channels.get(
            held.get("selected_conversation") or held.get("selected_channel") or ""
        )
        if channel:
            url = world.new_response_url(_address(user, channel))
            place = {
                "block_id": block["block_id"],
                "action_id": element["action_id"],
                "channel_id": channel.id,
            }
            found.append({**place, "response_url": url})
    return found


async def closing(world: World, user: Json, *, everything: bool) -> None:
    """Cancel closes the view in front, the X all of them; the app hears of those that asked."""
    stack = list(world.state.stacks.get(user["id"], []))
    gone = [world.state.views[v] for v in (reversed(stack) if everything else stack[-1:])]
    for view in gone:
        shown = modals.payload(view)
        modals.close_top(world, user["id"])
        if view.body.get("notify_on_close"):
            payload = {"type": "view_closed", **head(user), "view": shown, "is_cleared": everything}
            await deliver(world, "interactive", "view_closed", payload, answerable=False)


# -- shortcuts


async def shortcut(
    world: World, user: Json, callback_id: str, channel: Channel | None, message: Json | None
) -> str:
    now = f"{world.clock.now():.6f}"
    common = {
        **head(user),
        "callback_id": callback_id,
        "action_ts": now,
        "trigger_id": world.new_trigger(user["id"]),
    }
    if channel is None or message is None:
        payload: Json = {"type": "shortcut", **common}
    else:
        payload = {
            "type": "message_action",
            **common,
            "channel": {"id": channel.id, "name": place_name(channel)},
            "message_ts": message["ts"],
            "message": {k: v for k, v in message.items() if k != "metadata"},
            "response_url": world.new_response_url(_address(user, channel, message_ts=message["ts"])),
        }
    failure, _ = await deliver(world, "interactive", payload["type"], payload, answerable=False)
    if failure:
        words = f"The shortcut did not work: {failure}"
        world.state.tell(user["id"], {"kind": "error", "text": words})
    return failure
