"""One step at a time towards what is wanted: each looks first or takes "already so" for done, and can be repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """Carry the step out. Raises `SlackError` when Slack will not."""
    _STEPS[action.do](work, action, place)


def _create(work: Work, action: Action, place: ChannelPlace) -> None:
    """A lost answer, or a name that is taken: perhaps by the channel we made a moment ago."""
    if action.channel:  # it was made after the plan was
        return
    try:
        made = ask_slack(
            work, "conversations.create", name=place.wanted.name, is_private=place.wanted.private
        )
    except (Unsure, Refused) as error:
        if isinstance(error, Refused) and error.code != "name_taken":
            raise
        found = [
            each
            for each in channels(work)
            if each.name == place.wanted.name and each.ours and not each.archived
        ]
        if not found or found[0].private != place.wanted.private:
            raise
        place.become(found[0])
    else:
        place.become(as_channel(made.get("channel") or {}, work.gateway.bot_user))


def _adopt(_work: Work, _action: Action, place: ChannelPlace) -> None:
    assert place.channel is not None  # the plan has found it
    place.become(place.channel)


def _join(work: Work, _action: Action, place: ChannelPlace) -> None:
    ask_slack(work, "conversations.join", channel=place.id)


def _rename(work: Work, action: Action, place: ChannelPlace) -> None:
    told = _twice(work, "conversations.rename", channel=place.id, name=action.detail)
    place.become(as_channel(told.get("channel") or {}, work.gateway.bot_user))


def _topic(work: Work, action: Action, place: ChannelPlace) -> None:
    _twice(work, "conversations.setTopic", channel=place.id, topic=action.detail)


def _purpose(work: Work, action: Action, place: ChannelPlace) -> None:
    _twice(work, "conversations.setPurpose", channel=place.id, purpose=action.detail)


def _bookmark(work: Work, action: Action, place: ChannelPlace) -> None:
    """Looked for by its link, when an answer was lost: adding is the one thing that would double it."""
    title = next(link.title for link in place.wanted.links if link.url == action.detail)
    try:
        _add_bookmark(work, place.id, title, action.detail)
    except Unsure:
        if action.detail not in {each.url for each in _bookmarks(work, place.id)}:
            _add_bookmark(work, place.id, title, action.detail)


def _add_bookmark(work: Work, channel: str, title: str, url: str) -> None:
    ask_slack(work, "bookmarks.add", channel_id=channel, title=title, type="link", link=url)


def _bookmarks(work: Work, channel: str) -> tuple[Bookmark, ...]:
    return as_bookmarks(ask_slack(work, "bookmarks.list", channel_id=channel).get("bookmarks") or ())


def _retitle(work: Work, action: Action, place: ChannelPlace) -> None:
    title = next(link.title for link in place.wanted.links if link.url == action.detail)
    for mark in _bookmarks(work, place.id):
        if mark.url == action.detail and mark.title != title:
            _twice(work, "bookmarks.edit", channel_id=place.id, bookmark_id=mark.id, title=title)


def _unbookmark(work: Work, action: Action, place: ChannelPlace) -> None:
    """Gone already is as good."""
    for mark in _bookmarks(work, place.id):
        if mark.url == action.detail:
            _twice(work, "bookmarks.remove", channel_id=place.id, bookmark_id=mark.id)


def _invite_lead(work: Work, action: Action, place: ChannelPlace) -> None:
    invite(work, place.id, action.detail)


def invite(work: Work, channel: str, user: str) -> None:
    """Let somebody into a channel; being in it already is as good."""
    _twice(work, "conversations.invite", channel=channel, users=user)


def pin(work: Work, channel: str, ts: str) -> None:
    _twice(work, "pins.add", channel=channel, timestamp=ts)


def _twice(work: Work, method: str, **args: Any) -> dict[str, Any]:
    """A call that may be repeated: once more when its outcome is unknown; "already so" is success."""
    for last in (False, True):
        try:
            return ask_slack(work, method, **args)
        except Refused as error:
            if error.code in _ALREADY:
                return {}
            raise
        except Unsure:
            if last:
                raise
    raise AssertionError("the second time returns or raises")


_STEPS: Mapping[Do, Callable[[Work, Action, ChannelPlace], None]] = {
    Do.CREATE: _create,
    Do.ADOPT: _adopt,
    Do.JOIN: _join,
    Do.RENAME: _rename,
    Do.TOPIC: _topic,
    Do.PURPOSE: _purpose,
    Do.BOOKMARK: _bookmark,
    Do.RETITLE: _retitle,
    Do.UNBOOKMARK: _unbookmark,
    Do.INVITE_LEAD: _invite_lead,
}
"""WELCOME and PIN are not in it: the message is a row, and the pin follows it."""
