"""Figures out of single times: quantiles of a round, medians over rounds, ratios within a round."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.slack import LATE, Sent


@dataclass(frozen=True)
class Round:
    """What one round of one app showed, in milliseconds."""

    p50: float
    p99: float
    worst: float
    lost: int
    late: int
    refused: int
    count: int


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed; of few values p99 is the worst."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def a_round(sent: Iterable[Sent]) -> Round:
    sent = list(sent)
    times = [each.ms for each in sent if each.back is not None] or [math.inf]
    late = sum(each > LATE * 1000 for each in times if each < math.inf)
    lost = sum(each.back is None for each in sent)
    refused = sum(each.refused for each in sent)
    return Round(quantile(times, 0.5), quantile(times, 0.99), max(times), lost, late, refused, len(sent))


def middle(values: Iterable[float]) -> float:
    return median(values)


def ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """The median of the ratios of each round: both apps met the same disturbance in it."""
    return median(mine / theirs for mine, theirs in zip(ours, floor, strict=True))


def ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown; figures to the right, the first column to the left."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
