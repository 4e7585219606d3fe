"""`bot.py sandbox`: the practice workspace, and the bot in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx

from copbot.app import ShutdownSignal, asked_to_leave, manifest_of, profile_of, stay
from copbot.cli.frame import database_url, opened
from copbot.clock import SystemClock
from copbot.errors import Busy
from copbot.program.profile import Profile
from copbot.sandbox.demo import first_try, follow_digests, live_a_little
from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.server import Sandbox
from copbot.settings import Settings
from copbot.store import Store

CUT_OFF = (httpx.HTTPError, NotSeen, ValueError, RuntimeError, Busy)
"""What its people meet when the workspace, or the bot in it, goes while they act."""
SANDBOX_STATE = Path("data/sandbox.db")
SAMPLES = Path(__file__).parents[1] / "imports" / "samples" / "practice-resources.csv"
"""Forty invented resources of the default program."""


def practice(settings: Settings, alone: bool) -> int:
    """Start the practice workspace, and the bot in it unless `alone`."""
    workspace = Sandbox(manifest_of(settings), state_path=SANDBOX_STATE, port=settings.sandbox_port)
    workspace.start()
    try:
        if alone:
            asked = asked_to_leave()
            for name, value in workspace.environment().items():
                _print(f"{name}={value}")
            asked.wait()
            return 0
        inside = settings.with_environment(workspace.environment())
        return stay(inside, lambda asked: welcome(workspace, inside, asked))
    finally:
        workspace.stop()


def bring_samples(store: Store, profile: Profile, *, now: Callable[[], datetime]) -> bool:
    """Import the practice workspace's resources as a person would, once; whether that was now."""
    from copbot.imports.command import jobs
    from copbot.imports.files.tables import newest

    with store.reading() as session:
        if SAMPLES.name in newest(session):
            return False
    doing = jobs.prepared(store, profile, now=now, say=_print, publish=True)
    jobs.run(doing, str(SAMPLES), None, None)
    return True


def welcome(workspace: Sandbox, inside: Settings, asked: ShutdownSignal) -> None:
    """Tell where it is, and let its people live a little; leaving in the middle of that is no fault."""
    try:
        _print(f"\nThe practice workspace is open: {workspace.url}\n")
        people = workspace.workspace()
        follow_digests(people)
        with opened(database_url(inside)) as store:
            if bring_samples(store, profile_of(inside), now=SystemClock().now):
                _print("Its library holds forty invented resources.")
        if live_a_little(people):
            _print("Its people have just asked for help and founded a community; look at #ta-staff.")
        _print(f"{first_try(people)}\nCtrl-C stops it; what you did stays.\n")
    except CUT_OFF:
        if not asked.is_set:
            raise


def _print(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
