"""A staff room in which buttons are pressed and forms sent without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from copbot.assistance.listeners import ENTRANCES
from copbot.contacts.tables import ContactRow
from copbot.sandbox.views import check_view
from copbot.slack.answers import Answer, Open, Push, Update
from copbot.slack.entrances import Call, Form
from copbot.store import Store
from tests.assistance.given import Cast, cast, profile, row
from tests.people.given import NOW, again


@dataclass
class Desk:
    store: Store
    people: Cast

    def calls(self, kind: str, ident: str, who: str = "sam", now: datetime = NOW, **more: Any) -> Answer:
        """One use of an entrance in a transaction of its own; a view that comes back is one that Slack takes."""
        entrance = next(each for each in ENTRANCES if (each.kind, each.id) == (kind, ident))
        more = {"form_key": "f" * 64, "view_id": "V1", "in_modal": True, **more}
        with self.store.writing() as session:
            person = again(session, getattr(self.people, who))
            call = Call(session=session, person=person, now=now, profile=profile(), **more)
            answer = entrance.run(call)
        if isinstance(answer, Update | Push | Open):
            assert check_view(answer.view, kind="modal") is None
        return answer

    def taps(self, minutes: int, who: str = "sam", seen: int = 0, request: int = 0, **more: Any) -> str:
        """The Log view after a tap, as text."""
        uid = row(self.store, request or self.people.request).uid
        answer = self.calls("action", "contact.minutes", who, value=f"{uid}:{seen}:{minutes}", **more)
        assert isinstance(answer, Update)
        return text_of(answer)

    def saves(self, who: str = "sam", request: int = 0, **values: Any) -> Answer:
        """The long form, sent."""
        meta = {"uid": row(self.store, request or self.people.request).uid}
        return self.calls("view", "contact.saved", who, meta=meta, form=filled(**values))

    def works(self, who: str = "sam", **values: Any) -> str:
        """`/ta log`'s form, sent; what it shows then, as text."""
        form = filled(**{"day": str(NOW.date()), "category": "webinar", **values})
        return text_of(self.calls("view", "contact.work", who, form=form))

    def rows(self) -> list[ContactRow]:
        with self.store.reading() as session:
            return list(session.scalars(select(ContactRow).order_by(ContactRow.id)))


def filled(**values: Any) -> Form:
    return Form({"day": "", "minutes": "45", "category": "consultation", "format": "video", **values})


def desk(store: Store) -> Desk:
    return Desk(store, cast(store))


def text_of(answer: Answer) -> str:
    return json.dumps(getattr(answer, "view", None) or str(answer), ensure_ascii=False)
