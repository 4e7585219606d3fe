"""The set-up's steps, each done in its place in Home, and jobs that failed tried again."""

from __future__ import annotations

from copbot.errors import InvalidInput
from copbot.home import tables
from copbot.home.parts import view_of
from copbot.home.setup import screens as screen
from copbot.home.setup import sections as setup
from copbot.jobs import service as jobs
from copbot.people import service as people
from copbot.program.settings.service import choose, chosen
from copbot.slack.answers import Answer, Home, Open
from copbot.slack.entrances import Call, Entrance, number


def choose_channel(call: Call) -> Answer:
    """Saved at once; whether the channel will do is read in Slack right after, and shown then."""
    people.choose_staff_channel(
        call.session, call.value, by=call.person, now=call.now, fixed=call.wiring.staff_channel
    )
    key = f"{setup.STAFF_REREAD}:chosen:{call.now.isoformat()}"
    jobs.enqueue(call.session, setup.STAFF_REREAD, key=key, by=call.person.user, now=call.now)
    return _home(call)


def open_channel(call: Call) -> Answer:
    """From the list of choices: the same chooser as in the set-up."""
    return Open(screen.channel_form(setup.channel_found(call), call.person.is_admin))


def open_leads(call: Call) -> Answer:
    named = chosen(call.session, "leads")
    staff = people.staff_list(call.session)
    leads = [each.user for each in staff if each.is_lead]
    names = [each.name for each in staff]
    seen = named.version if named is not None else 0
    return Open(screen.leads_form(leads, names, seen, may_change=call.person.is_admin))


def name_leads(call: Call) -> Answer:
    users = call.form.many("leads")
    staff = {each.user for each in people.staff_list(call.session)}
    others = [user for user in users if user not in staff]
    if others:
        known = tables.names(call.session, others)
        named = ", ".join(known.get(user, "somebody who is not known here") for user in others)
        words = f"Only staff can be leads. Not in the staff channel: {named}."
        raise InvalidInput(words, {"leads": words})
    seen = number(call.meta.get("seen"))
    people.name_leads(call.session, users, by=call.person, now=call.now, seen=seen)
    return _home(call)


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
    Entrance(kind="action", id=screen.STAFF_CHANNEL, run=choose_channel, who="admin", effect="write"),
    Entrance(kind="action", id=screen.OPEN_LEADS, run=open_leads, who="admin"),
    Entrance(kind="view", id=screen.LEADS, run=name_leads, who="admin", effect="write"),
    Entrance(kind="action", id=screen.ZONE_RIGHT, run=zone_is_right, who="admin", effect="write"),
    Entrance(kind="action", id=screen.RUN_AGAIN, run=run_again, who="admin", effect="write"),
)
