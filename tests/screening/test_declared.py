"""Every text field of every form is declared: its words are screened, published, or no words at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from copbot.app import entrances
from tests.sizes import ROOT

ROWS = [row for row in entrances().rows if row.kind == "view"]
SCREENS = [path for path in sorted((ROOT / "copbot").rglob("*.py")) if "text_input(" in path.read_text()]

SHOWN_BY = {"contacts": "assistance"}
"""Rooms whose forms another room opens, whose entrances therefore declare them."""


def declared(room: str) -> set[str]:
    room = SHOWN_BY.get(room, room)
    rows = [row for row in ROWS if row.run.__module__.startswith(f"copbot.{room}.")]
    return {name for row in rows for name in (*row.free_text, *row.public_text, *row.other_text)}


def names_in(path: Path) -> Iterator[str]:
    """The name of each text field; of one whose name is worked out, those that its function is called with."""
    tree = ast.parse(path.read_text())
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
        for call in calls(function, "text_input"):
            first = call.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
            elif isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                yield str(first.values[0].value).rstrip(
                    ":"
                )  # what follows the colon is a count of its versions
            elif isinstance(first, ast.Name) and first.id in [each.arg for each in function.args.args]:
                at = [each.arg for each in function.args.args].index(first.id)
                yield from (str(ast.literal_eval(each.args[at])) for each in calls(tree, function.name))
            elif function.name != "text_input":
                yield "any name at all"


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of the function, by its own name or as a part of its module (`kit.text_input`)."""
    for node in (each for each in ast.walk(tree) if isinstance(each, ast.Call)):
        if name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            yield node


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_field_is_declared_by_an_entrance_of_its_room(path: Path) -> None:
    parts = path.relative_to(ROOT / "copbot").parts
    if parts[0] in ("slack", "sandbox"):
        pytest.skip("where the field is made")
    known = declared(SHOWN_BY.get(parts[0], parts[0]))
    lost = [name for name in names_in(path) if not any(fnmatchcase(name, each) for each in known)]
    assert lost == []


def test_the_look_finds_fields_at_all() -> None:
    found = {name for path in SCREENS for name in names_in(path)}
    assert {"need", "more", "urgent_reason", "why", "question", "summary", "purpose", "role", "note"} <= found


def test_only_forms_that_save_declare_what_is_screened() -> None:
    others = [row for row in entrances().rows if row.kind != "view" or row.effect != "write"]
    assert [row.id for row in others if row.free_text or row.public_text or row.can_call] == []
