"""What each folder of tests may take. A run on the build server (`CI`) fails when one takes more.

A second here is one of a machine with nothing else to do. How much the machine has else to do is measured by
the run itself: for how long its processes waited to be let on a core, beside how long they were on one. What
the tests took is divided by that, so a busy machine fails nobody, and a sleep or a slow test is still seen.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from tests.waiting import on_a_core

SECONDS = {
    "": 60, "about": 60, "alerts": 60, "assistance": 90, "bench": 60, "communities": 90, "contacts": 60, "contract": 160,
    "conversations": 70, "delivery": 150, "dialogs": 230, "digests": 70, "faults": 210, "fetch": 60, "followup": 60,
    "ground": 160, "home": 120,
    "imports": 60, "jobs": 60, "joining": 60, "page": 370, "people": 70, "program": 70, "readers": 60,
    "resources": 60, "routing": 60, "sandbox": 150, "screening": 60, "slack": 70,
}  # fmt: skip
"""By folder ("": files beside them): about two and a half times what it takes on two quiet cores."""


class Budgets:
    """Sums up by folder in the process that hears of all tests; each worker tells it how long it was kept waiting."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.took: Counter[str] = Counter()
        self.ran, self.waited = 0, 0

    @property
    def slowed(self) -> float:
        return (self.ran + self.waited) / max(1, self.ran)

    def over(self) -> list[str]:
        """What to say of each folder that took more than it may."""
        return [
            f"tests/{folder}: {took / self.slowed:.0f} s of {SECONDS.get(folder, SECONDS[''])} s"
            for folder, took in self.took.items()
            if took / self.slowed > SECONDS.get(folder, SECONDS[""])
        ]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        _, *inner = report.nodeid.partition("::")[0].split("/")
        self.took[inner[0] if len(inner) > 1 else ""] += report.duration

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        ran, waited = getattr(node, "workeroutput", {}).get("spent", (0, 0))
        self.ran, self.waited = self.ran + ran, self.waited + waited

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["spent"] = on_a_core()
            return
        if not self.ran:
            self.ran, self.waited = on_a_core()
        if self.over() and os.environ.get("CI") and not session.exitstatus:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("seconds by folder")
        terminalreporter.line(f"kept waiting for a core: {self.slowed:.1f} × the time on one")
        told = [f"{folder or '.'} {took / self.slowed:.0f}" for folder, took in self.took.most_common()]
        terminalreporter.line(", ".join(told))
        for line in self.over():
            terminalreporter.line(f"over its budget (tests/budgets.py): {line}", red=True)
