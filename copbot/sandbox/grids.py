"""Tables: a limit runs over all cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.limits import Json, length
from copbot.sandbox.objects import identifier
from copbot.sandbox.rich import rich_text
from copbot.sandbox.shapes import (
    Findings,
    array,
    by_type,
    choice,
    fields,
    flag,
    number,
    string,
)

_raw_text = fields({"type": string(), "text": string(1)})
_raw_number = fields({"type": string(), "text": string(1), "value": number})
_cell = by_type({"raw_text": _raw_text, "raw_number": _raw_number, "rich_text": rich_text})
_column = fields({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})


def _column_or_default(value: Any, at: str, found: Findings) -> None:
    """A column left at its default may be null."""
    if value is not None:
        _column(value, at, found)


def texts_in(value: Any, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every visible string under the key `text`, however deep, leaving out objects of these types."""
    if isinstance(value, list):
        for one in value:
            yield from texts_in(one, without=without)
    elif isinstance(value, dict) and str(value.get("type")) not in without:
        for name, one in value.items():
            if name == "text" and isinstance(one, str):
                yield one
            else:
                yield from texts_in(one, without=without)


def grid_text(block: Json) -> int:
    """Characters over all cells of a table."""
    return sum(length(one) for one in texts_in(block.get("rows")))


def _table_fits(block: Json, at: str, found: Findings) -> None:
    if grid_text(block) > limits.TABLE_TEXT:
        found.say(f"must be less than {limits.TABLE_TEXT + 1} characters", f"{at}/rows")


table = fields(
    {
        "type": string(),
        "rows": array(array(_cell, 1, limits.TABLE_CELLS), 1, limits.TABLE_ROWS),
    },
    {
        "block_id": identifier,
        "column_settings": array(_column_or_default, 0, limits.TABLE_CELLS),
    },
    [_table_fits],
)
