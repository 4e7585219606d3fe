"""The form with the switch and the rules, and the dry run, as leads use them."""

from __future__ import annotations

import json

import pytest

from copbot.errors import InvalidInput
from copbot.home.parts import part_of
from copbot.people import service as people
from copbot.routing import screens
from copbot.routing import service as routing
from copbot.sandbox.views import check_view
from copbot.slack.answers import Done, Open, Push, Update
from copbot.slack.entrances import Form
from tests.assistance.given import later
from tests.home.given import call
from tests.routing.kit import Center, does


def test_a_lead_opens_the_form_from_home_switches_it_on_and_sees_it_saved(center: Center) -> None:
    with center.store.reading() as session:
        part = part_of(call(session, center.people.lee), "choices")
    assert part is not None
    assert screens.OPEN in json.dumps(part.blocks)
    opened = does(center, "action", screens.OPEN)
    assert isinstance(opened, Open)
    assert check_view(opened.view, kind="modal") is None
    form = Form({"switch": "on", "rule3": "topic naloxone in Dane -> Sam, backup Pat"})
    assert isinstance(does(center, "view", screens.SAVE, form=form, meta={"seen": 0}), Done)
    again = does(center, "action", screens.OPEN)
    assert isinstance(again, Open)
    assert "topic Naloxone and overdose response in Dane County → Sam, backup Pat" in str(again.view)
    assert again.view["private_metadata"] == '{"seen":1}'


@pytest.mark.parametrize("on", [True, False])
def test_the_dry_run_says_who_and_why_and_changes_nothing(center: Center, on: bool) -> None:
    center.switch("topic naloxone in Dane -> Sam, backup Pat", on=on)
    center.leaves("sam")
    pushed = does(center, "action", screens.OPEN_TRY, in_modal=True)
    assert isinstance(pushed, Push)
    form = Form({"topics": ["naloxone"], "areas": ["wi-dane"], "by_when": "urgent"})
    shown = does(center, "view", screens.TRY, form=form)
    assert isinstance(shown, Update)
    assert check_view(shown.view, kind="modal") is None
    assert "Pat would get it: rule 1 (topic Naloxone and overdose response in Dane County), as backup" in str(
        shown.view
    )
    assert ("Routing is off" in str(shown.view)) is not on
    assert center.reads("request.yours") == []


def test_the_dry_run_sees_what_each_has(center: Center) -> None:
    center.switch("anything -> Sam")
    center.takes("sam", capacity=1)
    center.asks()
    shown = does(center, "view", screens.TRY, form=Form({"topics": ["naloxone"], "areas": ["wi-dane"]}))
    assert "Leads would decide: rule 1 (anything): Sam has 1 open of at most 1." in str(shown)


def test_the_dry_run_asks_for_what_it_needs(center: Center) -> None:
    for form, field in (({}, "topics"), ({"topics": ["naloxone"]}, "areas")):
        with pytest.raises(InvalidInput) as told:
            does(center, "view", screens.TRY, form=Form(form))
        assert set(told.value.fields) == {field}


def test_home_says_which_rule_names_somebody_who_left(center: Center) -> None:
    center.switch("topic naloxone -> Sam", "urgent -> Pat")
    with center.store.writing() as session:
        people.set_staff(session, ["U0PAT", "U0LEE"], later(minutes=1))
    with center.store.reading() as session:
        part = part_of(call(session, center.people.lee), "choices")
    assert part is not None
    assert "Routing rule 1 names Sam, no longer on staff." in json.dumps(part.blocks)
    assert "Routing rule 2" not in json.dumps(part.blocks)


def test_ten_long_rules_fit_their_form(center: Center) -> None:
    center.switch(
        *["topic moud_linkage or justice_safety or hiv_hcv_sti in nation-bad-river or Dane -> Sam or Pat"]
        * 10
    )
    opened = does(center, "action", screens.OPEN)
    assert isinstance(opened, Open)
    assert check_view(opened.view, kind="modal") is None
    with center.store.reading() as session:
        found = routing.settings(session, call(session, center.people.lee).profile)
    center.switch(*(each.text for each in found.rules))
