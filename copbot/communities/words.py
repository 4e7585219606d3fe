"""Codes of what Slack refuses and of what stands in a plan's way, in words for whoever can do something about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from copbot.communities.rules import Do

_TROUBLES: Mapping[str, str] = {
    "name_taken": (
        "The name is taken by an archived channel, or by a private one that this app can't see. "
        "Choose another name, or have that channel renamed"
    ),
    "is_archived": "The channel has been archived. Ask an administrator to unarchive it",
    "restricted_action": (
        "This workspace doesn't allow apps to do that. An administrator can allow it under "
        "Settings › Permissions › Channel management"
    ),
    "not_authorized": "Only the person who created the channel or an administrator may do that. Ask one of them",
    "missing_scope": (
        "The app is missing a permission. An administrator can reinstall it with the manifest that "
        "`bot.py manifest` prints"
    ),
    "not_in_channel": "The app is not in that channel. Invite it there with /invite",
    "channel_not_found": "The channel was deleted, or it is private and the app is not in it. Invite it there with /invite",
    "user_is_restricted": "This person is a guest, and only an administrator can add guests in Slack",
    "ura_max_channels": "This person is a single-channel guest, and Slack lets them into no other channel",
    "cant_invite": "Slack didn't let this person in. Ask an administrator to add them",
    "user_not_found": "This person has left the workspace. Choose another lead",
    "too_many_bookmarks": "The channel has as many bookmarks as Slack allows. Remove some",
    "too_many_pins": "The channel has as many pins as Slack allows. Unpin some",
    "welcome_waits": "Its welcome has not been posted yet",
    "welcome_refused": "Slack refused its welcome. Home shows why",
    "invalid_name_specials": "Slack refuses that name. Use letters, numbers and hyphens",
}
_AGAIN = " Then set up the channels again; finished steps are not repeated."

_STEPS: Mapping[str, str] = {
    Do.CREATE: "create the channel",
    Do.ADOPT: "use the existing channel of that name",
    Do.JOIN: "join the channel",
    Do.RENAME: "rename the channel",
    Do.TOPIC: "set its topic",
    Do.PURPOSE: "set its description",
    Do.BOOKMARK: "add a bookmark",
    Do.RETITLE: "rename a bookmark",
    Do.UNBOOKMARK: "remove an old bookmark of this app",
    Do.INVITE_LEAD: "invite its lead",
    Do.WELCOME: "post its welcome",
    Do.PIN: "pin its welcome",
}

_PROBLEMS: Mapping[str, Callable[[str], str]] = {
    "bad_name": lambda name: f"“{name}” can't be a channel name. Use lowercase letters, numbers and hyphens.",
    "twice": lambda name: f"Two communities want the name #{name}. Choose another name for one of them.",
    "in_use": lambda name: f"The name #{name} belongs to another community. Choose another name.",
    "archived": lambda name: (
        f"#{name} is archived, and apps can't unarchive. An administrator can: open it in Slack, "
        "click its name, then Settings › Unarchive channel."
    ),
    "privacy": lambda name: (
        f"The list says whether #{name} is private, and the channel differs. An administrator can change the "
        "channel's settings, or change the list."
    ),
    "general": lambda name: f"#{name} is the channel everybody is in. Choose another name.",
    "lead": lambda person: (
        f"Its lead <@{person}> has left or is a guest, and can't be added. Everything else is set up. "
        "Choose another lead."
    ),
}

_JOIN_REFUSED: Mapping[str, str] = {
    "user_is_restricted": "Only an administrator can add guests in Slack. Staff can ask one for you.",
    "ura_max_channels": "Single-channel guests can't be in a second channel. You can still ask for help.",
    "cant_invite": "Slack refused. Ask a workspace administrator to add you.",
    "is_archived": "The channel has been archived.",
    "missing_scope": "The app is missing a permission. Ask staff to tell the app's administrator.",
    "restricted_action": "This workspace doesn't let apps add people. Open the channel in Slack and press Join.",
    "no_answer": "Slack didn't answer for a whole day. Please try again, or open the channel in Slack and press Join.",
}


def trouble_words(code: str) -> str:
    """What a lead can do about a step that Slack refused."""
    words = _TROUBLES.get(code, f"Slack refused with the code `{code}`")
    return f"{words}.{_AGAIN}"


def in_the_way(code: str, detail: str) -> str:
    """What keeps a community from being set up: a problem of the plan, or what Slack refused. Mrkdwn."""
    return problem_words(code, detail) if code in _PROBLEMS else trouble_words(code)


def may_try_again(code: str) -> bool:
    """Whether asking Slack once more can help somebody who was not let in."""
    return code not in {"user_is_restricted", "ura_max_channels"}


def step_words(step: str) -> str:
    return _STEPS.get(step, step)


def problem_words(code: str, detail: str) -> str:
    """Mrkdwn; the detail is a channel's name or a user id."""
    made = _PROBLEMS.get(code)
    return made(detail) if made is not None else code


def join_refused_words(code: str) -> str:
    return _JOIN_REFUSED.get(code, f"Slack refused to add you (code {code}). Please try again later.")
