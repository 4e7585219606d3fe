"""How the practice workspace came to look lived in: its people use the running bot, once, as anybody would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from copbot.sandbox.driver.person import DrivenPerson
from copbot.sandbox.driver.workspace import Workspace

STAFF = "ta-staff"
GENERAL = "general"
DIGEST_CHANNEL, SUBSCRIBER = "overdose-response", "noor"


@dataclass(frozen=True)
class Ask:
    """What somebody types into the form. `topic` is a value; where the programme has none such, its first is taken."""

    who: str
    topic: str
    need: str
    agency: str
    kind: int = 0
    by_when: str = ""
    reason: str = ""


@dataclass(frozen=True)
class DemoProposal:
    """A community that somebody would like to have and to lead."""

    who: str
    name: str
    purpose: str
    topic: str


FOUNDED = DemoProposal(
    "noor",
    "peer-workers",
    "For those who work from lived experience: what helps, what wears us down, who backs us up.",
    "workforce",
)
JOINS = ("juno", "mei")
HELLO = "Hello everybody! Our first call is on Friday at noon. Bring what you would like to talk about."
THANKS = "I will be there, with coffee."
STILL_OPEN = DemoProposal(
    "juno",
    "rural-outreach",
    "For those who drive an hour to meet somebody: routes, weather, and working alone.",
    "delivery",
)
"""Left to whoever plays staff."""

ASKS = (
    Ask(
        "juno",
        "wound_care",
        "Our outreach team would like a short training on looking after wounds. We are eight, most of us new.",
        "Northwoods Health",
        kind=2,
    ),
    Ask(
        "noor",
        "ssp_ops",
        "How do others keep a simple inventory of sterile syringes? Ours is a notebook, and it shows.",
        "River County Outreach",
    ),
    Ask(
        "gus",
        "data_eval",
        "Is there a survey for participants that we could use as it is, in English and Spanish?",
        "Evaluation Partners",
    ),
    Ask(
        "kim",
        "naloxone",
        "We run out of naloxone before the end of every month. Who could supply us next week?",
        "Lakeside Exchange",
        by_when="urgent",
        reason="We have four kits left.",
    ),
)


def first_try(ws: Workspace) -> str:
    """What to do first, in words."""
    command = ws.command()
    return (
        f"First thing to try: as kim, type  {command} we need help with a training  in #general and send the "
        "form; then, as ravi, press Take in #ta-staff, and look at kim's messages."
    )


def follow_digests(ws: Workspace) -> None:
    """The program's digest goes to a channel, and somebody outside it has one of their own: both on Monday morning.

    Before there is anything in the library, so that all of it is new to them. Nothing where the story has begun.
    """
    if ws.channel(STAFF).messages():
        return
    lou = ws.person("lou")
    lou.opens_home()
    lou.clicks("Choose a channel", in_="home")
    lou.modal(text="Channel")
    lou.fills({"channel": ws.channels()[DIGEST_CHANNEL]["id"]})
    lou.submits()
    ws.person(SUBSCRIBER).types(f"{ws.command('weekly')} weekly", channel=GENERAL)


def live_a_little(ws: Workspace) -> bool:
    """Requests in different states and communities, made by people. False: the workspace has its story already."""
    if ws.channel(STAFF).messages():
        return False
    command = ws.command()
    ws.person("lou").says(f"Welcome! Type {command} here whenever you need help with your work.", GENERAL)
    _proposes(ws, FOUNDED)
    _presses(ws.person("mei"), "Create channel", f"#{FOUNDED.name}")
    numbers = [_asks(ws.person(ask.who), ask, command) for ask in ASKS]
    for step, number in zip(_STEPS, numbers, strict=False):
        step(ws, number)
    _gather(ws)
    _proposes(ws, STILL_OPEN)
    return True


def _asks(person: DrivenPerson, ask: Ask, command: str) -> str:
    person.types(command, channel=GENERAL)
    view = person.modal().view
    person.fills({"need": ask.need, "topics": [_choice(view, "topics", ask.topic)]})
    person.fills({"areas": [_choice(view, "areas", "wi-dane")], "kind": _choice(view, "kind", "", ask.kind)})
    person.fills({"agency": {"type": ask.agency, "pick": f"Add “{ask.agency}”"}})
    person.modal(text="Name of your agency")
    person.fills({"agency_name": ask.agency})
    if ask.by_when:
        person.fills({"by_when": _choice(view, "by_when", ask.by_when)})
        person.modal(text="Why is it urgent?")
        person.fills({"urgent_reason": ask.reason})
    person.submits()
    text = person.modal(text="is saved").text()
    person.closes()
    return text[text.index("TA-") :].split()[0]


def _choice(view: dict[str, Any], block: str, wanted: str, at: int = 0) -> str:
    """The wanted value where the programme has it, else the one in that place."""
    element = next(each["element"] for each in view["blocks"] if each.get("block_id") == block)
    groups = element.get("option_groups") or [element]
    values = [str(option["value"]) for group in groups for option in group["options"]]
    return wanted if wanted in values else values[min(at, len(values) - 1)]


def _proposes(ws: Workspace, wanted: DemoProposal) -> None:
    person = ws.person(wanted.who)
    person.types(f"{ws.command('propose')} propose {wanted.name}", channel=GENERAL)
    topic = _choice(person.modal().view, "topics", wanted.topic)
    person.fills({"purpose": wanted.purpose, "topics": [topic], "leads_it": ["yes"]})
    person.submits()
    person.closes()


def _gather(ws: Workspace) -> None:
    """The channel is made by now, and its lead is in it; others join, from the list or by its name."""
    command, name = ws.command("join"), FOUNDED.name
    ws.channel(name).shows(f"Welcome to #{name}")
    first, *others = map(ws.person, JOINS)
    first.types(f"{command} list", channel=GENERAL).clicks("Join", in_=GENERAL)
    for person in others:
        person.types(f"{command} join {name}", channel=GENERAL)
    ws.inside(name, FOUNDED.who, *JOINS)
    hello = ws.person(FOUNDED.who).says(HELLO, name)
    first.says(THANKS, name, thread=hello)


def _is_asked_back(ws: Workspace, number: str) -> None:
    """Somebody takes it and has a question."""
    mei = ws.person("mei")
    _presses(mei, "Take", number)
    _presses(mei, "Ask", number)
    mei.modal()
    mei.fills({"question": "Would a lunch hour on a weekday suit your team, and which weeks are out?"})
    mei.submits()


def _is_done(ws: Workspace, number: str) -> None:
    tomas = ws.person("tomas")
    _presses(tomas, "Take", number)
    _presses(tomas, "Done", number)
    tomas.modal()
    tomas.fills(
        {"given": "Sent the inventory sheet we share, and showed in a call how two programs fill it."}
    )
    tomas.submits()


def _is_taken(ws: Workspace, number: str) -> None:
    _presses(ws.person("ravi"), "Take", number)


def _presses(person: DrivenPerson, button: str, number: str) -> None:
    """Waits until the notice carries the button: the bot changes it after each press."""
    person.clicks(button, in_=STAFF, text=number)


_STEPS: tuple[Callable[[Workspace, str], None], ...] = (_is_asked_back, _is_done, _is_taken)
