"""What leads read of feedback and outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Counts = Mapping[str, Counter[str]]
"""By question, how often each answer was given."""


@dataclass(frozen=True)
class CameOfIt:
    """What leads read: how many were asked and answered, what may be shown of it, and outcomes with their barriers."""

    asked: int
    answered: int
    feedback: Counts
    outcomes: Counter[str]
    barriers: Counter[str]

    @property
    def shown(self) -> int:
        return self.feedback["useful"].total()


@dataclass(frozen=True)
class FeedbackDetails:
    """What may be shown by topic group and by kind of help, and comments: key, quarter, words."""

    by_group: Mapping[str, Counts]
    by_kind: Mapping[str, Counts]
    comments: Sequence[tuple[str, str, str]]
