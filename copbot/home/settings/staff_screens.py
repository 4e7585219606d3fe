"""Who is staff and who leads: the forms of both, in the set-up and among the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copbot.home.settings.screens import CHANNEL
from copbot.people.values import StaffChannel
from copbot.slack.answers import Block, View
from copbot.slack.blocks import context, field, form, notice, option, section

STAFF_CHANNEL, OPEN_LEADS, LEADS = "home.staff_channel", "home.open_leads", "home.leads"

LEADS_ARE = "An administrator chooses leads from the staff. Leads see everyone's workload, edit texts, and hear about new staff."
FIXED_CHANNEL = "Set by COPBOT_STAFF_CHANNEL where the app runs, and can only be changed there."


_UNREAD = "It hasn't been read yet. Until it has, each lead gets direct messages."
_LEADS_PROBLEMS = {
    "others": "Somebody who is no lead is in it. Until they leave, each lead gets direct messages.",
    "public": "It is public. Leads get direct messages instead.",
    "shared": "It is shared with another organization. Leads get direct messages instead.",
    "archived": "It is archived. Leads get direct messages instead.",
    "not_member": "This app isn't in it. Invite it there; until then each lead gets direct messages.",
    "not_found": "This app can't find it. Leads get direct messages instead.",
}


@dataclass(frozen=True)
class StaffChannelStatus:
    """The staff channel. `problem` is a sentence, empty when all is well; `fixed`: the environment sets it."""

    id: str
    problem: str
    fixed: bool
    staff: int


def channel_chooser(channel: str) -> dict[str, object]:
    """Which one is chosen is said beside it: an administrator who is not in it could not see it here."""
    words = "Choose another channel" if channel else "Choose a private channel"
    return {**_private_channel(STAFF_CHANNEL), "placeholder": {"type": "plain_text", "text": words}}


def _private_channel(action: str) -> dict[str, object]:
    which = {"include": ["private"], "exclude_external_shared_channels": True}
    return {"type": "conversations_select", "action_id": action, "filter": which}


def channel_form(found: StaffChannelStatus, may_change: bool) -> View:
    """The staff channel looked at from the list of choices."""
    blocks: list[Block]
    if found.fixed:
        blocks = [section(FIXED_CHANNEL)]
    elif may_change:
        words = "A private channel without guests, with this app in it. Its members are staff."
        blocks = [section(words, accessory=channel_chooser(found.id)), context(counted_staff(found))]
    else:
        blocks = [section("Only an administrator can choose the staff channel.")]
    return notice("Staff channel", blocks)


def leads_form(
    leads: Sequence[str], staff: Sequence[str], seen: int, *, channel: StaffChannel, may_change: bool
) -> View:
    """`leads` are Slack users; `staff` are names, for the hint."""
    chooser: dict[str, object] = {"type": "multi_users_select", "action_id": "leads"}
    if leads:
        chooser["initial_users"] = list(leads)
    hint = f"Only staff can be leads: {', '.join(staff)}." if staff else "Nobody is staff yet."
    choose = field("leads", "Leads", chooser, hint=hint, optional=True)
    choose = choose if may_change else context("Only an administrator can choose leads.")
    blocks: list[Block] = [section(LEADS_ARE), choose, *_leads_channel(channel)]
    return form(LEADS, "Leads", blocks, submit="Save", meta={"seen": seen})


def _leads_channel(channel: StaffChannel) -> list[Block]:
    """Which one is chosen is said, not filled in: an administrator who is not in it could not see it here."""
    chooser = _private_channel("leads_channel")
    hint = "Private, with this app and only leads in it. Without one, each lead gets direct messages."
    blocks = [field("leads_channel", "Channel for confidential requests", chooser, hint=hint, optional=True)]
    if channel.id:
        trouble = f"\n:warning: {_LEADS_PROBLEMS.get(channel.problem, _UNREAD)}" if channel.problem else ""
        choice = [option("No channel: send leads direct messages", "yes")]
        boxes = {"type": "checkboxes", "action_id": "leads_direct", "options": choice}
        blocks.append(context(f"Now <#{channel.id}>.{trouble}"))
        blocks.append(field("leads_direct", "Or", boxes, optional=True))
    return blocks


def counted_staff(found: StaffChannelStatus) -> str:
    where = f"<#{found.id}>" if CHANNEL.fullmatch(found.id) else "the staff channel"
    if not found.staff:
        return f"Nobody is in {where} yet."
    return f"{found.staff} {'person is' if found.staff == 1 else 'people are'} staff, in {where}."
