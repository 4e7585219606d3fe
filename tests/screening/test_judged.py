"""How well the screen sees, class by class: our own sentences, and others by somebody who had not seen a pattern."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from copbot.program.profile import load
from copbot.screening.rules import Kind, found_in

HERE = Path(__file__).parent
SETS = [path for path in (HERE / "labelled.yaml", HERE / "held_out.yaml") if path.exists()]
KINDS: tuple[str, ...] = get_args(Kind)
PROFILE = load()
RECALL, FALSE_ALARMS = 0.95, 0.05


@dataclass(frozen=True)
class Judged:
    """Of one class: sentences that hold it and were found, and others that were taken for it."""

    holds: int
    seen: int
    others: int
    alarms: int

    @property
    def recall(self) -> float:
        return self.seen / self.holds if self.holds else 1.0

    @property
    def false_alarms(self) -> float:
        return self.alarms / self.others if self.others else 0.0


def sentences(path: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


def kinds_in(text: str) -> set[str]:
    return {each.kind for each in found_in(text, PROFILE)}


def judged(path: Path, kind: str) -> Judged:
    holding = [each for each in sentences(path) if kind in each["classes"]]
    others = [each for each in sentences(path) if kind not in each["classes"]]
    seen = sum(kind in kinds_in(each["text"]) for each in holding)
    alarms = sum(kind in kinds_in(each["text"]) for each in others)
    return Judged(len(holding), seen, len(others), alarms)


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", KINDS)
def test_each_class_is_seen_and_seldom_taken_for_what_is_harmless(path: Path, kind: str) -> None:
    found = judged(path, kind)
    missed = [
        each["text"]
        for each in sentences(path)
        if (kind in each["classes"]) != (kind in kinds_in(each["text"]))
    ]
    assert found.recall >= RECALL, missed
    assert found.false_alarms <= FALSE_ALARMS, missed


def test_our_own_set_is_large_and_half_harmless() -> None:
    ours = sentences(SETS[0])
    harmless = sum(not each["classes"] for each in ours)
    assert len(ours) >= 150
    assert 0.4 <= harmless / len(ours) <= 0.6
    assert len({each["text"] for each in ours}) == len(ours)
    assert {kind for each in ours for kind in each["classes"]} == set(KINDS)


def test_a_harmless_sentence_passes_as_a_whole() -> None:
    """What a writer meets: the share of harmless sentences that come back at all."""
    for path in SETS:
        harmless = [each["text"] for each in sentences(path) if not each["classes"]]
        stopped = [text for text in harmless if kinds_in(text)]
        assert len(stopped) / len(harmless) <= FALSE_ALARMS, stopped


@pytest.mark.parametrize(
    "text",
    ["WRITE TO TASHA AT GMAIL DOT COM", "write to tasha at gmail dot com", "tasha (at) gmail (dot) com"],
)
def test_an_e_mail_that_is_spelled_out_is_found_however_it_is_written(text: str) -> None:
    assert kinds_in(text) == {"email"}


if __name__ == "__main__":
    for path in SETS:
        print(f"\n{path.stem}: {len(sentences(path))} sentences\n")
        print(
            "| class | sentences | found | recall | taken for it | false alarms |\n|---|---:|---:|---:|---:|---:|"
        )
        for kind in KINDS:
            one = judged(path, kind)
            print(
                f"| {kind} | {one.holds} | {one.seen} | {one.recall:.2f} | {one.alarms} of {one.others} | {one.false_alarms:.3f} |"
            )
