"""Home's entrances: opening it, a section that did not fit, and what is set up in its place in Home."""

from __future__ import annotations

from copbot.errors import InvalidInput, NotFound
from copbot.home.parts import part_of, view_of
from copbot.home.screens import PART, part_view
from copbot.home.settings import listeners as choices_listeners
from copbot.home.settings import staff_screens
from copbot.home.setup import screens as setup_screens
from copbot.home.setup import sections as setup
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.people.rules import STAFF_REREAD
from copbot.program.settings.service import choose
from copbot.slack.answers import Answer, Home, Open
from copbot.slack.entrances import Call, Entrance, number


def opened(call: Call) -> Answer:
    return Home(view_of(call))


def show_part(call: Call) -> Answer:
    part = part_of(call, call.value)
    if part is None:
        raise NotFound("That is no longer in your Home.")
    return Open(part_view(part))


def choose_channel(call: Call) -> Answer:
    """Saved at once; whether the channel will do is read in Slack right after, and shown then."""
    fixed = call.wiring.staff_channel
    people.choose_staff_channel(call.session, call.value, by=call.person, now=call.now, fixed=fixed)
    key = f"{STAFF_REREAD}:chosen:{call.now.isoformat()}"
    jobs.enqueue(call.session, STAFF_REREAD, key=key, by=call.person.user, now=call.now)
    return _home(call)


def name_leads(call: Call) -> Answer:
    """An administrator names leads; their channel is chosen by whoever is in it, which is a lead."""
    if call.person.is_admin:
        _name(call)
    channel, direct = call.form.one("leads_channel"), "yes" in call.form.many("leads_direct")
    if channel or direct:
        people.choose_leads_channel(call.session, channel, by=call.person, now=call.now)
        key = f"{STAFF_REREAD}:leads:{call.now.isoformat()}"
        jobs.enqueue(call.session, STAFF_REREAD, key=key, by=call.person.user, now=call.now)
    return _home(call)


def _name(call: Call) -> None:
    users = call.form.many("leads")
    staff = {each.user for each in people.staff_list(call.session)}
    others = [user for user in users if user not in staff]
    if others:
        known = people.names_of(call.session, others)
        named = ", ".join(known.get(user, "somebody who is not known here") for user in others)
        raise InvalidInput.at("leads", f"Only staff can be leads. Not in the staff channel: {named}.")
    seen = number(call.meta.get("seen"))
    people.name_leads(call.session, users, by=call.person, now=call.now, seen=seen)


def zone_is_right(call: Call) -> Answer:
    """Of the zone that the button was drawn with; if it is another one by now, Home shows that one."""
    if call.value == call.profile.time_zone:
        choose(call.session, setup.ZONE_CONFIRMED, call.value, by=call.person.user, now=call.now)
    return _home(call)


def run_again(call: Call) -> Answer:
    jobs.run_again(call.session, number(call.value))
    return _home(call)


def _home(call: Call) -> Answer:
    call.session.flush()
    return Home(view_of(call))


ENTRANCES = (
    Entrance(
        "event",
        "app_home_opened",
        opened,
        concerns=lambda event, _bot_user: event.get("tab", "home") == "home" and bool(event.get("user")),
    ),
    Entrance("action", PART, show_part),
    Entrance("action", staff_screens.STAFF_CHANNEL, choose_channel, "admin", "write"),
    Entrance("view", staff_screens.LEADS, name_leads, "lead_or_admin", "write"),
    Entrance("action", setup_screens.ZONE_RIGHT, zone_is_right, "admin", "write"),
    Entrance("action", setup_screens.RUN_AGAIN, run_again, "admin", "write"),
    *choices_listeners.ENTRANCES,
)
