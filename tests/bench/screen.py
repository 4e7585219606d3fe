"""What the client-data screen adds before a form's ack, for texts of 3,000 characters. `python -m tests.bench.screen`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import yaml

from copbot.program.profile import load
from copbot.screening.rules import found_in
from tests.bench.figures import middle, table
from tests.databases import ROOT

LONGEST = 3000
BUDGET = 2.0
"""Milliseconds."""
ROUNDS = 51
TEXTS = {
    "a need, nothing in it": "We would like help planning a wound care training for outreach staff in three counties. ",
    "this trade's near-misses": "Never Use Alone is 800-484-3731; s. 961.571 (1) (b) allows 0.4 mg/0.1 mL kits at our "
    "office, 12 Main Street, on March 14, 2026, 10:00-11:30, as a participant named it under award H79TI083456. ",
    "nothing but personal data": "Client named Maria Lopez, DOB 3/14/1987, SSN 219-09-9999, call 608-555-0142. ",
    "made to be slow": "named 12 N 1/1 case no called ",
}
_WORD = re.compile(r"\w+")
Screened = dict[str, tuple[float, float]]
"""By text: milliseconds of the processor, and their ratio to the floor's."""


def _texts() -> dict[str, str]:
    """Each text at its full length; the judged sentences one after the other, several kinds of data in each line."""
    file = ROOT / "tests" / "screening" / "labelled.yaml"
    judged = " ".join(each["text"] for each in yaml.safe_load(file.read_text()))
    return {
        **{name: (words * (LONGEST // len(words) + 1))[:LONGEST] for name, words in TEXTS.items()},
        "the judged sentences, first part": judged[:LONGEST],
        "the judged sentences, second part": judged[LONGEST : 2 * LONGEST],
    }


def _took(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return (time.thread_time() - begun) * 1000


def measure(rounds: int = ROUNDS) -> Screened:
    """Medians. The floor finds the words of the same text, in the same round."""
    profile = load()
    found = {}
    for name, text in _texts().items():
        pairs = [
            (_took(lambda: found_in(text, profile)), _took(lambda: _WORD.findall(text)))  # noqa: B023
            for _ in range(rounds)
        ]
        found[name] = middle([mine for mine, _ in pairs]), middle([mine / floor for mine, floor in pairs])
    return found


def screen_table(found: Screened) -> str:
    rows = ([name, f"{half:.2f}", f"{times:.1f}"] for name, (half, times) in found.items())
    return table(("text of 3,000 characters", "ms", "ratio"), rows)


if __name__ == "__main__":
    print(screen_table(measure()))
