"""What can come of one turn, besides an error of Slack's."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.slack.errors import SlackError


@dataclass(frozen=True)
class Sent:
    """Posted; `version` is the one that was drawn."""

    channel: str
    ts: str
    version: int


@dataclass(frozen=True)
class Changed:
    """Updated in place to `version`. `masked`: a line without text stands there now."""

    version: int
    masked: bool = False


@dataclass(frozen=True)
class Removed:
    """Deleted. With a reason: because there is nothing to show any more, though it is still wanted."""

    reason: str = ""


@dataclass(frozen=True)
class Silent:
    """Nothing stands and there is nothing to show, and why."""

    reason: str
    version: int


@dataclass(frozen=True)
class Broken:
    """It could not be drawn."""

    code: str
    version: int


@dataclass(frozen=True)
class Unthreaded:
    """Posted, but outside its thread, whose first message is gone; taken back again."""

    channel: str


@dataclass(frozen=True)
class ShutOut:
    """The whole app is shut out, with Slack's code for it; no row is to blame."""

    code: str


@dataclass(frozen=True)
class Postponed:
    """No call was made, for a reason that passes."""


@dataclass(frozen=True)
class Held:
    """No call was made: its reader may not read it now, or that is not known."""

    reason: str


@dataclass(frozen=True)
class Looked:
    """Looked up: `keep` stands (None: nothing), doubles are deleted; `found` says whether any copy was seen."""

    channel: str | None
    keep: str | None
    found: bool


Outcome = (
    Sent | Changed | Removed | Silent | Broken | Unthreaded | ShutOut | Postponed | Held | Looked | SlackError
)
