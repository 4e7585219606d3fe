"""Home as each role sees it, from nothing to the first request, and kept true while it is open."""

from __future__ import annotations

from tests.dialogs.kit import Talk


def test_a_practitioner_finds_help_their_requests_and_their_profile(talk: Talk) -> None:
    home = talk.person("noor").opens_home()
    for words in ("Ask for help", "Your requests", "No requests yet", "About you", "Rather talk?"):
        assert words in home.text(), words
    for words in ("Health", "Set-up", "Unassigned", "The program", "Your work here"):
        assert words not in home.text(), words


def test_staff_find_what_waits_and_their_own_work(talk: Talk) -> None:
    number = talk.asks("kim")
    home = talk.person("mei").opens_home(again=True)
    assert number in home.text()
    assert "Unassigned" in home.text()
    assert "Your work here" in home.text()
    assert "Workload" not in home.text()


def test_an_administrator_finds_the_set_up_and_how_it_goes(talk: Talk) -> None:
    home = talk.person("lou").opens_home()
    for words in (
        "Set-up",
        "Staff channel",
        "Leads",
        "Time zone",
        "Care and crisis lines",
        "Health",
        "The program",
    ):
        assert words in home.text(), words
    assert "No open requests" not in home.text()
