"""What Slack would refuse of a manifest at installation."""

from __future__ import annotations

from typing import Any

import pytest

from copbot.sandbox.manifest import read_manifest
from tests.sandbox.peer import EVENTS, SCOPES, Json, manifest


def changed(**parts: Any) -> Json:
    described = manifest()
    described["features"] |= parts
    return described


def test_a_manifest_is_read() -> None:
    app = read_manifest(manifest())
    assert (app.name, app.bot_name) == ("Helper", "helper")
    assert app.commands["/ask"].should_escape
    assert app.scopes == frozenset(SCOPES)
    assert app.events == frozenset(EVENTS)
    assert (app.home_tab, app.messages_tab, app.interactive) == (True, True, True)


def test_shortcuts_are_found_by_name_and_by_callback() -> None:
    app = read_manifest(manifest())
    by_name, by_id = app.shortcut("global", "Ask for help"), app.shortcut("global", "ask_global")
    assert by_name == by_id
    assert app.shortcut("message", "Ask for help") is None


@pytest.mark.parametrize(
    ("described", "words"),
    [
        (manifest(events=["message.channels"], scopes=["commands"]), "message.channels needs the scope"),
        (manifest(scopes=["chat:write"], events=[]), "need the scope commands"),
        (changed(slash_commands=[{"command": "ask", "description": "x"}]), "must start with a slash"),
        (changed(slash_commands=[{"command": "/Ask", "description": "x"}]), "lower case"),
        (changed(slash_commands=[{"command": "/" + "a" * 32, "description": "x"}]), "at most 32"),
        (changed(slash_commands=[{"command": "/ask"}]), "needs a description"),
        (
            changed(slash_commands=[{"command": f"/a{n}", "description": "x"} for n in range(51)]),
            "at most 50",
        ),
        (
            changed(shortcuts=[{"type": "global", "name": "x", "callback_id": str(n)} for n in range(11)]),
            "at most 10",
        ),
        (changed(shortcuts=[{"type": "local", "name": "x", "callback_id": "y"}]), "wrong type"),
        ({}, "display_information.name"),
    ],
)
def test_a_manifest_slack_would_refuse(described: Json, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_manifest(described)


def test_all_problems_are_named_together() -> None:
    described = changed(slash_commands=[{"command": "ask"}])
    with pytest.raises(ValueError, match=r"slash.*; .*description"):
        read_manifest(described)
