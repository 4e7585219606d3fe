"""Reading what strangers wrote in a process of its own: it ends in time, and within its memory, whatever it was given.

The libraries that read feeds and calendars take some inputs of a few megabytes half a minute and more
(an XML file that only ever opens tags; an event that repeats each second). A thread cannot be ended, a process can.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from copbot.imports.readers.values import EventCalendar, Feed, Unreadable

SECONDS = 15
"""The most that one reading may take, starting the process included."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
_ROOT = Path(__file__).resolve().parents[3]
_LEFT = 3
"""Exit status of a reading that ended in `Unreadable`."""


def read_feed(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """The feed in these bytes: RSS, Atom or JSON Feed. Raises `Unreadable`."""
    return cast("Feed", _run("feed", body, url=url, content_type=content_type))


def read_calendar(body: bytes, *, now: datetime, zone: str) -> EventCalendar:
    """The next twelve months of an iCalendar file; `zone` is for times that name none. Raises `Unreadable`."""
    return cast("EventCalendar", _run("calendar", body, now=now.isoformat(), zone=zone))


def _run(kind: str, body: bytes, **details: str) -> Any:
    """The result of a reader, unpickled from a process that runs our code alone."""
    import pickle

    command = [sys.executable, "-m", "copbot.imports.readers.bounded", kind, json.dumps(details)]
    # Nothing of our environment: it holds tokens, and what is read here may be anybody's.
    surroundings = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            command,
            input=body,
            capture_output=True,
            timeout=SECONDS,
            env=surroundings,
            cwd=_ROOT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("This file takes too long to read, so it is left out.") from None
    if ended.returncode == _LEFT:
        raise Unreadable(ended.stdout.decode())
    if ended.returncode != 0:
        raise Unreadable("This file cannot be read.")
    return pickle.loads(ended.stdout)  # noqa: S301 - written by our own code a moment ago


def _bound_this_process() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the time limit alone holds
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _main(kind: str, details: dict[str, str], body: bytes) -> bytes:
    import pickle

    from copbot.imports.readers import calendars, feeds

    _bound_this_process()
    if kind == "feed":
        return pickle.dumps(feeds.parse(body, **details))
    now = datetime.fromisoformat(details["now"])
    return pickle.dumps(calendars.parse(body, now=now, zone=details["zone"]))


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(_main(sys.argv[1], json.loads(sys.argv[2]), sys.stdin.buffer.read()))
    except Unreadable as _error:
        sys.stdout.buffer.write(_error.words.encode())
        sys.exit(_LEFT)
    except (MemoryError, RecursionError):
        sys.stdout.buffer.write(b"This file is too large or too deep to read.")
        sys.exit(_LEFT)
