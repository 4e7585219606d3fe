"""Every sentence people can read, by room and file. `python -m tests.words [ROOM …]` prints them (`make words`).

Texts are string constants that are not docstrings: all of them in screens, words and notices; elsewhere those that
begin like a sentence, such as an error's. What an f-string puts in stands in braces. Profiles and pages are read
as YAML.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent / "copbot"
NOT_READ = {"sandbox", "store"}
"""Rooms nobody reads in Slack."""
NO_SENTENCES = {"tables.py", "patterns.py", "names.py"}
"""Files of SQL and of patterns."""
_SCREENS = re.compile(r"screen|words|notices|page\.py|choosers")
_LOUD = re.compile(r"(?=.*[a-z]{2}).*\S\s+\S.*|[*“]?[A-Z][a-z’']{2,}.*")
_SENTENCE = re.compile(r"[*_]?[A-Z“✓⚠].*\s\S.*")
_LABELS = {"label", "text", "title", "name", "note", "check", "heading", "source"}


def texts_in(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of each string that people may read, in the file's order."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node) for node in _docstrings(tree)} | {id(node) for node in _annotations(tree)}
    looks_read = _LOUD if _SCREENS.search(str(path.relative_to(ROOT))) else _SENTENCE
    inside: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in skipped or id(node) in inside:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            text = "".join(map(_part, node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        if text and looks_read.fullmatch(text.replace("\n", " ").strip()):
            yield node.lineno, text


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    return "{" + ast.unparse(node.value) + "}"


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings, and the strings that stand below a constant as its description."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))


def _annotations(tree: ast.Module) -> Iterator[ast.AST]:
    """What log lines and types are called, which nobody reads in Slack."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            yield from ast.walk(node.slice)
        if isinstance(node, ast.Call) and "log." in ast.unparse(node.func):
            yield from node.args


def texts_of_yaml(node: Any, name: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from texts_of_yaml(value, str(key))
    elif isinstance(node, list):
        for value in node:
            yield from texts_of_yaml(value, name)
    elif isinstance(node, str) and (name in _LABELS or " " in node):
        yield node


def by_file() -> dict[str, list[str]]:
    """File within `copbot/` → its texts, with the line where the file is Python."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] not in NOT_READ and path.name not in NO_SENTENCES:
            said = sorted(texts_in(path))
            found[str(path.relative_to(ROOT))] = [f"{line:>4}  {_shown(text)}" for line, text in said]
    for path in sorted(ROOT.rglob("*.yaml")):
        if path.relative_to(ROOT).parts[0] not in NOT_READ and "areas" not in path.parts:
            said_ = texts_of_yaml(yaml.safe_load(path.read_text(encoding="utf-8")))
            found[str(path.relative_to(ROOT))] = [f"      {_shown(text)}" for text in said_]
    return {name: lines for name, lines in found.items() if lines}


def _shown(text: str) -> str:
    return " ⏎ ".join(part.strip() for part in text.strip().splitlines())


if __name__ == "__main__":
    rooms = sys.argv[1:]
    for name, lines in by_file().items():
        if not rooms or name.split("/")[0] in rooms:
            print(f"\n{name}")
            print("\n".join(lines))
