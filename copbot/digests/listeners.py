"""Entrances that concern all digests: how they go, a stop for their sending, and where they go at all."""

from __future__ import annotations

from copbot.digests.editions import composing, placing
from copbot.digests.editions import service as editions
from copbot.digests.editions.screens import forms, messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.subscriptions import service as subscriptions
from copbot.digests.subscriptions.screens import members_words
from copbot.slack.answers import Answer, Done, Open, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.text import counted


def status(call: Call) -> Answer:
    digests = placing.all_digests(call.session, call.profile, call.now)
    last = [
        edition
        for digest in digests
        for edition in editions.newest(call.session, digest, call.profile, call.now, 3)
    ]
    approval, stopped = placing.approval(call.session), placing.is_stopped(call.session)
    sent, of = subscriptions.progress(call.session, call.now)
    members = members_words(subscriptions.counts(call.session), sent, of)
    return Say(messages.status(digests, last, approval=approval, members=members, stopped=stopped))


def stop_sending(call: Call) -> Answer:
    placing.stop_sending(call.session, person=call.person, now=call.now)
    return Say(say("Sending is stopped. “Send the rest” in the list of digests lets it go on."))


def send_on(call: Call) -> Answer:
    kinds = (composing.EDITION, composing.REST, subscriptions.PERSONAL)
    waited = placing.send_on(call.session, kinds, person=call.person, now=call.now)
    return Say(say(f"Sending goes on. {counted(waited, 'message')} waited."))


def open_where(call: Call) -> Answer:
    digest = placing.find(call.session, PROGRAM, call.profile, call.now)
    return Open(forms.where_view(digest.channels if digest else ()))


def place(call: Call) -> Answer:
    """The channel that somebody chose in the set-up; with none chosen, none is asked about any more."""
    channel = call.form.one("channel")
    if channel:
        placing.send_here(call.session, channel, person=call.person, profile=call.profile, now=call.now)
    else:
        placing.want_nowhere(call.session, person=call.person, now=call.now)
    return Done()


ENTRANCES = (
    Entrance(
        kind="command", id="digest status", run=status, who="lead",
        help="each digest, its last editions and its next run", example="/digest status",
    ),
    Entrance(kind="action", id=messages.STATUS, run=status, who="lead"),
    Entrance(kind="action", id=messages.STOP_SENDING, run=stop_sending, who="lead", effect="write"),
    Entrance(kind="action", id=messages.SEND_ON, run=send_on, who="lead", effect="write"),
    Entrance(kind="action", id=messages.WHERE, run=open_where, who="lead_or_admin"),
    Entrance(kind="view", id=messages.PLACED, run=place, who="lead_or_admin", effect="write"),
)  # fmt: skip
