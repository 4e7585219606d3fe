"""The workspace's channels read from Slack, as far as the communities need them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from copbot.communities.rules import Actual, Bookmark, BookmarkLink, Wanted, WantedChannel, matched
from copbot.jobs.slack_calls import all_of, ask_slack
from copbot.jobs.work import Work
from copbot.people.rules import refused_words
from copbot.people.slack_user import from_slack
from copbot.slack.errors import Refused
from copbot.slack.text import incoming_text

KINDS = "public_channel,private_channel"
LIST_PAGE = 999
APP = "https://slack.com/app_redirect?app={app}&team={team}&tab=home&for="
BOOKMARKS = (("Ask for help", "help"),)
"""Title and place in Home. A room that has something to open there adds its line when it comes."""
_NOT_HERE = {"user_not_found", "user_not_visible", "users_not_found", "invalid_arguments"}
_SHUT = {"not_in_channel", "channel_not_found", "is_archived", "method_not_supported_for_channel_type"}


def app_links(work: Work) -> str:
    """How every link to this app's Home begins; empty when Slack does not tell who the app is."""
    try:
        told = ask_slack(work, "bots.info", bot=work.gateway.bot_id).get("bot") or {}
    except Refused:
        return ""  # channels without bookmarks are better than none
    app = str(told.get("app_id") or "")
    return APP.format(app=app, team=work.gateway.team) if app else ""


def links(work: Work, start: str) -> tuple[BookmarkLink, ...]:
    """The bookmarks each channel carries: they lead to this app's Home, where all of it is at hand.

    None in the practice workspace: their addresses are Slack's own, which does not know it.
    """
    if not start or (work.wiring is not None and work.wiring.is_sandbox):
        return ()
    return tuple(BookmarkLink(title, start + what) for title, what in BOOKMARKS)


def channels(work: Work) -> tuple[WantedChannel, ...]:
    """All that the app can see, archived ones too: their names are taken."""
    how: dict[str, Any] = {"size": LIST_PAGE, "types": KINDS, "exclude_archived": False}
    listed = all_of(work, "conversations.list", "channels", **how)
    return tuple(as_channel(each, work.gateway.bot_user) for each in listed)


def as_channel(told: Mapping[str, Any], bot_user: str) -> WantedChannel:
    return WantedChannel(
        id=str(told.get("id") or ""),
        name=str(told.get("name") or ""),
        topic=incoming_text(str((told.get("topic") or {}).get("value") or "")),
        purpose=incoming_text(str((told.get("purpose") or {}).get("value") or "")),
        private=bool(told.get("is_private")),
        archived=bool(told.get("is_archived")),
        general=bool(told.get("is_general")),
        ours=bool(bot_user) and told.get("creator") == bot_user,
        inside=bool(told.get("is_member")),
    )


def actual(
    work: Work, wanted: Sequence[Wanted], listed: Sequence[WantedChannel], *, only: int | None = None
) -> Actual:
    """The channels that are ours (or would become so) with all that is in them; the others by name only.

    `only` is the id of the one community whose channel and lead are read in full.
    """
    fit, places = _leads(work, {each.lead for each in wanted if each.lead and only in (None, each.id)})
    found = matched(wanted, listed).items()
    mine = {each.id for ident, each in found if not each.archived and only in (None, ident)}
    full = tuple(_furnished(work, channel, places) if channel.id in mine else channel for channel in listed)
    return Actual(full, frozenset(fit))


def _furnished(work: Work, channel: WantedChannel, places: Mapping[str, Collection[str]]) -> WantedChannel:
    inside = frozenset(user for user, ids in places.items() if channel.id in ids)
    if not channel.inside:
        return replace(channel, members=inside)
    try:
        marks = ask_slack(work, "bookmarks.list", channel_id=channel.id).get("bookmarks") or ()
        pins = ask_slack(work, "pins.list", channel=channel.id).get("items") or ()
    except Refused as error:
        if error.code not in _SHUT:
            raise
        return replace(channel, members=inside, inside=False)
    pinned = frozenset(str((item.get("message") or {}).get("ts") or "") for item in pins)
    return replace(channel, members=inside, bookmarks=as_bookmarks(marks), pins=pinned)


def as_bookmarks(told: Iterable[Mapping[str, Any]]) -> tuple[Bookmark, ...]:
    named = ((str(each.get("id")), each.get("title"), each.get("link")) for each in told)
    return tuple(Bookmark(ident, str(title or ""), str(link or "")) for ident, title, link in named)


def _leads(work: Work, leads: Collection[str]) -> tuple[set[str], dict[str, set[str]]]:
    """Which of these can be let into any channel, and the channels each is in."""
    fit, places = set[str](), dict[str, set[str]]()
    for user in sorted(leads):
        try:
            told = ask_slack(work, "users.info", user=user).get("user") or {}
            if not _can_be_anywhere(told, work.gateway.team):
                continue
            seen = all_of(work, "users.conversations", "channels", size=LIST_PAGE, types=KINDS, user=user)
            places[user] = {str(each.get("id")) for each in seen}
            fit.add(user)
        except Refused as error:
            if error.code not in _NOT_HERE:
                raise
    return fit, places


def _can_be_anywhere(user: Mapping[str, Any], team: str) -> bool:
    flags = from_slack(user, team)
    return flags is not None and refused_words(flags) is None and not user.get("is_ultra_restricted")
