"""What Slack tells of people and of the staff channel. Events are hints: each only asks for a re-read."""

from __future__ import annotations

from copbot.delivery import service as delivery
from copbot.jobs import service as jobs
from copbot.people import screens, service
from copbot.people.rules import STAFF_REREAD
from copbot.people.staff_channel import service as staff_channel
from copbot.program.settings.service import choose
from copbot.slack.answers import Answer, Done, Nothing, Say
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance


def changed(call: Call) -> Answer:
    """A profile or a role changed: known people and administrators are brought up to date."""
    seen = call.event.get("user")
    if not isinstance(seen, dict):
        return Nothing("no user in it")
    user = str(seen.get("id") or "")
    was = service.is_full_member(call.session, user)
    known = service.learn(
        call.session, [seen], home_team=call.team, now=call.now, zone=call.profile.time_zone, only_known=True
    )
    if service.is_full_member(call.session, user) is not was:
        _read_again(call)
    return Done() if known else Nothing("nobody we know")


def staff_moved(call: Call) -> Answer:
    """Something happened to a channel: if it is the staff channel, or may now be the one named, it is read again."""
    known = service.staff_channel(call.session)
    is_lost = not known.id or known.problem == "not_found"
    watched = (known.id, service.leads_channel(call.session).id)
    if call.channel not in watched and not (is_lost and call.wiring.staff_channel):
        return Nothing("another channel")
    _read_again(call)
    return Done()


def sharing_changed(call: Call) -> Answer:
    """A channel is shared with another workspace, or not any more. It may be known by a new id already."""
    _read_again(call)
    return Done()


def _read_again(call: Call) -> None:
    """Who reads the staff channel may have changed: nothing for staff goes out before it has been read."""
    staff_channel.doubt(call.session, now=call.now)
    _enqueue(call)


def _enqueue(call: Call) -> None:
    key = f"{STAFF_REREAD}:event:{call.event.get('event_ts') or call.now.isoformat()}"
    jobs.enqueue(call.session, STAFF_REREAD, key=key, now=call.now)


def channel_moved(call: Call) -> Answer:
    """Slack gave a channel another id. Nobody has read the new one yet."""
    old, new = str(call.event.get("old_channel_id") or ""), str(call.event.get("new_channel_id") or "")
    if not old or not new:
        return Nothing("no ids in it")
    if service.staff_channel(call.session).id == old:
        choose(call.session, "staff_channel", new, by="slack", now=call.now)
        # The environment goes on saying the old name or id: it means this channel from now on.
        choose(call.session, "staff_channel_name", [call.wiring.staff_channel, new], by="slack", now=call.now)
        _read_again(call)
    if service.leads_channel(call.session).id == old:
        choose(call.session, "leads_channel", new, by="slack", now=call.now)
        _read_again(call)
    delivery.channel_moved(call.session, old, new)
    return Done()


def exclude(call: Call) -> Answer:
    service.exclude(call.session, call.value, by=call.person, now=call.now)
    _enqueue(call)  # what they have to do is given back after it
    return Say(say("They are no longer staff. They can still read the channel, so remove them there too."))


ENTRANCES = (
    Entrance("event", "user_change", changed, "slack", "write"),
    Entrance("event", "channel_convert_to_public", staff_moved, "slack", "write"),
    Entrance("event", "channel_convert_to_private", staff_moved, "slack", "write"),
    Entrance("event", "channel_shared", sharing_changed, "slack", "write"),
    Entrance("event", "channel_unshared", sharing_changed, "slack", "write"),
    Entrance("action", screens.EXCLUDE, exclude, effect="write"),
)
