"""Forms around an edition: its preview, editing, skipping, and when a digest goes out."""

from __future__ import annotations

from copbot.digests.editions.rules import APPROVALS, LONGEST_NOTE, SHOWN
from copbot.digests.editions.screens.messages import (
    DAYS,
    EDITED,
    PREVIEW,
    SCHEDULED,
    SKIPPED,
    decisions,
    edition,
    item_blocks,
    next_run,
)
from copbot.digests.editions.values import Digest, Edition
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    actions,
    context,
    field,
    form,
    option,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.text import cut, escape, spoken, unformatted


def preview(found: Edition, profile: Profile, *, may_change: bool) -> View:
    """The stored edition, item by item, as it will be sent."""
    blocks: list[Block] = []
    if found.state == "skipped":
        blocks.append(words(f"This edition isn’t sent: {found.why}. {next_run(found.digest)}"))
    else:
        blocks.append(
            context(
                f"{'Sent' if found.state == 'sent' else 'Goes out'} {spoken(found.due_at, found.digest.schedule.zone)}"
            )
        )
    drawn = edition(found, profile)
    blocks += [block for block in drawn.blocks if block["type"] != "actions"]
    blocks += item_blocks(found.shown[SHOWN:], profile, actions_too=False)
    if found.held_back:
        held = [f"• {unformatted(cut(title, 80))}: {escape(why)}" for title, why in found.held_back[:20]]
        blocks.append(section("*Held back*\n" + "\n".join(held)))
    if may_change and found.state in ("waiting", "approved"):
        blocks.append(actions(decisions(found)))
    return form(PREVIEW, "Digest preview", blocks, close="Close")


def nothing_to_preview(digest: Digest) -> View:
    words_ = f"The next edition is put together a day ahead. {next_run(digest)}"
    return form(PREVIEW, "Digest preview", [words(words_)], close="Close")


def edit_view(found: Edition) -> View:
    """Which items stay, which comes first, what is added, and a note of staff's own."""
    options = [option(item.resource.title, item.resource.uid) for item in found.items if not item.gone]
    kept = [item.resource.uid for item in found.items if item.shown]
    blocks: list[Block] = []
    for start in range(0, len(options), 10):
        some = options[start : start + 10]
        boxes: dict[str, object] = {"type": "checkboxes", "action_id": f"keep{start}", "options": some}
        chosen = [each for each in some if each["value"] in kept]
        blocks.append(
            field(
                f"keep{start}",
                "Items to send" if not start else "More items",
                boxes | ({"initial_options": chosen} if chosen else {}),
                optional=True,
            )
        )
    if options:
        blocks.append(field("first", "Put first", select("first", options=options), optional=True))
    search = {
        "type": "multi_external_select",
        "action_id": "digests.add",
        "min_query_length": 2,
        "max_selected_items": 5,
    }
    blocks.append(
        field("added", "Add from the library", search, optional=True, hint="Type two letters of its title.")
    )
    note = text_input("note", first=found.note, long=True, most=LONGEST_NOTE)
    blocks.append(
        field(
            "note",
            "A note from staff",
            note,
            optional=True,
            hint="Everyone in the channel reads it. No names or details of people you serve.",
        )
    )
    return form(
        EDITED, "Edit this edition", blocks, submit="Save", meta={"uid": found.uid, "seen": found.version}
    )


def skip_view(found: Edition) -> View:
    why = text_input("why", most=200)
    blocks = [
        words(f"{next_run_after(found)} Nothing is sent before that."),
        field("why", "Why is it skipped?", why, hint="Leads see this."),
    ]
    return form(SKIPPED, "Skip this edition", blocks, submit="Skip it", meta={"uid": found.uid})


def next_run_after(found: Edition) -> str:
    return f"The digest planned for {spoken(found.due_at, found.digest.schedule.zone)} is left out, and the next one comes at its usual time."


def settings_view(digest: Digest, *, approval: str) -> View:
    """When a digest goes out, and whether leads approve it first."""
    schedule = digest.schedule
    days = [option(day, str(at)) for at, day in enumerate(DAYS)]
    rhythms = [option("Every week", "weekly"), option("Once a month, on the first such day", "monthly")]
    clock = {"type": "timepicker", "action_id": "at", "initial_time": f"{schedule.at:%H:%M}"}
    on = [option("Send it", "on"), option("Switched off", "off")]
    ask = {
        "off": "No",
        "send": "Yes; without an answer it goes out",
        "hold": "Yes; without an answer it is held",
    }
    choices = [option(ask[each], each) for each in APPROVALS]
    blocks = [
        words(next_run(digest)),
        field(
            "active", "This digest", select("active", options=on, chosen=["on" if digest.active else "off"])
        ),
        field("rhythm", "How often", select("rhythm", options=rhythms, chosen=[schedule.rhythm])),
        field("weekday", "Day", select("weekday", options=days, chosen=[str(schedule.weekday)])),
        field("at", "Time", clock, hint=f"In the program’s time zone ({schedule.zone})."),
        field(
            "approval",
            "Leads approve each edition first",
            select("approval", options=choices, chosen=[approval]),
            hint="This is for all digests.",
        ),
    ]
    return form(SCHEDULED, "Digest settings", blocks, submit="Save", meta={"owner": digest.owner})
