"""A spreadsheet dropped to the app by staff: what would be taken is shown first, then it is imported, then undone."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from copbot.clock import FixedClock
from copbot.conversations.listeners import wrote
from copbot.delivery.render import Look
from copbot.delivery.subject import Subject
from copbot.delivery.tables import MessageRow
from copbot.errors import Conflict, NotAllowed
from copbot.imports import plugs
from copbot.imports.drops import jobs, listeners, service
from copbot.imports.drops.rules import Drop, is_dropped
from copbot.imports.files import jobs as file_jobs
from copbot.jobs.tables import JobRow
from copbot.jobs.work import Work
from copbot.resources.library import service as library
from copbot.sandbox.methods.files import record, shown
from copbot.slack.answers import Answer, Message, Nothing, Say
from copbot.slack.entrances import Call, Wiring
from copbot.slack.errors import Unsure
from copbot.slack.person import Person
from copbot.slack.text import text_of_message
from copbot.store import Store
from tests.communities.kit import Slack
from tests.resources.given import MEMBER, NOW, PROFILE, STAFF, filled_in, knows_people, text_in, uses

FOUR = (
    b"Title,Link,Topics\nNaloxone basics,https://a.example/1,naloxone\nWound care,https://a.example/2,\n"
    b"Test strips,https://a.example/3,\nBad,javascript:alert(1),\n"
)


class Desk:
    """A database, a workspace with one dropped file, and the jobs that people asked for."""

    def __init__(self, store: Store) -> None:
        self.store, self.slack = store, Slack()
        knows_people(store)

    def event(self, name: str, content: bytes = FOUR, text: str = "") -> dict[str, Any]:
        file = record(self.slack.world, STAFF.user, name, content, len(content))
        message = {"type": "message", "subtype": "file_share", "channel_type": "im", "text": text}
        return {**message, "user": STAFF.user, "ts": "1700000000.000100", "files": [shown(file)]}

    def drops(self, name: str = "list.csv", content: bytes = FOUR, person: Person = STAFF) -> Answer:
        return self._hears(listeners.dropped, self.event(name, content), person)

    def hears(self, event: dict[str, Any], person: Person) -> Answer:
        """What the room that reads messages answers to the same event."""
        return self._hears(wrote, event, person)

    def _hears(self, run: Callable[[Call], Answer], event: dict[str, Any], person: Person) -> Answer:
        with self.store.writing() as session:
            call = Call(session, person=person, now=NOW, profile=PROFILE, channel="D1", event=event)
            return run(Call(**{**vars(call), "text": text_of_message(event)}))

    def works(self, progress: Callable[[int, int], None] = lambda _n, _of: None) -> None:
        """The jobs that were asked for, each once."""
        with self.store.writing() as session:
            waiting = session.query(JobRow).filter_by(state="due").order_by(JobRow.id).all()
            todo = [(row.name, dict(row.args)) for row in waiting if row.name.startswith("imports.")]
            assert all(row.asked_by == STAFF.user for row in waiting)
            for row in waiting:
                row.state = "done"
        for name, args in todo:
            self.runs(name, args, progress)

    def runs(self, name: str, args: dict[str, Any], progress: Callable[[int, int], None]) -> None:
        job = next(each for each in jobs.JOBS if each.name == name)
        job.run(Work(self.store, self.slack, FixedClock(NOW), PROFILE, args, progress, Wiring()))

    def presses(self, action: str, person: Person = STAFF, **more: Any) -> Answer:
        return uses(self.store, "action", f"imports.{action}", person, value=self.drop.uid, **more)

    @property
    def drop(self) -> Drop:
        with self.store.reading() as session:
            row = (
                session.query(MessageRow).filter_by(kind=service.DROP).order_by(MessageRow.id.desc()).first()
            )
            assert row is not None
            found = service.find(session, Subject(row.subject).ident)
        assert found is not None
        return found

    @property
    def message(self) -> str:
        """What the drop's message shows now."""
        with self.store.reading() as session:
            subject = Subject(f"drop:{self.drop.uid}")
            told = plugs.NOTICES[service.DROP](session, subject, Look(PROFILE, NOW, "u"))
        assert isinstance(told, Message)
        return json.dumps([told.text, *told.blocks], ensure_ascii=False)

    def counts(self) -> tuple[int, int]:
        """Published and drafts."""
        with self.store.reading() as session:
            return len(library.published(session, most=5000).items), library.drafts(session)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_a_dropped_list_is_shown_before_anything_is_taken_then_imported_then_undone(desk: Desk) -> None:
    desk.drops()
    assert "Reading list.csv" in desk.message
    desk.works()
    assert desk.counts() == (0, 0)
    for words in (
        "3 rows can be imported, 1 cannot", "Line 5", "Text encoding: UTF-8", "Web address", "Link",
        "Import as drafts", "Import and publish", "Correct columns", "Cancel",
    ):  # fmt: skip
        assert words in desk.message, words
    desk.presses("published")
    assert "Importing list.csv" in desk.message
    desk.works()
    assert desk.counts() == (3, 0)
    assert "imported and published: 3 added, 0 changed, 1 not imported" in desk.message
    assert "Naloxone" not in json.dumps(dict(desk.drop.seen))
    desk.presses("undo")
    desk.works()
    assert desk.counts() == (0, 0)
    assert "3 resources deleted" in desk.message


def test_as_drafts_nobody_finds_them_before_a_review(desk: Desk) -> None:
    desk.drops()
    desk.works()
    desk.presses("as_drafts")
    desk.works()
    assert desk.counts() == (0, 3)


@pytest.mark.both_databases
def test_a_press_counts_once_and_only_the_one_who_dropped_it_decides(desk: Desk) -> None:
    desk.drops()
    with pytest.raises(Conflict):
        desk.presses("as_drafts")  # not read yet
    desk.works()
    other = Person(id=3, user="UJO", name="Jo", tz="UTC", is_staff=True)
    for action in ("as_drafts", "published", "cancel", "columns"):
        with pytest.raises(NotAllowed):
            desk.presses(action, other)
    desk.presses("as_drafts")
    for action in ("as_drafts", "published", "cancel"):
        with pytest.raises(Conflict):
            desk.presses(action)


def test_cancel_forgets_what_was_read(desk: Desk) -> None:
    desk.drops()
    desk.works()
    desk.presses("cancel")
    assert "was not imported" in desk.message
    assert desk.drop.seen == {}
    desk.works()
    assert desk.counts() == (0, 0)


def test_columns_are_corrected_in_a_form_that_finds_headings_while_typing(desk: Desk) -> None:
    desk.drops(content=b"Wie es heisst,Wo\nNaloxone basics,https://a.example/1\n")
    desk.works()
    assert "No column holds titles" in desk.message
    form = desk.presses("columns")
    assert "Which" not in text_in(form)
    meta = {"drop": desk.drop.uid}
    offered = uses(desk.store, "options", "imports.heading", STAFF, meta=meta, text="heisst")
    assert [each["text"]["text"] for each in offered.options] == ["No column", "Wie es heisst"]  # type: ignore[union-attr]
    uses(
        desk.store,
        "view",
        "imports.corrected",
        STAFF,
        meta=meta,
        form=filled_in(title="0", url="1", kind="none"),
    )
    desk.works()
    assert "1 row can be imported." in desk.message
    desk.presses("published")
    desk.works()
    assert desk.counts() == (1, 0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.xlsx", b"PK", "Save it as CSV: choose File, Save As"),
        ("list.ics", b"BEGIN:VCARD", "not a calendar"),
        ("list.zip", b"PK", "damaged"),
        ("list.csv", b"", "empty"),
        ("list.csv", b"Title\n" + b"x" * (5 * 1024 * 1024), "larger than 5 MB"),
        ("list.csv", b"Title,Link\n\"never closed,https://a.example\n", "was not imported"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(
    desk: Desk, name: str, content: bytes, words: str
) -> None:
    desk.drops(name, content)
    desk.works()
    assert words in desk.message
    assert "Import as drafts" not in desk.message
    assert desk.counts() == (0, 0)


CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Trainings\r\n"
    "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Strips by hand\r\nDTSTART:{day}T150000Z\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Broken\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def package_of(services: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("services.csv", services)
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "title", "refused"),
    [
        ("club.ics", CALENDAR.format(day=f"{NOW + timedelta(days=9):%Y%m%d}").encode(), "Strips by hand", 1),
        ("all.ZIP", package_of("id,name\n1,Walk-in exchange\n,No id\n"), "Walk-in exchange", 1),
    ],
)
def test_a_dropped_calendar_or_package_is_imported_as_the_command_does(
    desk: Desk, name: str, content: bytes, title: str, refused: int
) -> None:
    desk.drops(name, content)
    desk.works()
    assert ("1 row can be imported, 1 cannot." if refused else "1 row can be imported.") in desk.message
    assert "Correct columns" not in desk.message
    assert desk.counts() == (0, 0)
    desk.presses("published")
    desk.works()
    with desk.store.reading() as session:
        assert [each.title for each in library.published(session).items] == [title]
    desk.presses("undo")
    desk.works()
    assert desk.counts() == (0, 0)


def test_a_file_that_somebody_deleted_meanwhile_is_asked_for_again(desk: Desk) -> None:
    desk.drops()
    desk.works()
    desk.slack.world.state.files.clear()
    desk.presses("published")
    desk.works()
    assert "no longer in Slack" in desk.message


def test_only_staffs_lists_are_opened_and_one_room_answers(desk: Desk) -> None:
    answer = desk.drops(person=MEMBER)
    assert isinstance(answer, Say)
    assert "Only staff can import" in answer.message.text
    picture = desk.event("photo.png")
    assert isinstance(desk.hears(picture, STAFF), Say)
    assert isinstance(desk.hears(desk.event("list.csv"), STAFF), Nothing)
    assert isinstance(desk.hears(desk.event("list.csv", text="I overdosed and need help now"), MEMBER), Say)
    with desk.store.reading() as session:
        assert session.query(JobRow).count() == 0


@pytest.mark.parametrize(
    ("more", "ours"),
    [
        ({}, True), ({"channel_type": "channel"}, False), ({"bot_id": "B1"}, False), ({"user": ""}, False),
        ({"files": "none"}, False), ({"files": [{"name": "photo.png"}, None]}, False), ({"files": [{"name": "A.CSV"}]}, True),
    ],
)  # fmt: skip
def test_a_file_in_a_channel_or_of_an_app_is_none_of_ours(more: dict[str, Any], ours: bool) -> None:
    event = {"channel_type": "im", "user": "U1", "files": [{"name": "list.tsv"}], **more}
    assert is_dropped(event, "UBOT") is ours


class CutDown(Exception):
    """The process ends here."""


def test_an_import_cut_off_in_the_middle_is_finished_by_its_next_run_and_undone_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_jobs, "BATCH", 10)
    rows = "".join(f"Page number {n} of many,https://a.example/{n}\n" for n in range(35))
    desk.drops(content=f"Title,Link\n{rows}".encode())
    desk.works()
    desk.presses("published")

    def ends(done: int, _of: int) -> None:
        if done >= 20:
            raise CutDown

    with pytest.raises(CutDown):
        desk.works(ends)
    assert desk.counts() == (20, 0)
    desk.runs(service.IMPORT, {"drop": desk.drop.uid}, lambda _n, _of: None)
    assert desk.counts() == (35, 0)
    desk.runs(service.IMPORT, {"drop": desk.drop.uid}, lambda _n, _of: None)
    assert desk.counts() == (35, 0)
    desk.presses("undo")
    desk.works()
    assert desk.counts() == (0, 0)


def test_a_file_that_goes_in_the_middle_of_its_import_can_be_undone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_jobs, "BATCH", 1)
    desk.drops()
    desk.works()
    desk.presses("published")

    def ends(done: int, _of: int) -> None:
        if done >= 2:
            raise CutDown

    with pytest.raises(CutDown):
        desk.works(ends)
    desk.slack.world.state.files.clear()
    desk.runs(service.IMPORT, {"drop": desk.drop.uid}, lambda _n, _of: None)
    assert "list.csv stopped." in desk.message
    assert desk.counts() == (2, 0)
    desk.presses("undo")
    desk.works()
    assert desk.counts() == (0, 0)


def test_when_slack_does_not_hand_the_file_over_its_person_is_told(desk: Desk) -> None:
    desk.drops()
    desk.slack.fails("files.info", Unsure("no_answer", "files.info"))
    desk.works()
    assert "didn't give us the file" in desk.message


def test_words_of_a_file_never_become_markup(desk: Desk) -> None:
    desk.drops("<!channel>.csv", b"Title,Link\n<@U1>,javascript:<!here>\n")
    desk.works()
    with desk.store.reading() as session:
        told = plugs.NOTICES[service.DROP](session, Subject(f"drop:{desk.drop.uid}"), Look(PROFILE, NOW, "u"))
    assert isinstance(told, Message)
    assert "<!channel>" not in told.text
    assert all(block["text"]["type"] == "plain_text" for block in told.blocks if block["type"] == "section")


def test_what_is_dropped_is_what_is_read(desk: Desk) -> None:
    content = "Title,Link\nÉducation,https://a.example/é\n".encode("utf-16")
    desk.drops(content=content)
    [file] = desk.slack.world.state.files.values()
    assert base64.b64decode(file["content"]) == content
    desk.works()
    assert "UTF-16" in desk.message
