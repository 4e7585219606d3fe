"""What a room plugs in whose records come in from spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from copbot.program.profile import Profile
from copbot.store import Session


@dataclass(frozen=True)
class RecordRow:
    """A row by our fields; `key` is the same for the same row of the same list, `import_id` 0 in a dry run."""

    cells: Mapping[str, str]
    key: str
    import_id: int
    profile: Profile
    now: datetime


@dataclass(frozen=True)
class RecordKind:
    """A kind of spreadsheet that a room reads.

    `columns`: each field with the headings it is met under, its own name first. `take` saves a row, says whether it
    is new, and raises `InvalidInput` with a sentence per field before it writes. `undo` removes the next rows of an
    import: how many, how many are left because people worked with them, and whether there are more.
    """

    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    take: Callable[[Session, RecordRow], bool]
    undo: Callable[[Session, int], tuple[int, int, bool]]

    def names(self, fields: Iterable[str]) -> list[str]:
        return [self.columns[name][0] for name in fields]
