"""Every button and form that is for few refuses everybody else with a sentence, and nothing is done (inv 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from copbot.app import entrances
from copbot.assistance.tables import RequestRow
from copbot.slack.entrances import Entrance
from copbot.store import Store
from copbot.store.journal import JournalRow
from tests.assistance.given import cast
from tests.databases import SqliteFiles
from tests.dialogs.envelopes import payload
from tests.rows import for_each
from tests.slack.test_odd_payloads import Desk

ROWS = entrances().rows
FOR_FEW = ("staff", "lead", "admin", "lead_or_admin")
MEMBER, GUEST, STAFF = "U0KIM", "U0GIL", "U0SAM"
ONLY_STAFF = r"Only (staff|a lead|an administrator|a lead or an administrator) can do this\."
ONLY_LEADS = r"Only (a lead|an administrator|a lead or an administrator) can do this\."


def name_of(row: Entrance) -> str:
    return f"{row.kind} {row.id}"


@dataclass
class Guarded:
    """A request that stands in a database, and the whole table of entrances before it."""

    store: Store
    request: int
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.store)

    def tries(self, user: str, row: Entrance) -> str:
        """What somebody reads who presses or sends this for the request."""
        found, _ = self.stands()
        real = {"user": {"id": user}, "channel": "C0GEN", "trigger_id": "1.2", "response_url": ""}
        said = len(self.desk.kept.answers)
        acked, _ = self.desk.hears(payload(row, user, real, value=f"{found.uid}:{found.version}"))
        assert acked
        [answer] = self.desk.kept.answers[said:]
        return str(answer)

    def stands(self) -> tuple[RequestRow, tuple[str, int, int]]:
        """The request; and its state, its version and how many deeds are written down."""
        with self.store.reading() as session:
            row = session.get_one(RequestRow, self.request)
            deeds = session.execute(select(func.count()).select_from(JournalRow)).scalar_one()
            return row, (row.state, row.version, deeds)


@pytest.fixture(scope="module")
def guarded(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    store = Store(sqlite_files.copy(tmp_path_factory.mktemp("guarded") / "copbot.db"))
    yield Guarded(store, cast(store).request)
    store.close()


STAFF_ONLY = [row for row in ROWS if row.who in FOR_FEW and row.kind in ("action", "view")]


@for_each("row", STAFF_ONLY, ids=name_of)
@for_each("user", [MEMBER, GUEST])
def test_who_is_not_staff_presses_and_sends_what_is_staffs_in_vain_inv7(
    guarded: Guarded, row: Entrance, user: str
) -> None:
    _, before = guarded.stands()
    assert re.search(ONLY_STAFF, guarded.tries(user, row))
    assert guarded.stands()[1] == before


@for_each("row", [row for row in STAFF_ONLY if row.who != "staff"], ids=name_of)
def test_staff_who_lead_nothing_do_what_leads_do_in_vain_inv7(guarded: Guarded, row: Entrance) -> None:
    _, before = guarded.stands()
    assert re.search(ONLY_LEADS, guarded.tries(STAFF, row))
    assert guarded.stands()[1] == before
