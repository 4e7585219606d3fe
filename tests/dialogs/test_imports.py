"""A spreadsheet from the first drop to the library, as staff do it in Slack."""

from __future__ import annotations

from pathlib import Path

from copbot.people import service as people
from copbot.resources.library import reviewing
from copbot.resources.library.values import ResourceFields
from copbot.store import Store
from tests.dialogs.kit import Talk
from tests.forked import run

LIST = b"Title,Link\nStrips that work,https://a.example/1\nWound care at home,https://a.example/2\nBad,javascript:x\n"


def test_staff_drop_a_list_correct_its_columns_import_it_and_undo_that(own_talk: Talk) -> None:
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    kim.drops("list.csv", LIST)
    kim.whisper("Only staff can import files")
    assert own_talk.ws.calls("files.info") == []
    ravi.drops("list.csv", LIST)
    ravi.sees("2 rows can be imported, 1 cannot", in_="dm")
    ravi.clicks("Correct columns", in_="dm")
    ravi.modal(text="Correct columns")
    ravi.fills(Summary="Title")
    assert ravi.submits().closed
    ravi.sees("Summary: Title", in_="dm")
    ravi.clicks("Import and publish", in_="dm")
    ravi.sees("imported and published: 2 added", in_="dm")
    ravi.opens_home()
    ravi.clicks("Get the library as CSV")
    file = ravi.sees("2 published resources", in_="dm").raw["files"][0]
    assert (file["filetype"], file["title"]) == ("csv", file["name"])
    ravi.clicks("Undo", in_="dm")
    ravi.sees("2 resources deleted", in_="dm")
    asked = [each["args"]["file"] for each in own_talk.ws.calls("files.info")]
    assert (
        asked.count(file["id"]) == 1
    )  # where it stands; the app did not take its own file for one to import


def test_what_a_command_saves_beside_the_bot_is_found_at_once_and_its_notes_leave(
    own_talk: Talk, tmp_path: Path
) -> None:
    url, file = own_talk.bot.store.url, tmp_path / "list.csv"
    file.write_bytes(LIST)
    done = run("import", str(file), "--publish", at=tmp_path, DATABASE_URL=url)
    assert "2 taken, 1 refused: line 4" in done.stdout
    kim = own_talk.person("kim")
    kim.types("/resources strips")
    kim.modal(text="Strips that work")
    beside = Store(url)  # as a command's process has it: nothing of it wakes the bot but the row
    with beside.writing() as session:
        person = people.identify(session, kim.id)
        assert person is not None
        fields = ResourceFields(kind="link", title="From a command", url="https://a.example/9")
        details = {"profile": own_talk.bot.profile, "now": own_talk.bot.clock.now()}
        reviewing.add(session, fields, person=person, **details)
    beside.close()
    own_talk.person("ravi").sees("1 resource to review", in_="ta-staff")
    assert own_talk.faults() == []
