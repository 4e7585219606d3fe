"""What is wrong in a profile, said so that somebody who is no programr can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

from pydantic_core import PydanticCustomError

from copbot.errors import Misconfigured

_LISTED = 8


@dataclass(frozen=True)
class ProfileFaultLine:
    file: str
    line: int
    field: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.wrong}; {self.right}"


class ProfileFault(Misconfigured):
    """The profile cannot be used. `words` is one line a fault, as the files have them from top to bottom."""

    def __init__(self, faults: Iterable[ProfileFaultLine]) -> None:
        found = tuple(dict.fromkeys(faults))
        files = list(dict.fromkeys(fault.file for fault in found))
        self.faults = tuple(sorted(found, key=lambda fault: (files.index(fault.file), fault.line)))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __str__(self) -> str:
        return self.words


def refuse(wrong: str, right: str) -> NoReturn:
    """Called by a field's own check."""
    raise PydanticCustomError("profile", "{wrong}", {"wrong": wrong, "right": right})


def nearest(word: str, known: Iterable[str]) -> str | None:
    by_lower = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the nearest known word, or the known words when none is near."""
    known = list(known)
    near = nearest(word, known)
    if near is not None:
        return f"did you mean “{near}”?"
    if not known:
        return "nothing is known here; remove it"
    more = ", …" if len(known) > _LISTED else ""
    return f"it can be {', '.join(known[:_LISTED])}{more}"
