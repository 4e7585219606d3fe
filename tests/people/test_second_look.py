"""Who may approve what one of staff wrote for everybody, and from when it counts."""

from __future__ import annotations

import pytest

from copbot.errors import NotAllowed
from copbot.people.rules import HOLD, second_look
from tests.days import NOON
from tests.rows import for_each


@for_each("staff", [1, 2, 3, 4, 30])
def test_somebody_elses_approval_counts_at_once_however_many_staff_there_are(staff: int) -> None:
    assert second_look(author="U1", approver="U2", staff=staff, now=NOON) == NOON


@for_each("staff", [3, 4, 30])
def test_nobody_approves_what_they_wrote(staff: int) -> None:
    with pytest.raises(NotAllowed) as refused:
        second_look(author="U1", approver="U1", staff=staff, now=NOON)
    assert "somebody else has to approve it" in refused.value.words


@for_each("staff", [1, 2])
def test_with_fewer_than_three_staff_the_writer_can_and_it_waits_ten_minutes(staff: int) -> None:
    assert second_look(author="U1", approver="U1", staff=staff, now=NOON) == NOON + HOLD
    assert HOLD.total_seconds() == 600
