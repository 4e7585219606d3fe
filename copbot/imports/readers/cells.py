"""Cells that a spreadsheet program could run as formulas: made inert on the way out, read as before on the way in. Pure."""

from __future__ import annotations

import re

_RUNS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_INERT = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-\d+(\.\d+)?")


def inert(cell: str) -> str:
    """The cell with an apostrophe in front when it could run; negative numbers stay numbers."""
    return f"'{cell}" if _RUNS.match(cell) and not _NUMBER.fullmatch(cell) else cell


def as_written(cell: str) -> str:
    """What `inert` was given: one apostrophe before a sign that could begin a formula is taken off."""
    return cell[1:] if _INERT.match(cell) else cell
