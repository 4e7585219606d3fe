"""What the service hands to screens: somebody expected, somebody come."""

from __future__ import annotations

from dataclasses import dataclass

from copbot.communities.values import Community


@dataclass(frozen=True)
class Invitation:
    """Somebody expected. `email` is empty once it is settled."""

    uid: str
    email: str
    agency: str
    areas: tuple[str, ...]
    topics: tuple[str, ...]
    state: str
    decided_by: str
    joined_user: str


@dataclass(frozen=True)
class Newcomer:
    """What a welcome may speak of."""

    name: str
    is_guest: bool
    is_here: bool
    invited: bool
    communities: tuple[Community, ...]
