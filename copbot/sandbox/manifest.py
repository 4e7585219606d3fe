"""The app's manifest as the workspace reads it: what is installed, what it may do, what it hears of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_id_changed": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_left": ("groups:read",),
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.mpim": ("mpim:history",),
    "app_mention": ("app_mentions:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "link_shared": ("links:read",),
    "team_rename": ("team:read",),
}
"""Any one of the scopes is enough."""


@dataclass(frozen=True)
class Command:
    name: str
    should_escape: bool
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    kind: str
    name: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class AppManifest:
    name: str
    bot_name: str
    commands: Mapping[str, Command]
    shortcuts: tuple[Shortcut, ...]
    scopes: frozenset[str]
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool
    messages_read_only: bool
    interactive: bool

    def shortcut(self, kind: str, name: str) -> Shortcut | None:
        return next(
            (s for s in self.shortcuts if s.kind == kind and name in (s.name, s.callback_id)),
            None,
        )


def read_manifest(raw: Mapping[str, Any]) -> AppManifest:
    """Raises ValueError naming everything Slack would refuse at installation."""
    display, features = raw.get("display_information") or {}, raw.get("features") or {}
    settings, home = raw.get("settings") or {}, features.get("app_home") or {}
    scopes = (raw.get("oauth_config") or {}).get("scopes") or {}
    app = AppManifest(
        name=str(display.get("name", "")),
        bot_name=str((features.get("bot_user") or {}).get("display_name", "")),
        commands={
            c["command"]: Command(
                c["command"],
                bool(c.get("should_escape")),
                str(c.get("description", "")),
                str(c.get("usage_hint", "")),
            )
            for c in _list(features, "slash_commands")
        },
        shortcuts=tuple(
            Shortcut(s["type"], s["name"], s["callback_id"], str(s.get("description", "")))
            for s in _list(features, "shortcuts")
        ),
        scopes=frozenset([*_list(scopes, "bot"), *_list(scopes, "bot_optional")]),
        events=frozenset(_list(settings.get("event_subscriptions") or {}, "bot_events")),
        home_tab=bool(home.get("home_tab_enabled")),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        messages_read_only=bool(home.get("messages_tab_read_only_enabled")),
        interactive=bool((settings.get("interactivity") or {}).get("is_enabled")),
    )
    problems = [*_size_problems(app, features), *_scope_problems(app)]
    if problems:
        raise ValueError("Slack would refuse this manifest: " + "; ".join(problems))
    return app


def _list(part: Mapping[str, Any], key: str) -> list[Any]:
    return list(part.get(key) or [])


def _size_problems(app: AppManifest, features: Mapping[str, Any]) -> list[str]:
    found = []
    if not 1 <= len(app.name) <= 35:
        found.append("display_information.name must have 1 to 35 characters")
    if len(app.commands) > 50:
        found.append("at most 50 slash commands")
    if len(app.shortcuts) > 10:
        found.append("at most 10 shortcuts")
    for command in _list(features, "slash_commands"):
        name = command["command"]
        if not name.startswith("/") or len(name) > 32 or name != name.lower():
            found.append(f"{name} must start with a slash, be lower case and have at most 32 characters")
        if not command.get("description"):
            found.append(f"{name} needs a description")
    wrong = [s for s in app.shortcuts if s.kind not in ("global", "message") or len(s.callback_id) > 255]
    return [*found, *(f"shortcut {shortcut.name} has a wrong type or callback_id" for shortcut in wrong)]


def _scope_problems(app: AppManifest) -> list[str]:
    found = [
        f"event {event} needs the scope {' or '.join(EVENT_SCOPES[event])}"
        for event in sorted(app.events & EVENT_SCOPES.keys())
        if not app.scopes & set(EVENT_SCOPES[event])
    ]
    if (app.commands or app.shortcuts) and "commands" not in app.scopes:
        found.append("slash commands and shortcuts need the scope commands")
    return found
