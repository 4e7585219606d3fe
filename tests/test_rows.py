"""The table of rows that tests are written with tells every row that fails, by its name."""

from __future__ import annotations

import pytest

from tests.rows import MOST, for_each


def test_every_row_that_fails_is_named_with_why_and_the_others_are_checked() -> None:
    seen = []

    @for_each(("number", "word"), [(1, "one"), (2, "two"), (3, "three")])
    def check(number: int, word: str, extra: str) -> None:
        seen.append(word + extra)
        assert number == 2, "not two"

    with pytest.raises(AssertionError) as failed:
        check(extra="!")
    assert seen == ["one!", "two!", "three!"]
    assert str(failed.value).splitlines()[0] == "2 of 3 rows failed:"
    assert "1 'one': AssertionError: not two" in str(failed.value)
    assert "3 'three': AssertionError: not two" in str(failed.value)


def test_a_table_that_fails_row_after_row_is_left_and_an_expected_error_that_stays_away_counts() -> None:
    seen = []

    @for_each("number", range(100), ids=str)
    def check(number: int) -> None:
        seen.append(number)
        with pytest.raises(ValueError):
            int(number)

    with pytest.raises(AssertionError, match=f"{MOST} of 100 rows failed:\n0: Failed: DID NOT RAISE"):
        check()
    assert seen == list(range(MOST))
