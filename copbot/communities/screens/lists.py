"""The communities as people see them: the list, one of them, the form to propose another, news of a wish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from copbot.communities.rules import CommunityState
from copbot.communities.values import Community, MembershipWish, Own, Proposal, StatusSummary
from copbot.communities.words import in_the_way, join_refused_words, may_try_again
from copbot.people import fields
from copbot.people.values import PersonProfile
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import counted, escape, unformatted
from copbot.store import Page

JOIN, LEAVE, MORE, SHOW = "community.join", "community.leave", "community.more", "community.show"
OPEN_PROPOSE, PROPOSE = "community.open_propose", "community.propose"
MAKE, DECLINE, UNDO = "community.make", "community.decline", "community.undo"
ABOUT, START = "community.about", "request.start"
"""`START` is the register's button that opens its form: every welcome carries it."""
LEADS_IT = "leads_it"
_GUESTS = "You're a guest here. To join a community, ask staff: only an administrator can add guests."


def overview(
    page: Page[Community], *, profile: Profile, is_guest: bool = False, first: bool = True
) -> list[Block]:
    """The list with a button for each.

    A guest is offered neither to join nor to propose: Slack lets only an administrator add guests.
    """
    blocks: list[Block] = [kit.section(f"*Communities of {escape(profile.name)}*")] if first else []
    blocks += [_entry(each, profile, is_guest=is_guest) for each in page.items]
    if not page.items:
        invited = "" if is_guest else " You can propose the first one."
        blocks.append(kit.context(f"There are no communities yet.{invited}"))
    elif is_guest:
        blocks.append(kit.context(_GUESTS))
    if page.next is not None:
        blocks.append(kit.actions([kit.button("Show more", MORE, str(page.next))]))
    ends = [kit.button("About us", ABOUT, "about"), kit.button("Ask for help", START)]
    propose = [] if is_guest else [kit.button("Propose one", OPEN_PROPOSE)]
    return [*blocks, kit.divider(), kit.actions([*propose, *ends])]


def overview_view(page: Page[Community], *, after: int = 0, note: str = "", **shown: Any) -> View:
    """`after` is how many come before these; `note` says what has just been done; `shown` as in `overview`."""
    said = [kit.words(note)] if note else []
    blocks = [*said, *overview(page, **shown)]
    return kit.notice("Communities", blocks, meta={"after": after})


def overview_message(page: Page[Community], **shown: Any) -> Message:
    return kit.message("Communities", overview(page, **shown))


def _entry(each: Community, profile: Profile, *, is_guest: bool) -> Block:
    topics = ", ".join(map(profile.topic_label, each.topics))
    return kit.summary(_head(each), each.purpose, topics, accessory=_button(each, is_guest=is_guest))


def _button(each: Community, *, is_guest: bool) -> dict[str, object] | None:
    """Only what works: nothing while a request is under way, for guests, or where there is no channel yet."""
    if each.mine and not is_guest and each.wished is None:
        return kit.button("Leave", LEAVE, str(each.id))
    if each.mine or is_guest or not each.channel or each.wished:
        return None
    return kit.button("Join", JOIN, str(each.id), style="" if each.private else "primary")


def _head(each: Community) -> str:
    people = counted(each.members, "person", "people")
    marks = [people, *(["private"] if each.private else []), *(["you're in"] if each.mine else [])]
    if each.wished is not None:
        marks.append("adding you now" if each.wished else "leaving now")
    if each.state is CommunityState.CLOSING:
        marks.append("will be archived soon")
    if not each.channel:
        marks.append("no channel yet")
    return f"*#{escape(each.name)}* · {' · '.join(marks)}"


def one(each: Community, profile: Profile, *, is_guest: bool = False, note: str = "") -> Message:
    """A community in full; `note` says what has just been done."""
    blocks: list[Block] = [kit.words(note)] if note else []
    blocks += [kit.section(_head(each)), *([kit.typed(each.purpose)] if each.purpose else [])]
    topics = ", ".join(map(profile.topic_label, each.topics))
    facts = {"Topics": topics, "When": each.rhythm, "Lead": each.lead_name}
    if any(facts.values()):
        blocks.append(kit.particulars(facts))
    if is_guest and not each.mine:
        blocks.append(kit.context(_GUESTS))
    own = _button(each, is_guest=is_guest)
    elements = [*([own] if own else []), kit.button("Ask for help", START)]
    return kit.message(f"#{each.name}", [*blocks, kit.actions(elements)])


def one_view(each: Community, profile: Profile, *, is_guest: bool = False, note: str = "") -> View:
    blocks = one(each, profile, is_guest=is_guest, note=note).blocks
    return kit.notice("Community", blocks, meta={"community": each.id})


def status(found: StatusSummary, profile: Profile) -> Message:
    """Where somebody is; for staff also how the communities stand."""
    mine = ", ".join(f"<#{each}>" for each in found.mine) or "none yet"
    total = f"{counted(found.open, 'community', 'communities')} in total."
    words = total if found.open else "There are no communities yet."
    blocks: list[Block] = [kit.section(f"*Your communities:* {mine}"), kit.context(words)]
    if found.staff is not None:
        told = found.staff
        words = (
            f"*For staff*\nWithout a channel: {told.being_made} · quiet: {told.quiet} · "
            f"archived soon: {told.closing} · archived: {told.archived}\n"
            f"Last four weeks: {counted(told.posts, 'post')}, {counted(told.answers, 'answer')}, "
            f"{counted(told.reactions, 'reaction')}"
        )
        blocks.append(kit.section(words))
        lines = [f"• *#{escape(name)}*: {in_the_way(code, escape(of))}" for name, code, of in told.troubles]
        if lines:
            blocks.append(kit.section("\n".join(["*Needs attention*", *lines[:10]])))
    blocks.append(kit.actions([kit.button("All communities", MORE, "0"), kit.button("Ask for help", START)]))
    return kit.message(f"Your communities at {profile.name}", blocks)


def people(found: Sequence[PersonProfile], words: str, profile: Profile, *, chooses: bool = True) -> Message:
    """Only people who said that they may be found; being listed pings nobody.

    `chooses`: whether the reader can say so, too.
    """
    blocks: list[Block] = [kit.section("*People who agreed to be found*")]
    for each in found:
        facts = [
            each.agency.name if each.agency else "",
            ", ".join(map(profile.topic_label, each.topics)),
            ", ".join(map(profile.area_label, each.areas)),
        ]
        told = "\n".join(fact for fact in facts if fact)
        blocks.append({"type": "section", "text": kit.plain(f"{each.name}\n{told}")})
    if not found:
        where = "for that topic or place" if words else "for your topics"
        blocks.append(
            kit.context(f"Nobody is listed {where} yet. Try another topic or county, or ask staff.")
        )
    if chooses:
        blocks.append(kit.context("To be listed here, or no longer, open “About you” in this app's Home."))
    return kit.message("People who agreed to be found", blocks)


def wish(found: MembershipWish) -> Message:
    """To somebody whom Slack did not let in or out, or not yet; once it has happened all the same, that it has."""
    place, name = place_of(found.community), found.community.name
    if found.state == "done":
        words = f"You're in {place} now." if found.wants_in else f"You've left {place}."
        return kit.message(f"#{name}", [kit.section(words)])
    if found.state == "waiting":
        still = "not in" if found.wants_in else "still in"
        words = f"*Slack isn't answering, so you're {still} {place}.* We keep trying."
        return kit.message(f"You're {still} #{name} yet: Slack isn't answering.", [kit.section(words)])
    if found.wants_in:
        again = [kit.button("Try again", JOIN, str(found.community.id))] if may_try_again(found.code) else []
        words = f"*You're not in {place} yet.* {escape(join_refused_words(found.code))}"
        buttons = kit.actions([*again, kit.button("Ask for help", START)])
        return kit.message(f"You're not in #{name} yet.", [kit.section(words), buttons])
    return kit.message(f"One more step to leave #{name}.", [kit.section(leave_words(place))])


def leave_words(place: str) -> str:
    """How to leave a channel where Slack does not let an app do it; mrkdwn."""
    return (
        f"*To leave {place}, one step is yours:* Slack doesn't let apps take people out of channels here. "
        f"Open {place}, tap or click its name at the top, then choose *Leave channel*."
    )


def left_by_hand(each: Community) -> Message:
    text = f"To leave #{each.name}, open it and choose Leave channel."
    return kit.message(text, [kit.section(leave_words(place_of(each)))])


def place_of(each: Community | Own) -> str:
    """The channel as a link, or its name while there is none; mrkdwn."""
    return f"<#{each.channel}>" if each.channel else f"#{escape(each.name)}"


def propose_form(profile: Profile, first: str = "") -> View:
    leads = {"type": "checkboxes", "action_id": LEADS_IT, "options": [kit.option("Yes, I'll lead it", "yes")]}
    blocks = [
        kit.context("Staff read your proposal. You get a message when they decide."),
        kit.field(
            "name",
            "What should it be called?",
            kit.text_input("name", first=first, most=80, placeholder="wound-care"),
            hint="This becomes the channel's name: lowercase letters, numbers and hyphens.",
        ),
        kit.field(
            "purpose", "What is it for, and for whom?", kit.text_input("purpose", long=True, most=1000)
        ),
        kit.field("topics", "Topics", fields.chooser("topics", profile.topic_choices, most=3), optional=True),
        kit.field(LEADS_IT, "Will you lead it?", leads, optional=True),
    ]
    return kit.form(PROPOSE, "Propose a community", blocks, submit="Send to staff")


def proposed(found: Proposal) -> View:
    words = f"*Staff now have your proposal for #{escape(found.name)}.* You get a message when they decide."
    return kit.notice("Sent to staff", [kit.section(words)])


def proposal_card(found: Proposal, profile: Profile) -> Message:
    """To staff: what would be created, to be created or declined; afterwards what became of it."""
    text = f"{found.by_name} proposes a community: #{found.name}"
    topics = ", ".join(map(profile.topic_label, found.topics)) or "No topic"
    lead = f"{found.by_name} would lead it" if found.leads_it else "No lead yet"
    blocks: list[Block] = [
        kit.section(f"*{unformatted(found.by_name)} proposes a community: #{escape(found.name)}*"),
        kit.typed(found.purpose),
        kit.context(unformatted(f"{topics} · {lead}")),
    ]
    if found.state == "open":
        no = f"{found.by_name} is told that #{found.name} won't be created for now."
        sure = kit.confirm("Decline this proposal?", no, "Decline")
        blocks.append(kit.context(unformatted(_would_be_created(found))))
        yes = kit.button("Create channel", MAKE, found.uid, style="primary")
        blocks.append(kit.actions([yes, kit.button("Not now", DECLINE, found.uid, confirm=sure)]))
        return kit.message(text, blocks)
    by = f"<@{found.decided_by}>"
    done = {"made": f"Approved by {by}", "undone": f"Undone by {by}"}.get(found.state, f"Declined by {by}")
    blocks.append(kit.context(f"{done} · {_became(found)}" if found.state == "made" else done))
    if found.can_undo and found.state == "made":
        undone = f"#{found.name} is archived and leaves the list. {found.by_name} is told."
        sure = kit.confirm("Undo?", undone, "Undo")
        blocks.append(kit.actions([kit.button("Undo", UNDO, found.uid, confirm=sure)]))
    return kit.message(text, blocks)


def _would_be_created(found: Proposal) -> str:
    lead = f", and adds {found.by_name} as its lead" if found.leads_it else ""
    return (
        f"“Create channel” makes the public channel #{found.name} with this purpose, its topics and a pinned "
        f"welcome{lead}. {found.by_name} is told. You can undo it until somebody posts there."
    )


def _became(found: Proposal) -> str:
    if found.channel:
        return f"<#{found.channel}> is ready"
    if found.trouble in ("", "lead"):  # a lead who cannot be added stops nothing
        return "creating the channel now"
    return in_the_way(found.trouble, escape(found.name))


def decided(found: Proposal, profile: Profile) -> Message:
    """To whoever proposed it."""
    if found.state != "made":
        contact = escape(profile.contact.email)
        ends, why = "won't be created for now", ""
        if found.state == "undone":
            ends, why = "won't be a community for now", "Staff approved it, then changed their decision. "
        words = f"*#{escape(found.name)} {ends}.* {why}To talk about it, write to {contact}."
        return kit.message(f"Your community #{found.name} {ends}.", [kit.section(words)])
    buttons = [kit.button("All communities", MORE, "0")]
    if found.channel:
        text = f"Your community #{found.name} is ready."
        words = f"*Your community is ready: <#{found.channel}>.* Thank you for proposing it."
        join = kit.button(f"Join #{found.name}", JOIN, str(found.community), style="primary")
        buttons = buttons if found.leads_it else [join, *buttons]
    elif found.trouble:
        text = f"Staff approved #{found.name}, but it has no channel yet."
        words = (
            f"*Staff approved #{escape(found.name)}, but Slack hasn't let us create its channel yet.* "
            "Staff can see why, and this message changes when the channel is there."
        )
    else:
        text = f"Staff approved your community #{found.name}."
        words = f"*Staff approved #{escape(found.name)}.* Its channel is being created now. Thank you for proposing it."
    return kit.message(text, [kit.section(words), kit.actions(buttons)])
