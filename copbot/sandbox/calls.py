"""A Web API call as its method sees it: arguments with types, refusals, and the table of methods."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from copbot.sandbox.state import Channel
from copbot.sandbox.world import World

Json = dict[str, Any]
AS_JSON = frozenset({"blocks", "attachments", "metadata", "view", "unfurls"})
YES, NO = ("1", "true", "True"), ("0", "false", "False", "")


class Fail(Exception):
    """`ok: false` with Slack's error code."""

    def __init__(
        self, error: str, messages: tuple[str, ...] = (), *, retry_after: int = 0, **more: Any
    ) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
        self.retry_after = retry_after
        self.more = more


class Args:
    """Arguments as sent; in a form everything is text, in JSON it is not, and Slack reads both."""

    def __init__(self, raw: Json) -> None:
        self.raw = {name: _decoded(name, value) for name, value in raw.items()}

    def text(self, name: str) -> str:
        """Raises when it is missing: the method cannot do without."""
        value = self.raw.get(name)
        if value in (None, ""):
            raise Fail("invalid_arguments", (f"[ERROR] missing required field: {name}",))
        return str(value)

    def maybe(self, name: str) -> str:
        value = self.raw.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.raw.get(name, default)
        if isinstance(value, str):
            return value in YES
        return bool(value)

    def number(self, name: str, default: int, most: int, error: str = "invalid_limit") -> int:
        try:
            value = int(self.raw.get(name) or default)
        except (TypeError, ValueError):
            raise Fail(error) from None
        if not 1 <= value <= most:
            raise Fail(error)
        return value

    def names(self, name: str) -> list[str]:
        """A list, or the same separated by commas."""
        value = self.raw.get(name) or []
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def get(self, name: str) -> Any:
        return self.raw.get(name)


def _decoded(name: str, value: Any) -> Any:
    if name in AS_JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


@dataclass(frozen=True)
class Method:
    """`scopes`: any one is enough; `per_kind` names one for each kind of channel, `caller` is bot, app or any."""

    name: str
    run: Callable[[World, Args], Json]
    tier: int = 3
    scopes: tuple[str, ...] = ()
    per_kind: Mapping[str, str] | None = None
    caller: str = "bot"


METHODS: dict[str, Method] = {}


def method(name: str, **how: Any) -> Callable[[Callable[[World, Args], Json]], Callable[[World, Args], Json]]:
    """Enters a function into the table under Slack's name for it."""

    def enter(run: Callable[[World, Args], Json]) -> Callable[[World, Args], Json]:
        METHODS[name] = Method(name, run, **how)
        return run

    return enter


def kinds(prefix_public: str, prefix_private: str = "", direct: str = "") -> Mapping[str, str]:
    """Scopes for public channels, private ones and direct messages, where there is one."""
    return {"channel": prefix_public, "group": prefix_private or prefix_public, "im": direct}


READ = kinds("channels:read", "groups:read", "im:read")
HISTORY = kinds("channels:history", "groups:history", "im:history")
MANAGE = kinds("channels:manage", "groups:write")


def need(world: World, *scopes: str) -> None:
    """One of the scopes is enough."""
    if scopes and not world.app.scopes & set(scopes):
        raise Fail("missing_scope", needed=",".join(scopes), provided=",".join(sorted(world.app.scopes)))


def channel_of(
    world: World, args: Args, scopes: Mapping[str, str] | None = None, name: str = "channel"
) -> Channel:
    """The channel an app may know of: a private one only as a member, and never by a user's id."""
    channel = world.state.channels.get(args.text(name))
    if channel is None:
        raise Fail("channel_not_found")
    if scopes is not None:
        if not scopes[channel.kind]:
            raise Fail("method_not_supported_for_channel_type")
        need(world, scopes[channel.kind])
    if channel.kind == "group" and not world.bot_in(channel) and not channel.left_by_archiving:
        raise Fail("channel_not_found")
    return channel


def page(items: list[Any], args: Args, default: int, most: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next, or an empty cursor."""
    size, start = args.number("limit", default, most), 0
    if cursor := args.maybe("cursor"):
        if not cursor.startswith("next:") or not cursor[5:].isdigit():
            raise Fail("invalid_cursor")
        start = int(cursor[5:])
    end = start + size
    return items[start:end], f"next:{end}" if end < len(items) else ""


def paged(name: str, items: list[Any], cursor: str) -> Json:
    return {name: items, "response_metadata": {"next_cursor": cursor}}
