"""The communities' entrances: read what was pressed or typed, call one verb, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.communities import catalog, service
from copbot.communities.activity import service as activity
from copbot.communities.channels import service as channels_service
from copbot.communities.membership import service as membership
from copbot.communities.news import service as news
from copbot.communities.proposals import service as proposals
from copbot.communities.screens import channel, home, lists
from copbot.communities.values import Community
from copbot.errors import NotFound
from copbot.people import listeners as people
from copbot.slack.answers import Answer, Done, Open, Say, Update
from copbot.slack.blocks import say
from copbot.slack.entrances import Call, Entrance, command
from copbot.slack.entrances import number as number_of
from copbot.slack.help import help_message, meant

CHANNELS = ("", "plan", "apply", "export")


def _shown(call: Call) -> dict[str, Any]:
    """What every list of communities asks for."""
    return {"profile": call.profile, "is_guest": call.person.is_guest}


def _named(call: Call) -> Community:
    """The community that the typed words mean. Raises `NotFound`, with what to type instead."""
    try:
        return service.named(call.session, call.text, channel=call.channel, user=call.person.user)
    except NotFound as error:
        word = call.profile.commands.community
        other = meant(call.entrances, "community", call.text, person=call.person, profile=call.profile)
        hint = f"Did you mean {other}?" if other else f"Type {word} list to see them all."
        raise NotFound(f"{error.words} {hint}") from None


def overview(call: Call) -> Answer:
    """Bare `/community`; words that are no verb are looked up as a community's name."""
    if call.text:
        return about_one(call)
    page = service.listed(call.session, call.person.user)
    return Open(lists.overview_view(page, **_shown(call)))


def listed(call: Call) -> Answer:
    page = service.listed(call.session, call.person.user)
    return Say(lists.overview_message(page, **_shown(call)))


def more(call: Call) -> Answer:
    page = service.listed(call.session, call.person.user, call.number)
    if call.view_id:
        return call.show(lists.overview_view(page, **_shown(call), after=call.number))
    return Say(lists.overview_message(page, **_shown(call), first=False))


def about_one(call: Call) -> Answer:
    return Say(lists.one(_named(call), **_shown(call)))


def show(call: Call) -> Answer:
    """One community in full, from its line in Home."""
    found = service.one(call.session, call.number, call.person.user)
    return Open(lists.one_view(found, **_shown(call)))


def join(call: Call) -> Answer:
    if not call.text and service.of_channel(call.session, call.channel) is None:
        return listed(call)
    return _join(call, _named(call).id)


def leave(call: Call) -> Answer:
    return _leave(call, _named(call).id)


def _join(call: Call, ident: int) -> Answer:
    found = membership.join(call.session, ident, person=call.person, now=call.now)
    if found.mine:
        return Say(say(f"You're already in #{found.name}."))
    return _answer(call, f"Adding you to #{found.name}. It appears in your channel list in a moment.")


def _leave(call: Call, ident: int) -> Answer:
    found = membership.leave(call.session, ident, person=call.person, now=call.now)
    if found.wished is None:
        return Say(lists.left_by_hand(found), saved=False)
    return _answer(
        call, f"Leaving #{found.name}. If Slack leaves one step to you, a message tells you which."
    )


def _answer(call: Call, note: str) -> Answer:
    """What was done, above the list or the community that is open, drawn anew; else as a sentence."""
    if call.in_modal and "community" in call.meta:
        found = service.one(call.session, number_of(call.meta["community"]), call.person.user)
        return Update(lists.one_view(found, **_shown(call), note=note))
    if call.in_modal and "after" in call.meta:
        after = number_of(call.meta["after"])
        page = service.listed(call.session, call.person.user, after)
        return Update(lists.overview_view(page, **_shown(call), after=after, note=note))
    return Say(say(note))


def give_help(call: Call) -> Answer:
    return Say(help_message(call.entrances, "community", person=call.person, profile=call.profile))


def people_found(call: Call) -> Answer:
    """Who agreed to be found, on a topic or in an area; without words, on one's own topics."""
    found = catalog.people_like(call.session, call.text, call.person, call.profile)
    return Say(lists.people(found, call.text, call.profile, chooses=not call.person.is_guest))


def open_propose(call: Call) -> Answer:
    return Open(lists.propose_form(call.profile, call.text), words=call.text)


def propose(call: Call) -> Answer:
    found = proposals.propose(
        call.session,
        name=call.form.one("name"),
        purpose=call.form.one("purpose"),
        topics=call.form.many("topics"),
        leads_it="yes" in call.form.many(lists.LEADS_IT),
        person=call.person,
        now=call.now,
    )
    return Update(lists.proposed(found))


def _decide(*, yes: bool) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        proposals.decide(call.session, call.value, yes=yes, person=call.person, now=call.now)
        return Done()

    return run


def undo(call: Call) -> Answer:
    activity.undo_proposal(call.session, call.value, person=call.person, now=call.now)
    return Done()


def channels(call: Call) -> Answer:
    """`plan` compares, `apply` carries out, `export` prints the list. For leads and administrators."""
    if call.text == "export":
        return Say(channel.exported(catalog.as_yaml(call.session)), saved=False)
    kind = "apply" if call.text == "apply" else "plan"
    channels_service.ask_run(call.session, kind, person=call.person, now=call.now)
    doing = "Setting up the channels" if kind == "apply" else "Comparing the channels with the list"
    return Say(say(f"{doing}. You get the result as a direct message."))


def apply(call: Call) -> Answer:
    channels_service.ask_run(call.session, "apply", person=call.person, now=call.now)
    return Done()


def status(call: Call) -> Answer:
    """Members: where they are. Staff: also what is quiet, closing, in trouble, and the month in numbers."""
    return Say(lists.status(catalog.standing(call.session, call.person, call.now), call.profile))


def open_news(call: Call) -> Answer:
    return Open(_news(call))


def share_news(call: Call) -> Answer:
    news.share(call.session, call.form.one("text"), person=call.person, now=call.now)
    return Update(_news(call, "Shared. It is on the About page now and in the next digest."))


def remove_news(call: Call) -> Answer:
    news.withdraw(call.session, call.value, now=call.now)
    return Update(_news(call, "Removed."))


def _news(call: Call, note: str = "") -> dict[str, Any]:
    shown = news.newest(call.session, call.now)
    return home.news_form(shown, news.LONGEST, call.profile.time_zone, note)


def archive(call: Call) -> Answer:
    at = activity.propose_archive(call.session, call.number, person=call.person, now=call.now)
    text = f"It is archived in {(at - call.now).days} days, unless somebody there keeps it open."
    return Say(say(f"The channel has been told. {text}"))


def keep(call: Call) -> Answer:
    kept = activity.keep(call.session, call.number, person=call.person)
    return Say(say("It stays open." if kept else "Nothing changes: it is open."), saved=kept)


def revive(call: Call) -> Answer:
    activity.revive(call.session, call.number, person=call.person, now=call.now)
    return Say(say("Bringing it back. If Slack needs an administrator for that, one is asked."))


def settled(call: Call) -> Answer:
    activity.settle(call.session, call.number, person=call.person, now=call.now)
    return Done()


# -- what Slack tells of channels: hints, each of which is looked into


def channel_changed(call: Call) -> Answer:
    """Renamed, archived, unarchived, deleted, or the app was taken out."""
    staff = people.staff_moved(call)
    if service.of_channel(call.session, call.channel) is None:
        return staff
    channels_service.reconcile_asked(call.session, str(call.event.get("event_ts") or ""), now=call.now)
    return Done()


def member_came(call: Call) -> Answer:
    """Somebody is in a channel; that the app itself is makes it no member."""
    staff = people.staff_moved(call)
    ident, user = service.of_channel(call.session, call.channel), str(call.event.get("user") or "")
    if ident is None or user in ("", call.bot_user):
        return staff
    channels_service.entered(call.session, ident, user, now=call.now)
    return Done()


def member_went(call: Call) -> Answer:
    staff = people.staff_moved(call)
    ident, user = service.of_channel(call.session, call.channel), str(call.event.get("user") or "")
    if ident is None or not user:
        return staff
    channels_service.left(call.session, ident, user, now=call.now)
    return Done()


_HAPPENS = ("rename", "archive", "unarchive", "deleted", "left")

_LEAVE = "leave the community of this channel, or another"
_SET_UP = "set up the channels: `plan`, `apply`, `export`"
ENTRANCES = (
    command("community", overview, "see the communities: join, leave, propose one"),
    command("community list", listed, "the list of communities"),
    command(
        "community people", people_found, "people who agreed to be found, by topic or county", words="housing"
    ),
    command("community join", join, "join a community", effect="write", words="peer-support"),
    command("community leave", leave, _LEAVE, effect="write", words="peer-support"),
    command(
        "community propose", open_propose, "propose a new community to staff", "member", words="wound care"
    ),
    command(
        "community channels",
        channels,
        _SET_UP,
        "lead_or_admin",
        "write",
        words="plan",
        takes=CHANNELS.__contains__,
    ),
    command("community status", status, "the communities you are in"),
    command("community news", open_news, "say what the program has been up to", "lead"),
    command("community help", give_help, "this list"),
    Entrance("action", lists.MORE, more),
    Entrance("action", lists.SHOW, show),
    Entrance("action", lists.JOIN, lambda call: _join(call, call.number), effect="write"),
    Entrance("action", lists.LEAVE, lambda call: _leave(call, call.number), effect="write"),
    Entrance("action", lists.OPEN_PROPOSE, open_propose, "member"),
    Entrance("view", lists.PROPOSE, propose, "member", "write", free_text=("name", "purpose")),
    Entrance("action", lists.MAKE, _decide(yes=True), "staff", "write"),
    Entrance("action", lists.DECLINE, _decide(yes=False), "staff", "write"),
    Entrance("action", lists.UNDO, undo, "staff", "write"),
    Entrance("action", home.OPEN_NEWS, open_news, "lead"),
    Entrance("view", home.NEWS, share_news, "lead", "write", public_text=("text",)),
    Entrance("action", home.REMOVE_NEWS, remove_news, "lead", "write"),
    Entrance("action", channel.APPLY, apply, "lead_or_admin", "write"),
    Entrance("action", channel.ARCHIVE, archive, effect="write"),
    Entrance("action", channel.KEEP, keep, effect="write"),
    Entrance("action", channel.REVIVE, revive, effect="write"),
    Entrance("action", channel.SETTLED, settled, effect="write"),
    *(Entrance("event", f"channel_{what}", channel_changed, "slack", "write") for what in _HAPPENS),
    *(Entrance("event", f"group_{what}", channel_changed, "slack", "write") for what in _HAPPENS),
    Entrance("event", "member_joined_channel", member_came, "slack", "write"),
    Entrance("event", "member_left_channel", member_went, "slack", "write"),
    Entrance("event", "channel_id_changed", people.channel_moved, "slack", "write"),
)
