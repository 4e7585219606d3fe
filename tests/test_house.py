"""The house rules that no type checker knows, held over every file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from copbot.logs import FIELDS
from tests import sizes, words
from tests.rows import for_each
from tests.sizes import ROOT

PRODUCT = sizes.product()
EVERYTHING = sorted([*PRODUCT, *sizes.sandbox(), *(ROOT / "tests").rglob("*.py")])
ROOMS = [path for path in PRODUCT if path.is_relative_to(ROOT / "copbot")]

LOGGED = [f"log.{level}" for level in ("debug", "info", "warning", "error", "exception", "critical")]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@dataclass(frozen=True)
class ReadFile:
    """What the rules ask of a file, kept instead of its whole tree."""

    calls: list[tuple[str, int]]
    """Dotted name and line: `datetime.now`, `session.commit`."""
    logged: list[ast.Call]
    caught_whole: list[int]
    classes: list[str]
    functions: tuple[sizes.Function, ...]


def dotted(node: ast.expr) -> str:
    """`self.store.reading`; dots stand for what is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "..."


@cache
def read(path: Path) -> ReadFile:
    """Each file is read and parsed once for all rules."""
    tree = ast.parse(path.read_text())
    nodes = list(ast.walk(tree))
    calls = [(dotted(node.func), node) for node in nodes if isinstance(node, ast.Call)]
    caught = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or re.search(r"\b(Base)?Exception\b", ast.unparse(node.type)))
    ]
    return ReadFile(
        [(name, call.lineno) for name, call in calls],
        [call for name, call in calls if name in LOGGED],
        caught,
        [node.name for node in tree.body if isinstance(node, ast.ClassDef)],
        sizes.functions_of(path, nodes),
    )


def found_in(paths: list[Path], pattern: str, allowed: tuple[str, ...]) -> list[str]:
    """Calls whose name matches, outside the files where they belong."""
    return [
        f"{name_of(path)}:{line} {name}"
        for path in paths
        if not name_of(path).startswith(allowed)
        for name, line in read(path).calls
        if re.search(pattern, name)
    ]


# --- sizes --------------------------------------------------------------------------------------


@for_each("path", EVERYTHING, ids=name_of)
def test_a_file_fits_in_the_head(path: Path) -> None:
    assert sizes.lines_of(path) <= 400


def test_a_function_fits_on_a_screen() -> None:
    written = [path for path in EVERYTHING if not name_of(path).startswith("migrations/versions/")]
    assert [str(one) for path in written for one in read(path).functions if one.lines > 60] == []


def test_most_functions_are_short() -> None:
    for files in (PRODUCT, sizes.sandbox()):
        assert median(one.lines for path in files for one in read(path).functions) <= 12


def test_a_class_name_stands_for_one_thing_in_the_whole_house() -> None:
    named: dict[str, list[str]] = {}
    for path in PRODUCT + sizes.sandbox():
        for name in read(path).classes:
            named.setdefault(name, []).append(name_of(path))
    assert {name: places for name, places in named.items() if len(places) > 1} == {}


def test_no_file_is_named_for_being_used_by_others() -> None:
    vague = re.compile(r"(manager|handler|processor|helper|util|misc|core|base|common)s?")
    assert [name_of(path) for path in PRODUCT + sizes.sandbox() if vague.fullmatch(path.stem)] == []


# --- time, sessions, broad excepts: each in its place -------------------------------------------------


def test_programme_time_comes_from_the_clock_alone_inv9() -> None:
    pattern = r"(datetime|date)\.(now|utcnow|today)$|^func\.(now|current_\w+)$|^time\.(localtime|gmtime|strftime|ctime)$"
    assert found_in(ROOMS, pattern, ("copbot/clock.py",)) == []


def test_no_test_reads_the_machines_date_and_sandboxes_begin_on_the_suites_day() -> None:
    allowed = ("tests/bench/", "tests/ground/", "tests/days.py")
    paths = [path for path in EVERYTHING if name_of(path).startswith("tests/")]
    pattern = r"(datetime|date)\.(now|utcnow|today)$|^SystemClock$"
    assert found_in(paths, pattern, allowed) == []
    begins = "from copbot.sandbox.server import Sandbox"
    direct = [name_of(path) for path in paths if begins in path.read_text().splitlines()]
    assert [name for name in direct if not name.startswith(allowed)] == []


def test_machine_time_is_only_for_leases_pacing_and_timeouts() -> None:
    allowed = ("copbot/clock.py", "copbot/store/shared_clock.py")
    assert found_in(ROOMS, r"^time\.time(_ns)?$", allowed) == []


def test_sessions_are_opened_only_at_the_doors_places() -> None:
    allowed = (
        "copbot/app.py",
        "copbot/cli/",
        "copbot/slack/frame.py",
        "copbot/delivery/sender.py",
        "copbot/delivery/files/sending.py",  # the sender's own, between the steps of a file
        "copbot/jobs/",
        "copbot/store/",
        "copbot/web/",
        *(name_of(path) for path in ROOMS if path.name == "jobs.py"),
    )
    assert found_in(ROOMS, r"\.(reading|writing)$|^(Session|sessionmaker)$", allowed) == []


def test_only_the_doors_commit() -> None:
    doors = ("copbot/store/engine.py", "copbot/store/group_commit.py", "copbot/store/postgres.py")
    assert found_in(ROOMS, r"\.(commit|rollback)$", doors) == []


def test_nothing_is_caught_whole_but_where_somebody_must_go_on() -> None:
    allowed = (
        "copbot/slack/frame.py",
        "copbot/slack/replies.py",  # the frame's second half: what comes after the ack
        "copbot/jobs/runner.py",
        "copbot/delivery/sender.py",
        "copbot/home/jobs.py",  # a thread that keeps every open Home true
        "copbot/imports/readers/calendars.py",  # one event that a library breaks on must not hide the others
    )
    broad = [
        f"{name_of(path)}:{line}"
        for path in ROOMS
        if not name_of(path).startswith(allowed)
        for line in read(path).caught_whole
    ]
    assert broad == []


# --- words ------------------------------------------------------------------------------------------------


def strings_in(tree: ast.AST) -> Iterator[ast.Constant]:
    """Every text in the code that is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def test_members_never_read_the_word_cop() -> None:
    """Community of practice, yes; its short form means something else to the people we serve."""
    shown = [path for path in ROOMS if path.parent.name not in ("copbot", "store", "web", "jobs")]
    code = [
        f"{name_of(path)}:{text.lineno}"
        for path in shown
        if (source := path.read_text()) and re.search(r"\bcops?\b", source, re.IGNORECASE)
        for text in strings_in(ast.parse(source))
        if re.search(r"\bcops?\b", text.value, re.IGNORECASE)
    ]
    profiles = [
        name_of(path)
        for path in (ROOT / "copbot/program/profiles").glob("*.y*ml")
        if re.search(r"\bcops?\b", path.read_text(), re.IGNORECASE)
    ]
    assert code + profiles == []


COMPARES_APOSTROPHES = (
    "copbot/people/rules.py",
    "copbot/resources/index/rules.py",
    "copbot/signs.py",
    "copbot/slack/text.py",
)
_QUOTED = re.compile(r"""(?<![\w=])"(?=\w)|(?<!\w)'\w[^'"]*\w'(?!\w)""")
"""A quotation in straight marks; a page's attributes follow a `=`."""


def test_apostrophes_and_hyphens_are_plain_and_quotation_marks_curly() -> None:
    bent = [
        name_of(path)
        for path in (ROOT / "copbot").rglob("*")
        if path.suffix in (".py", ".yaml", ".yml", ".js", ".html", ".md")
        and not name_of(path).startswith(COMPARES_APOSTROPHES)
        and re.search("[\u2018\u2019\u2010-\u2012\u00ad]", path.read_text())
    ]
    said = [(name, line) for name, lines in words.by_file().items() for line in lines]
    straight = [f"{name}: {line}" for name, line in said if _QUOTED.search(re.sub(r"\{[^{}]*\}", "", line))]
    assert bent + straight == []


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in ROOMS:
        for call in read(path).logged:
            yield f"{name_of(path)}:{call.lineno}", call


def test_log_lines_are_events_with_known_fields_inv8() -> None:
    faults = []
    for where, call in log_calls():
        event = call.args[0] if call.args else None
        named = isinstance(event, ast.Constant) and re.fullmatch(r"[a-z][a-z0-9_]*", str(event.value))
        fields = {keyword.arg for keyword in call.keywords} - {"exc_info"}
        if not named or len(call.args) != 1 or fields - FIELDS:
            faults.append(f"{where} {sorted(str(field) for field in fields - FIELDS)}")
    assert faults == []


def test_there_are_log_lines_to_look_at() -> None:
    assert len(list(log_calls())) > 10


# --- what an import does ----------------------------------------------------------------------------------

IMPORT = """
import sys, threading
touched = []
def watch(event, args):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.mkdir"):
        touched.append(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+") and ".pyc" not in str(args[0]):
        touched.append(f"open {args[0]}")
sys.addaudithook(watch)
import copbot.app, copbot.cli
threads = [thread.name for thread in threading.enumerate()][1:]
heavy = {"matplotlib", "numpy", "feedparser", "icalendar", "xlsxwriter", "playwright"} & set(sys.modules)
print(touched, threads, sorted(heavy))
"""


def test_importing_the_bot_opens_nothing_starts_nothing_and_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[] [] []", "")
