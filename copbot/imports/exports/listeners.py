"""Entrances for exports: the library as a file."""

from __future__ import annotations

from copbot.imports.exports import screens, service
from copbot.slack.answers import Answer, Say
from copbot.slack.entrances import Call, Entrance


def send(call: Call) -> Answer:
    service.send_library(call.session, to=call.person.user, now=call.now)
    return Say(screens.on_its_way())


ENTRANCES = (Entrance(kind="action", id=screens.SEND, run=send, who="staff", effect="write"),)
