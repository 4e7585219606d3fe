"""Agencies as staff keep them: find one, say what it is, and make one of two that are the same."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.people import fields
from copbot.people.values import Agency, AgencyFacts
from copbot.program.profile import Profile
from copbot.slack import blocks as kit
from copbot.slack.answers import Block, View
from copbot.slack.text import counted

ALL, OPEN, SAVE = "agencies.all", "agencies.open", "agencies.save"
OPEN_MERGE, MERGE = "agencies.open_merge", "agencies.merge"
PICK = {"pick": 1}


def line() -> Block:
    """In Home."""
    return kit.section("Edit agencies and merge duplicates.", accessory=kit.button("Agencies", ALL))


def all_agencies(
    found: Sequence[AgencyFacts],
    alike: Sequence[tuple[Agency, Agency]],
    profile: Profile,
    *,
    next_: int | None,
    note: str = "",
) -> View:
    """Those that look alike first; then all, ten at a time; and a search."""
    blocks: list[Block] = [kit.words(note)] if note else []
    chooser = kit.search_select(fields.AGENCY, placeholder="Type to search")
    blocks.append({**kit.words("Find an agency", accessory=chooser), "block_id": "agency"})
    if alike:
        blocks.append(kit.section("*Possible duplicates*"))
    for newer, older in alike[:5]:
        same = kit.button("Compare", OPEN_MERGE, f"{newer.id}:{older.id}")
        blocks.append(kit.words(f"{newer.name}\n{older.name}", accessory=same))
    none_yet = "No agencies yet. They are added with the first requests."
    blocks.append(kit.section("*All agencies*" if found else none_yet))
    for each in found:
        change = kit.button("Change", OPEN, f"agency:{each.id}")
        blocks.append(kit.words(_line(each, profile), accessory=change))
    if next_ is not None:
        blocks.append(kit.actions([kit.button("More", f"{ALL}:more", str(next_))]))
    return kit.notice("Agencies", blocks, meta=PICK)


def _line(each: AgencyFacts, profile: Profile) -> str:
    eligible = {None: "eligibility unknown", True: "eligible", False: "not eligible"}[each.eligible]
    area = [profile.area_label(each.area)] if each.area else []
    people = counted(each.people, "person", "people")
    return f"{each.name}\n{' · '.join([profile.agency_kind_label(each.kind), *area, eligible, people])}"


def agency_form(found: AgencyFacts, profile: Profile, *, note: str = "") -> View:
    """`note`: why it is shown once more; then with what it says now, above what was typed."""
    kinds = [kit.option(kind.label, kind.id) for kind in profile.agency_kinds]
    chances = [kit.option("Yes", "yes"), kit.option("No", "no")]
    eligible = {None: [], True: ["yes"], False: ["no"]}[found.eligible]
    now = [kit.words(note), kit.words(f"Current entry: {_line(found, profile)}")] if note else []
    blocks: list[Block] = [
        *now,
        kit.field("name", "Name", kit.text_input("name", first=found.name, most=120)),
        kit.field("kind", "Kind", kit.select("kind", options=kinds, chosen=[found.kind])),
        fields.area(profile, found.area),
        kit.field(
            "eligible",
            "Can it get full help?",
            kit.select("eligible", options=chances, chosen=eligible, placeholder="Unknown"),
            hint="" if note else profile.notices.eligibility,  # shown once more it must fit into an ack
            optional=True,
        ),
    ]
    if found.also:
        blocks.append(kit.words(f"Also known as {', '.join(found.also[:10])}"))
    blocks.append(kit.actions([kit.button("Merge with another agency", OPEN_MERGE, f"{found.id}:")]))
    return kit.form(SAVE, "Agency", blocks, submit="Save", meta={"agency": found.id, "seen": found.state})


def merge_form(goes: AgencyFacts, stays: Agency | None, profile: Profile) -> View:
    """`stays` is filled in where it is known."""
    chosen = fields.agency_option(stays.name, f"agency:{stays.id}") if stays else None
    chooser = kit.search_select(fields.AGENCY, chosen=chosen, placeholder="Type to search")
    blocks: list[Block] = [
        kit.words(_line(goes, profile)),
        kit.field("into", "is the same as", chooser),
        kit.context(
            "Its requests and people move to that agency, and searches for its name find that one. This can't be undone."
        ),
    ]
    return kit.form(MERGE, "Merge agencies", blocks, submit="Merge", meta={"agency": goes.id, **PICK})
