"""Servers that speak like Slack and know fewer methods: what is not there is done without."""

from __future__ import annotations

from tests.communities.kit import Commons


def test_where_slack_does_not_tell_who_the_app_is_channels_come_without_bookmarks(commons: Commons) -> None:
    commons.knows("ada", "lou")
    commons.wants("wound-care", topics=["wound_care"], lead=commons.slack.user("ada"))
    commons.slack.refuses("bots.info", "unknown_method")
    assert commons.applies().state == "done"
    assert commons.slack.channel("wound-care")
    assert "bookmarks.add" not in commons.slack.calls
    commons.applies()
    assert "bookmarks.add" in commons.slack.calls, "as soon as it tells"
