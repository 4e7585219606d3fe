"""A living bot whose staff channel changes hands: what Slack tells, tells late, or does not tell."""

from __future__ import annotations

from pathlib import Path

from tests.databases import SqliteFiles
from tests.dialogs.kit import talking
from tests.readers.kit import LONG_AGO
from tests.waiting import eventually

LINE = "details are in Home"


def test_the_staff_channel_becomes_public_is_shared_in_silence_and_gets_another_id(
    sqlite_files: SqliteFiles, tmp_path: Path
) -> None:
    with talking(sqlite_files.copy(tmp_path / "copbot.db"), checked=False) as talk:
        admin, room = talk.ws.admin, talk.room()

        def texts() -> list[bool]:
            """For each notice in the staff channel: whether somebody's words stand in it."""
            return ["kits" in each.text() for each in room.messages() if "TA-" in each.text()]

        talk.asks("kim")
        eventually(lambda: texts() == [True], "the notice")
        admin.make_public("ta-staff")
        eventually(lambda: texts() == [False], "the text to be gone")
        assert LINE in room.last().text()
        admin.make_public("ta-staff", public=False)
        eventually(lambda: texts() == [True], "the text to be back")

        admin.share("ta-staff", tell=False)
        talk.goes_on(LONG_AGO)
        second = talk.asks("juno")
        eventually(lambda: texts() == [False], "a second notice to wait, and the first to be a line")
        admin.share("ta-staff", shared=False)
        eventually(lambda: texts() == [True, True], "both")
        assert second in room.last().text()

        old, new = admin.change_id("ta-staff", tell=False)
        talk.goes_on(LONG_AGO)
        third = talk.asks("kim")
        admin.tell_id_changed(old, new)
        eventually(lambda: any(third in each.text() for each in room.messages()), "what was kept to come")
        # Notices follow to the new id one after the other: the new copy comes before the old one goes.
        eventually(lambda: texts() == [True, True, True], "each notice to stand once")
