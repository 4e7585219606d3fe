"""Whose open Homes a commit can have changed, told by the tables and subjects it touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

NOBODY = frozenset(
    {
        "arrivals",
        "claims",
        "contacts",
        "conversation_entries",
        "deployment",
        "destinations",
        "errands",
        "feedback_asked",
        "home_views",
        "journal",
        "shared_answers",
        "message_refreshes",
        "messages",
        "method_rates",
        "peer_matches",
        "saved_answers",
    }
)
"""What the sender, jobs and the frame write beside what people see; the sweep shows what comes of it."""
STAFF = frozenset(
    {
        "agencies",
        "alerts",
        "feedback",
        "request_areas",
        "request_events",
        "request_outcomes",
        "request_topics",
        "requests",
        "staff",
        "staff_away",
    }
)
"""Seen by all of the staff, and by the person whom it is about."""
PERSON = frozenset({"person_areas", "person_topics", "persons"})
"""Seen by the person whom it is about."""


@dataclass
class Due:
    """Homes to look at. `users`: Slack ids, `persons` and `requests`: row ids that name somebody."""

    users: set[str] = field(default_factory=set)
    persons: set[int] = field(default_factory=set)
    requests: set[int] = field(default_factory=set)
    staff: bool = False
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.persons or self.requests or self.staff or self.everyone)

    def add(self, tables: Collection[str], subjects: Iterable[str]) -> None:
        """Take in what a commit touched. A table that nothing is said of here may be shown to everyone."""
        seen = set(tables) - NOBODY
        if not seen:
            return
        self.staff = self.staff or bool(seen & STAFF)
        self.everyone = self.everyone or bool(seen - STAFF - PERSON)
        for kind, _, ident in (subject.partition(":") for subject in subjects):
            if kind == "user":
                self.users.add(ident)
            elif ident.isdecimal() and kind in ("person", "request"):
                (self.persons if kind == "person" else self.requests).add(int(ident))
