"""What the commands read and write within one transaction: exports of every format, and the program's YAML files."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from copbot.about import pages as about_pages
from copbot.communities import catalog
from copbot.errors import InvalidInput
from copbot.imports.command.rules import FileForm, Format
from copbot.imports.exports import service as exports
from copbot.program.export import as_yaml
from copbot.program.profile import Profile
from copbot.program.settings.edits import effective
from copbot.resources.guide import page, rules
from copbot.resources.guide import service as guides
from copbot.store import Session


def exported(
    session: Session, format_: Format, profile: Profile, *, now: datetime, to: Path | None, everything: bool
) -> bytes:
    """The bytes of an export; an HSDS package is written to `to` at once, and its bytes are empty."""
    profile = effective(session, profile)
    match format_:
        case Format.CSV:
            return exports.spreadsheet(session, profile, everything=everything)[0]
        case Format.ICS:
            return exports.calendar(session, profile=profile)
        case Format.HSDS:
            if to is None:
                raise InvalidInput("A package is a folder or a .zip file: say where to write it.")
            from copbot.imports.hsds import package

            package.write(exports.services(session, profile=profile), to)
            return b""
        case Format.GUIDE:
            return _guide(session, profile, now).encode()
        case Format.COMMUNITIES:
            return catalog.as_yaml(session).encode()
        case Format.PAGES:
            return about_pages.as_yaml(session, profile).encode()
        case Format.PROFILE:
            return as_yaml(profile).encode()


def _guide(session: Session, profile: Profile, now: datetime) -> str:
    """Each area with services of its own, counties before regions; then once what is statewide and national."""
    found: list[rules.Guide] = []
    wide: tuple[rules.Part, ...] = ()
    shown = set[int]()
    # A region's part has its counties' too.
    for area in sorted(profile.areas, key=lambda area: area.kind == "region"):
        if area.kind == "statewide":
            continue
        whole = guides.guide(session, (area.id,), profile)
        wide = wide or tuple(part for part in whole.parts if part.is_wide)
        own = [_without(part, shown) for part in whole.parts if part.title == whole.title]
        if any(part.groups for part in own):
            found.append(rules.Guide(whole.areas, whole.title, tuple(own)))
            shown |= {item.id for part in own for group in part.groups for item in group.items}
    if wide or not found:
        found.append(rules.Guide((), "Statewide and national", wide))
    return page.html_page(tuple(found), profile, profile.today(now))


def _without(part: rules.Part, shown: Collection[int]) -> rules.Part:
    left = [
        (each.heading, tuple(item for item in each.items if item.id not in shown)) for each in part.groups
    ]
    groups = tuple(rules.Group(heading, items) for heading, items in left if items)
    return rules.Part(part.title, groups, part.is_wide)


def take_program_file(
    session: Session, form: FileForm, name: str, text: str, profile: Profile, *, now: datetime
) -> str:
    """The list of communities, or the About pages, from the YAML that an export wrote; what was done, in words."""
    if form is FileForm.PAGES:
        taken = about_pages.take(session, profile, about_pages.read(name, text), by="import", now=now)
        said = f"{taken.count} pages taken." if taken.changed else "The pages haven't changed."
        kept = f" Not imported, because they were changed in the app: {', '.join(taken.left)}."
        return said + (kept if taken.left else "")
    done = catalog.take(session, catalog.read(name, text, profile), now=now)
    left = f" Not in the file, so not changed: {', '.join(done.left)}." if done.left else ""
    return f"{done.new} new, {done.changed} changed, {done.same} unchanged.{left}"
