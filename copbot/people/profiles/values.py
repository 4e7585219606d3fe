"""What this room's service hands to its screens."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.people.values import Agency


@dataclass(frozen=True)
class PersonProfile:
    """`tz` comes from Slack and is changed there. An empty `language` is the program's own."""

    id: int
    user: str
    name: str
    tz: str
    agency: Agency | None
    not_agency: bool
    areas: tuple[str, ...]
    role: str
    topics: tuple[str, ...]
    language: str
    may_be_found: bool
    may_share: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What could still be asked, gently: fields nobody has filled in."""
        filled = {
            "agency": self.agency is not None or self.not_agency,
            "areas": bool(self.areas),
            "role": bool(self.role),
            "topics": bool(self.topics),
        }
        return tuple(name for name, is_there in filled.items() if not is_there)
