"""The form for one resource, which asks only what its kind needs; and what is filled in, as its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from copbot.people import fields as people_fields
from copbot.program.profile import Profile
from copbot.resources import words as said
from copbot.resources.library.rules import (
    LONGEST_LINE,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_AREAS,
)
from copbot.resources.library.values import ResourceFields
from copbot.slack.answers import Block, View
from copbot.slack.blocks import (
    button,
    context,
    field,
    form,
    group,
    notice,
    option,
    section,
    select,
    text_input,
    words,
)
from copbot.slack.entrances import Form
from copbot.slack.text import clean, escape

ADD, ADDED, EDITED, KIND, FETCH = (
    "resources.add", "resources.added", "resources.edited", "resources.kind", "resources.fetch",
)  # fmt: skip
FOLLOW = "imports.follow"
"""The entrance of the room that reads feeds; a fetched address that is one offers it."""
NOT_READ, READING, IS_READ = "not_read", "reading", "is_read"
_SUMMARY = {"answer": "Answer", "service": "What it offers"}
_LINK = re.compile(r"https?://[^\s<>|\"]+")
_TEXTS = (
    "kind", "title", "summary", "url", "audience", "source", "service_kind", "address", "hours",
    "eligibility", "owner",
)  # fmt: skip
FETCHED = "#page"
"""After the names of fields that hold what a page says of itself."""
PUBLIC_TEXT = (
    "title*", "summary*", "audience", "source", "service_kind", "address", "phones", "hours", "eligibility",
)  # fmt: skip
OTHER_TEXT = ("url", "languages")
_OFTEN = ("topics", "areas")
_COMMAS = ("phones", "languages")


def resource_form(
    first: ResourceFields,
    profile: Profile,
    *,
    is_staff: bool,
    uid: str = "",
    version: int = 0,
    note: str = "",
    page: str = NOT_READ,
    follow: str = "",
) -> View:
    """Filled with `first`. Without `uid` it adds one: members' go to staff for review first.

    `page` says whether title and summary come from the web page. `follow`: "feed" or "calendar" where the address is one; staff are offered to follow it.
    """
    kind = first.kind or "link"
    blocks: list[Block] = [context(escape(note))] if note else []
    if not uid and not is_staff:
        blocks.append(context(escape(f"Staff review it before others see it. {profile.notices.client_data}")))
    if follow and is_staff:
        offer = button(f"Follow this {follow}", FOLLOW, follow, style="primary")
        about = f"This address is a {follow}. New entries can be added automatically."
        blocks.append(section(about, accessory=offer))
    blocks += [_kind(kind), *_what(first, kind, page)]
    if kind == "service":
        blocks += _service(first)
    if kind == "event":
        blocks += _event(first)
    topics = people_fields.topics(profile, first.topics or (), label="Topics", most=10)
    blocks += [topics, _areas(first, profile), *(_upkeep(first) if is_staff else [])]
    title = "Edit resource" if uid else "Add a resource" if is_staff else "Suggest a resource"
    submit = "Save" if uid else "Add" if is_staff else "Send to staff"
    meta: dict[str, Any] = {"resource": uid, "version": version} if uid else {}
    return form(EDITED if uid else ADDED, title, blocks, submit=submit, meta=meta)


def _kind(kind: str) -> Block:
    options = [option(label, name) for name, label in said.KINDS.items()]
    return field("kind", "Kind", select(KIND, options=options, chosen=[kind]), dispatch=True)


def _what(first: ResourceFields, kind: str, page: str) -> list[Block]:
    """A fetched page's fields have names of their own: Slack keeps what stands in a field that it knows."""
    suffix = FETCHED if page == IS_READ else ""
    needs_link = kind in ("link", "document")
    url = text_input("url", first=first.url or "", most=LONGEST_URL, placeholder="https://")
    summary = text_input("summary", first=first.summary or "", long=True, most=LONGEST_SUMMARY)
    blocks = [
        field("url", "Web address", url, optional=not needs_link),
        field(f"title{suffix}", "Title", text_input("title", first=first.title or "", most=LONGEST_TITLE)),
        field(f"summary{suffix}", _SUMMARY.get(kind, "Summary"), summary, optional=kind != "answer"),
    ]
    if needs_link:
        blocks.insert(1, _page(page))
    return blocks


def _page(page: str) -> Block:
    if page == READING:
        return section("Reading the page. Its title and summary will appear here.")
    if page == IS_READ:
        return section("Filled in from the page. Please check it.", accessory=button("Read again", FETCH))
    return section("Fetch the page's title and summary", accessory=button("Fill in from the page", FETCH))


def _line(name: str, label: str, value: str | None, hint: str = "") -> Block:
    typed_in = text_input(name, first=value or "", most=LONGEST_LINE)
    return field(name, label, typed_in, hint=hint, optional=True)


def _service(first: ResourceFields) -> list[Block]:
    several = "Several with a comma between them"
    return [
        _line("service_kind", "Kind of service", first.service_kind, "The heading it has in the guide"),
        _line("address", "Address", first.address, "Leave it out if the place is confidential"),
        _line("phones", "Phone", ", ".join(first.phones or ()), several),
        _line("hours", "Hours", first.hours, "Such as Mon–Fri 9:00 AM–5:00 PM"),
        _line("eligibility", "Who can use it", first.eligibility),
        _line("languages", "Languages", ", ".join(first.languages or ()), several),
    ]


def _event(first: ResourceFields) -> list[Block]:
    return [
        field("starts_at", "Starts", _moment("starts_at", first.starts_at)),
        field("ends_at", "Ends", _moment("ends_at", first.ends_at), optional=True),
        _line("address", "Place", first.address),
    ]


def _moment(name: str, first: datetime | None) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "datetimepicker", "action_id": name}
    return element | ({"initial_date_time": int(first.timestamp())} if first is not None else {})


def _areas(first: ResourceFields, profile: Profile) -> Block:
    groups = [group(heading, [option(*pair) for pair in each]) for heading, each in profile.area_choices]
    # As many as a resource may have: what the chooser leaves out would be lost when the form is saved.
    chooser = select(
        "areas", groups=groups, chosen=first.areas or (), many=MOST_AREAS, placeholder="Type to search"
    )
    hint = "Where it applies. Leave it empty for the whole country."
    return field("areas", "Areas", chooser, hint=hint, optional=True)


def _upkeep(first: ResourceFields) -> list[Block]:
    due: dict[str, Any] = {"type": "datepicker", "action_id": "review_by"}
    due |= {"initial_date": first.review_by.isoformat()} if first.review_by else {}
    owner: dict[str, Any] = {"type": "users_select", "action_id": "owner"}
    owner |= {"initial_user": first.owner} if first.owner else {}
    return [
        _line("audience", "For whom", first.audience),
        _line("source", "Source", first.source, "Who publishes it"),
        field("review_by", "Review by", due, optional=True),
        field("owner", "Who looks after it", owner, optional=True),
    ]


def added(title: str, *, is_staff: bool) -> View:
    where = "in the library now." if is_staff else "with staff now. You get a message when they decide."
    name = "Added" if is_staff else "Sent to staff"
    return notice(name, [words(f"“{title}” is {where}")])


# -- what was filled in


def fields_from(form: Form) -> ResourceFields:
    """What the form says; fields that it does not have are left out."""
    found: dict[str, object] = {name: form.one(name) for name in _TEXTS if name in form.values}
    found |= {name: form.one(f"{name}{FETCHED}") for name in _TEXTS if f"{name}{FETCHED}" in form.values}
    found |= {name: form.many(name) for name in _OFTEN if name in form.values}
    found |= {name: _split(form.one(name)) for name in _COMMAS if name in form.values}
    found |= {name: _moment_of(form.one(name)) for name in ("starts_at", "ends_at") if form.one(name)}
    if form.one("review_by"):
        found["review_by"] = date.fromisoformat(form.one("review_by"))
    return ResourceFields(**found)  # type: ignore[arg-type]


def at_blocks(faults: Mapping[str, str], form: Form) -> dict[str, str]:
    """Sentences by the names that the fields have in this form."""
    shown = {name.removesuffix(FETCHED): name for name in sorted(form.values)}
    return {shown.get(name, name): said for name, said in faults.items()}


def cleared(form: Form) -> tuple[str, ...]:
    """Dates that the form has and that were emptied."""
    return tuple(name for name in ("review_by", "ends_at") if name in form.values and not form.one(name))


def from_message(text: str) -> ResourceFields:
    """A message as the beginning of a resource: its first link, its first line, its words."""
    found = _LINK.search(text)
    link = found.group(0).rstrip(".,;:!?)") if found else ""
    first = next(
        (line for line in (text.replace(link, "") if link else text).splitlines() if line.strip()), ""
    )
    title = " ".join(clean(first).split())[:200]
    kind = "link" if link else "answer"
    return ResourceFields(kind=kind, url=link, title=title, summary=clean(text)[:3000])


def _split(typed: str) -> tuple[str, ...]:
    return tuple(part for part in (" ".join(each.split()) for each in re.split(r"[,;\n]", typed)) if part)


def _moment_of(typed: str) -> datetime | None:
    return datetime.fromtimestamp(int(typed), UTC) if typed.isdecimal() and len(typed) < 12 else None
