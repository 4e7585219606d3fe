"""Entrance for exports: the library as a file."""

from __future__ import annotations

from copbot.imports.exports import service
from copbot.slack.answers import Answer, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance

SEND = "imports.send_library"


def send(call: Call) -> Answer:
    service.send_library(call.session, to=call.person.user, now=call.now)
    return Say(say("You'll get the library as a CSV file in a direct message."))


ENTRANCES = (Entrance("action", SEND, send, "staff", "write"),)
