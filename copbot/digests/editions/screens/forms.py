"""Forms around an edition: its preview, editing, skipping, and when a digest goes out."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.digests.editions.rules import APPROVALS, LONGEST_NOTE, SHOWN, Digest, Edition
from copbot.digests.editions.screens.messages import (
    DAYS,
    EDITED,
    PLACED,
    PREVIEW,
    SCHEDULED,
    SKIPPED,
    decisions,
    edition,
    held_back,
    item_blocks,
    next_run,
    title_of,
)
from copbot.digests.rules import Schedule
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import spoken


def preview(found: Edition, profile: Profile, *, may_change: bool) -> View:
    """The stored edition, item by item, as it will be sent."""
    goes = "Sent" if found.state == "sent" else "Goes out"
    blocks = [kit.context(f"{goes} {spoken(found.due_at, found.digest.schedule.zone)}")]
    if found.state == "skipped":
        blocks = [kit.words(f"This edition won't be sent: {found.why}. {next_run(found.digest)}")]
    blocks += [block for block in edition(found, profile).blocks if block["type"] != "actions"]
    blocks += item_blocks(found.shown[SHOWN:], profile, actions_too=False)
    if may_change:
        blocks += held_back(found, 20)
    if may_change and found.is_open:
        blocks.append(kit.actions(decisions(found)))
    return kit.form(PREVIEW, "Digest preview", blocks, close="Close")


def past(editions: Sequence[Edition], profile: Profile) -> View:
    """The last digests that were sent, each to open."""
    opens = [(title_of(each, profile), kit.button("Open", PREVIEW, each.uid)) for each in editions]
    blocks = [kit.words(title, accessory=opening) for title, opening in opens]
    return kit.form(
        PREVIEW, "Past digests", blocks or [kit.words("No digest has been sent yet.")], close="Close"
    )


def nothing_to_preview(digest: Digest) -> View:
    words_ = f"The next edition is put together a day ahead. {next_run(digest)}"
    return kit.form(PREVIEW, "Digest preview", [kit.words(words_)], close="Close")


def edit_view(found: Edition) -> View:
    """Which items stay, which comes first, what is added, and a note of staff's own."""
    options = [kit.option(item.resource.title, item.resource.uid) for item in found.items if not item.gone]
    kept = [item.resource.uid for item in found.items if item.shown]
    blocks: list[Block] = []
    for start in range(0, len(options), 10):
        some = options[start : start + 10]
        boxes: dict[str, object] = {"type": "checkboxes", "action_id": f"keep{start}", "options": some}
        chosen = [each for each in some if each["value"] in kept]
        boxes |= {"initial_options": chosen} if chosen else {}
        label = "More items" if start else "Items to send"
        blocks.append(kit.field(f"keep{start}", label, boxes, optional=True))
    if options:
        blocks.append(kit.field("first", "Put first", kit.select("first", options=options), optional=True))
    search = search_many("digests.add", least=2, most=5)
    how = "Type two letters of its title."
    blocks.append(kit.field("added", "Add from the library", search, optional=True, hint=how))
    note = kit.text_input("note", first=found.note, long=True, most=LONGEST_NOTE)
    hint = "Everyone in the channel reads it. No names or details of people you serve."
    blocks.append(kit.field("note", "A note from staff", note, optional=True, hint=hint))
    meta = {"uid": found.uid, "seen": found.version}
    return kit.form(EDITED, "Edit this edition", blocks, submit="Save", meta=meta)


def search_many(
    action: str, *, least: int, most: int, chosen: Sequence[kit.Option] = ()
) -> dict[str, object]:
    """A select of several that asks us for options while the person types."""
    element = {"type": "multi_external_select", "action_id": action, "min_query_length": least}
    return element | {"max_selected_items": most} | ({"initial_options": list(chosen)} if chosen else {})


def skip_view(found: Edition) -> View:
    when = spoken(found.due_at, found.digest.schedule.zone)
    line = f"The digest planned for {when} won't be sent. The next one comes at its usual time."
    why = kit.field("why", "Why is it skipped?", kit.text_input("why", most=200), hint="Leads see this.")
    blocks = [kit.words(line), why]
    return kit.form(SKIPPED, "Skip this edition", blocks, submit="Skip it", meta={"uid": found.uid})


def where_view(channels: Sequence[str]) -> View:
    """Which channel is to get the program's digest, too; none is an answer."""
    only = {"include": ["public"], "exclude_external_shared_channels": True}
    element = {"type": "conversations_select", "action_id": "channel", "filter": only}
    hint = "Leave it empty if no channel is to get it. Nothing is posted in a week with nothing new."
    now = f"{len(channels)} get it now: {', '.join(f'<#{each}>' for each in channels)}." if channels else ""
    blocks = [kit.section(now)] if now else []
    blocks.append(kit.field("channel", "Channel", element, optional=True, hint=hint))
    return kit.form(PLACED, "The weekly digest", blocks, submit="Save")


def schedule_fields(schedule: Schedule, hint: str) -> list[Block]:
    """How often, on which day and at what time."""
    days = [kit.option(day, str(at)) for at, day in enumerate(DAYS)]
    rhythms = [
        kit.option("Every week", "weekly"),
        kit.option("Once a month, such as the first Monday", "monthly"),
    ]
    clock = {"type": "timepicker", "action_id": "at", "initial_time": f"{schedule.at:%H:%M}"}
    return [
        kit.field("rhythm", "How often", kit.select("rhythm", options=rhythms, chosen=[schedule.rhythm])),
        kit.field("weekday", "Day", kit.select("weekday", options=days, chosen=[str(schedule.weekday)])),
        kit.field("at", "Time", clock, hint=hint),
    ]


def settings_view(digest: Digest, *, approval: str) -> View:
    """When a digest goes out and, unless `approval` is empty, whether leads approve them all first."""
    on = [kit.option("On", "on"), kit.option("Off", "off")]
    active = kit.select("active", options=on, chosen=["on" if digest.active else "off"])
    blocks = [
        kit.words(next_run(digest)),
        kit.field("active", "This digest", active),
        *schedule_fields(digest.schedule, f"In the program's time zone ({digest.schedule.zone})."),
    ]
    if approval:
        words_ = ("No", "Yes. If nobody answers, it goes out", "Yes. If nobody answers, it isn't sent")
        choices = [kit.option(label, each) for each, label in zip(APPROVALS, words_, strict=True)]
        asked = kit.select("approval", options=choices, chosen=[approval])
        label = "Leads approve each edition first"
        blocks.append(kit.field("approval", label, asked, hint="This applies to all digests."))
    return kit.form(SCHEDULED, "Digest settings", blocks, submit="Save", meta={"owner": digest.owner})
