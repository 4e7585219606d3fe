"""Feeds and calendars in Slack: the form to follow one, the list of them, and the question about many new entries."""

from __future__ import annotations

from copbot.imports.sources.rules import Source
from copbot.people import fields
from copbot.program.profile import Profile
from copbot.resources.library.rules import LONGEST_URL
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, Message, View
from copbot.slack.text import counted, cut, day_and_time, unformatted
from copbot.store import Page

FOLLOWED, LIST, NEXT, STOP, TAKE, LEAVE = (
    "imports.followed", "imports.sources", "imports.sources_next", "imports.stop", "imports.take_held",
    "imports.leave_held",
)  # fmt: skip
LISTED = "imports.sources_list"
DRAFTS, PUBLISH = "drafts", "publish"


def follow_form(url: str, kind: str, profile: Profile) -> View:
    """What new entries get: topics, areas, and whether somebody looks at them first."""
    about, many = {
        "feed": (
            "Each new entry becomes a resource. The first time, only the newest 10 entries are taken.",
            "entries",
        ),
        "calendar": ("Each coming event becomes a resource, up to 12 months ahead.", "events"),
    }[kind]
    choices = [
        kit.option("Review them first", DRAFTS, "They wait for staff as drafts"),
        kit.option("Publish right away", PUBLISH, "Members find them at once"),
    ]
    blocks = [
        kit.words(about),
        kit.field("url", "Web address", kit.text_input("url", first=url, most=LONGEST_URL)),
        kit.field("publish", f"New {many}", kit.radio("publish", options=choices, chosen=DRAFTS)),
        fields.topics(profile, (), label="Topics", most=10),
        fields.areas(profile, (), label="Areas"),
    ]
    return kit.form(FOLLOWED, f"Follow a {kind}", blocks, submit="Follow", meta={"kind": kind})


def followed(source: Source) -> View:
    goes = "are published right away" if source.publish else "wait under Review"
    text = kit.words(f"{source.url}\nWe read it in a minute. New entries {goes}.")
    stop = kit.context("To stop following it, open Feeds and calendars in Home.")
    return kit.notice("Following", [text, stop])


def source_list(page: Page[Source], profile: Profile, *, after: int = 0, note: str = "") -> View:
    """Ten sources with how each is, and what to do about it. `note` says what the last press did."""
    blocks: list[Block] = [kit.words(note)] if note else []
    if not page.items:
        command = f"{profile.commands.resources} add ADDRESS"
        blocks.append(kit.section(f"You don't follow any feeds or calendars yet. Add one: `{command}`"))
    for source in page.items:
        blocks += [kit.section(_line(source, profile)), kit.actions(_buttons(source))]
    if page.next is not None:
        blocks += [kit.divider(), kit.actions([kit.button("Next page", NEXT, str(page.next))])]
    return kit.form(LISTED, "Feeds and calendars", blocks, close="Close", meta={"after": after})


def _line(source: Source, profile: Profile) -> str:
    goes = "published right away" if source.publish else "drafts to review"
    facts = [source.kind.title(), goes, ", ".join(map(profile.topic_label, source.topics))]
    state = (
        f"Last read {day_and_time(source.read_at, profile.time_zone)}." if source.read_at else "Not read yet."
    )
    if source.trouble:
        tried = f"Couldn't be read ({counted(source.failures, 'try', 'tries')}). " if source.failures else ""
        state = f"{tried}{source.trouble} {state}"
    lines = [cut(source.url, 200), " · ".join(filter(None, facts)), state]
    shown = "\n".join([f"*{unformatted(title_of(source))}*", *map(unformatted, lines)])
    many = f"\n*{counted(source.held, 'new entry', 'new entries')} at once. Add them?*"
    return shown + (many if source.held else "")


def title_of(source: Source) -> str:
    return source.title or cut(source.url, 80)


def _buttons(source: Source) -> list[dict[str, object]]:
    words = "New entries are no longer added. What was added stays in the library."
    sure = kit.confirm("Stop following?", words, "Stop following")
    stop = kit.button("Stop following", f"{STOP}:{source.uid}", source.uid, confirm=sure)
    return [*_decisions(source), stop] if source.held else [stop]


def _decisions(source: Source) -> list[dict[str, object]]:
    return [
        kit.button(f"Add {source.held}", f"{TAKE}:{source.uid}", source.uid, style="primary"),
        kit.button("Leave them out", f"{LEAVE}:{source.uid}", source.uid),
    ]


def held(source: Source) -> Message:
    """To whoever follows it: many new entries came at once."""
    name = unformatted(cut(title_of(source), 200))
    if not source.held:
        return kit.message(
            "Decided", [kit.section(f"Somebody has already added or left out the new entries of *{name}*.")]
        )
    many = counted(source.held, "new entry", "new entries")
    text = f"*{many} at once in {name}*\nSites that move often show old pages as new. Nothing was added yet."
    blocks = [kit.section(text), kit.actions(_decisions(source))]
    return kit.message(f"{many} at once in {title_of(source)}", blocks)


def home_section(followed: int, waiting: int, failing: int) -> list[Block]:
    """For staff, once anything is followed."""
    state = [f"{followed} followed"]
    state += [f"*{waiting} with many new entries*"] if waiting else []
    state += [f"{failing} could not be read"] if failing else []
    button = kit.button("Feeds and calendars", LIST, style="primary" if waiting else "")
    return [kit.section(f"*Feeds and calendars*: {', '.join(state)}", accessory=button)]
