"""An alert in Slack: written, refused to its writer, approved, seen, corrected, ended on its day."""

from __future__ import annotations

from datetime import timedelta

from tests.dialogs.kit import PATIENCE, Talk


def test_an_alert_from_the_first_word_to_its_last_day(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ravi, mei, ada, kim = map(own_talk.person, ("ravi", "mei", "ada", "kim"))
    ada.types("/digest here", channel="general").told("Next: Mon")
    ravi.types("/digest alert")
    ravi.modal(text="What was seen?")
    ravi.fills(
        seen="Two addicts got sick after fake pills", source="Drug checking, Monday",
        todo="Carry more naloxone", topics=["supply_alert"], areas=["wi-dane"],
    )  # fmt: skip
    ravi.submits()
    ravi.modal(text="Instead of “addicts”, consider: person who uses drugs")
    ravi.shut()
    ravi.sees("Ravi Tallow wrote this alert", in_="ta-staff")
    ravi.clicks("Approve", in_="ta-staff", text="wrote this alert")
    assert "You wrote this, so somebody else has to approve it" in ravi.told("You wrote this")
    mei.clicks("Change", in_="ta-staff", text="wrote this alert")
    mei.modal(text="Change the alert")
    mei.fills(seen="Two people got sick after fake pills")
    mei.submits()
    mei.shut()
    mei.sees("Mei Brook wrote this alert", in_="ta-staff")
    ravi.clicks("Approve", in_="ta-staff", text="Mei Brook wrote this alert")
    seen = kim.sees("Two people got sick", in_="general")
    assert "This is not an emergency line" in seen.text()
    ada.sees("Written by Mei Brook, approved by Ravi Tallow", in_="ta-staff")
    ada.clicks("Correct", in_="ta-staff", text="approved by Ravi")
    ada.modal(text="Correct information")
    ada.fills(text="It was one pill, and it was tested")
    ada.submits()
    kim.sees("Correction. Alert: Dane County", in_="general")
    kim.sees("Corrected. Alert: Dane County", in_="general")
    own_talk.goes_on(timedelta(days=8))
    own_talk.room("general").shows("Ended. Alert: Dane County", timeout=PATIENCE)
    assert own_talk.faults() == []


def test_staff_write_one_from_home_and_keep_it_from_going_out(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ravi, ada = own_talk.person("ravi"), own_talk.person("ada")
    ravi.opens_home()
    ravi.clicks("Write an alert", in_="home")
    ravi.modal(text="What was seen?")
    ravi.fills(
        seen="A cluster of hepatitis A", source="Public health", todo="Offer vaccines", topics=["hiv_hcv_sti"]
    )
    ravi.submits()
    ravi.shut()
    ravi.sees_home("waits for approval in the staff channel")
    ada.clicks("Don't send", in_="ta-staff", text="wrote this alert")
    ada.sees("It was withdrawn", in_="ta-staff")
    assert own_talk.faults() == []
