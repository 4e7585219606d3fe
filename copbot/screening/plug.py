"""The screen as the frame asks it: before a form's text is taken, and before a form opens with text in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from copbot.screening import screens
from copbot.screening.rules import CONTACT, Finding, around, context_of, find
from copbot.screening.screens import CALL, CALL_ME, EDIT, FIELD, SEND, Spotted
from copbot.slack.answers import Answer, Open, Push, Update, View
from copbot.slack.entrances import Call, Entrance, Form
from copbot.store import Session

IsKnown = Callable[[Session, str, str], bool]
"""(session, "phone" or "address", as written) → whether an agency or a service is known by it."""


class Screening:
    def __init__(self, is_known: IsKnown) -> None:
        self._is_known = is_known

    def before(self, entrance: Entrance, call: Call, view: View) -> Call | Answer:
        """The call to go on with, or the form with what was found in it. Nothing of a returned form is saved.

        Who asks to be called goes on with words of ours in the place of their own.
        """
        if entrance.kind != "view" or entrance.effect != "write":
            return call
        choice = call.form.one(FIELD)
        if choice == CALL and entrance.can_call:
            return replace(call, form=_without_words(entrance, call.form, view))
        texts = {name: call.form.one(name) for name, _ in screens.text_fields(view)}
        found = self._found(entrance, call, texts)
        left = found
        if choice == SEND:
            left = {name: [each for each in some if each.kind not in CONTACT] for name, some in found.items()}
            left = {name: some for name, some in left.items() if some}
        if not left:
            return call
        note = screens.STILL_THERE if left != found or choice == SEND else screens.RETURNED
        return Update(self._marked(entrance, view, left, texts, note=note, chosen=choice), saved=False)

    def after(self, call: Call, answer: Answer) -> Answer:
        """A form that opens with words somebody typed, or is drawn anew, says what they hold."""
        if not isinstance(answer, Open | Push | Update) or not (call.text or FIELD in call.form.values):
            return answer
        callback = answer.view.get("callback_id")
        rows = (each for each in call.entrances if (each.kind, each.id) == ("view", callback))
        entrance = next((each for each in rows if each.effect == "write"), None)
        texts = dict(screens.text_fields(answer.view))
        found = self._found(entrance, call, texts) if entrance is not None else {}
        if entrance is None or not found:
            return answer
        choice = call.form.one(FIELD)
        view = self._marked(entrance, answer.view, found, texts, note=screens.OPENED, chosen=choice)
        return replace(answer, view=view)

    def _found(self, entrance: Entrance, call: Call, texts: Mapping[str, str]) -> dict[str, list[Finding]]:
        """What each field holds that must not be kept there; fields without any are left out."""
        found: dict[str, list[Finding]] = {}
        context = context_of(call.profile)
        for name, text in texts.items():
            if not text or _is_one_of(name, entrance.other_text):
                continue
            is_public = _is_one_of(name, entrance.public_text)
            for each in find(text, context):
                said = text[each.start : each.end]
                may = each.kind in CONTACT and (is_public or self._is_known(call.session, each.kind, said))
                if not may:
                    found.setdefault(name, []).append(each)
        return found

    def _marked(
        self,
        entrance: Entrance,
        view: View,
        found: Mapping[str, list[Finding]],
        texts: Mapping[str, str],
        *,
        note: str,
        chosen: str,
    ) -> View:
        spotted = {
            name: [Spotted(each.kind, around(texts[name], each, tuple(some))) for each in some]
            for name, some in found.items()
        }
        is_contact = any(each.kind in CONTACT for some in found.values() for each in some) or chosen == SEND
        choices = [EDIT, *([SEND] if is_contact else []), *([CALL] if entrance.can_call else [])]
        return screens.marked(view, spotted, note=note, choices=choices, chosen=chosen, texts=texts)


def _without_words(entrance: Entrance, form: Form, view: View) -> Form:
    """Every text that may hold words of the writer's is replaced; a new agency's name is none of them."""
    ours = {
        name: CALL_ME
        for name, _ in screens.text_fields(view)
        if form.one(name) and not _is_one_of(name, (*entrance.public_text, *entrance.other_text))
    }
    return Form({**form.values, **ours}, form.labels)


def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, each) for each in patterns)
