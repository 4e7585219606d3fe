"""Past requests and activities out of a spreadsheet: tried, taken once, refused by row and column, undone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from copbot.assistance.dose.files import KINDS
from copbot.assistance.tables import RequestRow
from copbot.assistance.views import facts, lists
from copbot.assistance.workflow import service
from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, InvalidInput
from copbot.imports.command import jobs
from copbot.imports.command.rules import FileForm
from copbot.imports.command.screens import CommandResult
from copbot.imports.records import RecordRow
from copbot.store import Session, Store
from tests.assistance.given import profile, row
from tests.contacts.kit import Desk, desk
from tests.databases import SqliteFiles
from tests.ground.test_cli import bot
from tests.people.given import NOW

YEAR = NOW.year - 1
REQUESTS = f"""Request ID,Date received,Topic,County,Organization,Description,Outcome,Date completed,Grant
A-1,3/4/{YEAR},naloxone; Wound care,Dane,Dane Drop-in,How to store kits,Completed,3/9/{YEAR},x
A-2,{YEAR}-04-01,naloxone,Brown; Door,,,Outside what we do,,x
"""
ACTIVITIES = f"""Date,Activity,Minutes,Format,People reached,Topics,County,Fund source,Formal session,Notes
{YEAR}-05-01,Webinar,1:30,Video call,40,naloxone,Statewide,State funds,yes,Spring webinar
{YEAR}-05-01,Webinar,1:30,Video call,40,naloxone,Statewide,State funds,yes,Spring webinar
5/6/{YEAR},Materials,2 h,,,,,,,
"""


@pytest.fixture
def room(store: Store) -> Desk:
    return desk(store)


class Folder:
    def __init__(self, room: Desk, at: Path) -> None:
        self.room, self.path = room, at / "list.csv"
        self.kinds = KINDS

    def takes(self, text: str, form: FileForm, **more: Any) -> CommandResult:
        self.path.write_text(text)
        return jobs.run(self._doing(**more), str(self.path), form, None)

    def undoes(self, ident: int) -> str:
        return jobs.run(self._doing(), "", None, ident).text

    def _doing(self, **more: Any) -> jobs.Import:
        return jobs.prepared(
            self.room.store, profile(), now=lambda: NOW, say=lambda _line: None, kinds=self.kinds, **more
        )


@pytest.fixture
def folder(room: Desk, tmp_path: Path) -> Folder:
    return Folder(room, tmp_path)


def requests(room: Desk) -> list[RequestRow]:
    with room.store.reading() as session:
        return list(
            session.scalars(
                select(RequestRow).where(RequestRow.import_id.is_not(None)).order_by(RequestRow.id)
            )
        )


def messages(room: Desk) -> int:
    with room.store.reading() as session:
        return len(list(session.scalars(select(MessageRow.id))))


@pytest.mark.both_databases
def test_past_requests_are_tried_taken_once_and_undone(room: Desk, folder: Folder) -> None:
    told = messages(room)
    tried = folder.takes(REQUESTS, FileForm.REQUESTS, dry_run=True)
    assert "2 would be taken, 0 refused." in tried.text
    columns = "Date, Number, Topics, Areas, Agency, Need, Closed, Close reason"
    assert f"Columns: {columns}. Not used: Grant." in tried.text
    assert requests(room) == []

    taken = folder.takes(REQUESTS, FileForm.REQUESTS)
    assert "2 taken, 0 refused." in taken.text
    assert "drafts" not in taken.text
    first, second = requests(room)
    assert (first.state, first.close_reason, first.need) == ("closed", "completed", "How to store kits")
    assert (first.asked_at.date().isoformat(), first.closed_at and first.closed_at.date().isoformat()) == (
        f"{YEAR}-03-04",
        f"{YEAR}-03-09",
    )
    assert (second.close_reason, second.not_agency, second.source) == ("out_of_scope", True, "other")
    with room.store.reading() as session:
        found = facts.one(session, first.id, room.people.sam, NOW)
        assert (found.topics, found.areas, found.agency) == (
            ("naloxone", "wound_care"),
            ("wi-dane",),
            "Dane Drop-in",
        )
        assert found.requester.name == "Earlier records"
        assert lists.queue(session, room.people.lee, NOW)["late"].total == 0
    assert messages(room) == told

    assert "all of it was here already" in folder.takes(REQUESTS, FileForm.REQUESTS).text
    with room.store.writing() as session:
        service.reopen(
            session,
            request_id=second.id,
            person=room.people.sam,
            now=NOW,
            profile=profile(),
            why="Still asked for.",
        )
    with room.store.reading() as session:
        assert not session.scalars(
            select(MessageRow.id).where(MessageRow.destination == "earlier_records")
        ).all()
    assert "Import 1 is undone: 1 removed, 0 put back. 1 kept" in folder.undoes(1)
    assert [each.id for each in requests(room)] == [second.id]
    with pytest.raises(Conflict):
        folder.undoes(1)
    assert row(room.store, room.people.request).state == "new"


def test_past_activities_are_taken_once_and_undone(room: Desk, folder: Folder) -> None:
    room.works(minutes="15")
    assert "3 taken, 0 refused." in folder.takes(ACTIVITIES, FileForm.ACTIVITIES).text
    assert "all of it was here already" in folder.takes(ACTIVITIES, FileForm.ACTIVITIES).text
    saved = room.rows()[1:]
    assert [(each.category, each.minutes, each.people, each.formal) for each in saved] == [
        ("webinar", 90, 40, True), ("webinar", 90, 40, True), ("materials", 120, None, False),
    ]  # fmt: skip
    assert (saved[0].fund_source, saved[0].areas, saved[0].topics) == (
        "state",
        ["statewide"],
        ["naloxone"],
    )
    assert "Import 1 is undone: 3 removed" in folder.undoes(1)
    assert [each.minutes for each in room.rows()] == [15]
    assert "3 taken" in folder.takes(ACTIVITIES, FileForm.ACTIVITIES).text


class Killed(BaseException):
    """The process dies here."""


def test_killed_in_the_middle_the_same_file_finishes_it_and_nothing_is_doubled_inv2(
    room: Desk, folder: Folder
) -> None:
    rows = "".join(f"{YEAR}-05-01,Webinar,{minutes}\n" for minutes in range(1, 61))
    done = 0

    def dies(session: Session, record: RecordRow) -> bool:
        nonlocal done
        done += 1
        if done == 40:
            raise Killed
        return KINDS["activities"].take(session, record)

    folder.kinds = {"activities": replace(KINDS["activities"], take=dies)}
    with pytest.raises(Killed):
        folder.takes("Date,Category,Minutes\n" + rows, FileForm.ACTIVITIES)
    assert [each.minutes for each in room.rows()] == list(range(1, 26))
    folder.kinds = KINDS
    assert (
        "35 new, 0 changed, 25 unchanged."
        in folder.takes("Date,Category,Minutes\n" + rows, FileForm.ACTIVITIES).text
    )
    assert [each.minutes for each in room.rows()] == list(range(1, 61))
    folder.undoes(1)
    folder.undoes(2)
    assert room.rows() == []


def test_a_row_that_cannot_be_taken_names_its_line_and_column_and_what_to_do(
    room: Desk, folder: Folder
) -> None:
    wrong = folder.takes(
        f"Date,Topics,Areas,Need,Reason\n"
        f"soon,gardening,Dane,Kits,\n"
        f"{NOW.year + 1}-01-01,naloxone,Atlantis,Kits,because\n"
        f"{YEAR}-02-03,naloxone,Dane,Client named Terry Wilkes needs kits,\n",
        FileForm.REQUESTS,
    )
    assert wrong.code == 1
    for said in (
        "line 2: Date: “soon” is not a date. Write it like 2026-03-31 or 3/31/2026.",
        "Topics: “gardening” isn't one of our topics. Write one of: ",
        "line 3: ",
        "Date: That day has not come yet.",
        "Areas: “Atlantis” isn't one of our areas. Write a county's name",
        "Close reason: “because” is not known. Write one of: Completed,",
        "line 4: Need: This may be about a person you serve.",
    ):
        assert said in wrong.text, wrong.text
    assert "Terry" not in wrong.text
    assert requests(room) == []
    with pytest.raises(InvalidInput) as refused:
        folder.takes("Date,Topics\n2025-01-01,naloxone\n", FileForm.REQUESTS)
    assert refused.value.words.startswith("No column is called “Areas”. Give the first line this heading")


def test_the_command_takes_them(tmp_path: Path) -> None:
    url = SqliteFiles(tmp_path).copy(tmp_path / "copbot.db")
    years_ago = ACTIVITIES.replace(str(YEAR), str(YEAR - 3))  # the command's day is the machine's
    (tmp_path / "past.csv").write_text(years_ago)
    told = bot("import", "past.csv", "--kind", "activities", at=tmp_path, DATABASE_URL=url)
    assert "3 taken, 0 refused." in told.stdout, told.stdout + told.stderr
    assert "bot.py import --undo 1" in told.stdout
    assert "3 removed" in bot("import", "--undo", "1", at=tmp_path, DATABASE_URL=url).stdout
