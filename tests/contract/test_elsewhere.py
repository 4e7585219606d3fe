"""`bot.py run` against a Slack-compatible server in another process, told by the environment alone, behaves the same."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from copbot.sandbox.driver.workspace import Workspace
from tests.contract.processes import Running, bot, settings_for, slack, started
from tests.databases import ROOT, Postgres
from tests.faults.kit import CANARY
from tests.live import FORM
from tests.waiting import eventually


def server_of(lines: dict[str, str]) -> str:
    return lines["SLACK_API_URL"].removesuffix("/api/")


def one_request_end_to_end(ws: Workspace) -> None:
    """From `/ta` to Done, with everybody told."""
    ws.connected()
    kim, ravi = ws.person("kim"), ws.person("ravi")
    kim.types("/ta we need kits", channel="general")
    kim.modal(text="What do you need?")
    kim.fills({**FORM, "need": f"We need kits. {CANARY}"})
    kim.fills({"agency": {"type": "Lakeside", "pick": "I am not with an agency"}})
    kim.modal(text="Which is true?")
    kim.fills(not_agency="work")
    assert kim.submits().updated
    kim.modal(text="TA-1001 is saved")
    ravi.sees("TA-1001 · New", in_="ta-staff")
    ravi.clicks("Take", in_="ta-staff", text="TA-1001")
    kim.sees("has taken your request TA-1001", in_="dm")
    ravi.clicks("Done", in_="ta-staff", text="TA-1001")
    ravi.modal(text="What did you give them?").fills(given="A box of kits.").submits()
    ravi.sees("TA-1001 · Done", in_="ta-staff")
    ws.clock.advance(61)
    kim.sees("A box of kits.", in_="dm")
    kim.types("/ta status TA-1001", channel="general")
    assert "Done" in kim.told("TA-1001")
    juno = ws.person("juno").types("/ta help", channel="general")
    assert "/ta status" in juno.told()
    assert len([m for m in ws.channel("ta-staff").messages() if "TA-1001" in m.text()]) == 1
    assert ws.refusals() == []


def test_one_request_end_to_end_from_the_environment_alone(tmp_path: Path) -> None:
    """In an empty folder, where the bot makes its database itself."""
    with (
        slack(tmp_path) as lines,
        bot(tmp_path, settings_for(lines)) as process,
        Workspace(server_of(lines)) as ws,
    ):
        one_request_end_to_end(ws)
        assert CANARY not in process.output()


def test_the_same_on_postgresql_and_with_the_server_module_alone(folder: Path, postgres_url: str) -> None:
    manifest = folder / "manifest.yaml"
    with bot(folder, {}, "manifest", fresh=False) as process:
        assert process.ends() == 0
        manifest.write_text(process.output())
    tokens = ("--bot-token", "xoxb-7-8-another", "--app-token", "xapp-1-B-9-another")
    with started(
        folder, {}, "-m", "copbot.sandbox", "--manifest", str(manifest), "--no-rates", *tokens
    ) as server:
        server.says("COPBOT_STAFF_CHANNEL=")
        lines = dict(line.split("=", 1) for line in server.output().splitlines())
        settings = settings_for(lines, DATABASE_URL=postgres_url)
        assert settings["SLACK_BOT_TOKEN"] == "xoxb-7-8-another"
        with bot(folder, settings, fresh=False), Workspace(server_of(lines)) as ws:
            one_request_end_to_end(ws)


def test_a_second_start_keeps_what_the_first_saved(folder: Path) -> None:
    with slack(folder) as lines, Workspace(server_of(lines)) as ws:
        settings = settings_for(lines)
        with bot(folder, settings, fresh=False):
            one_request_end_to_end(ws)
        with bot(folder, settings, fresh=False) as process:
            process.says('"started"')
            kim = ws.person("kim").types("/ta list", channel="general")
            assert "TA-1001" in kim.told()
        assert list((folder / "data").glob("copbot.db*"))


# --- health, readiness, metrics -----------------------------------------------------------------------


def measured(process: Running) -> dict[str, float]:
    lines = [line for line in process.asks_web("/metrics").text.splitlines() if line.startswith("copbot_")]
    return {line.split()[0]: float(line.split()[1]) for line in lines}


def test_health_readiness_and_metrics_tell_how_it_goes(folder: Path) -> None:
    with slack(folder) as lines, bot(folder, settings_for(lines), fresh=False) as process:
        process.says('"started"')
        assert process.asks_web("/healthz").text == "ok\n"
        ready = process.asks_web("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"database": True, "storage": True, "slack": True})
        before = measured(process)
        with Workspace(server_of(lines)) as ws:
            one_request_end_to_end(ws)
        after = measured(process)
        assert after["copbot_messages_posted"] >= before["copbot_messages_posted"] + 3
        assert after["copbot_messages_refused"] == 0
        assert after["copbot_messages_oldest_due_seconds"] == 0
        assert CANARY not in process.asks_web("/metrics").text
        assert httpx.get(f"{process_url(process)}/slack/events", trust_env=False).status_code == 404


def process_url(process: Running) -> str:
    return f"http://127.0.0.1:{process.environment['COPBOT_HTTP_PORT']}"


def test_when_slack_is_gone_it_lives_on_and_says_that_it_is_not_ready(folder: Path) -> None:
    with slack(folder) as lines:
        process = Running(folder, settings_for(lines), str(ROOT / "bot.py"), "run")
        process.says('"started"')
    try:
        eventually(lambda: process.asks_web("/readyz").status_code == 503, "readiness to be taken back")
        assert process.asks_web("/readyz").json() == {"database": True, "storage": True, "slack": False}
        assert process.asks_web("/healthz").status_code == 200
        with slack(folder, COPBOT_SANDBOX_PORT=re.findall(r":(\d+)/", lines["SLACK_API_URL"])[0]):
            eventually(lambda: process.asks_web("/readyz").status_code == 200, "the connection to come back")
    finally:
        process.process.kill()
        process.process.wait()


def test_when_the_database_is_gone_it_lives_on_and_says_that_it_is_not_ready(
    folder: Path, postgres: Postgres, postgres_url: str
) -> None:
    with (
        slack(folder) as lines,
        bot(folder, settings_for(lines, DATABASE_URL=postgres_url), fresh=False) as process,
    ):
        process.says('"started"')
        with postgres.stopped():
            eventually(lambda: process.asks_web("/readyz").status_code == 503, "readiness to be taken back")
            assert process.asks_web("/readyz").json()["database"] is False
            assert process.asks_web("/healthz").status_code == 200
        eventually(lambda: process.asks_web("/readyz").status_code == 200, "the database to be back")
