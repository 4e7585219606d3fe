"""Categories, formats and fund sources are the profile's; a profile of an older release has the usual ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from copbot.program.profile import DEFAULT_PROFILE, Profile, load, shipped
from copbot.program.schema.faults import ProfileFault
from copbot.store import Store
from tests.contacts.kit import desk, text_of

TEXT = (shipped() / DEFAULT_PROFILE).read_text()
LISTS = r"\n(contact_categories|contact_formats|fund_sources):\n(  - .*\n)+"


def loaded(folder: Path, text: str) -> Profile:
    path = folder / "program.yaml"
    path.write_text(text)
    return load(path)


def test_without_them_there_are_the_usual_ones_and_no_fund_sources(tmp_path: Path) -> None:
    older, usual = loaded(tmp_path, re.sub(LISTS, "\n", TEXT)), load()
    assert older.contact_categories == usual.contact_categories
    assert older.contact_formats == usual.contact_formats
    assert (older.fund_sources, len(usual.fund_sources)) == ((), 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", unasked: true", "", "needs work of both kinds"),
        ("{id: phone, label: Phone}", "{id: video, label: Phone}", "the id “video” is already used"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ProfileFault, match=said):
        loaded(tmp_path, TEXT.replace(old, new))


def test_the_form_offers_requests_first_then_work_nobody_requested(store: Store) -> None:
    opened = text_of(desk(store).calls("command", "ta log"))
    order = [opened.index(each) for each in ("Phone call", "Webinar", "Consultation")]
    assert order == sorted(order)
    assert "State funds" in opened
