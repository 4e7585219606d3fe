"""Routing in Slack: a lead tries a rule and switches it on, and the next request is somebody's at once."""

from __future__ import annotations

from tests.dialogs.kit import PATIENCE, Talk


def test_a_lead_switches_routing_on_and_the_next_request_is_ravis(own_talk: Talk) -> None:
    own_talk.names_leads("ada")
    ada, ravi = own_talk.person("ada"), own_talk.person("ravi")
    ada.opens_home(again=True)
    ada.clicks("Routing", in_="home")
    ada.modal(text="Rules are exceptions")
    ada.fills(switch="on", rule1="topic naloxone -> Nobody Atall")
    assert "“nobody atall” is not on staff." in ada.submits().errors["rule1"]
    ada.fills(rule1="topic naloxone -> Ravi, backup Mei")
    assert ada.submits().closed
    number = own_talk.asks("kim", topics=["naloxone"])
    own_talk.room().shows(f"{number} · Taken", timeout=PATIENCE)
    seen = ravi.sees(f"{number} is yours.", in_="dm").text()
    assert "Why me? Rule 1 (topic Naloxone and overdose response)." in seen
    assert "Routed to Ravi Tallow: rule 1" in own_talk.notice(number).text()
    ravi.clicks("See the request", in_="dm", text=number)
    assert f"{number} went to Ravi Tallow" in ravi.modal(text=number).text()
    ravi.shut()

    ada.opens_home(again=True)
    ada.clicks("Routing", in_="home")
    ada.modal(text="Rules are exceptions")
    ada.clicks("Who would get this?", in_="modal")
    ada.modal(text="Nothing is sent or saved.")
    ada.fills(topics=["naloxone"], areas=["wi-dane"])
    ada.submits()
    ada.modal(text="Ravi Tallow would get it: rule 1")
    own_talk.checked()
    assert own_talk.faults() == []
