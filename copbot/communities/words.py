"""Codes of what Slack refuses and of what stands in a plan's way, in words for whoever can do something about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from copbot.communities.rules import Do

_TROUBLES: Mapping[str, str] = {
    "name_taken": (
        "Slack says that the name is taken: by an archived channel, or by a private one that I cannot see. "
        "Choose another name, or have that channel renamed"
    ),
    "is_archived": "the channel was archived meanwhile. Ask an administrator to unarchive it",
    "restricted_action": (
        "this workspace does not allow apps to do that. An administrator can allow it under "
        "Settings › Permissions › Channel management"
    ),
    "not_authorized": "only whoever made the channel, or an administrator, may do that. Ask one of them",
    "missing_scope": (
        "the app lacks a permission. An administrator installs it again with the manifest that "
        "`bot.py manifest` prints"
    ),
    "not_in_channel": "I am not in that channel. Invite me there with /invite",
    "channel_not_found": "the channel is gone, or private and I am not in it. Invite me there with /invite",
    "user_is_restricted": "the person is a guest, and Slack lets only an administrator add guests",
    "ura_max_channels": "the person is a guest of a single channel, and Slack lets them into no other",
    "cant_invite": "Slack does not let this person in. Ask an administrator to add them",
    "user_not_found": "the person has left the workspace. Name another lead",
    "too_many_bookmarks": "the channel has as many bookmarks as Slack allows. Remove some",
    "too_many_pins": "the channel has as many pins as Slack allows. Unpin some",
    "welcome_waits": "its welcome is not posted yet, so it cannot be pinned yet",
    "welcome_refused": "Slack would not take its welcome. Home shows why",
    "invalid_name_specials": "Slack does not take that name. Choose one of letters, digits and hyphens",
}
_AGAIN = " Then apply again: what is done is not done twice."

_STEPS: Mapping[str, str] = {
    Do.CREATE: "make the channel",
    Do.ADOPT: "take over the channel that has its name",
    Do.JOIN: "get into the channel",
    Do.RENAME: "rename the channel",
    Do.TOPIC: "set its topic",
    Do.PURPOSE: "set its description",
    Do.BOOKMARK: "add a bookmark",
    Do.RETITLE: "rename a bookmark",
    Do.INVITE_LEAD: "invite its lead",
    Do.WELCOME: "post its welcome",
    Do.PIN: "pin its welcome",
}

_PROBLEMS: Mapping[str, Callable[[str], str]] = {
    "bad_name": lambda name: f"“{name}” cannot be a channel's name. Use small letters, digits and hyphens.",
    "twice": lambda name: f"Two communities want the name #{name}. Give one of them another.",
    "in_use": lambda name: f"#{name} belongs to another community, which is not about to be renamed.",
    "archived": lambda name: (
        f"#{name} is archived, and an app cannot bring it back. An administrator opens it in Slack, "
        "presses its name, then Settings › Unarchive channel."
    ),
    "privacy": lambda name: (
        f"#{name} is not as private, or as public, as the list says. An administrator can change that in the "
        "channel's settings; or change the list."
    ),
    "general": lambda name: (
        f"#{name} is everybody's channel and cannot be a community's. Choose another name."
    ),
    "lead": lambda person: f"The lead <@{person}> cannot be added to channels: they left, or are a guest.",
}

_JOIN_REFUSED: Mapping[str, str] = {
    "user_is_restricted": "Slack lets only an administrator add guests to channels. Staff can ask one for you.",
    "ura_max_channels": (
        "As a guest of a single channel you cannot be in another one. You can ask for help all the same."
    ),
    "cant_invite": "Slack did not let me add you. Ask a workspace administrator to add you.",
    "is_archived": "The channel was archived meanwhile.",
    "missing_scope": "The app lacks a permission. Its administrators are being told.",
    "restricted_action": "This workspace does not let apps add people. Open the channel in Slack and press Join.",
}


def trouble_words(code: str) -> str:
    """What a lead can do about a step that Slack refused."""
    words = _TROUBLES.get(code, f"Slack answered `{code}`")
    return f"{words}.{_AGAIN}"


def step_words(step: str) -> str:
    return _STEPS.get(step, step)


def problem_words(code: str, detail: str) -> str:
    """Mrkdwn; the detail is a channel's name or a user id."""
    made = _PROBLEMS.get(code)
    return made(detail) if made is not None else code


def join_refused_words(code: str) -> str:
    return _JOIN_REFUSED.get(
        code, f"Slack did not let me add you (it answered {code}). Please try again later."
    )
