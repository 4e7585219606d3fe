"""The app manifest, made from the table of entrances and the tables of methods and events."""

from __future__ import annotations

import re
from typing import Any

import yaml

from copbot.program.profile import Profile
from copbot.slack.entrances import Entrance, Entrances
from copbot.slack.scopes import EVENTS, needed

HEAD = "# The Slack app manifest, made by `bot.py manifest`. Create your app from it: api.slack.com/apps.\n"


def manifest(entrances: Entrances, profile: Profile) -> dict[str, Any]:
    """What Slack needs to know of the app, as its manifest schema has it."""
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": profile.display_name,
            "description": f"Ask {profile.name} for help, and see where your request stands."[:140],
            "background_color": "#1f4b57",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": bot_name(profile), "always_online": True},
            "slash_commands": [_command(entrances, row, profile) for row in entrances.rows if _is_bare(row)],
            "shortcuts": [_shortcut(row) for row in entrances.rows if row.kind.endswith("shortcut")],
        },
        "oauth_config": {"scopes": {"bot": list(needed())}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def as_yaml(told: dict[str, Any]) -> str:
    return HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def scopes_page() -> str:
    """`docs/scopes.md`: every scope asked for and why."""
    rows = [f"| `{scope}` | {'; '.join(reasons)} |" for scope, reasons in needed().items()]
    head = (
        "# Scopes\n\nEvery permission that the app asks for, and what for. A permission enters with the first "
        "thing that needs it.\n\n| scope | why |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def bot_name(profile: Profile) -> str:
    """The bot user's name: the display name in the characters Slack allows there."""
    return re.sub(r"[^a-z0-9._-]+", "-", profile.display_name.lower()).strip("-")[:80] or "ta-center"


def _is_bare(row: Entrance) -> bool:
    return row.kind == "command" and " " not in row.id


def _command(entrances: Entrances, bare: Entrance, profile: Profile) -> dict[str, Any]:
    verbs = [row for row in entrances.rows if row.kind == "command" and row.id.startswith(f"{bare.id} ")]
    own_words = bare.example.partition(" ")[2]
    hint = " | ".join(filter(None, [own_words, *(row.id.partition(" ")[2] for row in verbs)]))
    # Unescaped: the words go into a form as they were typed.
    word = dict(profile.commands)[bare.id]
    return {"command": word, "description": bare.help, "usage_hint": hint, "should_escape": False}


def _shortcut(row: Entrance) -> dict[str, Any]:
    kind = "message" if row.kind == "message_shortcut" else "global"
    return {"name": row.example, "type": kind, "callback_id": row.id, "description": row.help}
