"""A request gets its owner in the transaction that saves it: who, why, who hears of it, and at what cost."""

from __future__ import annotations

import threading

import pytest

from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.participants import may_see
from copbot.errors import Conflict, InvalidInput, NotAllowed
from copbot.people import service as people
from copbot.people.staff import service as staffing
from copbot.program.settings import edits
from copbot.routing import service as routing
from copbot.slack.entrances import Form
from tests.assistance.desk import Desk
from tests.assistance.given import asked, form, messages, profile, row, verbs
from tests.days import DAY
from tests.home.given import statements
from tests.people.given import NOW, again, person
from tests.routing.kit import Center, does


def test_off_as_it_comes_nobody_gets_it(center: Center) -> None:
    found = center.asks()
    assert (found.state, found.owner_id, found.version) == ("new", None, 1)
    assert verbs(center.store, found.id) == ["received"]
    center.switch("anything -> Sam")
    center.switch("anything -> Sam", on=False)
    assert center.owner(center.asks()) == ""
    assert center.reads("request.yours") == []


@pytest.mark.both_databases
def test_it_has_an_owner_who_reads_why_inv2(center: Center) -> None:
    center.switch("topic naloxone -> Sam")
    found = center.asks()
    assert (found.state, center.owner(found), found.assigned_at, found.version) == ("assigned", "sam", NOW, 2)
    assert verbs(center.store, found.id) == ["received", "route"]
    ((to, text),) = center.reads("request.yours")
    assert to == "U0SAM"
    assert "is yours." in text
    assert "Why me? Rule 1 (topic Naloxone and overdose response)." in text
    notices = [text for _, text in center.reads("request.notice") if f"TA-{1000 + found.id}" in text]
    assert "Routed to Sam: rule 1 (topic Naloxone and overdose response)." in notices[0]
    receipts = [text for _, text in center.reads("request.receipt") if f"TA-{1000 + found.id}" in text]
    assert "Sam will reply here by" in receipts[0]
    assert "Routed" not in receipts[0]


def test_the_reason_goes_when_somebody_moves_it_on(center: Center) -> None:
    center.switch("topic naloxone -> Sam")
    found = center.asks()
    Desk(center.store, center.people).does(workflow.hand_over, "sam", found.id, NOW, to=center.people.pat.id)
    assert all("Routed to Sam" not in text for _, text in center.reads("request.notice"))


@pytest.mark.both_databases
def test_turns_and_limits_hold_over_several(center: Center) -> None:
    center.takes("lee", topics=("wound_care",))
    center.takes("sam", capacity=2)
    center.switch()
    owners = [center.owner(center.asks(minutes=number)) for number in range(6)]
    assert owners == ["sam", "pat", "sam", "pat", "pat", "pat"] or owners == [
        "pat", "sam", "pat", "sam", "pat", "pat",
    ]  # fmt: skip


def test_what_waits_for_somebody_else_takes_up_no_room(center: Center) -> None:
    center.switch("anything -> Sam")
    center.takes("sam", capacity=1)
    first = center.asks()
    assert center.owner(center.asks()) == ""
    Desk(center.store, center.people).does(
        workflow.ask_requester, "sam", first.id, NOW, question="How many kits?"
    )
    assert center.owner(center.asks()) == "sam"


def test_everybody_away_or_full_leads_read_why_and_nobody_has_it(center: Center) -> None:
    center.leaves("lee")
    center.leaves("sam")
    center.leaves("pat")
    center.switch()
    found = center.asks()
    assert (found.state, found.owner_id, verbs(center.store, found.id)) == (
        "new",
        None,
        ["received", "unrouted"],
    )
    ((to, text),) = center.reads("request.unrouted")
    why = f"everyone on Naloxone and overdose response is away until {DAY:%a, %b} {DAY.day}"
    assert to == "U0LEE"
    assert f"has no owner: {why}. Please assign it." in text
    assert any(f"Routing found nobody: {why}." in text for _, text in center.reads("request.notice"))


def test_a_backup_gets_it(center: Center) -> None:
    center.leaves("sam")
    center.switch("topic naloxone -> Sam, backup Pat")
    assert center.owner(center.asks()) == "pat"
    assert "as backup: Sam is away until" in center.reads("request.yours")[0][1]


def test_nobody_gets_their_own(center: Center) -> None:
    center.switch("anything -> Sam or Pat")
    assert center.owner(center.asks("sam")) == "pat"


def test_a_confidential_one_goes_to_a_lead_whoever_the_rule_names(center: Center) -> None:
    center.switch("anything -> Sam, backup Pat")
    found = center.asks(confidential=True)
    assert center.owner(found) == "lee"
    assert [to for to, _ in center.reads("request.yours")] == ["U0LEE"]
    with center.store.reading() as session:
        seen = [
            name
            for name in ("sam", "pat", "lee")
            if may_see(session, found, again(session, getattr(center.people, name)))
        ]
    assert seen == ["lee"]


def test_without_a_lead_who_takes_it_a_confidential_one_stays_with_the_leads(center: Center) -> None:
    center.takes("lee", topics=("wound_care",))
    center.switch()
    found = center.asks(confidential=True)
    assert (found.owner_id, found.state) == (None, "new")
    assert [to for to, _ in center.reads("request.unrouted")] == ["U0LEE"]


@pytest.mark.both_databases
def test_routing_takes_two_statements_more_and_none_when_it_is_off(center: Center) -> None:
    with center.store.writing() as session:
        agency = people.agency_named(session, "Dane Drop-in").id
    known = form(agency_name="", agency_id=agency)
    counts = []
    for number, on in enumerate((False, True)):
        center.switch("topic naloxone -> Sam", on=on)
        with center.store.writing() as session:
            asked(session, center.people.kim, f"warm-{number}", filled=known, routed=on)
        with center.store.writing() as session, statements(center.store) as sent:
            asked(session, center.people.kim, f"counted-{number}", filled=known, routed=on)
        counts.append(len([each for each in sent if not each.startswith("BEGIN")]))
    off, routed = counts
    assert off <= 7
    assert routed - off <= 2


def test_a_failure_after_routing_leaves_nothing_and_the_same_form_again_is_one_request_inv3(
    center: Center,
) -> None:
    center.switch("topic naloxone -> Sam")
    with pytest.raises(RuntimeError), center.store.writing() as session:
        asked(session, center.people.kim, "again", routed=True)
        raise RuntimeError("the power went")
    assert messages(center.store, "request.yours") == []
    for _ in range(2):
        with center.store.writing() as session:
            made = asked(session, center.people.kim, "again", routed=True)
    assert verbs(center.store, made.id) == ["received", "route"]
    assert len(messages(center.store, "request.yours")) == 1


def test_while_staff_have_no_channel_nothing_is_routed(center: Center) -> None:
    center.switch("topic naloxone -> Sam")
    with center.store.writing() as session:
        made = asked(session, center.people.kim, "held", channel=None, routed=True)
    assert row(center.store, made.id).owner_id is None


def test_leads_write_rules_others_do_not_and_faults_stand_at_their_field(center: Center) -> None:
    for who in ("sam", "kim"):
        with pytest.raises(NotAllowed):
            center.switch(by=who)
    with pytest.raises(InvalidInput) as told:
        center.switch("topic naloxone -> Sam", "topic nonsense -> Sam", "", "in Dane -> Zed")
    assert set(told.value.fields) == {"rule2", "rule4"}
    center.switch("", "topic naloxone -> Sam")
    with pytest.raises(Conflict):
        center.switch(seen=0)
    with center.store.reading() as session:
        found = routing.settings(session, profile())
    assert [each.text for each in found.rules] == ["topic Naloxone and overdose response → Sam"]


def test_a_rule_that_names_somebody_who_left_is_skipped_shown_and_may_stay(center: Center) -> None:
    center.switch("topic naloxone -> Sam")
    with center.store.writing() as session:
        people.set_staff(session, ["U0PAT", "U0LEE"], NOW)
    assert center.owner(center.asks()) in ("pat", "lee")
    with center.store.reading() as session:
        found = routing.settings(session, profile())
    assert [each.gone for each in found.rules] == [("Sam",)]
    center.switch(found.rules[0].text, "in Dane -> Pat")
    with pytest.raises(InvalidInput):
        center.switch("urgent -> Sam")


def test_a_renamed_colleague_keeps_their_rules(center: Center) -> None:
    center.switch("topic naloxone -> Sam")
    with center.store.writing() as session:
        person(session, "U0SAM", "Samira")
        found = routing.settings(session, profile())
    assert found.rules[0].text.endswith("→ Samira")
    assert center.owner(center.asks()) == "sam"


@pytest.mark.both_databases
@pytest.mark.parametrize("_round", range(3))
def test_of_two_bots_at_once_one_fills_the_last_place_inv11(center: Center, _round: int) -> None:
    center.takes("sam", capacity=1)
    center.switch("anything -> Sam, backup Pat")
    start, made = threading.Barrier(2), dict[str, int]()

    def ask(key: str) -> None:
        start.wait(10)
        with center.store.writing() as session:
            made[key] = asked(session, center.people.kim, key, routed=True).id

    threads = [threading.Thread(target=ask, args=(key,)) for key in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(center.owner(row(center.store, ident)) for ident in made.values()) == ["pat", "sam"]
    assert sorted(to for to, _ in center.reads("request.yours")) == ["U0PAT", "U0SAM"]


def test_staff_name_their_backup_in_their_own_entry(center: Center) -> None:
    sam, pat = center.people.sam, center.people.pat
    opened = does(center, "action", "people.open_staff", value=str(sam.id))
    assert f"'value': '{pat.id}'" in str(opened)
    for chosen, kept in ((str(pat.id), pat.id), ("", None)):
        with center.store.reading() as session:
            seen = staffing.staff_facts(session, sam.id, profile=profile(), now=NOW).version
        form = Form({"capacity": "3", "backup": chosen})
        does(center, "view", "people.staff", form=form, meta={"person": sam.id, "seen": seen})
        with center.store.reading() as session:
            assert staffing.staff_facts(session, sam.id, profile=profile(), now=NOW).backup == kept


def test_whether_it_is_on_was_read_before_anything_is_asked(center: Center) -> None:
    center.switch("anything -> Sam")
    with center.store.reading() as session:
        edits.effective(session, profile())
        with statements(center.store) as sent:
            assert routing.is_on(session)
    assert sent == []
