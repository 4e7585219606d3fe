"""What Slack is told of the app, and why: the files in the repository are what the program makes."""

from __future__ import annotations

import ast
from pathlib import Path

from copbot.app import manifest, manifest_of
from copbot.sandbox.manifest import read_manifest
from copbot.settings import load
from copbot.slack.manifest import scopes_page
from copbot.slack.scopes import EVENTS, METHODS, SURFACES, needed
from tests.forked import run
from tests.rows import for_each
from tests.sizes import ROOT


def test_the_manifest_in_the_repository_is_the_one_the_program_makes() -> None:
    """`.venv/bin/python bot.py manifest > manifest.yaml` makes it so."""
    assert (ROOT / "manifest.yaml").read_text() == manifest(load({}, None))


def test_the_command_prints_that_manifest(tmp_path: Path) -> None:
    assert run("manifest", at=tmp_path).stdout == (ROOT / "manifest.yaml").read_text()


def test_the_page_of_scopes_is_current() -> None:
    """`.venv/bin/python -c "from copbot.slack.manifest import scopes_page as p; print(p(), end='')" > docs/scopes.md`."""
    assert (ROOT / "docs" / "scopes.md").read_text() == scopes_page()


def test_slack_takes_the_manifest() -> None:
    assert read_manifest(manifest_of(load({}, None)))


def called() -> set[str]:
    """Every Web API method named in a call of the program, outside the sandbox."""
    found = set()
    for path in (ROOT / "copbot").rglob("*.py"):
        if "sandbox" in path.parts or path.name == "scopes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in METHODS:
                found.add(node.value)
    return found


def test_every_method_listed_is_called_somewhere() -> None:
    assert called() == set(METHODS)


@for_each("name", [*METHODS, *EVENTS, *SURFACES])
def test_everything_asked_for_says_why(name: str) -> None:
    row = {**METHODS, **EVENTS, **SURFACES}[name]
    assert len(row[1]) > 10
    assert not row[1][0].isupper()


def test_nothing_is_asked_for_that_nothing_needs() -> None:
    asked = manifest_of(load({}, None))["oauth_config"]["scopes"]["bot"]
    assert asked == sorted(needed())
    assert len(asked) == len(set(asked))


def test_a_commands_hint_begins_with_the_words_it_takes_itself() -> None:
    commands = {
        each["command"]: each["usage_hint"].split(" | ")
        for each in manifest_of(load({}, None))["features"]["slash_commands"]
    }
    assert commands["/ta"][0] == "what you need"
    assert "what you need" not in commands["/community"]
