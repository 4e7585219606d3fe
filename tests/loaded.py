"""Loaded last in the process that others are forked from: one bot has lived in it, for the others to begin knowing more.

Each process compiles its statements and sets up its tables, its profile and the world's holidays: most of what a short
life costs. Here that is done once, in a workspace that is gone again before the first process is forked.
"""

from __future__ import annotations

import gc
import tempfile
import threading
from pathlib import Path

from tests.databases import SqliteFiles, compiled_once
from tests.dialogs.kit import talking


def live_once() -> None:
    """A request is asked for, taken and done; whoever is forked later finds no thread and no connection of this."""
    with tempfile.TemporaryDirectory() as folder:
        url = SqliteFiles(Path(folder)).copy(Path(folder) / "copbot.db")
        with talking(url, checked=False) as talk:
            number = talk.taken()
            ravi = talk.person("ravi").presses("Done", number)
            ravi.modal(text="What did you give them?")
            ravi.fills(given="A box of kits.").submits()
            talk.notice(number, "Done")
            talk.goes_on_until_told()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(10.0)
    assert threading.active_count() == 1, threading.enumerate()


compiled_once()
live_once()
# What is loaded here is no garbage in any of them.
gc.collect()
gc.freeze()
