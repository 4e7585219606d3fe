"""The library's services as the rows of an HSDS package."""

from __future__ import annotations

from uuid import UUID

from copbot.imports.hsds.rows import Rows, add_service, empty
from copbot.program.profile import Profile
from copbot.resources.library import service as library
from copbot.resources.library.rules import PUBLISHED
from copbot.store import Session


def rows_of(session: Session, *, profile: Profile) -> Rows:
    """Every published service that is not private, under the id that its directory gave it, else under our own."""
    rows = empty()
    after: int | None = 0
    while after is not None:
        page = library.in_state(session, PUBLISHED, after)
        services = [resource for resource in page.items if resource.kind == "service"]
        names = library.names_from(session, [resource.id for resource in services], "hsds")
        for resource in services:
            ident = names.get(resource.id) or str(UUID(hex=resource.uid))
            add_service(rows, resource, ident, profile)
        after = page.next
    return rows
