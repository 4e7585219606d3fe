"""Every way in, for every kind of person: it works, or it answers with a sentence; nothing ever breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.app import entrances
from copbot.slack.answers import Done
from copbot.slack.entrances import Entrance, Kind
from copbot.slack.scopes import EVENTS
from tests.databases import SqliteFiles
from tests.dialogs.envelopes import Json, delivered, delivery, envelope_type
from tests.dialogs.kit import Talk, talking
from tests.rows import for_each

ROWS = entrances().rows
PEOPLE = ("kim", "ravi", "ada", "lou", "gus", "sol", "dee", "pollbot", "zed")
"""A member, staff, staff, an administrator, two kinds of guest, somebody who left, a bot, a stranger."""
REFUSED = {
    "dee": "deactivated",
    "pollbot": "Only people can do this",
    "zed": "Only people of this workspace can do this.",
}
ADDRESSES = {
    "views.open", "views.push", "views.update", "views.publish", "chat.postEphemeral", "response_url", "users.info",
}  # fmt: skip
"""A hand-made press has no form of its own, and a damaged one names nobody and nowhere; nothing else is refused."""


def name_of(row: Entrance) -> str:
    return f"{row.kind} {row.id}"


@pytest.fixture(scope="module")
def made(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Talk]:
    """A bot that gets hand-made deliveries."""
    url = sqlite_files.copy(tmp_path_factory.mktemp("made") / "copbot.db")
    with talking(url, checked=False) as talk:
        talk.asks("kim")
        yield talk
        assert {each["where"] for each in talk.ws.refusals()} <= ADDRESSES


@for_each("row", ROWS, ids=name_of)
def test_whoever_comes_in_here_is_answered_and_nothing_breaks_inv7(
    made: Talk, row: Entrance, pytestconfig: pytest.Config
) -> None:
    """In `make test` each entrance meets three of them, one of whom is refused everywhere; the next one others."""
    before = len(made.faults())
    for handle in PEOPLE if pytestconfig.getoption("--prove") else PEOPLE[ROWS.index(row) % 3 :: 3]:
        became = delivered(made, row, delivery(made, row, handle, value="nothing-of-ours:1"))
        assert became["acked"], handle
        assert made.faults()[before:] == [], handle
        if row.kind == "command" and handle in REFUSED:
            assert REFUSED[handle] in became["ack"]["text"]
        if row.kind == "options" and handle in REFUSED:
            assert became["ack"] == {"options": []}
        if row.kind == "view" and handle in REFUSED:
            assert became["ack"]["response_action"] in ("update", "errors")
            assert REFUSED[handle] in str(became["ack"])
        assert len(str(became["ack"] or "")) < 16_000


@pytest.mark.parametrize(
    "kind", ["command", "action", "shortcut", "message_shortcut", "view", "options", "event"]
)
def test_what_this_release_does_not_know_is_answered_in_words(made: Talk, kind: Kind) -> None:
    """The app's settings may be newer or older than the process, and old buttons stand for years."""
    row = Entrance(kind=kind, id="not_of_this_release", run=lambda _call: Done())
    became = delivered(made, row, delivery(made, row, "noor", value="1"))
    assert became["acked"]
    words = "I can't do that here. Type /ta help to see"
    if kind == "command":
        assert words in became["ack"]["text"]
    elif kind == "view":
        assert words in str(became["ack"]), "and what was typed stays"
    elif kind in ("options", "event"):
        assert not (became["ack"] or {}).get("text")
    else:
        assert words in made.person("noor").told("I can't do that here")


@pytest.mark.parametrize("gone", ["user", "channel_type"])
@pytest.mark.parametrize("kind", ["app_home_opened", "message"])
def test_an_event_that_leaves_something_out_is_taken_as_far_as_it_goes(
    made: Talk, kind: str, gone: str
) -> None:
    row = next(row for row in ROWS if (row.kind, row.id) == ("event", kind))
    payload = delivery(made, row, "noor")
    before = len(made.ws.calls("chat.postEphemeral"))
    room = made.person("noor").says("hello", in_="dm").channel
    payload["event"] |= {"channel": room, "channel_type": "im"}
    del payload["event"][gone]
    shown = len(made.ws.waits_for_call("chat.postEphemeral", before + 1))
    assert delivered(made, row, payload)["acked"]
    assert made.faults() == []
    if (kind, gone) == ("message", "channel_type"):
        made.ws.waits_for_call("chat.postEphemeral", shown + 1)


# -- deliveries with something missing or wrong


WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=20), st.just([]), st.just({}),
    st.just(["x"]), st.just({"x": 1}), st.just([None]), st.just("V" * 300), st.just("a:b:c"),
)  # fmt: skip


def paths_in(payload: Json, here: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, part in payload.items():
        found.append((*here, name))
        if isinstance(part, dict):
            found += paths_in(part, (*here, name))
    return found


def damaged(payload: Json, path: tuple[str, ...], wrong: object, *, gone: bool) -> None:
    place = payload
    for name in path[:-1]:
        place = place[name]
    if gone:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = wrong


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(row=st.sampled_from(ROWS), where=st.integers(0, 999), wrong=WRONG, gone=st.booleans())
def test_a_delivery_with_something_missing_or_wrong_is_acked_and_breaks_nothing(
    made: Talk, row: Entrance, where: int, wrong: object, gone: bool
) -> None:
    """What is drawn depends on nothing in the workspace, which every example changes."""
    before = len(made.faults())
    payload = delivery(made, row, "juno", value="x:1")
    paths = paths_in(payload)
    damaged(payload, paths[where % len(paths)], wrong, gone=gone)
    became = made.ws.faults.raw(payload, kind=envelope_type(row.kind), answerable=True)
    assert became["acked"]
    assert made.faults()[before:] == []
    assert made.person("juno").types("/ta help").told("/ta list")


# -- what must be said of each


@for_each(
    "row", [row for row in ROWS if row.kind in ("command", "shortcut", "message_shortcut")], ids=name_of
)
def test_every_way_in_that_people_name_has_help_an_example_and_a_dialog(row: Entrance) -> None:
    assert row.help or row.staff_help
    assert row.example
    dialogs = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    typed = f"/{row.id}" if row.kind == "command" else row.example
    assert typed in dialogs


def test_every_event_asked_for_has_an_entrance_and_every_entrance_is_asked_for() -> None:
    heard = {row.id for row in ROWS if row.kind == "event"}
    asked = {name.partition(".")[0] for name in EVENTS}
    as_messages = {"message_deleted", "message_changed", "file_share", "thread_broadcast", "me_message"}
    as_messages |= {"channel_convert_to_public", "channel_convert_to_private"}
    assert heard - as_messages == asked


def test_help_shows_each_command_with_its_example(made: Talk) -> None:
    told = made.person("noor").types("/ta help").told()
    for row in ROWS:
        if row.kind == "command" and row.id.startswith("ta"):
            assert (f"{row.example}: {row.help}" in told) == bool(row.help)
        if row.kind.endswith("shortcut"):
            assert f"{row.example}: {row.help}" in told
    profile = made.bot.profile
    for line in (profile.contact.phone, profile.contact.email, profile.notices.not_an_emergency):
        assert line in told


def test_members_never_read_the_programs_own_name(made: Talk) -> None:
    shown = [str(row.help) + row.example for row in ROWS]
    assert not [words for words in shown if re.search(r"\bcop", words, re.IGNORECASE)]
