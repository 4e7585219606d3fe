"""`kill -9` between any two steps of submit, notice and mark (invariants 1, 2, 3 and 5)."""

from __future__ import annotations

import pytest

from tests.faults.kills import SAVE, SUBMIT, Points, submitting, submitting_at_once
from tests.faults.kit import House

pytestmark = pytest.mark.rounds


def test_killed_between_submit_and_mark_there_is_one_request_and_one_notice_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, SUBMIT, submitting, few=4)


def test_killed_between_submit_and_mark_on_postgresql_inv2(postgres_home: House, points: Points) -> None:
    points.prove(postgres_home, SUBMIT, submitting, few=1, share=5)


def test_killed_at_a_commit_that_several_share_nothing_is_lost_and_nothing_doubled_inv2(
    home: House, points: Points
) -> None:
    points.prove(home, SAVE, submitting_at_once, few=1, share=2)
