"""The communities as people see them: the list, one of them, the form to propose another, news of a wish."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.communities.rules import State
from copbot.communities.values import Community, Findable, Proposal, Standing, Wish
from copbot.communities.words import join_refused_words, trouble_words
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message, View
from copbot.slack.blocks import (
    actions,
    button,
    confirm,
    context,
    divider,
    field,
    form,
    message,
    option,
    particulars,
    plain,
    section,
    select,
    summary,
    text_input,
    typed,
)
from copbot.slack.text import counted, escape, unformatted

JOIN, LEAVE, MORE, SHOW = "community.join", "community.leave", "community.more", "community.show"
OPEN_PROPOSE, PROPOSE = "community.open_propose", "community.propose"
MAKE, DECLINE = "community.make", "community.decline"
ABOUT, START = "community.about", "request.start"
"""`START` is the register's button that opens its form: every welcome carries it."""
LEADS_IT = "leads_it"


def overview(
    communities: Sequence[Community],
    more: int | None,
    *,
    profile: Profile,
    proposes: bool = True,
    first: bool = True,
) -> list[Block]:
    """The list with a button for each; `more` is how many were shown, when there are others.

    `proposes`: whether the reader may propose one.
    """
    blocks: list[Block] = []
    if first:
        blocks.append(section(f"*Communities of {escape(profile.name)}*"))
    blocks += [_entry(each, profile) for each in communities]
    if not communities:
        invited = " You can propose the first one." if proposes else ""
        blocks.append(context(f"There are no communities yet.{invited}"))
    if more is not None:
        blocks.append(actions([button("Show more", MORE, str(more))]))
    ends = [button("About us", ABOUT, "about"), button("Ask for help", START)]
    propose = [button("Propose one", OPEN_PROPOSE)] if proposes else []
    return [*blocks, divider(), actions([*propose, *ends])]


def overview_view(
    communities: Sequence[Community], more: int | None, *, profile: Profile, proposes: bool = True
) -> View:
    blocks = overview(communities, more, profile=profile, proposes=proposes)
    return form("notice", "Communities", blocks, close="Close")


def overview_message(
    communities: Sequence[Community],
    more: int | None,
    *,
    profile: Profile,
    proposes: bool = True,
    first: bool = True,
) -> Message:
    blocks = overview(communities, more, profile=profile, proposes=proposes, first=first)
    return message("Communities", blocks)


def _entry(each: Community, profile: Profile) -> Block:
    topics = ", ".join(map(profile.topic_label, each.topics))
    return summary(_head(each), each.purpose, topics, accessory=_button(each))


def _button(each: Community) -> dict[str, object]:
    if each.mine:
        sure = confirm(
            "Leave?", f"You stop seeing #{each.name}. You can join again at any time.", "Leave", "Stay"
        )
        return button("Leave", LEAVE, str(each.id), confirm=sure)
    return button("Join", JOIN, str(each.id), style="primary" if not each.private else "")


def _head(each: Community) -> str:
    people = counted(each.members, "person", "people")
    marks = [people, *(["private"] if each.private else []), *(["you are in it"] if each.mine else [])]
    if each.state is State.CLOSING:
        marks.append("about to be archived")
    if not each.channel:
        marks.append("being made")
    return f"*#{escape(each.name)}* · {' · '.join(marks)}"


def one(each: Community, profile: Profile) -> Message:
    """A community in full."""
    blocks: list[Block] = [section(_head(each)), *([typed(each.purpose)] if each.purpose else [])]
    topics = ", ".join(map(profile.topic_label, each.topics))
    facts = {"Topics": topics, "When": each.rhythm, "Lead": each.lead_name}
    if any(facts.values()):
        blocks.append(particulars(facts))
    elements = [_button(each), button("Ask for help", START)]
    return message(f"#{each.name}", [*blocks, actions(elements)])


def one_view(each: Community, profile: Profile) -> View:
    return form("notice", "Community", one(each, profile).blocks, close="Close")


def status(found: Standing, profile: Profile) -> Message:
    """Where somebody is; for staff also how the communities stand."""
    mine = ", ".join(f"<#{each}>" for each in found.mine) or "none yet"
    blocks: list[Block] = [section(f"*You are in:* {mine}"), context(_open(found.open))]
    if found.staff is not None:
        told = found.staff
        lines = [
            f"Being made: {told.being_made} · quiet: {told.quiet} · to be archived: {told.closing} · archived: {told.archived}",
            f"The last four weeks: {counted(told.posts, 'post')}, {counted(told.answers, 'answer')}, "
            f"{counted(told.reactions, 'reaction')}",
        ]
        blocks.append(section("*For staff*\n" + "\n".join(lines)))
        if told.troubles:
            listed = "\n".join(
                f"• *#{escape(name)}*: {trouble_words(code)}" for name, code in told.troubles[:10]
            )
            blocks.append(section(f"*Not as wanted yet*\n{listed}"))
    blocks.append(actions([button("All communities", MORE, "0"), button("Ask for help", START)]))
    return message(f"Your communities at {profile.name}", blocks)


def _open(number: int) -> str:
    return (
        f"{counted(number, 'community', 'communities')} in all."
        if number
        else "There are no communities yet."
    )


def people(found: Sequence[Findable], words: str, profile: Profile, *, chooses: bool = True) -> Message:
    """Only people who said that they may be found; nobody is pinged by standing here.

    `chooses`: whether the reader can say so, too.
    """
    blocks: list[Block] = [section("*People who agreed to be found*")]
    for each in found:
        facts = [
            each.agency,
            ", ".join(map(profile.topic_label, each.topics)),
            ", ".join(map(profile.area_label, each.areas)),
        ]
        told = "\n".join(fact for fact in facts if fact)
        blocks.append({"type": "section", "text": plain(f"{each.name}\n{told}")})
    if not found:
        where = "on that topic or in that place" if words else "on your topics"
        blocks.append(
            context(f"Nobody {where} has agreed to be found yet. Type a topic or a county, or ask staff.")
        )
    if chooses:
        blocks.append(
            context(
                "Would you like to be found, or not any more? “About you” in this app's Home has the choice."
            )
        )
    return message("People who agreed to be found", blocks)


def wish(found: Wish) -> Message:
    """To somebody whom Slack did not let in or out; once it has happened all the same, that it has."""
    place = _place(found.community)
    if found.state == "done":
        words = f"You are in {place} now." if found.wants_in else f"Done: you are out of {place}."
        return message(f"#{found.community.name}", [section(words)])
    if found.wants_in:
        text = f"You are not in #{found.community.name} yet."
        again = button("Try again", JOIN, str(found.community.id))
        words = f"*You are not in {place} yet.* {escape(join_refused_words(found.code))}"
        return message(text, [section(words), actions([again, button("Ask for help", START)])])
    text = f"One more step to leave #{found.community.name}: type /leave there."
    words = (
        f"*One more step to leave {place}.* Slack does not let apps take people out of channels here. "
        f"Type `/leave` in {place} and you are out."
    )
    return message(text, [section(words)])


def _place(each: Community) -> str:
    return f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}"


# -- proposing one


def propose_form(profile: Profile, first: str = "") -> View:
    topics = [
        {
            "label": {"type": "plain_text", "text": heading},
            "options": [option(text, ident) for text, ident in rows],
        }
        for heading, rows in profile.topic_choices
    ]
    blocks = [
        context("Staff read it. You get a message when they have decided."),
        field(
            "name",
            "What should it be called?",
            text_input("name", first=first, most=80, placeholder="wound-care"),
            hint="The channel's name: small letters, digits and hyphens. I put it right if need be.",
        ),
        field("purpose", "What is it for, and for whom?", text_input("purpose", long=True, most=1000)),
        field("topics", "Topics", select("topics", groups=topics, many=3), optional=True),
        field(
            LEADS_IT,
            "Will you lead it?",
            {
                "type": "checkboxes",
                "action_id": LEADS_IT,
                "options": [option("Yes, I will look after it", "yes")],
            },
            optional=True,
        ),
    ]
    return form(PROPOSE, "Propose a community", blocks, submit="Send to staff")


def proposed(found: Proposal) -> View:
    words = f"*#{escape(found.name)}* is with staff now. You get a message when they have decided."
    return form("notice", "Sent to staff", [section(words)], close="Close")


def proposal_card(found: Proposal, profile: Profile) -> Message:
    """To staff: make it, or say no."""
    text = f"{found.by_name} proposes a community: #{found.name}"
    topics = ", ".join(map(profile.topic_label, found.topics)) or "no topic named"
    lead = f"{found.by_name} would lead it" if found.leads_it else "no lead yet"
    blocks: list[Block] = [
        section(f"*{unformatted(found.by_name)} proposes a community: #{escape(found.name)}*"),
        typed(found.purpose),
        context(unformatted(f"{topics} · {lead}")),
    ]
    if found.state == "open":
        sure = confirm(
            "Say no?", f"{found.by_name} is told that #{found.name} is not made.", "Say no", "Wait"
        )
        yes = button("Make it", MAKE, found.uid, style="primary")
        blocks.append(actions([yes, button("Not now", DECLINE, found.uid, confirm=sure)]))
    else:
        done = "Made" if found.state == "made" else "Declined"
        blocks.append(context(f"{done} by <@{found.decided_by}>"))
    return message(text, blocks)


def decided(found: Proposal, profile: Profile) -> Message:
    """To whoever proposed it."""
    if found.state == "made":
        place = f"<#{found.channel}>" if found.channel else f"#{escape(found.name)}"
        text = f"Your community #{found.name} is being made."
        return message(
            text,
            [
                section(f"*Your community is on its way: {place}.* Thank you for proposing it."),
                actions([button("All communities", MORE, "0")]),
            ],
        )
    text = f"Your community #{found.name} is not made for now."
    contact = escape(profile.contact.email)
    words = f"*#{escape(found.name)} is not made for now.* If you would like to talk about it: {contact}"
    return message(text, [section(words)])
