"""A reply of staff's, and until when it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from copbot.assistance.rules import TELL_AFTER

LONGEST = 3000


@dataclass(frozen=True)
class StaffReply:
    """What one of the staff wrote. It goes out a minute after it was saved."""

    uid: str
    by: str
    text: str
    at: datetime

    @property
    def goes_at(self) -> datetime:
        return self.at + TELL_AFTER

    def is_out(self, now: datetime) -> bool:
        return now >= self.goes_at


@dataclass(frozen=True)
class Line:
    """One thing in a conversation. `by` is empty for what nobody wrote; `note` stands for a text that is not shown."""

    at: datetime
    by: str
    did: str
    text: str
    note: str = ""
