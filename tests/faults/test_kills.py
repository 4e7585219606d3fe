"""`kill -9` between any two steps of submit, notice and mark (invariants 1, 2, 3 and 5)."""

from __future__ import annotations

import pytest

from tests.faults.kills import SUBMIT, prove, submitting, submitting_at_once
from tests.faults.kit import House

pytestmark = pytest.mark.rounds


@pytest.mark.parametrize("part", SUBMIT)
def test_killed_between_submit_and_mark_there_is_one_request_and_one_notice_inv2(
    home: House, part: str, rounds: int
) -> None:
    prove(home, SUBMIT[part], submitting, rounds)


@pytest.mark.parametrize("part", SUBMIT)
def test_killed_between_submit_and_mark_on_postgresql_inv2(
    postgres_home: House, part: str, rounds: int
) -> None:
    prove(postgres_home, SUBMIT[part], submitting, max(1, rounds // 5))


def test_killed_at_a_commit_that_several_share_nothing_is_lost_and_nothing_doubled_inv2(
    home: House, rounds: int
) -> None:
    prove(home, SUBMIT["saving"], submitting_at_once, max(1, rounds // 2))
