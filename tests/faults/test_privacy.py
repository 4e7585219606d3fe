"""What people type stands in Slack and in the database, and nowhere else, whatever goes wrong (invariant 8)."""

from __future__ import annotations

import json

import httpx
from sqlalchemy import inspect, text

from tests.faults.bot import holding
from tests.faults.kit import CANARY, House

WHERE_WORDS_ARE_KEPT = {"requests", "request_events"}


def test_no_word_of_anybodys_leaves_slack_and_the_register_inv8(home: House) -> None:
    bot = home.bot()
    person = home.fills("kim")
    with holding(home.file):
        person.submits()
    home.ws.faults.add("chat.postMessage", "answer_lost", times=2)
    home.ws.faults.add("chat.postMessage", "refuse", error="invalid_blocks")
    home.sends(person)
    home.ws.faults.add("views.open", "http_500")
    home.person("juno").types(f"/ta {CANARY}", channel="general")
    home.person("juno").types(f"/ta status {CANARY}", channel="general")
    home.person("juno").types(f"/ta nonsense {CANARY}", channel="general")
    home.person("juno").says(f"Hello {CANARY}", in_="dm")
    ident = home.requests()[0]
    home.takes("ravi", ident)
    home.sends(home.finishes("ravi", ident))
    home.ws.clock.advance(61)
    home.quiet()
    bot.kill()
    home.bot()
    home.quiet()
    assert CANARY not in home.log.read_text()
    assert CANARY not in httpx.get(f"http://127.0.0.1:{home.bots[-1].port}/metrics", trust_env=False).text
    nowhere_but_in_texts(home)
    tables_with_words(home)


def nowhere_but_in_texts(home: House) -> None:
    """Metadata, button values, block and action ids, private metadata of views."""
    for call in home.ws.calls():
        if call["method"].startswith(("chat.", "views.")):
            for words in values_in(call["args"]):
                assert CANARY not in words, call["method"]


def values_in(found: object, name: str = "") -> list[str]:
    """Everything in a call that is not shown to be read: what stands under other names than `text` and the like."""
    if isinstance(found, str):
        if found[:1] in "[{" and name != "text":
            return values_in(json.loads(found))
        return [] if name in ("text", "initial_value") else [found]
    if isinstance(found, dict):
        return [words for key, value in found.items() for words in values_in(value, key)]
    return [words for value in found for words in values_in(value, name)] if isinstance(found, list) else []


def tables_with_words(home: House) -> None:
    """Of all tables only the register's own hold what was typed."""
    with home.store.reading() as session:
        connection = session.connection()
        holding_words = set()
        for table in inspect(connection).get_table_names():
            rows = session.execute(text(f'SELECT * FROM "{table}"')).all()
            if any(CANARY in str(value) for row in rows for value in row):
                holding_words.add(table)
    assert holding_words == WHERE_WORDS_ARE_KEPT
