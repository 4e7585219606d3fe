"""The library as a file: the button that asks for it, and the file."""

from __future__ import annotations

from datetime import date

from copbot.slack.answers import Block, FileMessage, Message
from copbot.slack.blocks import button, say
from copbot.slack.text import counted

SEND = "imports.send_library"


def library_button() -> Block:
    return button("Get the library as CSV", SEND)


def on_its_way() -> Message:
    return say("The library comes to you as a CSV file in a direct message.")


def library_file(content: bytes, count: int, today: date) -> FileMessage:
    words = f"{counted(count, 'published resource')}. Edit the file and send it back here to change them."
    return FileMessage(words, name=f"resources-{today.isoformat()}.csv", content=content)
