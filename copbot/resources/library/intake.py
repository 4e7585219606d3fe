"""Many resources at once, from a file, a feed, a calendar or a directory: each is created, updated or known already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    if not incoming:
        return []
    state = rules.PUBLISHED if publish else rules.DRAFT
    keys = {rules.link_key(each.fields.url or "") for each in incoming} - {""}
    links = tables.by_links(session, keys)
    batch = _Batch(by, now, profile, state, *_known(session, incoming), links)
    for each in incoming:
        batch.take(session, each)
    return batch.saved(session)


def existing(session: Session, incoming: Sequence[IncomingResource]) -> tuple[Resource | None, ...]:
    """The resource that each row is known as, by its uid or its source's name for it; None for new ones."""
    by_uid, by_name = _known(session, incoming)
    rows = [by_uid.get(each.uid) or by_name.get(_name(each.identity)) for each in incoming]
    return tuple(None if row is None else service.value_of(row) for row in rows)


def coming_from(
    session: Session, kind: str, source: str, *, but: Collection[str], now: datetime
) -> tuple[str, ...]:
    """The uids of a calendar's published or drafted events to come, but those known under these names."""
    kept = {rules.external_key(name) for name in but}
    return tables.coming_from(session, (kind, rules.external_key(source)), kept, now)


Names = dict[Identity3 | None, ResourceRow]


def _known(session: Session, incoming: Sequence[IncomingResource]) -> tuple[dict[str, ResourceRow], Names]:
    """What these rows are known as, by uid and by name."""
    by_uid = tables.by_uids(session, {each.uid for each in incoming if each.uid})
    names = {name for each in incoming if (name := _name(each.identity)) is not None}
    named = tables.by_identities(session, names)
    rows = tables.by_ids(session, set(named.values()))
    return by_uid, {name: rows[ident] for name, ident in named.items() if ident in rows}


@dataclass
class _Batch:
    """Rows being taken in. `new` ones get their ids when they are saved."""

    by: str
    now: datetime
    profile: Profile
    state: str
    by_uid: dict[str, ResourceRow]
    by_name: Names
    by_link: dict[str, list[ResourceRow]]
    done: list[tuple[Effect, ResourceRow | None, Mapping[str, str]]] = field(default_factory=list)
    new: list[ResourceRow] = field(default_factory=list)
    names: list[tuple[ResourceRow, Identity3]] = field(default_factory=list)
    changed: dict[int, ResourceRow] = field(default_factory=dict)

    def take(self, session: Session, each: IncomingResource) -> None:
        name = _name(each.identity)
        own = self.by_uid.get(each.uid) or self.by_name.get(name)
        try:
            if own is not None:
                effect, own = self._update(session, own, each.fields)
            else:
                columns = rules.checked(each.fields, self.profile)
                other = self._alike(columns, each)
                effect, own = ("known", other) if other is not None else self._create(columns, each)
        except InvalidInput as error:
            self.done.append(("refused", None, error.fields or {"title": error.words}))
            return
        self.done.append((effect, own, {}))
        if name is not None and name not in self.by_name:
            self.by_name[name] = own
            self.names.append((own, name))

    def _alike(self, columns: Mapping[str, Any], each: IncomingResource) -> ResourceRow | None:
        """One with the same address and nearly the same title; a spreadsheet's second row without a name included.

        Two services of directories are two, however alike: each has an id of its own there.
        """
        is_service = each.identity is not None and each.identity.kind == "hsds"
        for found in self.by_link.get(columns.get("link_key", ""), ()):
            if not (is_service and found.origin == "hsds") and rules.near(
                found.title_key, columns["title_key"]
            ):
                return found
        return None

    def _create(self, columns: dict[str, Any], each: IncomingResource) -> tuple[Effect, ResourceRow]:
        origin = each.identity.kind if each.identity is not None else "csv"
        state = rules.DRAFT if columns.get("private") else self.state
        made = service.new_row(columns, origin=origin, state=state, by=self.by, now=self.now)
        if made.private:
            made.state_why = WITHHELD
        self.new.append(made)
        if made.link_key:
            self.by_link.setdefault(made.link_key, []).append(made)
        return "created", made

    def _update(
        self, session: Session, own: ResourceRow, fields: ResourceFields
    ) -> tuple[Effect, ResourceRow]:
        fields = replace(fields, owner=None)  # no source says who looks after a resource
        # Twice in one batch: the first of the two counts. Most rows of a file that comes again: no lock for them.
        if own in self.new or not self._differs(own, fields):
            return "unchanged", own
        row = hold(session, ResourceRow, own.id)
        columns = rules.checked(fields, self.profile, before=service.fields_of(row))
        changed = service.apply(row, columns, now=self.now)
        if row.private and row.state == rules.PUBLISHED:
            row.state, row.state_by, row.state_at = rules.RETIRED, self.by, self.now
            row.state_why = WITHHELD
        if changed:
            self.changed[row.id] = row
        return "updated" if changed else "unchanged", row

    def _differs(self, row: ResourceRow, fields: ResourceFields) -> bool:
        said = rules.checked(fields, self.profile, before=service.fields_of(row))
        private = row.private and row.state == rules.PUBLISHED
        return private or any(getattr(row, name) != value for name, value in said.items())

    def saved(self, session: Session) -> list[Outcome]:
        """Insert what is new, name what is known, index what may be found."""
        tables.insert_rows(session, self.new)
        tables.name_sources(session, [(row.id, name) for row, name in self.names])
        session.flush()
        service.index_rows(session, [*self.changed.values(), *self.new])
        return [
            Outcome(effect, faults=faults) if row is None else Outcome(effect, row.id, row.uid)
            for effect, row, faults in self.done
        ]


def _name(identity: Identity | None) -> Identity3 | None:
    if identity is None:
        return None
    return identity.kind, rules.external_key(identity.source), rules.external_key(identity.external_id)
