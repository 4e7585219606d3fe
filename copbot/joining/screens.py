"""The form and the card about somebody who would like to join, the text to send them, and the welcome."""

from __future__ import annotations

from typing import Any

from copbot.communities.screens.lists import ABOUT, JOIN, MORE, START
from copbot.joining import rules
from copbot.joining.values import Invitation, Newcomer
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    field,
    form,
    group,
    message,
    option,
    plain,
    section,
    select,
    text_input,
)
from copbot.slack.text import escape

INVITE, COPY, DONE, NOT_NOW = "joining.invite", "joining.copy", "joining.invited", "joining.not_now"


def invite_form(profile: Profile, first: str = "") -> View:
    blocks = [
        context("Staff get a card. The address is deleted when the person has joined or you press Not now."),
        field("email", "Email address", text_input("email", first=first, most=255)),
        field("agency", "Agency", text_input("agency", most=120), optional=True),
        field("areas", "Where they work", _chooser("areas", profile.area_choices), optional=True),
        field("topics", "Topics they care about", _chooser("topics", profile.topic_choices), optional=True),
    ]
    return form(INVITE, "Invite somebody", blocks, submit="Create card")


def _chooser(name: str, choices: Any) -> dict[str, Any]:
    groups = [group(heading, [option(text, ident) for text, ident in rows]) for heading, rows in choices]
    return select(name, groups=groups, many=5)


def made() -> View:
    return form("notice", "Card created", [section("It is in the staff channel now.")], close="Close")


def card(found: Invitation, profile: Profile) -> Message:
    """To staff: who would like to join, and what is to be done."""
    text = "Somebody wants to join"
    blocks: list[Block] = [
        {"type": "section", "text": plain(f"{text}: {found.email}" if found.email else text)}
    ]
    facts = [
        found.agency,
        ", ".join(map(profile.area_label, found.areas)),
        ", ".join(map(profile.topic_label, found.topics)),
    ]
    told = " · ".join(fact for fact in facts if fact)
    if told:
        blocks.append({"type": "context", "elements": [plain(told)]})
    blocks.append(context(_standing(found)))
    if found.state in rules.OPEN:
        blocks.append(actions(_card_buttons(found)))
    return message(text, blocks)


def _card_buttons(found: Invitation) -> list[dict[str, Any]]:
    copy = button("Copy invite text", COPY, found.uid)
    sure = confirm(
        "Not now?", "The address is deleted. You can create a new card at any time.", "Not now", "Cancel"
    )
    not_now = button("Not now", NOT_NOW, found.uid, confirm=sure)
    if found.state == rules.INVITED:
        return [copy, not_now]
    return [copy, button("Invited", DONE, found.uid, style="primary"), not_now]


def _standing(found: Invitation) -> str:
    by = f" by <@{found.decided_by}>" if found.decided_by else ""
    return {
        rules.NEW: "Invite them in Slack (“Invite people”), then press Invited.",
        rules.INVITED: f"Invited{by}. This card closes when they join.",
        rules.NOT_NOW: f"Not now{by}",
        rules.JOINED: f":white_check_mark: <@{found.joined_user}> has joined and was welcomed.",
    }[found.state]


def invite_text(profile: Profile) -> View:
    """The words to send along, in a box that Slack offers to copy."""
    contact = profile.contact
    words = (
        f"Welcome to the {profile.words.community_word} of {profile.name}.\n\n"
        "You will get an email from Slack with a link to join. It is free and works on a phone or a computer. Once "
        "you join, you get one message with three first steps. You can read along, ask your peers, and ask staff "
        f"for help by typing {profile.commands.ta}.\n\n"
        "Please leave out anything that could point to a person you serve.\n\n"
        f"Questions? {contact.phone} or {contact.email}"
    )
    run = {"type": "text", "text": words}
    blocks: list[Block] = [
        context("Copy this into your own email, or into the message of Slack's invitation."),
        {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [run]}]},
    ]
    return form("notice", "Invite text", blocks, close="Close")


def welcome(found: Newcomer, profile: Profile) -> Message:
    """The one welcome: three first steps that fit who came."""
    text = f"Welcome to {profile.name}"
    hello = f"Welcome, {found.name}! This is the {profile.words.community_word} of {profile.name}."
    blocks: list[Block] = [{"type": "section", "text": plain(hello)}]
    if found.is_guest:
        steps, buttons = _for_guest()
    elif found.communities:
        steps, buttons = _for_member(found, profile)
    else:
        steps, buttons = _for_anybody(profile)
    blocks.append(
        section("*Three first steps*\n" + "\n".join(f"{at}. {step}" for at, step in enumerate(steps, 1)))
    )
    blocks.append(actions(buttons))
    blocks.append(context(escape(profile.notices.client_data), escape(profile.notices.not_an_emergency)))
    return message(text, blocks)


def _for_guest() -> tuple[list[str], list[dict[str, Any]]]:
    """A guest sees a channel or two and has no commands."""
    steps = [
        "Read the pinned welcome in your channel to see what it is for.",
        "Need help with your work? Press *Ask for help* here or in any pinned welcome.",
        "See who we are: press *About us*.",
    ]
    return steps, [button("Ask for help", START, style="primary"), button("About us", ABOUT, "about")]


def _for_member(found: Newcomer, profile: Profile) -> tuple[list[str], list[dict[str, Any]]]:
    chosen = [each for each in found.communities if not each.mine]
    names = ", ".join(
        f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}" for each in found.communities
    )
    why = "that match your topics" if found.invited else "to start with"
    steps = [
        f"Join a community. Here are some {why}: {names}.",
        f"Need help with your work? Type `{profile.commands.ta}` anywhere, or press *Ask for help*.",
        "See who we are: press *About us*.",
    ]
    # One action id may stand once in a block: the detail after the colon tells them apart.
    joins = [
        button(f"Join #{each.name}", f"{JOIN}:{each.id}", str(each.id)) for each in chosen if each.channel
    ]
    more = [button("Ask for help", START, style="primary"), button("All communities", MORE, "0")]
    return steps, [*joins, *more, button("About us", ABOUT, "about")]


def _for_anybody(profile: Profile) -> tuple[list[str], list[dict[str, Any]]]:
    steps = [
        "See the communities and join those you need.",
        f"Need help with your work? Type `{profile.commands.ta}` anywhere, or press *Ask for help*.",
        "See who we are: press *About us*.",
    ]
    buttons = [
        button("See the communities", MORE, "0"),
        button("Ask for help", START, style="primary"),
        button("About us", ABOUT, "about"),
    ]
    return steps, buttons
