"""What a room plugs in to give its messages a face: one renderer for each kind of message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copbot.delivery.subject import Subject
from copbot.slack.answers import Message, Nothing
from copbot.store import Session


@dataclass(frozen=True)
class Look:
    """What a renderer may know besides its rows: the programme's profile, the time, the message's uid.

    `posted`: the message stands in Slack already, so this is a change of it. `to`: the channel or user it goes to.
    """

    profile: Any
    now: datetime
    uid: str
    posted: bool = False
    to: str = ""


Render = Callable[[Session, Subject, Look], Message | Nothing]
"""(session, subject, look) → what should stand in Slack now. `Nothing` takes a standing message away."""

Notices = Mapping[str, Render]
"""Kind of message → its renderer."""
