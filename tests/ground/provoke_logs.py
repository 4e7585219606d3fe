"""Run as a process of its own: makes every part say what it says when things go wrong, with private text in it."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import sys
import tempfile
import threading
import urllib.request
import warnings
from datetime import UTC, datetime

import httpx
import structlog
from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from copbot.errors import Busy
from copbot.logs import set_up_logs
from copbot.store import Store

PRIVATE = "PRIVATE words"
TOKEN = "xoxb-PRIVATE-token"


def ours() -> None:
    log = structlog.get_logger("trial")
    log.info("started", team="T012AB", port=8080, slack=True)
    log.info("nothing", reason="no new resources")
    log.info("unknown_field", need=PRIVATE)
    log.info("known_field", code=PRIVATE, reason=f"<{PRIVATE}>", url="https://me:PRIVATE@host/")
    log.info("token_in_field", code=TOKEN)
    log.info("not_a_scalar", id={"PRIVATE": 1}, state=["PRIVATE"])
    log.info(f"an event of {PRIVATE}")
    log.debug("quiet_debug")
    log.info("pretended_error", error=PRIVATE, frames=[PRIVATE])
    log.info("named_error", error="TimeoutError")
    try:
        raise ValueError(PRIVATE)
    except ValueError as error:
        log.error("failed_with_instance", exc_info=error)
        log.exception("failed_in_except")


def bolt() -> None:
    app = App(
        client=WebClient(token=TOKEN),
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=TOKEN),
        request_verification_enabled=False,
        process_before_response=True,
    )

    @app.command("/breaks")
    def breaks(ack: object) -> None:
        raise RuntimeError(PRIVATE)

    body = "token=x&team_id=T1&user_id=U1&channel_id=C1&trigger_id=1&text=PRIVATE&command="
    headers = {"content-type": ["application/x-www-form-urlencoded"]}
    for command in ("%2Funhandled", "%2Fbreaks"):
        with contextlib.suppress(RuntimeError):
            app.dispatch(BoltRequest(body=body + command, headers=headers, mode="http"))


def sdk() -> None:
    try:
        WebClient(token=TOKEN, base_url="http://127.0.0.1:9/", timeout=1).chat_postMessage(
            channel="C1", text=PRIVATE
        )
    except OSError as error:
        structlog.get_logger("trial").warning("sdk_failed", exc_info=error)
    failed = SlackApiError(f"failed {PRIVATE}", {"ok": False, "error": "invalid_blocks", "echo": PRIVATE})
    logging.getLogger("slack_sdk.web.base_client").error("Failed: %s", PRIVATE, exc_info=failed)


def database() -> None:
    folder = tempfile.TemporaryDirectory()
    store = Store(f"sqlite:///{folder.name}/trial.db")
    try:
        with store.writing() as session:
            session.execute(text("INSERT INTO nowhere (need) VALUES (:need)"), {"need": PRIVATE})
    except DBAPIError as error:
        structlog.get_logger("trial").error("sql_failed", exc_info=error)
    try:
        raise Busy(PRIVATE) from sqlite3.OperationalError(PRIVATE)
    except Busy as error:
        structlog.get_logger("trial").warning("was_busy", exc_info=error)
    logging.getLogger("sqlalchemy.engine.Engine").warning("[raw sql] %s", (PRIVATE,))
    store.close()
    folder.cleanup()


def others() -> None:
    with contextlib.suppress(Exception):
        urllib.request.urlopen("http://127.0.0.1:9/PRIVATE")
    with contextlib.suppress(httpx.HTTPError):
        httpx.get("http://127.0.0.1:9/?need=PRIVATE")
    logging.getLogger("websocket").error("error from callback PRIVATE")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application PRIVATE")
    logging.getLogger("uvicorn.access").error("GET /PRIVATE")
    logging.getLogger("never.heard.of").warning("x %d", PRIVATE)  # arguments that do not fit
    warnings.warn(PRIVATE, UserWarning, stacklevel=1)
    scheduler = BackgroundScheduler(timezone="UTC")
    done = threading.Event()
    scheduler.add_listener(lambda _event: done.set(), EVENT_JOB_ERROR)
    scheduler.start()

    scheduler.add_job(lambda words: {}[words], args=[PRIVATE], id="PRIVATE", next_run_time=datetime.now(UTC))
    done.wait(5)
    scheduler.shutdown()


def uncaught() -> None:
    def dies() -> None:
        raise LookupError(PRIVATE)

    thread = threading.Thread(target=dies, name=PRIVATE)
    thread.start()
    thread.join()

    class Broken:
        def __del__(self) -> None:
            raise LookupError(PRIVATE)

    Broken()
    raise SystemError(PRIVATE)


if __name__ == "__main__":
    set_up_logs("json" if sys.argv[1] == "json" else "text")
    for provoke in (ours, bolt, sdk, database, others, uncaught):
        provoke()
