"""What imports show in Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.imports.exports.listeners import SEND
from copbot.imports.sources import screens, tables
from copbot.resources import sections as resources
from copbot.slack.answers import Block
from copbot.slack.blocks import button
from copbot.slack.entrances import Call


def sources(call: Call) -> Sequence[Block]:
    """How the feeds and calendars are; nothing while none is followed."""
    counts = tables.counted(call.session)
    return screens.home_section(*counts) if counts[0] else ()


def library(call: Call) -> Sequence[Block]:
    """The library's ways in, and for staff the way out of it."""
    export = button("Get the library as CSV", SEND)
    return resources.library(call, [export] if call.person.is_staff else ())
