"""The form and the card about somebody who would like to join, the text to send them, and the welcome."""

from __future__ import annotations

from typing import Any

from copbot.communities.screens.lists import ABOUT, JOIN, MORE, START, place_of
from copbot.joining import rules
from copbot.joining.values import Invitation, Newcomer
from copbot.people import fields
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import escape

INVITE, COPY, DONE, NOT_NOW = "joining.invite", "joining.copy", "joining.invited", "joining.not_now"


def invite_form(profile: Profile, first: str = "") -> View:
    topics = fields.chooser("topics", profile.topic_choices, most=5)
    blocks = [
        kit.context(
            "Staff get a card. The address is deleted when the person has joined or you press Not now."
        ),
        kit.field("email", "Email address", kit.text_input("email", first=first, most=255)),
        kit.field("agency", "Agency", kit.text_input("agency", most=120), optional=True),
        kit.field(
            "areas", "Where they work", fields.chooser("areas", profile.area_choices, most=5), optional=True
        ),
        kit.field("topics", "Topics they care about", topics, optional=True),
    ]
    return kit.form(INVITE, "Invite somebody", blocks, submit="Create card")


def made() -> View:
    return kit.notice("Card created", [kit.section("It is in the staff channel now.")])


def card(found: Invitation, profile: Profile) -> Message:
    """To staff: who would like to join, and what is to be done."""
    text = "Somebody wants to join"
    blocks: list[Block] = [kit.words(f"{text}: {found.email}" if found.email else text)]
    facts = [
        found.agency,
        ", ".join(map(profile.area_label, found.areas)),
        ", ".join(map(profile.topic_label, found.topics)),
    ]
    if told := " · ".join(fact for fact in facts if fact):
        blocks.append({"type": "context", "elements": [kit.plain(told)]})
    blocks.append(kit.context(_standing(found)))
    if found.state in rules.OPEN:
        blocks.append(kit.actions(_card_buttons(found)))
    return kit.message(text, blocks)


def _card_buttons(found: Invitation) -> list[dict[str, Any]]:
    gone = "The address is deleted. You can create a new card at any time."
    not_now = kit.button(
        "Not now", NOT_NOW, found.uid, confirm=kit.confirm("Not now?", gone, "Not now", "Cancel")
    )
    invited = kit.button("Invited", DONE, found.uid, style="primary")
    copy = kit.button("Copy invite text", COPY, found.uid)
    return [copy, *([] if found.state == rules.INVITED else [invited]), not_now]


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
    text = (
        f"Welcome to the {profile.words.community_word} of {profile.name}.\n\n"
        "You will get an email from Slack with a link to join. It is free and works on a phone or a computer. Once "
        "you join, you get one message with three first steps. You can read along, ask your peers, and ask staff "
        f"for help by typing {profile.commands.ta}.\n\n"
        "Please leave out anything that could point to a person you serve.\n\n"
        f"Questions? {contact.phone} or {contact.email}"
    )
    run = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    blocks: list[Block] = [
        kit.context("Copy this into your own email, or into the message of Slack's invitation."),
        {"type": "rich_text", "elements": [run]},
    ]
    return kit.notice("Invite text", blocks)


def welcome(found: Newcomer, profile: Profile) -> Message:
    """The one welcome: three first steps that fit who came."""
    text = f"Welcome to {profile.name}"
    hello = f"Welcome, {found.name}! This is the {profile.words.community_word} of {profile.name}."
    steps, buttons = _first_steps(found, profile)
    listed = "\n".join(f"{at}. {step}" for at, step in enumerate(steps, 1))
    blocks: list[Block] = [
        kit.words(hello),
        kit.section(f"*Three first steps*\n{listed}"),
        kit.actions(buttons),
    ]
    blocks.append(kit.context(escape(profile.notices.client_data), escape(profile.notices.not_an_emergency)))
    return kit.message(text, blocks)


def _first_steps(found: Newcomer, profile: Profile) -> tuple[list[str], list[dict[str, Any]]]:
    """A guest sees a channel or two and has no commands."""
    ask, about = kit.button("Ask for help", START, style="primary"), kit.button("About us", ABOUT, "about")
    us = "See who we are: press *About us*."
    if found.is_guest:
        read = "Read the pinned welcome in your channel to see what it is for."
        press = "Need help with your work? Press *Ask for help* here or in any pinned welcome."
        return [read, press, us], [ask, about]
    type_ = f"Need help with your work? Type `{profile.commands.ta}` anywhere, or press *Ask for help*."
    if not found.communities:
        see = "See the communities and join those you need."
        return [see, type_, us], [kit.button("See the communities", MORE, "0"), ask, about]
    names = map(place_of, found.communities)
    why = "that match your topics" if found.invited else "to start with"
    join = f"Join a community. Here are some {why}: {', '.join(names)}."
    # One action id may stand once in a block: the detail after the colon tells them apart.
    joins = [
        kit.button(f"Join #{each.name}", f"{JOIN}:{each.id}", str(each.id))
        for each in found.communities
        if each.channel and not each.mine
    ]
    return [join, type_, us], [*joins, ask, kit.button("All communities", MORE, "0"), about]
