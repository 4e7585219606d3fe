"""One step at a time towards what is wanted: each looks first or takes "already so" for done, and can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from copbot.communities.channels.reading import as_bookmarks, as_channel, channels
from copbot.communities.rules import Action, Bookmark, Do, Wanted, WantedChannel
from copbot.jobs.slack_calls import ask_slack
from copbot.jobs.work import Work
from copbot.slack.errors import Refused, Unsure

_ALREADY = {
    "already_in_channel",
    "already_pinned",
    "already_archived",
    "cant_invite_self",
    "bookmark_not_found",
}


@dataclass
class ChannelPlace:
    """Where a community's steps are carried out; `channel` is known from the moment there is one."""

    wanted: Wanted
    channel: WantedChannel | None = None
    bind: Callable[[int, WantedChannel], None] = field(default=lambda _ident, _channel: None)

    @property
    def id(self) -> str:
        return self.channel.id if self.channel is not None else ""

    def become(self, channel: WantedChannel) -> None:
        """Its id is stored at once: a process that dies now must find the channel again, not make another."""
        self.channel = channel
        self.bind(self.wanted.id, channel)


def perform(work: Work, action: Action, place: ChannelPlace) -> None:
    """Carry the step out; welcome and pin are none of these: a message is a row. Raises `SlackError`."""
    what = action.detail
    match action.do:
        case Do.CREATE if not action.channel:  # else it was made after the plan was
            _create(work, place)
        case Do.ADOPT:
            assert place.channel is not None  # the plan has found it
            place.become(place.channel)
        case Do.JOIN:
            ask_slack(work, "conversations.join", channel=place.id)
        case Do.RENAME:
            told = _twice(work, "conversations.rename", channel=place.id, name=what)
            place.become(as_channel(told.get("channel") or {}, work.gateway.bot_user))
        case Do.TOPIC:
            _twice(work, "conversations.setTopic", channel=place.id, topic=what)
        case Do.PURPOSE:
            _twice(work, "conversations.setPurpose", channel=place.id, purpose=what)
        case Do.INVITE_LEAD:
            invite(work, place.id, what)
        case Do.BOOKMARK | Do.RETITLE | Do.UNBOOKMARK:
            _bookmark(work, action, place)


def _create(work: Work, place: ChannelPlace) -> None:
    """A lost answer, or a name that is taken: perhaps by the channel we made a moment ago."""
    name, private = place.wanted.name, place.wanted.private
    try:
        made = ask_slack(work, "conversations.create", name=name, is_private=private)
    except (Unsure, Refused) as error:
        if isinstance(error, Refused) and error.code != "name_taken":
            raise
        found = [each for each in channels(work) if each.name == name and each.ours and not each.archived]
        if not found or found[0].private != private:
            raise
        place.become(found[0])
    else:
        place.become(as_channel(made.get("channel") or {}, work.gateway.bot_user))


def _bookmark(work: Work, action: Action, place: ChannelPlace) -> None:
    """The link is the bookmark's name. One that is gone already is as good as removed."""
    url = action.detail
    title = next((link.title for link in place.wanted.links if link.url == url), "")
    if action.do is Do.BOOKMARK:
        try:
            _add_bookmark(work, place.id, title, url)
        except Unsure:  # looked for: adding is the one thing that would double it
            if url not in {each.url for each in _bookmarks(work, place.id)}:
                _add_bookmark(work, place.id, title, url)
        return
    for mark in _bookmarks(work, place.id):
        if mark.url == url and action.do is Do.UNBOOKMARK:
            _twice(work, "bookmarks.remove", channel_id=place.id, bookmark_id=mark.id)
        elif mark.url == url and mark.title != title:
            _twice(work, "bookmarks.edit", channel_id=place.id, bookmark_id=mark.id, title=title)


def _add_bookmark(work: Work, channel: str, title: str, url: str) -> None:
    ask_slack(work, "bookmarks.add", channel_id=channel, title=title, type="link", link=url)


def _bookmarks(work: Work, channel: str) -> tuple[Bookmark, ...]:
    return as_bookmarks(ask_slack(work, "bookmarks.list", channel_id=channel).get("bookmarks") or ())


def invite(work: Work, channel: str, user: str) -> None:
    """Let somebody into a channel; being in it already is as good."""
    _twice(work, "conversations.invite", channel=channel, users=user)


def pin(work: Work, channel: str, ts: str) -> None:
    _twice(work, "pins.add", channel=channel, timestamp=ts)


def _twice(work: Work, method: str, **args: Any) -> dict[str, Any]:
    """A call that may be repeated: once more when its outcome is unknown; "already so" is success."""
    try:
        try:
            return ask_slack(work, method, **args)
        except Unsure:
            return ask_slack(work, method, **args)
    except Refused as error:
        if error.code in _ALREADY:
            return {}
        raise
