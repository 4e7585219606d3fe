"""A spreadsheet from the first drop to the library, as staff do it in Slack."""

from __future__ import annotations

from tests.dialogs.kit import Talk

LIST = b"Title,Link\nStrips that work,https://a.example/1\nWound care at home,https://a.example/2\nBad,javascript:x\n"


def test_staff_drop_a_list_correct_its_columns_import_it_and_undo_that(own_talk: Talk) -> None:
    kim, ravi = own_talk.person("kim"), own_talk.person("ravi")
    kim.drops("list.csv", LIST)
    kim.whisper("Only staff can import files")
    assert own_talk.ws.calls("files.info") == []
    ravi.drops("list.csv", LIST)
    ravi.sees("2 would be taken, 1 refused", in_="dm")
    ravi.clicks("Correct columns", in_="dm")
    ravi.modal(text="Correct columns")
    ravi.fills(Summary="Title")
    assert ravi.submits().closed
    ravi.sees("Summary: Title", in_="dm")
    ravi.clicks("Import and publish", in_="dm")
    ravi.sees("imported published: 2 added", in_="dm")
    ravi.clicks("Undo", in_="dm")
    ravi.sees("2 resources deleted", in_="dm")
