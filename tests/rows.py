"""A table of values checked in one test: what `parametrize` does, without an id and its set-up for each row."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

MOST = 30
"""Failing rows after which a table is left: in a live dialog each of them waits for what does not come."""


def for_each(
    names: str | Sequence[str], rows: Iterable[Any], ids: Sequence[str] | Callable[[Any], str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Called as `pytest.mark.parametrize` is. All rows are checked, and one message names those that failed.

    Fixtures are made once for the whole table: for values, and for rows that leave nothing behind.
    """
    wanted = [names] if isinstance(names, str) else list(names)
    table = [(row,) if isinstance(names, str) else tuple(row) for row in rows]
    called = [_name(row, ids, at) for at, row in enumerate(table)]

    def around(check: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(check)
        def test(**fixtures: Any) -> None:
            wrong: list[tuple[str, BaseException]] = []
            for name, row in zip(called, table, strict=True):
                try:
                    check(**fixtures, **dict(zip(wanted, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - all of it is told below
                    wrong.append((name, error))
                if len(wrong) == MOST:
                    break
            if wrong:
                told = "\n".join(f"{name}: {type(error).__name__}: {error}" for name, error in wrong)
                raise AssertionError(f"{len(wrong)} of {len(table)} rows failed:\n{told}") from wrong[0][1]

        asked = inspect.signature(check)
        left = [each for name, each in asked.parameters.items() if name not in wanted]
        test.__signature__ = asked.replace(parameters=left)  # type: ignore[attr-defined]
        return test

    return around


def _name(row: tuple[Any, ...], ids: Sequence[str] | Callable[[Any], str] | None, at: int) -> str:
    if callable(ids):
        return " ".join(map(ids, row))
    return ids[at] if ids is not None else " ".join(map(repr, row))[:200]
