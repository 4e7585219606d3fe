"""Who edits choices, and databases with the profile loaded into them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from copbot.program.profile import Profile, load, shipped
from copbot.program.settings import edits
from copbot.program.settings.filed import Filed
from copbot.store import Store
from tests.days import MORNING as NOW


@dataclass(frozen=True)
class Somebody:
    user: str
    is_lead: bool = False
    is_admin: bool = False


ADA = Somebody("U0ADA", is_lead=True)
MEI = Somebody("U0MEI", is_lead=True)
LOU = Somebody("U0LOU", is_admin=True)
KIM = Somebody("U0KIM")
NAMES = {"U0ADA": "Ada Fenn", "U0MEI": "Mei Brook"}


def seeded(store: Store, profile: Profile | None = None) -> Profile:
    """The shipped profile, loaded into this database."""
    profile = profile or load()
    with store.writing() as session:
        edits.seed(session, profile, NOW)
    return profile


def effective(store: Store, profile: Profile) -> Profile:
    with store.reading() as session:
        return edits.effective(session, profile)


def changed(store: Store, profile: Profile, name: str, /, **texts: str) -> Filed[edits.Value]:
    """Ada changes these texts of what stands there now."""
    with store.writing() as session:
        now = edits.current(session, profile, name)
        return edits.change(
            session, profile, name, {**(now.value or {}), **texts}, seen=now.version, by=ADA, now=NOW
        )


def file_with(folder: Path, *replaced: tuple[str, str]) -> Profile:
    """The shipped profile with words in its file replaced."""
    text = (shipped() / "harm_reduction_wi.yaml").read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)
