"""The administrator's part of Home: what is still to be set up, each step done in its place, and how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copbot.home.settings.screens import GROUP, LINES_GROUP, OPEN
from copbot.home.settings.staff_screens import (
    FIXED_CHANNEL,
    LEADS_ARE,
    OPEN_LEADS,
    StaffChannelStatus,
    channel_chooser,
    counted_staff,
)
from copbot.program.profile import Profile
from copbot.slack.answers import Block
from copbot.slack.blocks import actions, button, context, section
from copbot.slack.steps import SetupStep
from copbot.slack.text import counted, escape, unformatted, when

ZONE_RIGHT = "home.zone_right"
RUN_AGAIN = "home.run_again"


def checklist(steps: Sequence[SetupStep], profile: Profile) -> list[Block]:
    """The steps in order, each with what does it; nothing when all are done."""
    done = sum(step.is_done for step in steps)
    if done == len(steps):
        return []
    rest = "in any order. You can change everything later."
    blocks: list[Block] = [section(f"*Set-up*\n{done} of {len(steps)} steps done, {rest}")]
    for number, step in enumerate(steps, start=1):
        blocks += _drawn(number, step)
    word = escape(profile.commands.ta)
    blocks.append(context(f"When you're done, try it: type {word} in any channel."))
    return blocks


def _drawn(number: int, step: SetupStep) -> list[Block]:
    mark = " :white_check_mark:" if step.is_done else ""
    words = f"*{number}.*{mark} *{escape(step.title)}.* {step.words}"
    blocks = [section(words, accessory=step.element, block_id=step.block_id)]
    if step.buttons:
        blocks.append(actions(step.buttons))
    return [*blocks, context(step.note)] if step.note else blocks


def channel_step(found: StaffChannelStatus) -> SetupStep:
    """While something is wrong with it, what to do stands below; else who is in it."""
    note = f":warning: {escape(found.problem)}" if found.problem else counted_staff(found)
    if found.fixed:
        return SetupStep("Staff channel", FIXED_CHANNEL, not found.problem, note=note)
    words = "Choose a private channel without guests, and invite this app to it (/invite). Its members are staff: they see every request."
    # A block of another name: Slack would go on showing in the old one what was chosen there.
    block, chooser = f"channel:{found.id}", channel_chooser(found.id)
    return SetupStep("Staff channel", words, not found.problem, chooser, note=note, block_id=block)


def leads_step(leads: Sequence[str]) -> SetupStep:
    words = "\n".join([LEADS_ARE, *([unformatted(", ".join(leads))] if leads else [])])
    return SetupStep("Leads", words, bool(leads), button("Change" if leads else "Name leads", OPEN_LEADS))


def zone_step(profile: Profile, now: datetime, *, confirmed: bool) -> SetupStep:
    words = f"{escape(profile.time_zone)}, where it is now {local_time(profile, now)}. "
    words += "Business hours and deadlines follow it."
    change = button("Change", f"{OPEN}:zone", "time_zone:0")
    if confirmed:
        return SetupStep("Time zone", words, True, change)
    right = button("Confirm", ZONE_RIGHT, profile.time_zone, style="primary")
    return SetupStep("Time zone", words, False, buttons=(right, change))


def lines_step(due: int, lines: int) -> SetupStep:
    words = f"All {lines} lines are confirmed. You're asked again after six months."
    if due:
        words = f"{due} of {lines} lines still need to be confirmed."
    look = button("Check the lines", f"{GROUP}:set_up", LINES_GROUP)
    return SetupStep("Care and crisis lines", words, not due, look)


def local_time(profile: Profile, now: datetime) -> str:
    """To the hour: a Home that names the minute would be another one every minute."""
    local = now.astimezone(ZoneInfo(profile.time_zone))
    return f"about {local.strftime('%I %p').lstrip('0')} on {local:%A}"


# How it goes


@dataclass(frozen=True)
class FailedJob:
    """A job that failed for good: its id, its name, and the code that stands in the log."""

    id: int
    name: str
    code: str


@dataclass(frozen=True)
class Health:
    """`database` is its kind. `staff_read_at`: the last good re-read of the staff channel, so Slack answered then.

    `no_summary`: why staff had no summary of open requests this morning; empty when they had it or it is to come.
    """

    database: str
    has_channel: bool
    staff_read_at: datetime | None
    staff_trouble: str
    waits_since: datetime | None
    undelivered: int
    broken: tuple[FailedJob, ...]
    no_summary: str = ""


_JOBS = {
    "assistance.today": "Listing what is open and due in the morning",
    "people.reread": "Reading the people of this workspace",
    "people.staff_reread": "Reading who is in the staff channel",
    "store.purge": "Deleting old entries",
}
SOON = timedelta(minutes=2)
READ_WITHIN = timedelta(minutes=45)


def undelivered_words(count: int) -> str:
    return f"{counted(count, 'message')} could not be delivered. Staff see them in Home and can try again."


def health(found: Health, now: datetime, zone: str, *, may_try: bool = True) -> list[Block]:
    """In words: what is well, what is not, and what to do about it. `may_try`: whether the reader may run a job again."""
    lines = [f":white_check_mark: The database works ({found.database})."]
    lines += [*_slack(found, now, zone), _messages(found, now, zone)]
    if found.undelivered:
        lines.append(f":warning: {undelivered_words(found.undelivered)}")
    if found.no_summary:
        words = f"No summary in the staff channel this morning: {found.no_summary}."
        lines.append(f":information_source: {words}")
    blocks = [section("*Health*"), section("\n".join(lines))]
    for each in found.broken:
        name = _JOBS.get(each.name, each.name)
        words = f":warning: {escape(name)} failed five times. The log has the details under code {escape(each.code)}."
        again = button("Try again", RUN_AGAIN, str(each.id)) if may_try else None
        blocks.append(section(words, accessory=again))
    return blocks


def _slack(found: Health, now: datetime, zone: str) -> list[str]:
    """Nothing while there is no staff channel to read: the set-up says so."""
    if found.staff_trouble:
        told = f"The staff channel could not be read (code {escape(found.staff_trouble)})."
        return [f":warning: {told} The list of staff stays as it was."]
    if not found.has_channel:
        return []
    if found.staff_read_at is None:
        return [":hourglass: The staff channel has not been read yet."]
    read = f"The staff channel was last read {when(found.staff_read_at, zone)}."
    if now - found.staff_read_at > READ_WITHIN:
        return [f":warning: Slack has not answered for a while. {read}"]
    return [f":white_check_mark: Slack works. {read}"]


def _messages(found: Health, now: datetime, zone: str) -> str:
    if found.waits_since is None or now - found.waits_since < SOON:
        return ":white_check_mark: No messages waiting."
    return f":warning: Messages have waited since {when(found.waits_since, zone)}. They are sent as soon as Slack accepts them."
