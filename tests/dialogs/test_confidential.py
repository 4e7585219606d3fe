"""A word planted in a confidential request is found nowhere but with its requester, its owner and leads."""

from __future__ import annotations

import json

from sqlalchemy import select

from copbot.imports.command import service as exports
from copbot.imports.command.service import Format
from copbot.people import service as people
from copbot.store.journal import JournalRow
from tests.dialogs.kit import PATIENCE, Talk
from tests.faults.kit import eventually
from tests.live import number_in

WORD = "Quillwort"
OTHERS = ("mei", "tomas", "juno", "noor", "lou", "ines", "gus")


def sees(talk: Talk, handle: str) -> list[str]:
    """Everything this person can read: their channels, their conversation with the app, their Home."""
    person = talk.person(handle)
    inside = [name for name, each in talk.ws.channels().items() if person.id in each.get("members", ())]
    texts = [json.dumps(message.raw) for name in inside for message in person.messages(name)]
    texts += [json.dumps(message.raw) for message in person.dm()]
    home = person.opens_home(again=True)
    return [each for each in (*texts, home.text()) if WORD in each]


def nowhere_else(talk: Talk, *, owner: str = "") -> None:
    for handle in OTHERS:
        if handle != owner:
            eventually(lambda who=handle: not sees(talk, who), f"{handle} to see nothing of it")
    assert WORD not in talk.log.getvalue()
    with talk.bot.store.reading() as session:
        for kind in Format:
            if kind is not Format.HSDS:
                written = exports.exported(
                    session, kind, talk.bot.profile, now=talk.bot.clock.now(), to=None, everything=True
                )
                assert WORD.encode() not in written


def test_asked_in_confidence_handed_to_one_of_the_staff_and_looked_at(own_talk: Talk) -> None:
    talk = own_talk
    talk.names_leads("ada")
    kim = talk.fills("kim", need=f"About {WORD}, please.", confidential=["yes"])
    kim.submits()
    number = number_in(kim.modal(text="TA-").text())
    kim.shut()
    ada = talk.person("ada")
    assert WORD in ada.sees(number, in_="dm").text()
    line = talk.room().shows("Confidential request", timeout=PATIENCE)[-1].text()
    assert (number in line, "Dane" in line, "Kim" in line) == (False, False, False)
    nowhere_else(talk)
    mei = talk.person("mei")
    mei.types(f"/ta status {number}", channel="general")
    assert f"No {number} found" in mei.whisper().text()
    mei.types("/ta list", channel="general")
    assert number not in mei.whisper().text()

    ada.clicks("Take", in_="dm", text=number)
    kim.sees("has taken your request", in_="dm")
    ada.sees(f"{number} · Taken", in_="dm")
    ada.clicks("Hand over", in_="dm", text=number)
    ada.modal(text="Hand over to")
    ada.fills({"to": "Mei Brook"})
    ada.submits()
    assert WORD in mei.sees("handed", in_="dm").text()
    nowhere_else(talk, owner="mei")
    ada.types(f"/ta status {number}", channel="general")
    assert WORD in ada.whisper(text=number).text()
    with talk.bot.store.reading() as session:
        rows = session.execute(
            select(JournalRow.actor, JournalRow.entrance).where(JournalRow.why == "viewed")
        )
        assert (ada.id, "command:ta status") in {tuple(each) for each in rows}
    talk.checked()
    assert talk.faults() == []


def test_marked_later_what_stands_elsewhere_is_deleted(own_talk: Talk) -> None:
    talk = own_talk
    kim = talk.person("kim")
    number = talk.asks("kim", need=f"About {WORD}, please.")
    assert WORD in talk.notice(number).text()
    kim.chooses("request.menu", "Remove client details", in_="dm", text=number)
    kim.modal(text="can't be undone")
    assert "Mark confidential" not in json.dumps(kim.sees(number, in_="dm").raw)  # nobody leads yet
    kim.shut()
    talk.names_leads("ada")
    talk.person("ravi").presses("Take", number)
    talk.room().shows(f"{number} · Taken", timeout=PATIENCE)
    eventually(lambda: "Mark confidential" in json.dumps([each.raw for each in kim.dm()]), "the offer")
    kim.chooses("request.menu", "Mark confidential", in_="dm", text=number)
    kim.modal(text="Mark confidential")
    kim.submits()
    kim.modal(text="is confidential now")
    kim.shut()
    eventually(
        lambda: not [each for each in talk.room().messages() if WORD in json.dumps(each.raw)],
        "the notice to go",
    )
    assert WORD in talk.person("ada").sees(number, in_="dm").text()
    assert WORD in talk.person("ravi").sees(number, in_="dm").text()
    nowhere_else(talk)
    talk.checked()


def test_the_leads_channel_holds_it_while_nobody_else_is_in_it(own_talk: Talk) -> None:
    talk, admin = own_talk, own_talk.ws.admin
    talk.names_leads("ada")
    admin.add_channel("leads", private=True, members=("ada",))
    admin.invite_bot("leads")
    ada = talk.person("ada")
    ada.opens_home(again=True)
    ada.clicks("Staff", in_="home")
    ada.clicks("leads:0", in_="modal")
    ada.modal(text="Channel for confidential requests")
    ada.fills({"leads_channel": "#leads"})
    ada.submits()
    eventually(lambda: _problem(talk) == "others", "its members to be read")
    admin.remove("lou", "leads")  # who made the channel
    eventually(lambda: _problem(talk) == "", "the leads' channel to be read")
    kim = talk.fills("kim", need=f"About {WORD}, please.", confidential=["yes"])
    kim.submits()
    number = number_in(kim.modal(text="TA-").text())
    talk.room("leads").shows(number, timeout=PATIENCE)
    admin.invite("tomas", "leads")
    eventually(
        lambda: WORD not in json.dumps([each.raw for each in talk.room("leads").messages()]), "it to go"
    )
    assert WORD in talk.person("ada").sees(number, in_="dm").text()
    nowhere_else(talk)


def _problem(talk: Talk) -> str:
    with talk.bot.store.reading() as session:
        return people.leads_channel(session).problem
