"""Views: a person's stack of modals and their Home, with what stands in each."""

import secrets
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.clock import machine_seconds
from copbot.sandbox.form import carry_values, initial_values, with_ids
from copbot.sandbox.limits import BlockRefusal
from copbot.sandbox.people import APP_ID, BOT_ID, TEAM
from copbot.sandbox.state import View
from copbot.sandbox.views import check_view
from copbot.sandbox.world import Trigger, World

Json = dict[str, Any]
PARTS = ("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "external_id")
FLAGS = ("clear_on_close", "notify_on_close", "submit_disabled")


class ViewRefused(Exception):
    """Slack's error code for a view, with the lines of its explanation."""

    def __init__(self, refusal: BlockRefusal) -> None:
        super().__init__(refusal.error)
        self.refusal = refusal


def payload(view: View) -> Json:
    """The view as payloads and answers show it."""
    body = view.body
    shown: Json = {
        "id": view.id,
        "team_id": TEAM["id"],
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous or None,
        "root_view_id": view.root,
        "app_id": APP_ID,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": TEAM["id"],
        "bot_id": BOT_ID,
    }
    return shown | {flag: bool(body.get(flag)) for flag in FLAGS}


def use_trigger(world: World, key: Any) -> Trigger:
    trigger = world.triggers.get(str(key))
    if trigger is None:
        raise ViewRefused(BlockRefusal("invalid_trigger_id"))
    if trigger.used:
        raise ViewRefused(BlockRefusal("exchanged_trigger_id"))
    if machine_seconds() - trigger.issued > world.timing.trigger:
        raise ViewRefused(BlockRefusal("expired_trigger_id"))
    trigger.used = True
    return trigger


def accept(world: World, body: Any, kind: str, *, instead_of: str = "") -> Json:
    """The view with ids for everything, or the refusal; `instead_of` may keep its own external_id."""
    found = check_view(body, kind="home" if kind == "home" else "modal")
    if found:
        raise ViewRefused(found)
    external = body.get("external_id")
    taken = (v for v in world.state.views.values() if external and v.body.get("external_id") == external)
    if any(v.id != instead_of for v in taken):
        raise ViewRefused(BlockRefusal("duplicate_external_id"))
    stored = {name: body[name] for name in (*PARTS, *FLAGS) if name in body}
    return with_ids(stored, lambda: secrets.token_urlsafe(4))


def open_view(world: World, trigger_id: Any, body: Any) -> View:
    """A new modal takes the place of what the person had open."""
    stored = accept(world, body, "modal")
    trigger = use_trigger(world, trigger_id)
    for view_id in world.state.stacks.get(trigger.user, []):
        world.state.drop_view(view_id)
    view = _new(world, trigger.user, stored)
    world.state.save_stack(trigger.user, [view.id])
    return view


def push_view(world: World, trigger_id: Any, body: Any) -> View:
    stored = accept(world, body, "modal")
    trigger = use_trigger(world, trigger_id)
    if not world.state.stacks.get(trigger.user):
        raise ViewRefused(BlockRefusal("not_found"))
    return push_stored(world, trigger.user, stored)


def push_stored(world: World, user: str, stored: Json) -> View:
    stack = world.state.stacks[user]
    if len(stack) >= limits.VIEW_DEPTH:
        raise ViewRefused(BlockRefusal("push_limit_reached"))
    top = world.state.views[stack[-1]]
    view = _new(world, user, stored, root=top.root, previous=top.id)
    world.state.save_stack(user, [*stack, view.id])
    return view


def find(world: World, view_id: Any, external_id: Any) -> View:
    views = world.state.views
    view = views.get(str(view_id)) if view_id else None
    if view is None and external_id:
        view = next((v for v in views.values() if v.body.get("external_id") == external_id), None)
    if view is None:
        raise ViewRefused(BlockRefusal("not_found"))
    return view


def update_view(world: World, view: View, body: Any, hash_: Any = None) -> View:
    stored = accept(world, body, view.body["type"], instead_of=view.id)
    if hash_ and hash_ != view.hash:
        raise ViewRefused(BlockRefusal("hash_conflict"))
    return update_stored(world, view, stored)


def update_stored(world: World, view: View, stored: Json) -> View:
    """What was typed stays where block_id, action_id and kind are the same."""
    view.values = carry_values(view.body, view.values, stored)
    view.body = stored
    view.hash = _hash(world)
    world.state.save_view(view)
    return view


def publish(world: World, user: str, body: Any, hash_: Any = None) -> View:
    held = world.state.views.get(world.state.homes.get(user, ""))
    if held is not None:
        return update_view(world, held, body, hash_)
    if hash_:
        raise ViewRefused(BlockRefusal("hash_conflict"))
    view = _new(world, user, accept(world, body, "home"))
    world.state.save_home(user, view.id)
    return view


def top_modal(world: World, user: str) -> View | None:
    stack = world.state.stacks.get(user)
    return world.state.views[stack[-1]] if stack else None


def home_of(world: World, user: str) -> View | None:
    return world.state.views.get(world.state.homes.get(user, ""))


def close_top(world: World, user: str) -> None:
    """The one below is in front again."""
    stack = world.state.stacks.get(user, [])
    if stack:
        world.state.drop_view(stack[-1])
        world.state.save_stack(user, stack[:-1])


def close_all(world: World, user: str) -> None:
    for view_id in world.state.stacks.get(user, []):
        world.state.drop_view(view_id)
    world.state.save_stack(user, [])


def _new(world: World, user: str, stored: Json, *, root: str = "", previous: str = "") -> View:
    view_id = world.state.new_id("V")
    view = View(view_id, user, stored, initial_values(stored), _hash(world), root or view_id, previous)
    world.state.save_view(view)
    return view


def _hash(world: World) -> str:
    return f"{int(world.clock.now())}.{secrets.token_hex(4)}"
