"""A workspace in the process with the app's own frame, entrances, messages and gate in front of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

from copbot.app import entrances, notices, readers
from copbot.assistance.intake.service import submit
from copbot.assistance.tables import RequestRow
from copbot.assistance.texts import RequestForm
from copbot.assistance.workflow import service as workflow
from copbot.assistance.workflow.participants import closed_to
from copbot.delivery.gate import Gate
from copbot.delivery.readers import Allowed
from copbot.delivery.sender import Sender
from copbot.followup import plugs
from copbot.people import service as people
from copbot.program.settings import edits
from copbot.resources.plugs import is_known_contact
from copbot.sandbox.people import TEAM
from copbot.sandbox.views import check_view
from copbot.screening.plug import Screening
from copbot.slack.answers import Answer, Open, Update, View
from copbot.slack.entrances import Form, Wiring
from copbot.slack.frame import Frame, Parts
from copbot.slack.incoming import Incoming
from copbot.store import Store
from tests.assistance.desk import at
from tests.communities.kit import PROFILE, Commons
from tests.days import NOON
from tests.delivery.kit import QUICK
from tests.slack.framed import Kept

NEED = "We need help to write a policy on wound care supplies."
GIVEN = "A template policy and a call about it."
FORM = RequestForm(
    topics=("wound_care",), kind="review", need=NEED, areas=("wi-dane",), agency_name="Northwoods Outreach"
)


class Afterwards(Commons):
    """Kim, Juno and Noor ask; Ravi and Mei are staff, Ada leads. It is nine on a Monday in a plain week."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.kept, self._claims = Kept(), count()
        self.knows("ada", "kim", "juno", "noor", "ravi", "mei", "lou")
        self.staff("ada", "ravi", "mei", leads=["ada"])
        self.moves_to(at(0, 9))
        state = self.slack.world.state
        found = next(each for each in state.channels.values() if each.name == "ta-staff")
        self.office = found.id
        with store.writing() as session:
            edits.seed(session, PROFILE, self.clock.now())
            people.set_staff_channel(session, self.office, "", now=self.clock.now())
        identify = partial(people.identify, home_team=TEAM["id"], now=NOON)
        known = (
            store,
            self.slack,
            self.clock,
            PROFILE,
            entrances(),
            identify,
            self.kept,
            b"secret",
            Wiring(),
        )
        self.frame = Frame(Parts(*known, Screening(is_known_contact)))  # type: ignore[arg-type]

    def _sender(self) -> Sender:
        gate = Gate(readers(), lambda *_: Allowed(), lambda: None, closed_to)
        return Sender(self.store, self.slack, notices(), self.clock, PROFILE, timing=QUICK, gate=gate)

    def moves_to(self, moment: datetime) -> None:
        self.later(seconds=(moment - self.clock.now()).total_seconds())

    def is_at(self, day: int, hour: int, minute: int = 0) -> None:
        """So many days after the Monday, at this time in Wisconsin; the jobs of that moment run, and the sender."""
        self.moves_to(at(day, hour, minute))
        self.works()

    def works(self) -> None:
        for job in (each for each in plugs.JOBS if each.at or each.every):
            job.run(self.work())
        self.delivers()

    def follows(self, ident: int) -> None:
        """What waits for a change of who may read a request, or of its words; then the sender."""
        for job in plugs.JOBS:
            if job.after == workflow.CHANGED:
                job.run(replace(self.work(), args={"request": ident}))
        self.delivers()

    # -- requests

    def asks(self, handle: str = "kim", **more: Any) -> int:
        values = {**vars(FORM), **more}
        with self.store.writing() as session:
            made = submit(
                session, person=self.person(handle), form=RequestForm(**values), form_key=f"form-{next(self._claims)}",
                profile=PROFILE, staff_channel=self.office, now=self.clock.now(),
            )  # fmt: skip
        return made.id

    def does(self, verb: Any, who: str, ident: int, **more: Any) -> Any:  # type: ignore[override]
        with self.store.writing() as session:
            return verb(
                session,
                request_id=ident,
                person=self.person(who),
                now=self.clock.now(),
                profile=PROFILE,
                **more,
            )

    def done(self, handle: str = "kim", *, by: str = "ravi", **more: Any) -> int:
        """A request that somebody has asked, and that Ravi has taken and done."""
        ident = self.asks(handle, **more)
        self.does(workflow.take, by, ident)
        self.does(workflow.done, by, ident, given=GIVEN)
        return ident

    def request(self, ident: int) -> RequestRow:
        with self.store.reading() as session:
            return session.get_one(RequestRow, ident)

    def set(self, ident: int, **values: Any) -> None:
        with self.store.writing() as session:
            for name, value in values.items():
                setattr(session.get_one(RequestRow, ident), name, value)

    # -- what people do

    def presses(self, handle: str, action: str, value: str = "", **more: Any) -> Answer:
        return self._takes(Incoming("action", action, self.slack.user(handle), value=value, **more))

    def opens(self, handle: str, action: str, value: str = "") -> View:
        answer = self.presses(handle, action, value)
        assert isinstance(answer, Open), answer
        return answer.view

    def sends(self, handle: str, view: View, **values: Any) -> Answer:
        """The form, filled in so."""
        meta, ident = json.loads(view.get("private_metadata") or "{}"), f"V{next(self._claims)}"
        shown = {**view, "id": ident, "hash": "1"}
        return self._takes(
            Incoming(
                "view", view["callback_id"], self.slack.user(handle), form=Form(values), meta=meta, view=shown
            )
        )

    def _takes(self, incoming: Incoming) -> Answer:
        self.frame.take(replace(incoming, claim=(str(next(self._claims)),)))
        answer = self.kept.answers[-1]
        if isinstance(answer, Open | Update):
            assert check_view(answer.view, kind="modal") is None
        return answer

    def table(self, row: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.query(row))


def text_of(answer: Answer) -> str:
    return json.dumps(getattr(answer, "view", None) or str(answer), ensure_ascii=False)


__all__ = ["GIVEN", "NEED", "Afterwards", "at", "text_of"]
