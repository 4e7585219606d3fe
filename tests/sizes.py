"""How large things are. `python -m tests.sizes` prints the figures; `test_house.py` holds the limits."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent


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
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield Function(path, node.name, node.end_lineno - node.lineno + 1)


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


if __name__ == "__main__":
    print(show("copbot", product(), tests(of_sandbox=False)))
    print(show("sandbox", sandbox(), tests(of_sandbox=True)))
