"""A profile written back to its file form loads again as the same profile, whatever was chosen."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copbot.errors import InvalidInput
from copbot.program.export import as_yaml
from copbot.program.profile import Profile, load, shipped
from copbot.program.settings import editable, hotlines
from copbot.store import Store
from tests.forked import run
from tests.program.editing import ADA, NOW, changed, effective, seeded

WI = load()


def again(profile: Profile, folder: Path) -> Profile:
    path = folder / "exported.yaml"
    path.write_text(as_yaml(profile), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", ["harm_reduction_wi.yaml", "adult_reading_mo.yaml"])
def test_a_shipped_profile_comes_back_the_same(name: str, tmp_path: Path) -> None:
    profile = load(shipped() / name)
    assert again(profile, tmp_path) == profile


def test_what_was_chosen_is_in_it(sqlite_store: Store, tmp_path: Path) -> None:
    profile = seeded(sqlite_store)
    changed(sqlite_store, profile, "contact", phone="608-555-0199")
    changed(sqlite_store, profile, "clocks", urgent="1.5 business hours")
    changed(
        sqlite_store, profile, "holidays", extra="11-27 Day after\n2026-12-24 Eve: “closed” #1", removed=""
    )
    changed(sqlite_store, profile, "topic.naloxone", label="no")
    line = {"name": "Ours", "number": "211", "text": "*Any* thing: & more", "source": "- here"}
    with sqlite_store.writing() as session:
        hotlines.add_hotline(session, profile, line, by=ADA, now=NOW)
        hotlines.confirm_hotline(session, profile, "crisis_988", seen=1, by=ADA, now=NOW)
        hotlines.remove_hotline(session, profile, "never_use_alone", seen=1, by=ADA, now=NOW)
    now = effective(sqlite_store, profile)
    loaded = again(now, tmp_path)
    assert loaded == now
    assert loaded.contact.phone == "608-555-0199"
    assert loaded.topic_label("naloxone") == "no"


def test_its_head_says_what_is_lost(tmp_path: Path) -> None:
    head = as_yaml(WI).partition("\nid:")[0]
    assert "notes of the file it was first loaded from are not in" in " ".join(head.split())
    assert all(line.startswith("#") for line in head.strip().splitlines())


PARTS = sorted(editable.editables(WI))
# What people type: letters of any script, signs that mean something to YAML, and several lines.
TYPED = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#&*!%@`'\"{}[]|>-?~ "), max_size=60
)
LIKELY = st.sampled_from(
    ["988", "no", "null", "~", "2026-11-27", "11-27 x", "08:00-12:00, 13:00-24:00", "3 business days", "a@b.org", ""]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PARTS, "hotline.added"]), st.lists(TYPED | LIKELY, min_size=7, max_size=7)
        ),
        max_size=4,
    )
)
def test_whatever_leads_type_comes_back_the_same(tmp_path: Path, edits: list[tuple[str, list[str]]]) -> None:
    profile = WI
    for name, typed in edits:
        part = editable.find(profile, name)
        assert part is not None
        before = part.read(profile)
        names = [field.name for field in part.fields]
        try:
            profile = editable.validate_and_apply(
                part, profile, {**before, **dict(zip(names, typed, strict=False))}
            )
        except InvalidInput:
            continue
        now = editable.find(profile, name)
        assert now is not None
        assert editable.validate_and_apply(now, profile, now.read(profile)) == profile
    assert again(profile, tmp_path) == profile


def export(url: str, *more: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run("export", "--format", "profile", *more, at=cwd, DATABASE_URL=url)


def test_the_command_writes_a_file_that_loads(database_url: str, tmp_path: Path) -> None:
    store = Store(database_url)
    profile = seeded(store)
    changed(store, profile, "contact", phone="608-555-0199")
    now = effective(store, profile)
    store.close()
    printed = export(database_url, cwd=tmp_path)
    assert (printed.returncode, printed.stderr) == (0, "")
    done = export(database_url, "--to", "mine.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Written to mine.yaml.\n")
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == printed.stdout
    assert load(tmp_path / "mine.yaml") == now
    twice = export(database_url, "--to", "mine.yaml", cwd=tmp_path)
    assert (twice.returncode, twice.stderr) == (1, "mine.yaml is already there; nothing was written.\n")


def test_without_a_database_the_command_says_which_one_comes_first(tmp_path: Path) -> None:
    done = export(f"sqlite:///{tmp_path}/none.db", cwd=tmp_path)
    assert done.returncode == 1
    assert "bot.py migrate" in done.stderr
    assert not (tmp_path / "none.db").exists()
