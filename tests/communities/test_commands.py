"""`import` and `export` as commands: what goes in comes out, and what is wrong changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import SqliteFiles
from tests.ground.test_cli import bot

GOOD = "communities:\n  - {id: housing, name: housing, purpose: A roof}\n"


@pytest.fixture
def folder(sqlite_files: SqliteFiles, tmp_path: Path) -> Path:
    """Where the bot's database lies already."""
    (tmp_path / "data").mkdir()
    sqlite_files.copy(tmp_path / "data" / "copbot.db")
    return tmp_path


def test_a_list_goes_in_and_comes_out_again(folder: Path) -> None:
    (folder / "list.yaml").write_text(GOOD)
    done = bot("import", "communities", "list.yaml", at=folder)
    assert (done.returncode, done.stdout) == (0, "1 new, 0 changed, 0 unchanged.\n")
    out = bot("export", "--format", "communities", "--to", "out.yaml", at=folder)
    assert out.returncode == 0, out.stderr
    again = bot("import", "communities", "out.yaml", at=folder)
    assert again.stdout == "0 new, 0 changed, 1 unchanged.\n"


def test_what_is_wrong_is_named_with_its_line_and_ends_with_one(folder: Path) -> None:
    (folder / "list.yaml").write_text(GOOD + "  - {id: housing, name: other, lead: ada}\n")
    done = bot("import", "communities", "list.yaml", at=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert "list.yaml:3:" in done.stderr
    missing = bot("import", "pages", "none.yaml", at=folder)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert bot("import", "people", "list.yaml", at=folder).returncode == 2


def test_the_shipped_pages_can_be_taken_out_changed_and_put_in(folder: Path) -> None:
    out = bot("export", "--format", "pages", at=folder)
    assert "principles" in out.stdout
    (folder / "pages.yaml").write_text(out.stdout.replace("What this is", "Who we are"))
    assert "pages taken" in bot("import", "pages", "pages.yaml", at=folder).stdout
    assert "Who we are" in bot("export", "--format", "pages", at=folder).stdout
