"""What can be done with resources. Every verb that changes one keeps the index true in the same transaction.

States: draft → published → retired, and back; each move says who and why. Only published resources that are not
private stand in the index. Members' suggestions are drafts with the origin "member".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from copbot.errors import Conflict, NotFound
from copbot.program.profile import Profile
from copbot.resources.index import tables as index
from copbot.resources.index.rules import fold
from copbot.resources.library import rules, tables
from copbot.resources.library.tables import ResourceRow
from copbot.resources.library.values import Resource, ResourceFields
from copbot.slack.person import Person
from copbot.store import Page, Session, find_row, hold, hold_row, journal, new_uid

_NOT_HERE = "This resource is no longer in the library."
FETCH_PAGE = "resources.fetch_page"
PAGE = 10


def add(
    session: Session, fields: ResourceFields, *, person: Person, profile: Profile, now: datetime
) -> Resource:
    """One resource by hand: published when staff add it, a draft for them to review when a member does.

    Raises `InvalidInput` by field.
    """
    columns = rules.checked(fields, profile)
    state = rules.PUBLISHED if person.is_staff and not columns.get("private") else rules.DRAFT
    origin = "staff" if person.is_staff else rules.MEMBER
    made = new_row(columns, origin=origin, state=state, by=person.user, now=now)
    tables.insert_rows(session, [made])
    row = hold(session, ResourceRow, made.id)
    index_rows(session, [row])
    return value_of(row)


def edit(
    session: Session,
    uid: str,
    fields: ResourceFields,
    *,
    seen: int,
    person: Person,
    profile: Profile,
    now: datetime,
    clear: Sequence[str] = (),
) -> Resource:
    """Change what a resource says; `seen` is the version the person read, `clear` names dates to empty.

    Raises `Conflict`, `InvalidInput`.
    """
    row = locked(session, uid)
    if row.version != seen:
        raise Conflict("Somebody changed this resource while you were editing it. Open it again.")
    columns = rules.checked(fields, profile, before=fields_of(row))
    apply(row, {**columns, **dict.fromkeys(clear)}, now=now)
    index_rows(session, [row])
    note(session, row, person.user, now, "edited")
    return value_of(row)


def publish(
    session: Session, uids: Sequence[str], *, by: str, now: datetime, profile: Profile | None = None
) -> int:
    """Publish drafts and retired resources; how many changed. Private ones stay as they are.

    `by`: a Slack user id, or what published in nobody's name ("feed"). With `profile`, resources that nobody
    reviewed yet count as reviewed today.
    """
    rows = [row for row in _locked_all(session, uids) if row.state != rules.PUBLISHED and not row.private]
    for row in rows:
        row.same_as = None
        if profile is not None and row.reviewed_on is None:
            row.reviewed_on = profile.today(now)
        if not row.owner and _is_user(by):
            row.owner = by
        move(session, row, rules.PUBLISHED, by=by, why="", now=now)
    index_rows(session, rows)
    return len(rows)


def retire(session: Session, uids: Sequence[str], *, by: str, now: datetime, why: str) -> int:
    """Take resources out of search, guide and digest; how many changed. They can be published again."""
    rows = [row for row in _locked_all(session, uids) if row.state != rules.RETIRED]
    for row in rows:
        move(session, row, rules.RETIRED, by=by, why=why, now=now)
    index_rows(session, rows)
    return len(rows)


def put_back(
    session: Session, uid: str, fields: ResourceFields, *, state: str, profile: Profile, now: datetime
) -> Resource:
    """Give a resource the words and the state (empty: as it is) it had before an import that is undone."""
    row = locked(session, uid)
    apply(row, rules.checked(fields, profile), now=now)
    if state not in ("", row.state):
        move(session, row, state, by="import", why="an import was undone", now=now)
    index_rows(session, [row])
    return value_of(row)


def remove(session: Session, uids: Collection[str]) -> int:
    """Delete resources for good, as an import that is undone does; how many there were."""
    ids = [row.id for row in tables.by_uids(session, uids).values()]
    index.drop(session, ids)
    tables.remove(session, ids)
    return len(ids)


def find(session: Session, uid: str) -> Resource | None:
    row = find_row(session, ResourceRow, uid=uid)
    return None if row is None else value_of(row)


def readable(session: Session, uid: str, person: Person) -> Resource:
    """The resource, if the person may read it: published ones everybody, the others staff and who suggested them."""
    found = find(session, uid)
    if found is not None:
        is_theirs = found.state == rules.PUBLISHED or found.created_by == person.user
        if person.is_staff or (is_theirs and not found.private):
            return found
    raise NotFound(_NOT_HERE)


def by_ids(session: Session, ids: Sequence[int]) -> tuple[Resource, ...]:
    """In the order of the ids; those that are gone are left out."""
    rows = tables.by_ids(session, ids)
    return tuple(value_of(rows[ident]) for ident in ids if ident in rows)


def to_review(session: Session, after: int = 0) -> Page[Resource]:
    """Drafts, the oldest first, ten at a time."""
    return in_state(session, rules.DRAFT, after, PAGE)


def drafts(session: Session) -> int:
    """How many resources wait to be reviewed."""
    return tables.count_in_state(session, rules.DRAFT)


def published(session: Session, after: int = 0, most: int = 500) -> Page[Resource]:
    """Everything that may leave the library, for exports and digests, page by page."""
    return in_state(session, rules.PUBLISHED, after, most)


def in_state(session: Session, state: str, after: int = 0, most: int = 500) -> Page[Resource]:
    """Resources in a state, the oldest first, page by page; private ones are left out."""
    rows = tables.page_in_state(session, state, after, most + 1)
    shown = tuple(value_of(row) for row in rows[:most])
    return Page(shown, shown[-1].id if len(rows) > most else None)


def count_published(session: Session) -> int:
    return tables.count_in_state(session, rules.PUBLISHED)


def has_any(session: Session) -> bool:
    """Whether anything is published yet."""
    return bool(published(session, most=1).items)


def doubles(session: Session, fields: ResourceFields, *, but: str = "") -> tuple[Resource, ...]:
    """The first three that are probably the same: the same address, or nearly the same title."""
    key, title = rules.link_key(fields.url or ""), fold(fields.title or "")
    found = [*tables.by_links(session, {key}).get(key, ())] if key else []
    if title:
        found += [row for row in tables.nearly_titled(session, title) if rules.near(row.title_key, title)]
    unique = {row.id: row for row in found if row.uid != but}
    return tuple(value_of(row) for row in list(unique.values())[:3])


def index_counts(session: Session) -> tuple[int, int]:
    """How many resources are published, and how many the search index holds: the same unless something went wrong."""
    return count_published(session), index.count(session)


def reindex(session: Session, after: int = 0, most: int = 500) -> int | None:
    """Index the next resources anew, beginning with an empty index; where to go on, None when all are done."""
    if not after:
        index.clear(session)
    rows = tables.page_in_state(session, rules.PUBLISHED, after, most)
    index_rows(session, rows)
    return rows[-1].id if len(rows) == most else None


# --- what the other files of this room build on -----------------------------------------------------


def locked(session: Session, uid: str) -> ResourceRow:
    return hold_row(session, ResourceRow, _NOT_HERE, uid=uid)


def _locked_all(session: Session, uids: Sequence[str]) -> list[ResourceRow]:
    ids = sorted(row.id for row in tables.by_uids(session, uids).values())
    return [hold(session, ResourceRow, ident) for ident in ids]


def new_row(columns: Mapping[str, Any], *, origin: str, state: str, by: str, now: datetime) -> ResourceRow:
    """Every column of a new resource: many are inserted with one statement, so each has to name the same."""
    blank: dict[str, Any] = {
        "summary": "", "url": "", "topics": [], "areas": [], "audience": "", "jurisdiction": "", "source": "",
        "reviewed_on": None, "review_by": None, "language": "", "service_kind": "", "address": "", "phones": [],
        "hours": "", "eligibility": "", "languages": [], "starts_at": None, "ends_at": None, "all_day": False,
        "private": False, "owner": "", "title_key": "", "link_key": "",
    }  # fmt: skip
    moved = {"state": state, "state_by": by, "state_at": now, "state_why": ""}
    made = {"uid": new_uid(), "origin": origin, "created_by": by, "created_at": now, "updated_at": now}
    owner = columns.get("owner") or (by if _is_user(by) and origin != rules.MEMBER else "")
    return ResourceRow(**{**blank, **made, **moved, "version": 1, **columns, "owner": owner})


def apply(row: ResourceRow, columns: Mapping[str, Any], *, now: datetime) -> bool:
    """Write the columns that differ; whether any did."""
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.version += 1
        row.updated_at = now
    return bool(changed)


def index_rows(session: Session, rows: Sequence[ResourceRow]) -> None:
    """The index has those of these that may be found, and none of the others."""
    shown = [row for row in rows if row.state == rules.PUBLISHED and not row.private]
    index.put(session, [rules.doc(row.id, vars(row)) for row in shown])
    index.drop(session, {row.id for row in rows} - {row.id for row in shown})


def fields_of(row: ResourceRow | Resource) -> ResourceFields:
    """What a resource says, as it could be taken in again."""
    return ResourceFields(**_said(row, ResourceFields.__dataclass_fields__))


def value_of(row: ResourceRow) -> Resource:
    return Resource(**_said(row, Resource.__dataclass_fields__))


def _said(row: ResourceRow | Resource, names: Collection[str]) -> dict[str, Any]:
    said = ((name, getattr(row, name)) for name in names)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said}


def move(session: Session, row: ResourceRow, state: str, *, by: str, why: str, now: datetime) -> None:
    row.state, row.state_by, row.state_at, row.state_why = state, by, now, why[:200]
    row.version += 1
    row.updated_at = now
    note(session, row, by, now, state)


def note(session: Session, row: ResourceRow, by: str, now: datetime, why: str) -> None:
    session.flush()
    about = f"resource:{row.uid}"
    journal.record(session, at=now, actor=by or "import", entrance="resources", subject=about, why=why)


def _is_user(by: str) -> bool:
    """Whether this is a Slack user id, and not a feed or an import."""
    return by[:1] in ("U", "W") and by.isupper()
