"""A folder that takes more than its budget is named, and a busy machine is no reason for it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests import budgets
from tests.budgets import SECONDS, Budgets
from tests.waiting import at_most, on_a_core

LIMIT = SECONDS["jobs"]


def heard(seconds: float, *, ran: int = 1, waited: int = 0) -> Budgets:
    """The budgets after so many seconds of tests in `jobs`, by workers that ran and waited so long."""
    found = Budgets(cast("Any", SimpleNamespace()))
    report = {"nodeid": "tests/jobs/test_order.py::test_one", "duration": seconds}
    found.pytest_runtest_logreport(cast("Any", SimpleNamespace(**report)))
    found.pytest_testnodedown(SimpleNamespace(workeroutput={"spent": (ran, waited)}))
    return found


def test_a_folder_over_its_budget_is_named() -> None:
    assert heard(LIMIT - 1).over() == []
    assert heard(LIMIT + 1).over() == [f"tests/jobs: {LIMIT + 1} s of {LIMIT} s"]


def test_what_the_machine_had_else_to_do_is_not_the_folders_doing() -> None:
    assert heard(LIMIT * 3, ran=100, waited=300).over() == []
    assert heard(LIMIT * 5, ran=100, waited=300).over() != []


@pytest.mark.parametrize(("ci", "fails"), [("true", True), ("", False)])
def test_it_fails_the_run_on_the_build_server_only(
    monkeypatch: pytest.MonkeyPatch, ci: str, fails: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    session = cast("Any", SimpleNamespace(exitstatus=0))
    heard(LIMIT + 1).pytest_sessionfinish(session)
    assert bool(session.exitstatus) is fails


def test_every_folder_has_a_budget() -> None:
    folders = {path.parent.name for path in Path(budgets.__file__).parent.glob("*/test_*.py")}
    assert folders <= set(SECONDS)


def test_a_busy_machine_gets_more_time() -> None:
    assert at_most(1.0) >= 1.0
    ran, waited = on_a_core()
    assert ran > 0
    assert waited >= 0
