"""What the client-data screen adds before a form's ack, for texts of 3,000 characters. `python -m tests.bench.screen`."""

from __future__ import annotations

import time

from copbot.program.profile import load
from copbot.screening.service import found_in
from tests.bench.figures import middle, table

LONGEST = 3000
BUDGET = 2.0
"""Milliseconds, for a text as people write it."""
ROUNDS = 51
TEXTS = {
    "a need, nothing in it": "We would like help planning a wound care training for outreach staff in three counties. ",
    "this trade's near-misses": "Never Use Alone is 800-484-3731; s. 961.571 (1) (b) allows 0.4 mg/0.1 mL kits at our "
    "office, 12 Main Street, on March 14, 2026, 10:00-11:30, as a participant named it under award H79TI083456. ",
    "nothing but personal data": "Client named Maria Lopez, DOB 3/14/1987, SSN 219-09-9999, call 608-555-0142. ",
    "made to be slow": "named 12 N 1/1 case no called ",
}


def measure() -> dict[str, tuple[float, float]]:
    """Median and worst milliseconds of the processor, by text."""
    profile = load()
    found = {}
    for name, words in TEXTS.items():
        text = (words * (LONGEST // len(words) + 1))[:LONGEST]
        times = []
        for _ in range(ROUNDS):
            begun = time.thread_time()
            found_in(text, profile)
            times.append((time.thread_time() - begun) * 1000)
        found[name] = (middle(times), max(times))
    return found


def screen_table(found: dict[str, tuple[float, float]]) -> str:
    rows = ([name, f"{half:.2f}", f"{worst:.2f}"] for name, (half, worst) in found.items())
    return table(("text of 3,000 characters", "median ms", "worst ms"), rows)


if __name__ == "__main__":
    print(screen_table(measure()))
