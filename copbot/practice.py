"""`bot.py sandbox`: the practice workspace, and the bot in it."""

from __future__ import annotations

import sys
from pathlib import Path

from copbot.app import asked_to_leave, manifest_of, stay
from copbot.sandbox.server import Sandbox
from copbot.sandbox.story import first_try, live_a_little
from copbot.settings import Settings

SANDBOX_STATE = Path("data/sandbox.db")


def practice(settings: Settings, alone: bool) -> int:
    """Start the practice workspace, and the bot in it unless `alone`."""
    workspace = Sandbox(manifest_of(settings), state_path=SANDBOX_STATE, port=settings.sandbox_port)
    workspace.start()
    try:
        if alone:
            return _serve_alone(workspace)
        inside = settings.with_environment(workspace.environment())
        return stay(inside, lambda: _welcome(workspace))
    finally:
        workspace.stop()


def _serve_alone(workspace: Sandbox) -> int:
    asked = asked_to_leave()
    for name, value in workspace.environment().items():
        _print(f"{name}={value}")
    asked.wait()
    return 0


def _welcome(workspace: Sandbox) -> None:
    _print(f"\nThe practice workspace is open: {workspace.url}\n")
    people = workspace.workspace()
    if live_a_little(people):
        _print("Its people have just asked for help and founded a community; look at #ta-staff.")
    _print(f"{first_try(people)}\nCtrl-C stops it; what you did stays.\n")


def _print(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
