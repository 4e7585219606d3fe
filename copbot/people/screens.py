"""What administrators and leads are told about the staff channel and about new staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copbot.people.words import problem_words
from copbot.slack.answers import Message
from copbot.slack.blocks import actions, button, confirm, context, message, section, words
from copbot.slack.text import cut, escape

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


def staff_joined(joined: Sequence[tuple[str, str]]) -> Message:
    """To leads: who (name, id) became staff by entering the staff channel."""
    if len(joined) > 1:
        text = (
            f"{len(joined)} people have joined the staff channel and are staff now: they see every request."
        )
        return message(text, [words(text), *(words(each[0], accessory=_not_staff(*each)) for each in joined)])
    text = f"{joined[0][0]} has joined the staff channel and is staff now: they see every request."
    return message(text, [words(text), actions([_not_staff(*joined[0])])])


def _not_staff(name: str, user: str) -> dict[str, Any]:
    sure = confirm(
        "Not staff?", f"{name} stays in the channel but can no longer act on requests.", "Not staff", "Keep"
    )
    return button("Not staff", EXCLUDE, user, confirm=sure)


def named_lead() -> Message:
    """To somebody whom an administrator has just named a lead."""
    text = (
        "An administrator has made you a lead. In my Home you now see who has how much and what is late, "
        "and can change what people read here. I tell you when somebody new joins the staff channel."
    )
    return message(text, [words(text)])


def staff_unread(code: str, needed: str = "") -> Message:
    """To administrators: the list of staff could not be read, so the old one stands."""
    text = "Slack would not let me read who is in the staff channel, so the list of staff stays as it was."
    return message(text, [section(text), context(_how_it_goes_on(code, needed, "every ten minutes"))])


def people_unread(code: str, needed: str = "") -> Message:
    """To administrators: the workspace's people could not be read, so what is known of them stands."""
    text = "Slack would not let me read who is in this workspace, so what I know of people stays as it was."
    return message(
        text, [section(text), context(_how_it_goes_on(code, needed, "every day, and at each start"))]
    )


def _how_it_goes_on(code: str, needed: str, when: str) -> str:
    if code == "missing_scope":
        lost = f"the permission `{escape(needed)}`" if needed else "a permission"
        return (
            f"The app has lost {lost}. Take the manifest that `bot.py manifest` prints into the app's settings "
            "and install the app to the workspace again."
        )
    return f"Slack answered `{escape(code)}`. I try again {when}."


def no_lead(*, solved: bool) -> Message:
    """To administrators, daily: nobody is left who decides; the same message says when somebody is."""
    if solved:
        return message("There is a lead again", [section("There is a lead again.")])
    text = "No lead is left: those you named are not in the staff channel any more."
    hint = "Requests that nobody can answer have nobody to go to. Name a lead in this app's Home."
    return message(text, [section(f"*{text}*"), context(hint)])


def hotlines_due(lines: Sequence[tuple[str, str, str]]) -> Message:
    """To leads: lines to call, each with its number and when it was confirmed last, in words."""
    text = "Please call these lines and confirm them in this app's Home: people rely on them."
    listed = "\n".join(f"• {escape(name)}: {escape(number)} ({escape(when)})" for name, number, when in lines)
    return message(text, [section(text), section(cut(listed, 2900))])
