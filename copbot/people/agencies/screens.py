"""Agencies as staff keep them: find one, say what it is, and make one of two that are the same."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people import fields
from copbot.people.values import Agency, AgencyFacts
from copbot.program.profile import Profile
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    actions,
    button,
    context,
    field,
    form,
    option,
    search_select,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.text import counted

ALL, OPEN, SAVE = "agencies.all", "agencies.open", "agencies.save"
OPEN_MERGE, MERGE = "agencies.open_merge", "agencies.merge"
PICK = {"pick": 1}


def line() -> Block:
    """In Home."""
    return section("Edit agencies and merge duplicates.", accessory=button("Agencies", ALL))


def all_agencies(
    found: Sequence[AgencyFacts],
    alike: Sequence[tuple[Agency, Agency]],
    profile: Profile,
    *,
    next_: int | None,
    note: str = "",
) -> View:
    """Those that look alike first; then all, ten at a time; and a search."""
    blocks: list[Block] = [words(note)] if note else []
    chooser = search_select(fields.AGENCY, placeholder="Type to search")
    blocks.append({**words("Find an agency", accessory=chooser), "block_id": "agency"})
    if alike:
        blocks.append(section("*Possible duplicates*"))
    for newer, older in alike[:5]:
        same = button("Compare", OPEN_MERGE, f"{newer.id}:{older.id}")
        blocks.append(words(f"{newer.name}\n{older.name}", accessory=same))
    none_yet = "No agencies yet. They are added with the first requests."
    blocks.append(section("*All agencies*" if found else none_yet))
    for each in found:
        change = button("Change", OPEN, f"agency:{each.id}")
        blocks.append(words(_line(each, profile), accessory=change))
    if next_ is not None:
        blocks.append(actions([button("More", f"{ALL}:more", str(next_))]))
    return form("notice", "Agencies", blocks, close="Close", meta=PICK)


def _line(each: AgencyFacts, profile: Profile) -> str:
    eligible = {None: "eligibility unknown", True: "eligible", False: "not eligible"}[each.eligible]
    area = [profile.area_label(each.area)] if each.area else []
    people = counted(each.people, "person", "people")
    return f"{each.name}\n{' · '.join([profile.agency_kind_label(each.kind), *area, eligible, people])}"


def agency_form(found: AgencyFacts, profile: Profile, *, note: str = "") -> View:
    """`note`: why it is shown once more; then with what it says now, above what was typed."""
    kinds = [option(kind.label, kind.id) for kind in profile.agency_kinds]
    chances = [option("Yes", "yes"), option("No", "no")]
    eligible = {None: [], True: ["yes"], False: ["no"]}[found.eligible]
    now = [words(note), words(f"Current entry: {_line(found, profile)}")] if note else []
    blocks: list[Block] = [
        *now,
        field("name", "Name", text_input("name", first=found.name, most=120)),
        field("kind", "Kind", select("kind", options=kinds, chosen=[found.kind])),
        fields.area(profile, found.area),
        field(
            "eligible",
            "Can it get full help?",
            select("eligible", options=chances, chosen=eligible, placeholder="Unknown"),
            hint="" if note else profile.notices.eligibility,  # shown once more it must fit into an ack
            optional=True,
        ),
    ]
    if found.also:
        blocks.append(words(f"Also known as {', '.join(found.also[:10])}"))
    blocks.append(actions([button("Merge with another agency", OPEN_MERGE, f"{found.id}:")]))
    return form(SAVE, "Agency", blocks, submit="Save", meta={"agency": found.id, "seen": found.state})


def merge_form(goes: AgencyFacts, stays: Agency | None, profile: Profile) -> View:
    """`stays` is filled in where it is known."""
    chosen = fields.agency_option(stays.name, f"agency:{stays.id}") if stays else None
    chooser = search_select(fields.AGENCY, chosen=chosen, placeholder="Type to search")
    blocks: list[Block] = [
        words(_line(goes, profile)),
        field("into", "is the same as", chooser),
        context(
            "Its requests and people move to that agency, and searches for its name find that one. This can't be undone."
        ),
    ]
    return form(MERGE, "Merge agencies", blocks, submit="Merge", meta={"agency": goes.id, **PICK})
