"""How long a table's rows are kept. Every mapped table says it in `__retention__`; a test finds one that does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement


@dataclass(frozen=True)
class KeepForever:
    """Rows stay until a person or a parent row takes them away. `because`: why, in a few words."""

    because: str


@dataclass(frozen=True)
class DeleteAfter:
    """Rows go `age` after the moment that `rows` compares with.

    `rows(before)` is the condition for rows that may go, where `before` is now less `age` (programme time, UTC):
    `DeleteAfter(timedelta(days=30), lambda before: Claim.at < before)`. The table has a whole-number `id`.
    """

    age: timedelta
    rows: Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Keeps:
    """Rows of another table that stay, whatever their age, for as long as a row of this one needs them.

    A table says it in `__keeps__`; `rows` makes the condition from the other table's columns. So what hangs on an open
    request outlives its time without the lower room knowing what a request is.
    """

    table: str
    rows: Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class RequestWords:
    """Columns of a table that hold what people wrote about a request, and which rows are about the one of an id.

    A table says it in `__request_words__`; `store.words.overwrite` needs no room's help to find it. `about`: the kind
    of subject that messages about one of its rows have.
    """

    columns: tuple[str, ...]
    rows: Callable[[int], ColumnElement[bool]]
    about: str = ""


Retention = KeepForever | DeleteAfter
