"""The first minute: a short list of things to try on the page, each ticked off when somebody has done it there."""

from dataclasses import dataclass
from typing import Any

from copbot.sandbox import modals
from copbot.sandbox.people import STAFF_CHANNEL
from copbot.sandbox.world import World

Json = dict[str, Any]
FORM, PRESS, LOOK, CLOCK, COME = "submits", "presses", "mark", "clock", "come"


@dataclass(frozen=True)
class Try:
    """`does` and `what` say which doing ticks it off: a form by its callback_id, a button by its action_id.

    `person` and `place` are where the page takes somebody who wants to try it; `after` names what must be
    done first. `{command}` in `how` is the app's first command, or the one whose hint offers `verb`.
    """

    id: str
    words: str
    how: str
    person: str
    place: str
    does: str
    what: str = ""
    after: str = ""
    verb: str = ""


TRIES = (
    Try(
        id="ask",
        words="Ask for help",
        how="As Kim in #general, type {command} and what is needed. Fill in the short form and send it.",
        person="kim",
        place="general",
        does=FORM,
        what="request.ask",
    ),
    Try(
        id="take",
        words="Take it as staff",
        how="As Ravi in #ta-staff, press Take on the new notice.",
        person="ravi",
        place=STAFF_CHANNEL,
        does=PRESS,
        what="request.take",
    ),
    Try(
        id="answer",
        words="Answer it",
        how="Still as Ravi, press Done on the notice and write what was given.",
        person="ravi",
        place=STAFF_CHANNEL,
        does=FORM,
        what="request.done",
    ),
    Try(
        id="requester",
        words="See the requester's side",
        how="As Kim, read what the app has written to her.",
        person="kim",
        place="app",
        does=LOOK,
        what="im",
        after="take",
    ),
    Try(
        id="join",
        words="Join a community",
        how="As Kim in #general, type {command} and press Join beside one. Its channel then shows in the list.",
        person="kim",
        place="general",
        does=COME,
        what="community.join",
        verb="join",
    ),
    Try(
        id="digest",
        words="Get a weekly digest",
        how="As Kim in #general, type {command} and save the form: it comes to Kim on Monday at 9:00.",
        person="kim",
        place="general",
        does=FORM,
        what="digests.chosen",
        verb="weekly",
    ),
    Try(
        id="clock",
        words="Move the clock",
        how="Press one of the buttons beside the time: what is due by then happens. On Mondays at 9:00 "
        "the digest comes to #overdose-response.",
        person="",
        place="",
        does=CLOCK,
    ),
)
"""A later feature adds its line here."""


def progress(world: World) -> list[Json]:
    """The list as the page shows it. Nothing that this app cannot do stands in it."""
    done = world.state.tried
    offered = ((one, _command(world, one.verb)) for one in TRIES)
    return [
        {**_shown(one), "how": one.how.replace("{command}", command), "done": one.id in done}
        for one, command in offered
        if command or one.does == CLOCK
    ]


def _command(world: World, verb: str) -> str:
    listed = world.app.commands.values()
    return next((one.name for one in listed if not verb or verb in one.usage_hint.split()), "")


def _shown(one: Try) -> Json:
    return {"id": one.id, "words": one.words, "person": one.person, "place": one.place}


def subject(world: World, user: Json, verb: str, args: Json) -> str:
    """What a doing is about, found before it is done: a sent form is gone afterwards.

    Whoever asks to be let into a channel is remembered: they come into it a moment later, by the app's hand.
    """
    if verb == FORM:
        view = modals.top_modal(world, user["id"])
        return str(view.body.get("callback_id", "")) if view else ""
    about = str(args.get("action_id", ""))
    by_hand = verb == "joins" or (verb == "types" and str(args.get("text", "")).startswith("/"))
    if by_hand or any(one.does == COME and one.what == about for one in TRIES):
        world.wanting_in.add(user["id"])
    return about


def note(world: World, verb: str, about: str, result: Json) -> None:
    """Ticks off what this doing completes. A form that came back with errors, or a press that failed, does not."""
    if result.get("error") or result.get("errors") or result.get("trouble"):
        return
    _tick(world, verb, about)


def came(world: World, user: str) -> None:
    """Somebody is in one of the app's channels now; it counts if they asked for it on the page."""
    if user in world.wanting_in:
        world.wanting_in.discard(user)
        for one in TRIES:
            if one.does == COME:
                _tick(world, COME, one.what)


def _tick(world: World, verb: str, about: str) -> None:
    for one in TRIES:
        ready = not one.after or one.after in world.state.tried
        if one.does == verb and one.what in ("", about) and ready and one.id not in world.state.tried:
            world.state.save_tried(one.id, {"at": world.clock.now()})
