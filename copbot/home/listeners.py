"""Home's entrances: opening it, choosing the staff channel, and a word to whoever writes to the app."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.assistance.listeners import own_list, staff_lists
from copbot.delivery import service as delivery
from copbot.errands import service as errands
from copbot.home import screens
from copbot.people import service as people
from copbot.people.words import delivery_words, problem_words
from copbot.slack.answers import Answer, Block, Home, Nothing, Say, View
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def view_of(call: Call) -> View:
    """The person's Home as it is now."""
    parts: list[Sequence[Block]] = [own_list(call, "Nothing yet. Press “Ask for help”: it takes a minute.")]
    if call.person.is_staff:
        parts += [*staff_lists(call), _undelivered(call)]
    if call.person.is_admin:
        parts.append(_set_up(call))
    return screens.page(call.profile, parts)


def _undelivered(call: Call) -> list[Block]:
    letters = delivery.dead_letters(call.session).items
    return screens.undelivered(
        [screens.Undelivered(each.id, delivery_words(each.kind, each.code)) for each in letters]
    )


def _set_up(call: Call) -> list[Block]:
    channel = people.staff_channel(call.session)
    staff = len(people.staff_list(call.session))
    words = problem_words(channel.problem)
    return screens.set_up(screens.SetUp(channel.id, words, bool(call.wiring.staff_channel), staff))


def opened(call: Call) -> Answer:
    if call.event.get("tab", "home") != "home":
        return Nothing("not the Home tab")
    return Home(view_of(call))


def choose_channel(call: Call) -> Answer:
    """Saved at once; whether the channel will do is read in Slack right after, and shown here."""
    people.choose_staff_channel(call.session, call.value, by=call.person, now=call.now)
    key = f"people.staff_reread:chosen:{call.now.isoformat()}"
    errands.ask(call.session, "people.staff_reread", key=key, by=call.person.user, now=call.now)
    call.session.flush()
    return Home(view_of(call))


def written_to(call: Call) -> Answer:
    """Somebody writes to the app in its direct message."""
    if call.event.get("channel_type") != "im" or call.event.get("bot_id") or not call.person.user:
        return Nothing("not to us")
    word = call.profile.commands.ta
    return Say(
        say(f"I cannot read messages here. Type {word} and I open a form; {word} list shows your requests.")
    )


ENTRANCES = (
    Entrance(kind="event", id="app_home_opened", run=opened),
    Entrance(kind="event", id="message", run=written_to),
    Entrance(kind="action", id=screens.STAFF_CHANNEL, run=choose_channel, who="admin", effect="write"),
)
