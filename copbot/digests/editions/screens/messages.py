"""Editions as channels read them, and as those who look after a digest see, edit and skip them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from copbot.digests.editions.rules import EMPTY_IN_A_ROW, SHOWN, Digest, Edition, EditionItem, Extras
from copbot.digests.rules import Schedule
from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted, cut, escape, spoken, unformatted

STATUS, STOP_SENDING, SEND_ON = "digests.status", "digests.stop_sending", "digests.send_on"
WHERE, PLACED, PAST = "digests.where", "digests.placed", "digests.past"
ITEM, SETTINGS, MINE, LIBRARY = "digests.item", "digests.settings", "digests.mine", "resources.find"
PREVIEW, EDIT, EDITED = "digests.preview", "digests.edit", "digests.edited"
SKIP, SKIPPED, SEND = "digests.skip", "digests.skipped", "digests.send"
APPROVE, MONTHLY, SCHEDULED = "digests.approve", "digests.monthly", "digests.scheduled"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HEADINGS = {"new": "New in the library", "events": "Coming up", "answers": "You asked, we did"}
_SUMMARY = 220
MOST_LISTED = 20
_MORE = {
    "open": "Open",
    "save": "Save for later",
    "useful": "This is useful",
    "stale": "This is out of date",
    "why": "Why is this here?",
}


# -- what a channel reads


def edition(found: Edition, profile: Profile) -> Message:
    """The edition's message: what is new, each with its source and when it was reviewed."""
    shown = found.shown[:SHOWN]
    title = title_of(found, profile)
    blocks: list[Block] = [kit.header(title)]
    if found.note:
        blocks += [kit.typed(found.note), kit.context("A note from staff")]
    blocks += item_blocks(shown, profile)
    left = len(found.shown) - len(shown)
    if left:
        blocks.append(kit.context(f"{counted(left, 'more item')} in this message's thread."))
    blocks += extras_blocks(found.extras)
    ends = [kit.button("Get your own digest", MINE), kit.button("Search the library", LIBRARY)]
    return kit.message(summary_line(title, shown, found.extras), [*blocks, *foot(profile, kit.actions(ends))])


def summary_line(title: str, shown: Sequence[EditionItem], extras: Extras) -> str:
    """What a notification shows: the title and what comes first."""
    first = [item.resource.title for item in shown[:3]] or [each.text for each in extras.news[:1]]
    return f"{title}: " + "; ".join(first)


def extras_blocks(extras: Extras) -> list[Block]:
    """Staff's news, and how many questions wait where: a count and a link, no words of theirs."""
    blocks = [kit.section("*What we have been up to*")] if extras.news else []
    blocks += [kit.words(each.text) for each in extras.news]
    lines = ["*Can you answer?*"]
    for each, link in extras.questions:
        some = counted(each.count, "question")
        lines.append(f"• {f'<{link}|{some}>' if link else some} in <#{each.channel}>")
    return [*blocks, *([kit.section("\n".join(lines))] if extras.questions else [])]


def rest(found: Edition, profile: Profile) -> Message | None:
    """What did not fit, for the thread; None when everything did."""
    left = item_blocks(found.shown[SHOWN:], profile, actions_too=False)
    return kit.message("More in this digest", left) if left else None


def title_of(found: Edition, profile: Profile) -> str:
    day = found.slot_at.astimezone(ZoneInfo(found.digest.schedule.zone))
    name = f"{found.digest.name} digest" if found.digest.name else f"{profile.display_name} digest"
    return f"{name}, {day:%a}, {day:%b} {day.day}"


def item_blocks(items: Sequence[EditionItem], profile: Profile, *, actions_too: bool = True) -> list[Block]:
    """Items under their sections' headings."""
    blocks: list[Block] = []
    heading = ""
    for item in items:
        if _HEADINGS[item.section] != heading:
            heading = _HEADINGS[item.section]
            blocks.append(kit.section(f"*{heading}*"))
        options = [kit.option(label, f"{what}:{item.resource.uid}") for what, label in _MORE.items()]
        menu = kit.overflow(ITEM, options) if actions_too else None
        blocks.append(kit.section(_item(item, profile), accessory=menu))
    return blocks


def _item(item: EditionItem, profile: Profile) -> str:
    found = item.resource
    title = unformatted(cut(found.title, 150))
    lines = [f"*<{escape(found.url)}|{title}>*" if found.url else f"*{title}*"]
    if found.starts_at is not None:
        when = said.event_words(found, profile)
        # Each reader's own time; a whole day is the same everywhere.
        token = f"<!date^{int(found.starts_at.timestamp())}^{{date_long_pretty}} at {{time}}|{when}>"
        lines.append(when if found.all_day else token)
    if found.summary:
        lines.append(escape(cut(" ".join(found.summary.split()), _SUMMARY)))
    reviewed = "" if found.starts_at else said.reviewed_words(found)
    facts = (escape(found.source), reviewed, "Updated" if item.why.startswith("Updated") else "")
    line = " · ".join(filter(None, facts)).replace("_", " ")
    return "\n".join([*lines, f"_{line}_"] if line else lines)


def foot(profile: Profile, ends: Block) -> list[Block]:
    """What can be done about it, where to turn in need, and who pays for it."""
    lines = " · ".join(f"{escape(line.name)}: {escape(line.number)}" for line in profile.hotlines[:3])
    small = kit.context(lines or escape(profile.notices.not_an_emergency), escape(profile.notices.funding))
    return [kit.divider(), ends, small]


# -- what those read who look after it


def ahead(found: Edition, profile: Profile, *, approval: str) -> Message:
    """A day ahead: what will be sent, and what can be done about it."""
    line, is_to_come = _ahead_line(found, profile, approval)
    ends = [kit.button("See it", PREVIEW, found.uid), *(decisions(found) if is_to_come else [])]
    titles = [f"• {unformatted(cut(item.resource.title, 100))}" for item in found.shown[:SHOWN]]
    none = "No resources in it." if found.has_content else "No items are left in it."
    blocks = [kit.words(line), kit.section("\n".join(titles) or none), *held_back(found, 5)]
    gone = [item for item in found.items if item.gone]
    if gone and found.state not in ("sent", "skipped"):
        blocks.append(
            kit.context(f"Not sent, because no longer in the library: {counted(len(gone), 'item')}.")
        )
    return kit.message(line, [*blocks, kit.actions(ends)])


def all_ahead(editions: Sequence[Edition], profile: Profile, *, approval: str) -> Message:
    """Several digests of one day, each with what was or will be done with it; the preview has the decisions."""
    blocks: list[Block] = []
    for found in editions[:MOST_LISTED]:
        line, _ = _ahead_line(found, profile, approval)
        blocks.append(kit.words(line, accessory=kit.button("See it", PREVIEW, found.uid)))
    if len(editions) > MOST_LISTED:
        blocks.append(kit.context(f"And {len(editions) - MOST_LISTED} more."))
    return kit.message(f"{len(editions)} digests, put together a day ahead", blocks)


def _ahead_line(found: Edition, profile: Profile, approval: str) -> tuple[str, bool]:
    """What will become of the edition or has, and whether that can still be decided."""
    name, channels = title_of(found, profile), counted(len(found.channels), "channel")
    if found.state == "sent":
        return f"{name} was sent.", False
    if found.state == "skipped":
        return f"{name} was skipped: {found.why}.", False
    if found.posted:
        return f"{name} is being sent: {found.posted} of {channels} have it.", False
    line = f"{name} goes out {spoken(found.due_at, found.digest.schedule.zone)} to {channels}."
    if found.state == "waiting":
        line += " If nobody approves it, "
        line += "it goes out anyway." if approval == "send" else "it isn't sent."
    return line, True


def decisions(found: Edition) -> list[dict[str, object]]:
    where = counted(len(found.channels), "channel")
    sure = kit.confirm("Send it now?", f"It goes to {where} right away.", "Send now")
    first = [kit.button("Approve", APPROVE, found.uid, style="primary")] if found.state == "waiting" else []
    ends = [kit.button("Edit", EDIT, found.uid), kit.button("Skip", SKIP, found.uid)]
    return [*first, *ends, kit.button("Send now", SEND, found.uid, confirm=sure)]


def skipped(editions: Sequence[Edition], profile: Profile) -> Message:
    """Editions of one day that were not sent: why, and when the next ones come."""
    blocks: list[Block] = []
    head = f"{title_of(editions[0], profile)} wasn't sent"
    for found in editions[:MOST_LISTED]:
        line, ends = f"{title_of(found, profile)} wasn't sent: {found.why}. {next_run(found.digest)}", None
        if found.digest.empty_in_a_row >= EMPTY_IN_A_ROW and found.digest.schedule.rhythm == "weekly":
            line += " The last three had nothing new. Monthly may suit this digest better."
            ends = kit.button("Make it monthly", MONTHLY, found.digest.owner)
        blocks += [kit.words(line, accessory=ends), *held_back(found, 5)]
    if len(editions) > MOST_LISTED:
        blocks.append(kit.context(f"And {len(editions) - MOST_LISTED} more."))
    return kit.message(head if len(editions) == 1 else f"{len(editions)} digests weren't sent", blocks)


def held_back(found: Edition, most: int) -> list[Block]:
    """What was left out, each with the reason; nothing when all is in it."""
    held = [f"• {unformatted(cut(title, 80))}: {escape(why)}" for title, why in found.held_back[:most]]
    return [kit.section("*Held back*\n" + "\n".join(held))] if held else []


def next_run(digest: Digest) -> str:
    if not digest.active:
        return "The digest is switched off."
    if digest.next_run is None:
        return "No channel gets it yet."
    return f"Next: {spoken(digest.next_run, digest.schedule.zone)}."


def rhythm_words(schedule: Schedule) -> str:
    day, hour = DAYS[schedule.weekday], f"{schedule.at:%I:%M %p}".lstrip("0")
    weekly = schedule.rhythm == "weekly"
    return f"Every {day} at {hour}" if weekly else f"The first {day} of the month at {hour}"


_APPROVAL = {
    "off": "Editions go out without approval.",
    "send": "Leads approve editions. If nobody answers, an edition goes out.",
    "hold": "Leads approve editions. If nobody answers, an edition isn't sent.",
}


def status(
    digests: Sequence[Digest], editions: Sequence[Edition], *, approval: str, members: str, stopped: bool
) -> Message:
    """Each digest with its rhythm, its channels, its next run and its last editions; how sending goes, and a stop.

    `members` says how members' own digests go.
    """
    blocks: list[Block] = []
    for digest in digests:
        name = f"{digest.name} digest" if digest.name else "Program digest"
        places = ", ".join(f"<#{channel}>" for channel in digest.channels) or "no channel"
        lines = [f"*{unformatted(name)}*", f"{rhythm_words(digest.schedule)} to {places}. {next_run(digest)}"]
        last = [each for each in editions if each.digest.id == digest.id][:3]
        lines += [f"• {_fate(each)}" for each in last]
        edit = kit.button("Change", SETTINGS, digest.owner)
        blocks.append(kit.section("\n".join(lines), accessory=edit))
    if not blocks:
        blocks = [kit.words("No digest is sent yet. Type /digest here in the channel that should get one.")]
    waits = "Digests not sent yet wait until you press “Send the rest”. After a day they are skipped."
    switch = kit.button("Stop sending", STOP_SENDING, confirm=kit.confirm("Stop sending?", waits, "Stop"))
    if stopped:
        members = f"*Sending is stopped.* Digests that wait longer than a day are skipped.\n{members}"
        switch = kit.button("Send the rest", SEND_ON)
    blocks += [kit.section(f"*Members' own digests*\n{members}")]
    blocks += [kit.actions([kit.button("Refresh", STATUS), switch]), kit.context(_APPROVAL[approval])]
    return kit.message("Digests", blocks)


def overview(digests: Sequence[Digest], profile: Profile) -> list[Block]:
    """For leads, in Home: each digest in a line."""
    lines = [
        f"*{unformatted(each.name or 'Program')} digest*: {rhythm_words(each.schedule)}. {next_run(each)}"
        for each in digests
    ]
    if not any(each.channels for each in digests):
        how = f"Type {profile.commands.digest} here in the channel that should."
        lines = [f"*Channel digests*: no channel gets one yet. {how}"]
    return [kit.section("\n".join(lines[:10]), accessory=kit.button("All digests", STATUS))]


def _fate(found: Edition) -> str:
    day = spoken(found.slot_at, found.digest.schedule.zone)
    channels, items = counted(len(found.channels), "channel"), counted(len(found.shown), "item")
    if found.state == "sent":
        return f"{day}: sent to {channels}, {items}"
    if found.state == "skipped":
        return f"{day}: not sent, {escape(found.why)}"
    return f"{day}: {found.posted} of {channels} have it" if found.posted else f"{day}: ready, {items}"


def where_step(digest: Digest | None, *, nowhere: bool) -> SetupStep:
    """The set-up's step."""
    title, choose = "Weekly digest", kit.button("Choose a channel", WHERE)
    if digest is not None and digest.channels:
        places = ", ".join(f"<#{channel}>" for channel in digest.channels)
        return SetupStep(title, f"It goes to {places}. {next_run(digest)}", True, choose)
    if nowhere:
        return SetupStep(title, "No channel gets it. Members can still get their own digest.", True, choose)
    words_ = "Choose the channel that gets what is new in the library, every Monday at 9:00 AM."
    return SetupStep(title, words_, False, choose)


def goes_here(digest: Digest) -> Message:
    first = f"This channel gets the digest from now on. {next_run(digest)}"
    return _said(f"{first} It is sent only when there is something new.")


def saved(digest: Digest) -> Message:
    return _said(f"Saved. {rhythm_words(digest.schedule)}. {next_run(digest)}")


def not_in(channel: str) -> Message:
    return _said(
        f"I can't post the digest in <#{channel}> yet. Open that channel, type /invite, and choose this app."
    )


def nowhere(profile: Profile) -> Message:
    command = f"{profile.commands.digest} here"
    return _said(
        f"No channel gets the weekly digest yet. Type {command} in the channel that should get it. "
        "Until then it isn't posted anywhere."
    )


def _said(text: str) -> Message:
    return kit.message(text, [kit.section(text)])
