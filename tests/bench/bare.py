"""The floor: a bare Bolt app that saves one row and acks, and nothing else. Run as a process of its own."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable

import psycopg
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient


def saver(url: str) -> Callable[[str], None]:
    """One row, committed: in the fastest way that database has from threads, without any layer between."""
    return _on_sqlite(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else _on_postgres(url)


def _on_sqlite(path: str) -> Callable[[str], None]:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "CREATE TABLE IF NOT EXISTS asked (id INTEGER PRIMARY KEY, text TEXT)",
    ):
        connection.execute(statement)
    turn = threading.Lock()

    def save(text: str) -> None:
        with turn:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO asked (text) VALUES (?)", (text,))
            connection.execute("COMMIT")

    return save


def _on_postgres(url: str) -> Callable[[str], None]:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS asked (id BIGSERIAL PRIMARY KEY, text TEXT)")
    mine = threading.local()

    def save(text: str) -> None:
        if not hasattr(mine, "connection"):
            mine.connection = psycopg.connect(url)
        mine.connection.execute("INSERT INTO asked (text) VALUES (%s)", (text,))
        mine.connection.commit()

    return save


def main() -> None:
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, process_before_response=True)
    save = saver(os.environ["DATABASE_URL"])

    @app.command("/ta")
    def command(ack: Ack, body: dict[str, str]) -> None:
        save(body["trigger_id"])
        ack()

    @app.view("request.ask")
    def submitted(ack: Ack, body: dict[str, str]) -> None:
        save(body["trigger_id"])
        ack()

    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()
    threading.Event().wait()


if __name__ == "__main__":
    main()
