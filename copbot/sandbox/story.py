"""How the practice workspace came to look lived in: its people use the running bot, once, as anybody would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from copbot.sandbox.driver import Person, Workspace

STAFF = "ta-staff"
GENERAL = "general"
PATIENCE = 30.0
FIRST_TRY = (
    "First thing to try: as kim, type  /ta we need naloxone for a festival  in #general and send the form; "
    "then, as ravi, press Take in #ta-staff, and look at kim's messages."
)


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


def live_a_little(ws: Workspace) -> bool:
    """Requests in different states, made by people. False: the workspace has its story already."""
    if ws.channel(STAFF).messages():
        return False
    ws.person("lou").says("Welcome! Type /ta here whenever you need help with your work.", GENERAL)
    numbers = [_asks(ws.person(ask.who), ask) for ask in ASKS]
    for step, number in zip(_STEPS, numbers, strict=False):
        step(ws, number)
    return True


def _asks(person: Person, ask: Ask) -> str:
    person.types("/ta", channel=GENERAL)
    view = person.modal(timeout=PATIENCE).view
    person.fills({"need": ask.need, "topics": [_choice(view, "topics", ask.topic)]})
    person.fills({"areas": [_choice(view, "areas", "wi-dane")], "kind": _choice(view, "kind", "", ask.kind)})
    person.fills({"agency": {"type": ask.agency, "pick": f"Add “{ask.agency}”"}})
    person.modal(PATIENCE, "Name of your agency")
    person.fills({"agency_name": ask.agency})
    if ask.by_when:
        person.fills({"by_when": _choice(view, "by_when", ask.by_when)})
        person.modal(PATIENCE, "Why is it urgent?")
        person.fills({"urgent_reason": ask.reason})
    person.submits()
    text = person.modal(PATIENCE, "is saved").text()
    person.closes()
    return text[text.index("TA-") :].split()[0]


def _choice(view: dict[str, Any], block: str, wanted: str, at: int = 0) -> str:
    """The wanted value where the programme has it, else the one in that place."""
    element = next(each["element"] for each in view["blocks"] if each.get("block_id") == block)
    groups = element.get("option_groups") or [element]
    values = [str(option["value"]) for group in groups for option in group["options"]]
    return wanted if wanted in values else values[min(at, len(values) - 1)]


def _is_asked_back(ws: Workspace, number: str) -> None:
    """Somebody takes it and has a question."""
    mei = ws.person("mei")
    _presses(mei, "Take", number)
    _presses(mei, "Ask", number)
    mei.modal(timeout=PATIENCE)
    mei.fills({"question": "Would a lunch hour on a weekday suit your team, and which weeks are out?"})
    mei.submits()


def _is_done(ws: Workspace, number: str) -> None:
    tomas = ws.person("tomas")
    _presses(tomas, "Take", number)
    _presses(tomas, "Done", number)
    tomas.modal(timeout=PATIENCE)
    tomas.fills(
        {"given": "Sent the inventory sheet we share, and showed in a call how two programmes fill it."}
    )
    tomas.submits()


def _is_taken(ws: Workspace, number: str) -> None:
    _presses(ws.person("ravi"), "Take", number)


def _presses(person: Person, button: str, number: str) -> None:
    """Waits until the notice carries the button: the bot changes it after each press."""
    person.clicks(button, in_=STAFF, text=number, timeout=PATIENCE)


_STEPS: tuple[Callable[[Workspace, str], None], ...] = (_is_asked_back, _is_done, _is_taken)
