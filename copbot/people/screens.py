"""What administrators and leads are told about the staff channel and about new staff."""

from __future__ import annotations

from copbot.people.words import problem_words
from copbot.slack.answers import Message
from copbot.slack.blocks import actions, button, confirm, context, message, section, words
from copbot.slack.text import escape

EXCLUDE = "people.exclude"


def staff_channel(problem: str, *, solved: bool) -> Message:
    """To administrators: why requests are held; the same message says when it is over."""
    if solved:
        return message(
            "The staff channel is well", [section("The staff channel is well now. Requests go out again.")]
        )
    problem = problem_words(problem)
    text = f"Staff cannot get requests: {problem}"
    hint = "It can be set in this app's Home, or by COPBOT_STAFF_CHANNEL where the app runs. Nothing is lost."
    return message(text, [section(f"*Staff cannot get requests.* {escape(problem)}"), context(hint)])


def staff_joined(name: str, user: str) -> Message:
    """To leads: somebody became staff by entering the staff channel."""
    text = f"{name} has joined the staff channel and is staff now: they see every request."
    sure = confirm(
        "Not staff?", f"{name} stays in the channel but can no longer act on requests.", "Not staff", "Keep"
    )
    return message(text, [words(text), actions([button("Not staff", EXCLUDE, user, confirm=sure)])])


def staff_unread(code: str) -> Message:
    """To administrators: the list of staff could not be read, so the old one stands."""
    text = "Slack would not let me read who is in the staff channel, so the list of staff stays as it was."
    return message(
        text, [section(text), context(f"Slack answered `{escape(code)}`. I try again every ten minutes.")]
    )
