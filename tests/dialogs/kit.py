"""What the dialogs share: people with patience, a bot they talk to, and what must hold after each dialog."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from typing import Any

import structlog
from sqlalchemy import delete, func, select

from copbot.assistance.intake.tables import DraftRow
from copbot.assistance.tables import RequestRow
from copbot.logs import set_up_logs
from copbot.people import service as people
from copbot.people.tables import AgencyRow
from copbot.sandbox.driver.person import DrivenPerson
from copbot.sandbox.driver.views import SeenMessage, SentView
from copbot.sandbox.driver.wire import NotSeen
from copbot.sandbox.text import message_pings
from tests.days import CALM
from tests.live import FORM, Live, living, number_in, workspace
from tests.waiting import PATIENCE, eventually

NO_AGENCY = {"type": "none", "pick": "I am not with an agency"}


class Patient(DrivenPerson):
    """A person with what the dialogs do often."""

    def hears(self) -> Patient:
        """What `told` finds comes after this."""
        self._mark = max((notice["seq"] for notice in self._look()["notices"]), default=0)
        return self

    def presses(self, label: str, number: str) -> Patient:
        """A button of the notice in the staff channel."""
        return self.clicks(label, in_="ta-staff", text=number)

    def shut(self) -> None:
        """Close whatever is open."""
        while self.has_modal():
            self.closes()


@dataclass
class Talk(Live):
    """A bot, its workspace, and people who talk to it."""

    log: StringIO = field(default_factory=StringIO)
    _log_read: int = 0
    _faults: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """What the log says broke while somebody was being answered."""
        fresh = self.log.getvalue()[self._log_read :]
        fresh = fresh[: fresh.rfind("\n") + 1]  # a line may be half written
        self._log_read += len(fresh)
        lines = [json.loads(line) for line in fresh.splitlines() if '"level": "error"' in line]
        self._faults += [str(line) for line in lines if line["event"] in ("listener_failed", "reply_failed")]
        return self._faults[:]

    def knows_staff(self) -> bool:
        """Until then a press that only staff may make is refused."""
        with self.bot.store.reading() as session:
            return bool(people.staff_list(session))

    def person(self, handle: str) -> Patient:
        return Patient(self.ws.wire, handle)

    def opens(self, handle: str = "kim", words: str = "") -> Patient:
        """Somebody has the form in front of them; what they chose in one of an earlier test does not go on in it."""
        with self.bot.store.writing(budget=PATIENCE) as session:
            session.execute(delete(DraftRow))
        person = self.person(handle)
        person.shut()
        person.types(f"/ta {words}".strip(), channel="general")
        person.modal(text="What do you need?")
        return person

    def fills(self, handle: str = "kim", **answers: Any) -> Patient:
        """Somebody has the form filled in front of them; as somebody without an agency, unless they name one."""
        person = self.opens(handle)
        agency = answers.pop("agency", None)
        if agency is not None:
            joins(person, agency)
        elif "not_agency" not in person.modal().values():
            person.fills({"agency": NO_AGENCY})
            person.modal(text="Which is true?")
        person.fills({**FORM, **({"not_agency": "work"} if agency is None else {}), **answers})
        return person

    def asks(self, handle: str = "kim", **answers: Any) -> str:
        """The number of a request that this person has just sent."""
        person = self.fills(handle, **answers)
        sent = person.submits()
        assert sent.updated, sent
        number = number_in(person.modal(text="TA-").text())
        person.shut()
        return number

    def taken(self, by: str = "ravi", **answers: Any) -> str:
        """A request that somebody has taken."""
        number = self.asks(**answers)
        self.person(by).presses("Take", number)
        self.room().shows(f"{number} · Taken", timeout=PATIENCE)
        return number

    def notice(self, number: str, text: str = "") -> SeenMessage:
        """The notice in the staff channel, once it says so."""
        return self.person("ravi").sees(f"{number} · {text}", in_="ta-staff")

    def names_leads(self, *handles: str) -> None:
        """These lead from now on; the bot, which has just begun, reads first who is on staff."""
        ids = {handle: self.person(handle).id for handle in ("lou", *handles)}

        def are_known() -> bool:
            with self.bot.store.reading() as session:
                found = {handle: people.identify(session, each) for handle, each in ids.items()}
            boss = found.pop("lou")
            return boss is not None and all(each is not None and each.is_staff for each in found.values())

        eventually(are_known, "the bot to know who leads")
        with self.bot.store.writing(budget=PATIENCE) as session:
            boss = people.identify(session, ids.pop("lou"))
            assert boss is not None
            people.name_leads(session, list(ids.values()), by=boss, now=self.bot.clock.now())

    def goes_on(self, by: timedelta) -> None:
        """Time passes, for the workspace and for the bot, which follows its clock."""
        self.ws.clock.advance(by)
        now = self.ws.clock.now()
        eventually(lambda: self.bot.clock.now().timestamp() > now - 5, "the bot to follow the clock")

    def goes_on_until_told(self) -> None:
        """The minute in which a Done or Close can be taken back unheard."""
        self.goes_on(timedelta(seconds=70))

    def count(self, table: Any = RequestRow) -> int:
        with self.bot.store.reading() as session:
            return int(session.execute(select(func.count()).select_from(table)).scalar_one())

    def agencies(self) -> list[str]:
        with self.bot.store.reading() as session:
            return list(session.execute(select(AgencyRow.name).order_by(AgencyRow.id)).scalars())

    def row(self, number: str) -> RequestRow:
        with self.bot.store.reading() as session:
            return session.get_one(RequestRow, int(number[3:]) - 1000)

    def pings(self, newest: int = 0) -> set[str]:
        """Everybody whom anything that the bot has sent, or only the `newest` of it, would notify."""
        carried = [call["args"] for call in self.ws.calls(newest=newest)]
        carried += [envelope.get("ack") or {} for envelope in self.ws.envelopes(newest=newest)]
        return set().union(*(message_pings(shown) for each in carried for shown in _carried(each)))


def _carried(args: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a call or an ack shows: itself as a message, or the view in it."""
    shown = [dict(args)]
    if isinstance(args.get("view"), dict):
        shown.append(args["view"])
    return shown


def joins(person: Patient, name: str) -> None:
    """Choose an agency; one that is new is added under this name."""
    try:
        person.fills({"agency": {"type": name, "pick": name}})
    except NotSeen:
        person.fills({"agency": {"type": name, "pick": f"Add “{name}”"}})
        person.modal(text="Name of your agency")


def sends_back(sent: SentView) -> dict[str, str]:
    """The words at the fields of a form that stayed open."""
    assert (sent.closed, sent.updated, sent.trouble) == (False, False, ""), sent
    return sent.errors


@contextmanager
def logs_read() -> Iterator[StringIO]:
    """Everything this process logs, set up as `bot.py run` does it."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    out = StringIO()
    set_up_logs("json", out)
    try:
        yield out
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        logging.raiseExceptions = raising
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
        structlog.configure(**before)


@contextmanager
def talking(
    url: str, more: Mapping[str, str] | None = None, *, checked: bool = True, **options: Any
) -> Iterator[Talk]:
    """A bot on this database in a workspace of its own; at the end nothing of its was refused, nothing broke."""
    options.setdefault("timing", CALM)
    with logs_read() as log, workspace(**options) as sandbox, living(url, sandbox, more=more) as live:
        talk = Talk(live.sandbox, live.ws, live.bot, live.settings, log)
        if talk.settings.get("COPBOT_STAFF_CHANNEL"):
            eventually(talk.knows_staff, "the bot to read who is on staff")
        yield talk
        if checked:
            talk.checked()
            assert talk.faults() == []
