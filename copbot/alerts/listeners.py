"""Entrances of alerts: staff's form, approval, a lead's correction, the end, and the list in Home."""

from __future__ import annotations

from collections.abc import Sequence

from copbot.alerts import rules, screens, service
from copbot.alerts.service import DigestReaders
from copbot.slack.answers import Answer, Block, Done, Open, Update
from copbot.slack.entrances import Call, Entrance, command, number


def current(call: Call) -> Sequence[Block]:
    return screens.overview(service.current(call.session, call.now), call.profile)


def open_form(call: Call) -> Answer:
    """An empty form, or the words of the alert that a button names."""
    found = service.find(call.session, call.value, call.now) if call.value else None
    day = rules.day_ahead(call.profile.time_zone, call.now).isoformat()
    return Open(screens.write_view(found, call.profile, day=day))


def write(readers: DigestReaders, call: Call) -> Answer:
    texts = {name: call.form.one(name) for name in (*screens.TEXTS, "until")}
    found = service.write(
        call.session, readers, texts, topics=call.form.many("topics"), areas=call.form.many("areas"),
        uid=str(call.meta.get("uid") or ""), version=int(call.meta.get("seen") or 0),
        person=call.person, profile=call.profile, now=call.now,
    )  # fmt: skip
    return Update(screens.saved_view(found, call.profile))


def approve(call: Call) -> Answer:
    uid, _, version = call.value.partition(":")
    service.approve(call.session, uid, number(version), person=call.person, now=call.now)
    return Done()


def end(call: Call) -> Answer:
    service.end(call.session, call.value, person=call.person, now=call.now)
    return Done()


def open_correct(call: Call) -> Answer:
    return Open(screens.correct_view(service.find(call.session, call.value, call.now), call.profile))


def correct(call: Call) -> Answer:
    uid, text = str(call.meta.get("uid") or ""), call.form.one("text")
    service.correct(call.session, uid, text, person=call.person, now=call.now)
    return Done()


def entrances(readers: DigestReaders) -> tuple[Entrance, ...]:

    return (
        command("digest alert", open_form, "write an alert; somebody else approves it", "staff"),
        Entrance("action", screens.WRITE, open_form, "staff"),
        Entrance(
            "view",
            screens.WRITTEN,
            lambda call: write(readers, call),
            "staff",
            "write",
            public_text=screens.TEXTS,
        ),
        Entrance("action", screens.APPROVE, approve, "staff", "write"),
        Entrance("action", screens.END, end, "staff", "write"),
        Entrance("action", screens.CORRECT, open_correct, "lead"),
        Entrance("view", screens.CORRECTED, correct, "lead", "write", public_text=("text",)),
    )
