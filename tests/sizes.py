"""How large things are. `python -m tests.sizes` prints the figures; `test_house.py` holds the limits."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent

WHOLE = 40_000
"""How many lines the product may have when all its rooms are there."""
BUDGETS = {
    "resources": 2_000,
    "imports": 1_700,
    "digests": 1_800,
    "alerts": 400,
    "screening": 450,
    "contacts": 700,
    "routing": 550,
    "assistance": 3_433 + 1_200,  # what it was before the register, and the register
    "conversations": 1_500,
    "followup": 750,
    "reports": 1_600,
    "privacy": 800,
    "intake": 450,
    "operations": 700,
    "slack/files": 200,
}
"""Lines by room, or by the part of a room that has a budget of its own."""


@dataclass(frozen=True)
class Function:
    path: Path
    name: str
    lines: int

    def __str__(self) -> str:
        return f"{self.lines} {self.path.relative_to(ROOT)}:{self.name}"


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def total(paths: Iterable[Path]) -> int:
    return sum(lines_of(path) for path in paths)


def functions_in(paths: Iterable[Path]) -> Iterator[Function]:
    for path in paths:
        yield from _functions(path)


@cache
def _functions(path: Path) -> tuple[Function, ...]:
    return functions_of(path, ast.walk(ast.parse(path.read_text())))


def functions_of(path: Path, nodes: Iterable[ast.AST]) -> tuple[Function, ...]:
    """Those of a file among the nodes of its tree."""
    return tuple(
        Function(path, node.name, (node.end_lineno or 0) - node.lineno + 1)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def is_of_sandbox(path: Path) -> bool:
    return "sandbox" in path.relative_to(ROOT).parts


def product() -> list[Path]:
    """The bot without the sandbox."""
    files = [*ROOT.glob("copbot/**/*.py"), *ROOT.glob("migrations/**/*.py"), ROOT / "bot.py"]
    return sorted(path for path in files if not is_of_sandbox(path))


def sandbox() -> list[Path]:
    return sorted((ROOT / "copbot/sandbox").rglob("*.py"))


def tests(*, of_sandbox: bool) -> list[Path]:
    files = sorted((ROOT / "tests").rglob("*.py"))
    return [path for path in files if is_of_sandbox(path) == of_sandbox]


def show(name: str, source: list[Path], tested_by: list[Path]) -> str:
    functions = sorted(functions_in(source), key=lambda one: one.lines)
    longest = max(source, key=lines_of)
    return (
        f"{name}: {total(source)} lines in {len(source)} files, {total(tested_by)} lines of tests, "
        f"ratio {total(tested_by) / total(source):.2f}\n"
        f"  longest file      {lines_of(longest)} {longest.relative_to(ROOT)}\n"
        f"  longest function  {functions[-1]}\n"
        f"  median function   {median(one.lines for one in functions):g} of {len(functions)}"
    )


def in_room(room: str) -> int:
    """The lines of a room, or of a part of one: a folder, or the file of that name."""
    place = ROOT / "copbot" / room
    return total(place.rglob("*.py")) + (lines_of(file) if (file := place.with_suffix(".py")).exists() else 0)


def rooms() -> str:
    """Each room against its budget, then everything against the whole house's."""
    standing = {path.parent.name for path in ROOT.glob("copbot/*/__init__.py")} - {"sandbox"}
    rows = [(room, in_room(room), BUDGETS.get(room)) for room in sorted(standing | set(BUDGETS))]
    rows.append(("whole product", total(product()), WHOLE))
    return "\n".join(
        f"{name:<14} {lines:>7,} {f'{budget:>7,} {budget - lines:>+8,}' if budget else '':<16}".rstrip()
        for name, lines, budget in rows
    )


if __name__ == "__main__":
    print(f"{'room':<14} {'lines':>7} {'budget':>7} {'left':>8}\n{rooms()}\n")
    print(show("copbot", product(), tests(of_sandbox=False)))
    print(show("sandbox", sandbox(), tests(of_sandbox=True)))
