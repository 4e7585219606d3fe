"""Nothing private reaches a log line, whoever speaks (invariant 8)."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from copbot.app import entrances
from copbot.logs import guard
from tests.databases import ROOT

Line = dict[str, Any]


def provoked(form: str) -> subprocess.CompletedProcess[str]:
    """The same process as text and as JSON: it ends in an exception nobody catches."""
    return subprocess.run(
        [sys.executable, "-m", "tests.ground.provoke_logs", form],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    ended = provoked("json")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "PRIVATE" not in ended.stderr
    return [json.loads(line) for line in ended.stderr.splitlines()]


def said(lines: list[Line], event: str) -> Line:
    return next(line for line in lines if line["event"] == event)


def spoken_by(lines: list[Line], part: str) -> list[Line]:
    return [line for line in lines if str(line.get("part", "")).startswith(part)]


def test_text_lines_are_as_discreet_as_json_ones_inv8() -> None:
    ended = provoked("text")
    assert "PRIVATE" not in ended.stderr + ended.stdout
    assert "info trial started team=T012AB port=8080 slack=True" in ended.stderr
    assert "\n    tests/ground/provoke_logs.py:" not in ended.stderr.replace("ground/provoke_logs.py:", "")
    assert "Traceback" not in ended.stderr


def test_known_fields_and_reasons_are_kept(lines: list[Line]) -> None:
    started = said(lines, "started")
    assert (started["team"], started["port"], started["slack"]) == ("T012AB", 8080, True)
    assert (started["level"], started["part"]) == ("info", "trial")
    assert started["at"].endswith("Z")
    assert said(lines, "nothing")["reason"] == "no new resources"


def test_every_entrance_is_named_as_it_is() -> None:
    for row in entrances().rows:
        line = {"event": "listener_failed", "entrance": row.id, "kind": row.kind}
        assert guard(None, "error", dict(line)) == line


def test_what_is_withheld_is_named(lines: list[Line]) -> None:
    assert said(lines, "unknown_field")["withheld"] == ["need"]
    assert said(lines, "known_field")["withheld"] == ["code", "reason", "url"]
    assert said(lines, "token_in_field")["withheld"] == ["code"]
    assert said(lines, "not_a_scalar")["withheld"] == ["id", "state"]
    assert said(lines, "withheld")["part"] == "trial"


def test_nobody_can_smuggle_text_in_as_an_error(lines: list[Line]) -> None:
    assert "error" not in said(lines, "pretended_error")
    assert "frames" not in said(lines, "pretended_error")
    assert said(lines, "named_error")["error"] == "TimeoutError"


def test_debug_lines_are_not_written(lines: list[Line]) -> None:
    assert not [line for line in lines if line["event"] == "quiet_debug"]


@pytest.mark.parametrize("event", ["failed_with_instance", "failed_in_except"])
def test_an_exception_keeps_its_type_and_place(lines: list[Line], event: str) -> None:
    line = said(lines, event)
    assert line["error"] == "ValueError"
    assert line["frames"][-1].startswith("ground/provoke_logs.py:")
    assert line["frames"][-1].endswith(" ours")


def test_causes_and_their_codes_are_kept(lines: list[Line]) -> None:
    assert said(lines, "was_busy")["error"] == "Busy < OperationalError"
    assert said(lines, "sql_failed")["error"].startswith("OperationalError(SQLITE_ERROR) < OperationalError")
    assert said(lines, "sdk_failed")["error"].startswith("URLError")


@pytest.mark.parametrize(
    "part",
    [
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "websocket",
        "uvicorn.error",
        "apscheduler",
        "py.warnings",
        "never",
    ],
)
def test_each_library_is_heard_without_its_words(lines: list[Line], part: str) -> None:
    heard = spoken_by(lines, part)
    assert heard
    assert {line["event"] for line in heard} == {"library"}
    assert all(line["where"] for line in heard)


def test_bolts_unhandled_request_and_failing_listener_are_both_heard(lines: list[Line]) -> None:
    heard = spoken_by(lines, "slack_bolt")
    assert any("error" not in line for line in heard)
    assert any(line.get("error") == "RuntimeError" for line in heard)


def test_access_lines_are_off(lines: list[Line]) -> None:
    assert spoken_by(lines, "uvicorn.access") == []


def test_what_nobody_caught_is_a_line_too(lines: list[Line]) -> None:
    assert said(lines, "thread_died")["error"] == "LookupError"
    assert said(lines, "unraisable")["error"] == "LookupError"
    assert said(lines, "died")["error"] == "SystemError"
