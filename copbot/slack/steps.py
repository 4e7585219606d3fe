"""One step of setting the app up, as a room tells of it; Home lists the rooms' steps and asks for nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SetupStep:
    """`words` and `note` are mrkdwn; `element` stands beside the words and `buttons` below them: they do the step.

    `block_id` changes when what Slack remembers of the element must go.
    """

    title: str
    words: str
    is_done: bool
    element: dict[str, Any] | None = None
    buttons: tuple[dict[str, Any], ...] = ()
    note: str = ""
    block_id: str = ""
