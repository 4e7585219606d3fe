"""Feeds and calendars in Slack: the form to follow one, the list of them, and the question about many new entries."""

from __future__ import annotations

from copbot.imports.sources.values import Source
from copbot.people import fields
from copbot.program.profile import Profile
from copbot.resources.library.rules import LONGEST_URL
from copbot.resources.library.screens.forms import FOLLOW
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
    radio,
    section,
    text_input,
    words,
)
from copbot.slack.text import counted, cut, day_and_time, unformatted
from copbot.store import Page

FOLLOWED, LIST, NEXT, STOP, TAKE, LEAVE = (
    "imports.followed", "imports.sources", "imports.sources_next", "imports.stop", "imports.take_held",
    "imports.leave_held",
)  # fmt: skip
LISTED = "imports.sources_list"
DRAFTS, PUBLISH = "drafts", "publish"
_KINDS = {"feed": "Feed", "calendar": "Calendar"}
__all__ = ["FOLLOW"]


def follow_form(url: str, kind: str, profile: Profile) -> View:
    """What new entries get: topics, areas, and whether somebody looks at them first."""
    what = "event" if kind == "calendar" else "entry"
    choices = [
        option("Review them first", DRAFTS, "They wait for staff as drafts"),
        option("Publish right away", PUBLISH, "Members find them at once"),
    ]
    many = "events" if kind == "calendar" else "entries"
    blocks = [
        words(f"Each new {what} becomes a resource. The first time, only the newest 10 entries are taken.")
        if kind != "calendar"
        else words("Each coming event becomes a resource, up to 12 months ahead."),
        field("url", "Web address", text_input("url", first=url, most=LONGEST_URL)),
        field("publish", f"New {many}", radio("publish", options=choices, chosen=DRAFTS)),
        fields.topics(profile, (), label="Topics", most=10),
        fields.areas(profile, (), label="Areas"),
    ]
    return form(FOLLOWED, f"Follow a {kind}", blocks, submit="Follow", meta={"kind": kind})


def followed(source: Source) -> View:
    text = "It is read in a minute. New entries " + (
        "are published right away." if source.publish else "wait under Review."
    )
    stop = "To stop following it, open Feeds and calendars in Home."
    return form("notice", "Following", [words(f"{source.url}\n{text}"), context(stop)], close="Close")


def source_list(page: Page[Source], profile: Profile, *, after: int = 0, note: str = "") -> View:
    """Ten sources with how each is, and what to do about it. `note` says what the last press did."""
    blocks: list[Block] = [words(note)] if note else []
    if not page.items:
        blocks.append(
            section(
                f"No feeds or calendars are followed. Add one: `{profile.commands.resources} add ADDRESS`"
            )
        )
    for source in page.items:
        blocks += [section(_line(source, profile)), actions(_buttons(source))]
    if page.next is not None:
        blocks += [divider(), actions([button("Next page", NEXT, str(page.next))])]
    return form(LISTED, "Feeds and calendars", blocks, close="Close", meta={"after": after})


def _line(source: Source, profile: Profile) -> str:
    lines = [f"*{unformatted(title_of(source))}*", unformatted(cut(source.url, 200))]
    goes = "published right away" if source.publish else "drafts to review"
    topics = ", ".join(map(profile.topic_label, source.topics))
    lines.append(unformatted(" · ".join(filter(None, (_KINDS.get(source.kind, ""), goes, topics)))))
    lines.append(unformatted(_state(source, profile)))
    if source.held:
        lines.append(f"*{counted(source.held, 'new entry', 'new entries')} at once. Add them?*")
    return "\n".join(lines)


def _state(source: Source, profile: Profile) -> str:
    read = (
        f"Last read {day_and_time(source.read_at, profile.time_zone)}." if source.read_at else "Not read yet."
    )
    if not source.trouble:
        return read
    tried = f"Could not be read ({counted(source.failures, 'try', 'tries')}). " if source.failures else ""
    return f"{tried}{source.trouble} {read}"


def title_of(source: Source) -> str:
    return source.title or cut(source.url, 80)


def _buttons(source: Source) -> list[dict[str, object]]:
    sure = confirm(
        "Stop following?", "No new entries are added. What it brought stays in the library.", "Stop following"
    )
    stop = button("Stop following", f"{STOP}:{source.uid}", source.uid, confirm=sure)
    return [*_decisions(source), stop] if source.held else [stop]


def _decisions(source: Source) -> list[dict[str, object]]:
    return [
        button(f"Add {source.held}", f"{TAKE}:{source.uid}", source.uid, style="primary"),
        button("Leave them out", f"{LEAVE}:{source.uid}", source.uid),
    ]


def held(source: Source) -> Message:
    """To whoever follows it: many new entries came at once."""
    name = unformatted(cut(title_of(source), 200))
    if not source.held:
        return message("Decided", [section(f"The new entries of *{name}* have been decided on.")])
    many = counted(source.held, "new entry", "new entries")
    text = f"*{many} at once in {name}*\nSites that move often show old pages as new. Nothing was added yet."
    return message(f"{many} at once in {title_of(source)}", [section(text), actions(_decisions(source))])


def home_section(followed: int, waiting: int, failing: int) -> list[Block]:
    """For staff, once anything is followed."""
    state = [f"{followed} followed"]
    if waiting:
        state.append(f"*{waiting} with many new entries*")
    if failing:
        state.append(f"{failing} could not be read")
    return [
        section(
            f"*Feeds and calendars*: {', '.join(state)}",
            accessory=button("Feeds and calendars", LIST, style="primary" if waiting else ""),
        )
    ]
