"""Plan and apply on a strict workspace: what is made, what is left alone, and the same end from every kill."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import event

from copbot.slack.errors import SlackError, Unsure
from copbot.store import Store
from tests.communities.kit import Commons, Killed
from tests.databases import SqliteFiles


def test_a_wanted_community_gets_its_channel_with_all_that_belongs_in_it(any_commons: Commons) -> None:
    ada = any_commons.slack.user("ada")
    ident = any_commons.wants("wound-care", topics=["wound_care"], lead=ada, rhythm="First Monday")
    run = any_commons.applies()
    any_commons.delivers()
    assert run.state == "done"
    made = any_commons.furniture()["wound-care"]
    assert made["purpose"] == "All about wound-care."
    assert "First Monday" in made["topic"]
    assert [title for title, _ in made["bookmarks"]] == ["Ask for help"]
    assert made["members"] == ["ada", "tabot"]
    assert made["pinned"] == ["Welcome to #wound-care"]
    assert any_commons.row(ident).channel


def test_after_apply_the_plan_is_empty(commons: Commons) -> None:
    commons.wants("wound-care", lead=commons.slack.user("ada"))
    commons.applies()
    plan = commons.plans()
    assert (plan.result["actions"], plan.result["problems"]) == ([], [])
    assert "general" in plan.result["unknown"]
    assert "ta-staff" not in plan.result["unknown"] or commons.slack.world.state.staff_channel


def test_applying_again_calls_nothing_that_changes_anything(commons: Commons) -> None:
    commons.wants("wound-care")
    commons.applies()
    before = len(commons.slack.calls)
    commons.applies()
    changing = ("create", "set", "add", "edit", "invite", "rename", "post")
    assert [each for each in commons.slack.calls[before:] if each.split(".")[1].startswith(changing)] == []


def test_a_channel_of_that_name_is_taken_over_with_its_people(commons: Commons) -> None:
    ident = commons.wants("overdose-response")
    theirs = commons.slack.channel("overdose-response")
    assert theirs is not None
    commons.applies()
    assert commons.row(ident).channel == theirs.id
    assert "kim" in commons.furniture()["overdose-response"]["members"]


def test_unknown_channels_are_reported_and_left_alone(commons: Commons) -> None:
    before = commons.furniture()
    commons.wants("wound-care")
    commons.applies()
    after = commons.furniture()
    assert {name: after[name] for name in before} == before
    assert "ssp-operations" in commons.plans().result["unknown"]


def test_one_communitys_problem_stops_no_other_and_is_reported(commons: Commons) -> None:
    stuck = commons.wants("general")
    commons.wants("wound-care")
    before = commons.furniture()
    run = commons.applies()
    assert run.state == "partly"
    assert run.result["problems"] == [["general", stuck, "general"]]
    assert commons.row(stuck).trouble == "general"
    after = commons.furniture()
    assert after["general"] == before["general"]
    assert after["wound-care"]["pinned"] == ["Welcome to #wound-care"]
    assert commons.told("ada", "not set up yet")


def test_a_lead_who_left_is_reported_and_the_community_is_set_up_all_the_same(commons: Commons) -> None:
    ident = commons.wants("wound-care", lead=commons.slack.user("zed"))
    run = commons.applies()
    assert (run.state, run.result["problems"][0][0]) == ("partly", "lead")
    assert commons.furniture()["wound-care"]["pinned"] == ["Welcome to #wound-care"]
    assert commons.row(ident).trouble == "lead"
    assert commons.plans().result["actions"] == []


def test_a_name_that_slack_itself_reports_is_a_good_name(commons: Commons) -> None:
    ident = commons.wants("espana")
    commons.applies()
    channel = commons.slack.channel("espana")
    assert channel is not None
    channel.name = "españa"
    run = commons.applies()
    assert (run.state, commons.row(ident).name) == ("done", "españa")
    assert "españa" in commons.furniture()


def test_approving_one_sets_up_that_one_and_asks_slack_for_little_more(commons: Commons) -> None:
    for number in range(20):
        commons.wants(f"group-{number}", lead=commons.slack.user("ada"))
    only = commons.wants("wound-care", lead=commons.slack.user("ada"))
    before = len(commons.slack.calls)
    run, statements = commons.asks_run("apply"), list[str]()
    event.listen(commons.store.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    commons.does("communities.apply", community=only, run=run)
    assert commons.row(only).channel
    assert "group-1" not in commons.furniture()
    assert len(commons.slack.calls) - before <= 16
    assert len(statements) <= 200, "the sender's own are among them"


def test_a_name_taken_by_an_invisible_channel_is_told_and_the_same_command_finishes_later(
    commons: Commons,
) -> None:
    hidden = commons.slack.add_channel("wound-care", kind="group")
    ident = commons.wants("wound-care")
    run = commons.applies()
    assert (run.state, run.result["refused"]) == ("partly", [[ident, "create", "name_taken"]])
    assert commons.row(ident).trouble == "name_taken"
    hidden.name = "old-wound-care"
    assert commons.applies().state == "done"
    assert commons.row(ident).trouble == ""


@pytest.mark.parametrize(
    ("method", "code", "step"),
    [
        ("conversations.create", "restricted_action", "create"),
        ("conversations.setTopic", "is_archived", "topic"),
        ("conversations.setPurpose", "restricted_action", "purpose"),
        ("bookmarks.add", "too_many_bookmarks", "bookmark"),
        ("conversations.invite", "user_is_restricted", "invite_lead"),
        ("conversations.invite", "cant_invite", "invite_lead"),
        ("conversations.invite", "ura_max_channels", "invite_lead"),
        ("pins.add", "restricted_action", "pin"),
    ],
)
def test_what_slack_refuses_is_told_to_the_asker_and_the_same_command_finishes(
    commons: Commons, method: str, code: str, step: str
) -> None:
    ident = commons.wants("wound-care", topics=["wound_care"], lead=commons.slack.user("ada"))
    other = commons.wants("housing")
    commons.slack.refuses(method, code)
    run = commons.applies()
    refused = {row[0]: row[1:] for row in run.result["refused"]}
    assert list(refused.values()) == [[step, code]]
    commons.delivers()
    said = commons.slack.world.state.dm(commons.slack.user("ada")).messages
    assert any("not set up yet" in m["text"] for m in said.values())
    assert commons.applies().state == "done"
    assert commons.plans().result["actions"] == []
    assert commons.row(ident).channel
    assert commons.row(other).channel


@pytest.mark.parametrize("code", ["missing_scope", "restricted_action"])
def test_what_only_an_administrator_can_mend_reaches_one(commons: Commons, code: str) -> None:
    commons.wants("wound-care")
    commons.slack.refuses("conversations.create", code)
    with suppress(SlackError):  # a missing permission ends the job, which tries again later
        commons.applies()
    commons.delivers()
    said = commons.slack.world.state.dm(commons.slack.user("lou")).messages
    assert any("Slack doesn't let this app" in m["text"] for m in said.values())
    assert commons.applies().state == "done"


def test_a_pause_that_slack_asks_for_is_kept_and_the_plan_goes_on(commons: Commons) -> None:
    names = [f"group-{number}" for number in range(5)]
    for name in names:
        commons.wants(name)
    for method in ("conversations.create", "bookmarks.add", "pins.add", "conversations.list", "pins.list"):
        commons.slack.limits(method, times=2)
    assert commons.applies().state == "done"
    assert set(names) <= commons.furniture().keys()
    assert commons.plans().result["actions"] == []


@pytest.mark.parametrize(
    "method",
    ["conversations.create", "bookmarks.add", "pins.add", "conversations.setTopic", "conversations.invite"],
)
def test_a_lost_answer_doubles_nothing_inv5(commons: Commons, method: str) -> None:
    commons.wants("wound-care", topics=["wound_care"], lead=commons.slack.user("ada"))
    commons.slack.loses(method)
    assert commons.applies().state == "done"
    made = commons.furniture()["wound-care"]
    assert len(made["bookmarks"]) == 1
    assert len(made["pinned"]) == len(made["said"]) == 1
    assert [each for each in commons.furniture() if each.startswith("wound")] == ["wound-care"]


def test_an_unknown_outcome_that_was_none_is_repeated(commons: Commons) -> None:
    commons.wants("wound-care")
    commons.slack.fails("bookmarks.add", Unsure("no_answer"))
    assert commons.applies().state == "done"
    assert len(commons.furniture()["wound-care"]["bookmarks"]) == 1


def story(commons: Commons) -> None:
    """A new one, one whose channel exists, one to be renamed."""
    commons.wants("wound-care", topics=["wound_care"], lead=commons.slack.user("ada"))
    commons.wants("overdose-response")
    channel = commons.slack.channel("ssp-operations")
    assert channel is not None
    commons.wants("ssp-work", channel=channel.id, seen_name="ssp-operations")


@pytest.fixture
def bare(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Callable[[], Commons]]:
    """Makes workspaces, each with a database that knows nobody yet: one file, emptied each time.

    It may forget on a power cut: processes die here, never the machine. One store keeps its compiled queries.
    """
    url = sqlite_files.copy(tmp_path / "bare.db")
    empty = tmp_path / "empty.db"
    sqlite_files.copy(empty)
    store = Store(url)
    event.listen(store.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))

    def emptied() -> Commons:
        with (
            closing(sqlite3.connect(empty)) as source,
            closing(sqlite3.connect(tmp_path / "bare.db")) as file,
        ):
            source.backup(file)
        return Commons(store)

    yield emptied
    store.close()


def test_killed_at_any_call_and_run_again_it_ends_the_same(
    bare: Callable[[], Commons], pytestconfig: pytest.Config
) -> None:
    """In `make test` at the first and at the last call of each method, in `make prove` at all."""

    def fresh() -> Commons:
        found = bare()
        found.knows("ada", "lou")
        story(found)
        return found

    whole = fresh()
    whole.applies()
    wanted, calls = whole.furniture(), list(whole.slack.calls)
    assert len(calls) > 20
    ends = {calls.index(method) + 1 for method in calls} | {
        len(calls) - calls[::-1].index(method) for method in calls
    }
    for number, method in enumerate(calls, 1):
        if number not in ends and not pytestconfig.getoption("--prove"):
            continue
        reads = method.endswith((".list", ".info", ".conversations"))
        for after in (False,) if reads else (False, True):  # a kill after a read is one before the next call
            commons = fresh()
            commons.slack.kill = (number, after)
            with pytest.raises(Killed):
                commons.applies()
            commons.restarts()
            assert commons.applies().state == "done", (number, after)
            commons.delivers()
            assert commons.furniture() == wanted, (number, after)
            assert commons.plans().result["actions"] == [], (number, after)
