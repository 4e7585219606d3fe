"""What concerns all digests: entrances to how they go and a stop for their sending, where they go, and Home's sections."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.delivery import service as delivery
from copbot.digests.editions import composing, placing
from copbot.digests.editions import service as editions
from copbot.digests.editions.screens import forms, messages
from copbot.digests.editions.tables import PROGRAM
from copbot.digests.subscriptions import screens, tables
from copbot.digests.subscriptions import service as subscriptions
from copbot.slack.answers import Answer, Block, Done, Open, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance
from copbot.slack.steps import SetupStep
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
    members = screens.members_words(tables.counts(call.session), sent, of)
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


def own(call: Call) -> Sequence[Block]:
    """In Home: a member's own digest, and for leads where the program's goes. Guests get none."""
    if call.person.is_guest:
        return ()
    silenced = delivery.is_silenced(call.session, call.person.user)
    found = subscriptions.find(call.session, call.person, call.now)
    blocks = list(screens.about(found, call.profile, silenced=silenced))
    if call.person.is_lead:
        digests = placing.all_digests(call.session, call.profile, call.now)
        blocks += messages.overview(digests, call.profile)
    return blocks


def where_to(call: Call) -> SetupStep:
    """The set-up's step: a channel for the program's digest, or the word that there is to be none."""
    digest = placing.find(call.session, PROGRAM, call.profile, call.now)
    return messages.where_step(digest, nowhere=placing.nowhere_wanted(call.session))


_STATUS = "each digest, its last editions and its next run"
ENTRANCES = (
    Entrance("command", "digest status", status, "lead", help=_STATUS, example="/digest status"),
    Entrance("action", messages.STATUS, status, "lead"),
    Entrance("action", messages.STOP_SENDING, stop_sending, "lead", "write"),
    Entrance("action", messages.SEND_ON, send_on, "lead", "write"),
    Entrance("action", messages.WHERE, open_where, "lead_or_admin"),
    Entrance("view", messages.PLACED, place, "lead_or_admin", "write"),
)
