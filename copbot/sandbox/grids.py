"""Tables and charts: blocks whose limits run over many cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from copbot.sandbox import limits
from copbot.sandbox.limits import Json, length
from copbot.sandbox.objects import identifier
from copbot.sandbox.rich import rich_text
from copbot.sandbox.shapes import (
    Check,
    Findings,
    array,
    by_type,
    choice,
    fields,
    flag,
    number,
    string,
    whole,
)

_raw_text = fields({"type": string(), "text": string(1)})
_raw_number = fields({"type": string(), "text": string(1), "value": number})
_heading = by_type({"raw_text": _raw_text, "raw_number": _raw_number})
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


def _data_table_fits(block: Json, at: str, found: Findings) -> None:
    rows = block["rows"]
    if grid_text(block) > limits.DATA_TABLE_TEXT:
        found.say(f"must be less than {limits.DATA_TABLE_TEXT + 1} characters", f"{at}/rows")
    for place, row in enumerate(rows):
        if len(row) != len(rows[0]):
            found.say("must have as many cells as the header", f"{at}/rows/{place}")
    for place, cell in enumerate(rows[0]):
        _heading(cell, f"{at}/rows/0/{place}", found)
    if block.get("row_header_column_index", 0) >= len(rows[0]):
        found.say("must be the index of a column", f"{at}/row_header_column_index")


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
data_table = fields(
    {
        "type": string(),
        "rows": array(array(_cell, 1, limits.TABLE_CELLS), 2, limits.DATA_TABLE_ROWS),
        "caption": string(1),
    },
    {
        "block_id": identifier,
        "page_size": whole(1, limits.DATA_TABLE_PAGE),
        "row_header_column_index": whole(0, limits.TABLE_CELLS - 1),
    },
    [_data_table_fits],
)

_label = string(1, limits.CHART_LABEL)
_point = fields({"label": _label, "value": number})
_series = array(
    fields({"name": _label, "data": array(_point, 1, limits.CHART_POINTS)}),
    1,
    limits.CHART_SERIES,
)
_axes = fields(
    {"categories": array(_label, 1, limits.CHART_POINTS)},
    {"x_label": string(1, limits.CHART_AXIS), "y_label": string(1, limits.CHART_AXIS)},
)


def _series_agree(chart: Json, at: str, found: Findings) -> None:
    """Names told apart, and a point for each category of the axis."""
    names = [one["name"] for one in chart["series"]]
    categories = sorted(chart["axis_config"]["categories"])
    for place, one in enumerate(chart["series"]):
        if names.index(one["name"]) != place:
            found.say("must be unique", f"{at}/series/{place}/name")
        if sorted(point["label"] for point in one["data"]) != categories:
            found.say("labels must match the categories", f"{at}/series/{place}/data")


def _positive(chart: Json, at: str, found: Findings) -> None:
    for place, one in enumerate(chart["segments"]):
        if one["value"] <= 0:
            found.say("must be more than 0", f"{at}/segments/{place}/value")


_plotted: Check = fields({"type": string(), "series": _series, "axis_config": _axes}, rules=[_series_agree])
chart = fields(
    {
        "type": string(),
        "title": string(1, limits.CHART_TITLE),
        "chart": by_type(
            {
                "pie": fields(
                    {
                        "type": string(),
                        "segments": array(_point, 1, limits.CHART_SERIES),
                    },
                    rules=[_positive],
                ),
                "bar": _plotted,
                "line": _plotted,
                "area": _plotted,
            }
        ),
    },
    {"block_id": identifier},
)
