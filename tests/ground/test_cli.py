"""The commands: what they print and how they end.

Most run in this process, in a folder of their own, as Typer runs them; a few are processes, as a script sees them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copbot.cli import commands
from copbot.store import Store, deployment, migrate
from copbot.store.backups import backups_of
from copbot.store.one_run import only_run
from tests.databases import ROOT, Postgres
from tests.dialogs.kit import logs_read

COMMANDS = (
    "run", "sandbox", "migrate", "doctor", "manifest", "import", "export", "backup", "restore", "digest",
)  # fmt: skip
TOKEN = "xoxb-12345-very-secret"


Done = subprocess.CompletedProcess[str]


def told() -> list[str]:
    """What this process' environment would say to copbot."""
    return [name for name in os.environ if name.startswith(("SLACK_", "COPBOT_", "DATABASE_"))]


def bot(*words: str, at: Path, **environ: str) -> Done:
    """A command of `bot.py` in a folder of its own, with nothing in the environment but what is given."""
    environment = {**dict.fromkeys(told()), "COLUMNS": "200", **environ}
    with chdir(at), logs_read():
        done = CliRunner().invoke(commands, words, env=environment, prog_name="bot.py")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(words, done.exit_code, done.stdout, done.stderr)


def process(*words: str, at: Path, **environ: str) -> Done:
    """The same as a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name not in told()}
    return subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), *words],
        cwd=at,
        env=clean | {"COLUMNS": "200"} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_lists_the_commands_that_exist_and_no_others(tmp_path: Path) -> None:
    done = process("--help", at=tmp_path)
    listed = re.findall(r"^  ([a-z]+)  ", done.stdout.partition("Commands:")[2], re.MULTILINE)
    assert (done.returncode, tuple(listed)) == (0, COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_opens_nothing_for_it(command: str, tmp_path: Path) -> None:
    done = bot(command, "--help", at=tmp_path)
    assert done.returncode == 0
    assert f"Usage: bot.py {command}" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("run", "--fast"),
        ("migrate", "extra"),
        ("restore",),
        ("restore", "a", "--mark"),
        ("backup", "--to"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_end_with_two(words: tuple[str, ...], tmp_path: Path) -> None:
    done = bot(*words, at=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: " in done.stderr
    assert list(tmp_path.iterdir()) == []


UNKNOWN = "COPBOT_STAFFCHANNEL is not a setting of copbot. Did you mean COPBOT_STAFF_CHANNEL?\n"


@pytest.mark.parametrize("command", ["run", "sandbox", "migrate", "doctor", "manifest", "backup"])
def test_an_unknown_setting_ends_with_two_and_the_nearest_right_name(command: str, tmp_path: Path) -> None:
    done = bot(command, at=tmp_path, COPBOT_STAFFCHANNEL="x")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", UNKNOWN)


def test_a_process_ends_with_the_same_codes_and_words(tmp_path: Path) -> None:
    """0 done, 1 failed, 2 wrong: what `bot.py` gives to the shell is what the command ended with."""
    unknown = process("doctor", at=tmp_path, COPBOT_STAFFCHANNEL="x")
    assert (unknown.returncode, unknown.stdout, unknown.stderr) == (2, "", UNKNOWN)
    wrong = process("restore", at=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Error: " in wrong.stderr
    failed = process("run", at=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "SLACK_BOT_TOKEN is missing" in failed.stderr
    assert list(tmp_path.iterdir()) == []


LIGHT = """
import sys
from copbot.cli import commands
try:
    commands(sys.argv[1:], prog_name="bot.py")
except SystemExit as end:
    print(end.code)
print(sorted({"alembic", "copbot.app", "rich", "slack_bolt", "sqlalchemy", "starlette"} & set(sys.modules)))
"""


@pytest.mark.parametrize("words", [("migrate", "--help"), ("run", "--fast")], ids=" ".join)
def test_help_and_wrong_words_load_neither_the_bot_nor_the_database(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, *words],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_wrong_settings_end_with_one_and_all_their_faults(tmp_path: Path) -> None:
    done = bot(
        "migrate", at=tmp_path, COPBOT_HTTP_PORT="x", COPBOT_LOG="y", SLACK_BOT_TOKEN=f"{TOKEN} {TOKEN}"
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
    assert TOKEN not in done.stderr


def test_the_env_file_is_read_from_where_the_command_runs(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DATABASE_URL=sqlite:///{tmp_path}/mine.db\n")
    assert bot("migrate", at=tmp_path).returncode == 0
    assert (tmp_path / "mine.db").exists()


def test_run_without_tokens_names_them_and_ends_with_one(tmp_path: Path) -> None:
    done = bot("run", at=tmp_path)
    assert done.returncode == 1
    assert "SLACK_BOT_TOKEN is missing" in done.stderr
    assert "SLACK_APP_TOKEN is missing" in done.stderr
    assert not (tmp_path / "data").exists()


def test_migrate_makes_the_default_database_once(tmp_path: Path) -> None:
    first = process("migrate", at=tmp_path)
    assert (first.returncode, first.stdout) == (0, f"The database went from nothing to {migrate.head()}.\n")
    assert (tmp_path / "data/copbot.db").exists()
    second = bot("migrate", at=tmp_path)
    assert (second.returncode, second.stdout) == (0, f"The database is up to date ({migrate.head()}).\n")


def test_migrate_check_only_looks(tmp_path: Path) -> None:
    assert bot("migrate", "--check", at=tmp_path).returncode == 1
    assert not (tmp_path / "data").exists()
    bot("migrate", at=tmp_path)
    assert bot("migrate", "--check", at=tmp_path).returncode == 0


def test_migrate_waits_for_no_running_bot(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copbot.db"
    with only_run(url):
        done = bot("migrate", at=tmp_path, DATABASE_URL=url)
    assert done.returncode == 1
    assert "already running" in done.stderr


def test_migrate_reaches_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database() as url:
        assert bot("migrate", at=tmp_path, DATABASE_URL=url).returncode == 0
        assert migrate.is_current(url)


def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(tmp_path: Path) -> None:
    done = bot("migrate", at=tmp_path, DATABASE_URL="postgresql://kim:hunter2@127.0.0.1:9/copbot")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "127.0.0.1:9" in done.stderr
    assert "hunter2" not in done.stderr


def test_backup_and_restore_go_round(tmp_path: Path) -> None:
    bot("migrate", at=tmp_path)
    path = tmp_path / "data/copbot.db"
    made = bot("backup", "--to", "mine.copy", at=tmp_path)
    assert (made.returncode, made.stdout) == (0, "Copied to mine.copy.\n")
    done = bot("restore", "mine.copy", at=tmp_path)
    assert done.returncode == 0
    assert "Restored." in done.stdout
    assert len(backups_of(path)) == 1, "what was there before is kept"
    assert is_marked(f"sqlite:///{path}")


def test_backup_overwrites_nothing(tmp_path: Path) -> None:
    bot("migrate", at=tmp_path)
    (tmp_path / "mine.copy").write_text("mine")
    assert bot("backup", "--to", "mine.copy", at=tmp_path).returncode == 1
    assert (tmp_path / "mine.copy").read_text() == "mine"


def test_a_copy_that_is_none_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    bot("migrate", at=tmp_path)
    (tmp_path / "letter.txt").write_text("no database")
    for copy in ("letter.txt", "missing.db"):
        refused = bot("restore", copy, at=tmp_path)
        assert refused.returncode == 1
        assert copy in refused.stderr
    assert backups_of(tmp_path / "data/copbot.db") == []


def test_restore_refuses_under_a_running_bot(tmp_path: Path) -> None:
    bot("migrate", at=tmp_path)
    bot("backup", "--to", "mine.copy", at=tmp_path)
    with only_run(f"sqlite:///{tmp_path}/data/copbot.db"):
        done = bot("restore", "mine.copy", at=tmp_path)
    assert done.returncode == 1
    assert "already running" in done.stderr


def is_marked(url: str) -> bool:
    store = Store(url)
    with store.reading() as session:
        marked = deployment.restored_at(session) is not None
    store.close()
    return marked


def test_for_postgresql_its_own_tools_are_named_and_the_mark_set(postgres_url: str, tmp_path: Path) -> None:
    said = bot("backup", at=tmp_path, DATABASE_URL=postgres_url)
    assert said.returncode == 1
    assert "pg_dump --format=custom" in said.stderr
    said = bot("restore", "copbot.dump", at=tmp_path, DATABASE_URL=postgres_url)
    assert said.returncode == 1
    assert "pg_restore" in said.stderr
    assert not is_marked(postgres_url)
    assert bot("restore", "--mark", at=tmp_path, DATABASE_URL=postgres_url).returncode == 0
    assert is_marked(postgres_url)


def test_the_named_tools_are_given_no_password(tmp_path: Path) -> None:
    done = bot(
        "backup",
        at=tmp_path,
        DATABASE_URL="postgres://kim:hunter2@db.example.org:5433/copbot?password=hunter2",
    )
    assert "postgresql://kim@db.example.org:5433/copbot" in done.stderr
    assert "hunter2" not in done.stderr
