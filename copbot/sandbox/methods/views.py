"""views.*: opening needs a fresh trigger, updating and publishing do not."""

from typing import Any

from copbot.sandbox import modals
from copbot.sandbox.calls import Args, Fail, method
from copbot.sandbox.world import World

Json = dict[str, Any]


def _refused(error: modals.ViewRefused) -> Fail:
    return Fail(error.refusal.error, error.refusal.messages)


@method("views.open", tier=4)
def open_(world: World, args: Args) -> Json:
    try:
        view = modals.open_view(world, args.text("trigger_id"), args.get("view"))
    except modals.ViewRefused as refused:
        raise _refused(refused) from None
    return {"view": modals.payload(view)}


@method("views.push", tier=4)
def push(world: World, args: Args) -> Json:
    try:
        view = modals.push_view(world, args.text("trigger_id"), args.get("view"))
    except modals.ViewRefused as refused:
        raise _refused(refused) from None
    return {"view": modals.payload(view)}


@method("views.update", tier=4)
def update(world: World, args: Args) -> Json:
    try:
        view = modals.find(world, args.get("view_id"), args.get("external_id"))
        if view.body["type"] == "home" and (args.get("view") or {}).get("type") != "home":
            raise Fail(
                "invalid_arguments", ("[ERROR] a Home view stays a Home view [json-pointer:/view/type]",)
            )
        modals.update_view(world, view, args.get("view"), args.get("hash"))
    except modals.ViewRefused as refused:
        raise _refused(refused) from None
    return {"view": modals.payload(view)}


@method("views.publish", tier=4)
def publish(world: World, args: Args) -> Json:
    user = world.state.users.get(args.text("user_id"))
    if not world.app.home_tab:
        raise Fail("not_enabled")
    if user is None or user.get("is_stranger"):
        raise Fail("invalid_arguments", ("[ERROR] invalid user_id [json-pointer:/user_id]",))
    try:
        view = modals.publish(world, user["id"], args.get("view"), args.get("hash"))
    except modals.ViewRefused as refused:
        raise _refused(refused) from None
    return {"view": modals.payload(view)}
