"""The quick way for plain text folds as the long way does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copbot.resources.index.rules import fold


@given(st.text(st.characters(codec="ascii"), max_size=80))
def test_plain_text_is_folded_alike_by_both_ways(text: str) -> None:
    assert fold(text) == fold(f"{text} é").removesuffix("e").strip()
    assert fold(fold(text)) == fold(text)
