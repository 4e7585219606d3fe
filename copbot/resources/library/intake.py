"""Many resources at once, from a file, a feed, a calendar or a directory: each is created, updated or known already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from copbot.errors import InvalidInput
from copbot.program.profile import Profile
from copbot.resources.library import rules, service, tables
from copbot.resources.library.tables import Identity3, ResourceRow
from copbot.resources.library.values import (
    Effect,
    Identity,
    IncomingResource,
    Outcome,
    Resource,
    ResourceFields,
)
from copbot.store import Session, hold

WITHHELD = "its source marks it as not public"


def put_many(
    session: Session,
    incoming: Sequence[IncomingResource],
    *,
    by: str,
    now: datetime,
    profile: Profile,
    publish: bool = False,
) -> list[Outcome]:
    """Take in rows of one source, a few hundred at a time; an outcome for each, in order. The same rows again change nothing.

    A row is the resource of its `uid`; else the one its source knows under its identity; else one of another source
    with the same normalized address and nearly the same title ("known": it keeps its words, and answers to the new
    identity too). Otherwise it is created: as a draft, or with `publish` published. A resource that people retired
    stays retired, and one that its source now marks private is retired. Faults refuse their row, not the others.
    """
    batch = _Batch(by=by, now=now, profile=profile, state=rules.PUBLISHED if publish else rules.DRAFT)
    batch.look_up(session, incoming)
    for each in incoming:
        batch.take(session, each)
    batch.save(session)
    return batch.outcomes


def existing(session: Session, incoming: Sequence[IncomingResource]) -> tuple[Resource | None, ...]:
    """The resource that each row is known as, by its uid or its source's name for it; None for new ones."""
    by_uid = tables.by_uids(session, {each.uid for each in incoming if each.uid})
    named = tables.by_identities(session, {_name(each.identity) for each in incoming if each.identity})
    rows = tables.by_ids(session, set(named.values()))
    found = (
        by_uid.get(each.uid) or (rows.get(named.get(_name(each.identity), 0)) if each.identity else None)
        for each in incoming
    )
    return tuple(None if row is None else service.value_of(row) for row in found)


def coming_from(
    session: Session, kind: str, source: str, *, but: Collection[str], now: datetime
) -> tuple[str, ...]:
    """The uids of a calendar's published or drafted events to come, but those known under these names."""
    kept = {rules.external_key(name) for name in but}
    return tables.coming_from(session, (kind, rules.external_key(source)), kept, now)


@dataclass
class _New:
    """A row that is to be inserted, and where its outcome stands."""

    columns: dict[str, Any]
    at: int
    names: list[Identity3] = field(default_factory=list)


@dataclass
class _Batch:
    by: str
    now: datetime
    profile: Profile
    state: str
    outcomes: list[Outcome] = field(default_factory=list)
    by_uid: dict[str, ResourceRow] = field(default_factory=dict)
    by_name: dict[Identity3, ResourceRow | _New] = field(default_factory=dict)
    by_link: dict[str, list[ResourceRow | _New]] = field(default_factory=dict)
    new: list[_New] = field(default_factory=list)
    names: list[tuple[int, Identity3]] = field(default_factory=list)
    changed: dict[int, ResourceRow] = field(default_factory=dict)

    def look_up(self, session: Session, incoming: Sequence[IncomingResource]) -> None:
        """Everything that these rows could be, in a few queries."""
        self.by_uid = tables.by_uids(session, {each.uid for each in incoming if each.uid})
        named = tables.by_identities(session, {_name(each.identity) for each in incoming if each.identity})
        rows = tables.by_ids(session, set(named.values()))
        self.by_name = {name: rows[ident] for name, ident in named.items() if ident in rows}
        keys = {rules.link_key(each.fields.url or "") for each in incoming} - {""}
        self.by_link = {key: [*found] for key, found in tables.by_links(session, keys).items()}

    def take(self, session: Session, each: IncomingResource) -> None:
        name = _name(each.identity) if each.identity is not None else None
        own = self.by_uid.get(each.uid) or (self.by_name.get(name) if name is not None else None)
        try:
            if own is not None:
                self._update(session, own, each.fields)
            else:
                columns = rules.checked(each.fields, self.profile)
                other = self._alike(columns, each)
                if other is None:
                    self._create(columns, each)
                else:
                    self._outcome("known", other)
                own = other if other is not None else self.new[-1]
        except InvalidInput as error:
            self.outcomes.append(Outcome("refused", faults=error.fields or {"title": error.words}))
            return
        if name is not None and name not in self.by_name:
            self.by_name[name] = own
            if isinstance(own, _New):
                own.names.append(name)
            else:
                self.names.append((own.id, name))

    def _alike(self, columns: Mapping[str, Any], each: IncomingResource) -> ResourceRow | _New | None:
        """One with the same address and nearly the same title; a spreadsheet's second row without a name included.

        Two services of directories are two, however alike: each has an id of its own there.
        """
        for found in self.by_link.get(columns.get("link_key", ""), ()):
            title = found.columns["title_key"] if isinstance(found, _New) else found.title_key
            origin = found.columns["origin"] if isinstance(found, _New) else found.origin
            if origin == "hsds" and each.identity is not None and each.identity.kind == "hsds":
                continue
            if rules.near(str(title), str(columns["title_key"])):
                return found
        return None

    def _create(self, columns: dict[str, Any], each: IncomingResource) -> None:
        origin = each.identity.kind if each.identity is not None else "csv"
        state = rules.DRAFT if columns.get("private") else self.state
        values = service.new_row(columns, origin=origin, state=state, by=self.by, now=self.now)
        if columns.get("private"):
            values["state_why"] = WITHHELD
        made = _New(values, len(self.outcomes))
        self.new.append(made)
        self.outcomes.append(Outcome("created", uid=values["uid"]))
        if values["link_key"]:
            self.by_link.setdefault(values["link_key"], []).append(made)

    def _update(self, session: Session, own: ResourceRow | _New, fields: ResourceFields) -> None:
        if isinstance(own, _New):
            self._outcome("unchanged", own)  # twice in one batch: the first of the two counts
            return
        fields = service.without_owner(fields)
        if not self._differs(own, fields):
            self._outcome("unchanged", own)  # most rows of a file that comes again: no lock for them
            return
        row = hold(session, ResourceRow, own.id)
        changed = service.apply(
            row, rules.checked(fields, self.profile, before=service.fields_of(row)), now=self.now
        )
        if row.private and row.state == rules.PUBLISHED:
            row.state, row.state_by, row.state_at = rules.RETIRED, self.by, self.now
            row.state_why = WITHHELD
        if changed:
            self.changed[row.id] = row
        self._outcome("updated" if changed else "unchanged", row)

    def _differs(self, row: ResourceRow, fields: ResourceFields) -> bool:
        said = rules.checked(fields, self.profile, before=service.fields_of(row))
        private = row.private and row.state == rules.PUBLISHED
        return private or any(getattr(row, name) != value for name, value in said.items())

    def _outcome(self, effect: Effect, of: ResourceRow | _New) -> None:
        ident, uid = (0, str(of.columns["uid"])) if isinstance(of, _New) else (of.id, of.uid)
        self.outcomes.append(Outcome(effect, ident, uid))

    def save(self, session: Session) -> None:
        """Insert what is new, name what is known, index what may be found."""
        ids = tables.insert_rows(session, [each.columns for each in self.new])
        for ident, each in zip(ids, self.new, strict=True):
            self.names += [(ident, name) for name in each.names]
        of_uid = {str(each.columns["uid"]): ident for ident, each in zip(ids, self.new, strict=True)}
        self.outcomes = [
            Outcome(each.effect, each.id or of_uid.get(each.uid, 0), each.uid, each.faults)
            for each in self.outcomes
        ]
        tables.name_sources(session, self.names)
        session.flush()
        service.index_rows(session, list(self.changed.values()))
        service.index_new(session, [(ident, each.columns) for ident, each in zip(ids, self.new, strict=True)])


def _name(identity: Identity) -> Identity3:
    return identity.kind, rules.external_key(identity.source), rules.external_key(identity.external_id)
