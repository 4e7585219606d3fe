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
        back = "The staff channel works again"
        return message(back, [section(f"{back}. Requests are being sent.")])
    problem = problem_words(problem)
    text = f"Staff can't get requests: {problem}"
    hint = "Choose the channel in this app's Home, or with COPBOT_STAFF_CHANNEL where the app runs. Requests are kept."
    return message(text, [section(f"*Staff can't get requests.* {escape(problem)}"), context(hint)])


def staff_joined(joined: Sequence[tuple[str, str]]) -> Message:
    """To leads: who (name, id) became staff by entering the staff channel."""
    if len(joined) > 1:
        text = f"{len(joined)} people joined the staff channel. They are staff now and see every request."
        return message(text, [words(text), *(words(each[0], accessory=_not_staff(*each)) for each in joined)])
    text = f"{joined[0][0]} joined the staff channel. They are staff now and see every request."
    return message(text, [words(text), actions([_not_staff(*joined[0])])])


def _not_staff(name: str, user: str) -> dict[str, Any]:
    stays = f"{name} stays in the channel but can no longer act on requests."
    sure = confirm("Not staff?", stays, "Not staff", "Cancel")
    return button("Not staff", EXCLUDE, user, confirm=sure)


def named_lead() -> Message:
    """To somebody whom an administrator has just named a lead."""
    text = (
        "An administrator made you a lead. In this app's Home you now see everyone's workload and what is late, "
        "and you can edit texts. You get a message when somebody new joins the staff channel."
    )
    return message(text, [words(text)])


def staff_unread(code: str, needed: str = "") -> Message:
    """To administrators: the staff channel's people, or some of them, could not be read."""
    text = "Slack didn't say everything about who is in the staff channel. People who couldn't be checked stay as they were."
    return message(text, [section(text), context(_how_it_goes_on(code, needed, "every ten minutes"))])


def people_unread(code: str, needed: str = "") -> Message:
    """To administrators: the workspace's people could not be read, so what is known of them stands."""
    text = "Slack didn't let this app read who is in this workspace. What it knows stays as it was."
    rest = _how_it_goes_on(code, needed, "every day, and at each start")
    return message(text, [section(text), context(rest)])


def _how_it_goes_on(code: str, needed: str, when: str) -> str:
    if code == "missing_scope":
        lost = f"the permission `{escape(needed)}`" if needed else "a permission"
        return (
            f"The app has lost {lost}. Paste the manifest that `bot.py manifest` prints into the app's settings, "
            "then reinstall the app to the workspace."
        )
    return f"Slack answered `{escape(code)}`. The app tries again {when}."


def no_lead(*, solved: bool) -> Message:
    """To administrators, daily: nobody is left who decides; the same message says when somebody is."""
    if solved:
        return message("There is a lead again", [section("There is a lead again.")])
    text = "There is no lead anymore: everyone you named has left the staff channel."
    hint = "Requests that nobody can answer have no one to go to. Name a lead in this app's Home."
    return message(text, [section(f"*{text}*"), context(hint)])


def hotlines_due(lines: Sequence[tuple[str, str, str]]) -> Message:
    """To leads: lines to call, each with its number and when it was confirmed last, in words."""
    text = "Please check these care and crisis lines and confirm them in this app's Home."
    text += " People rely on them."
    listed = "\n".join(f"• {escape(name)}: {escape(number)} ({escape(when)})" for name, number, when in lines)
    return message(text, [section(text), section(cut(listed, 2900))])
