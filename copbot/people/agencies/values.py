"""What this room's service hands to its screens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class AgencyFacts:
    """`eligible` is None until somebody of the staff has said. `also` are names that lead here, too."""

    id: int
    name: str
    kind: str
    area: str
    eligible: bool | None
    people: int
    also: tuple[str, ...]

    @property
    def state(self) -> str:
        """Stands for what the form shows; goes into the form and comes back as `seen`."""
        told = repr((self.id, self.name, self.kind, self.area, self.eligible))
        return hashlib.sha256(told.encode()).hexdigest()[:16]
