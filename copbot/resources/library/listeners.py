"""The library's entrances: a resource in full, what readers do with it, adding, reviewing, changing, retiring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from copbot.errors import InvalidInput
from copbot.jobs import service as jobs
from copbot.resources.library import readers, reviewing, service
from copbot.resources.library.screens import card as cards
from copbot.resources.library.screens import forms, review
from copbot.resources.library.service import FETCH_PAGE
from copbot.resources.library.values import ResourceFields, Shown
from copbot.resources.words import CARD, HELPED, OUTDATED
from copbot.slack.answers import Answer, Done, Nothing, Open, Update, View
from copbot.slack.entrances import Call, Entrance, command
from copbot.slack.entrances import number as number_of
from copbot.store import new_uid

# -- one resource


def _card(call: Call, shown: Shown, note: str = "") -> View:
    today = call.profile.today(call.now)
    return cards.card(shown, call.profile, today=today, is_staff=call.person.is_staff, note=note)


def open_card(call: Call) -> Answer:
    return Open(_card(call, readers.shown(call.session, call.value, call.person)))


def opened(call: Call) -> Answer:
    readers.opened(call.session, call.value, person=call.person, profile=call.profile, now=call.now)
    return Done()


def toggle_saved(call: Call) -> Answer:
    shown = readers.toggle_saved(call.session, call.value, person=call.person, now=call.now)
    return Update(_card(call, shown, "Saved." if shown.is_saved else "Removed from your saved resources."))


def _says(verb: Callable[..., None], thanks: str) -> Callable[[Call], Answer]:
    def run(call: Call) -> Answer:
        verb(call.session, call.value, person=call.person, profile=call.profile, now=call.now)
        return _card_again(call, call.value, thanks)

    return run


def _card_again(call: Call, uid: str, note: str) -> Answer:
    return (
        Update(_card(call, readers.shown(call.session, uid, call.person), note)) if call.in_modal else Done()
    )


def open_share(call: Call) -> Answer:
    shown = readers.shown(call.session, call.value, call.person)
    return Open(cards.share_form(call.value, shown.resource.title, shown.channels))


def share(call: Call) -> Answer:
    uid, channel = str(call.meta.get("resource")), call.form.one("channel")
    readers.share(call.session, uid, channel, person=call.person, profile=call.profile, now=call.now)
    return Update(cards.shared(channel))


# -- adding and changing


def open_add(call: Call) -> Answer:
    first = forms.from_message(call.text) if call.text else ResourceFields()
    return Open(_form(call, first), words=call.text)


def add_by_command(call: Call) -> Answer:
    """The page of an address that is typed alone is read by a job, which fills in the form."""
    first = forms.from_message(call.text)
    if not first.url or first.title:
        return open_add(call)
    form = new_uid()
    _read_page(call, form, first.url, "link", opening=True)
    view = _form(call, first, page=forms.READING)
    return Open(view | {"external_id": form}, words=call.text, saved=True)


def _form(call: Call, first: ResourceFields, **more: Any) -> View:
    return forms.resource_form(first, call.profile, is_staff=call.person.is_staff, **more)


def change_kind(call: Call) -> Answer:
    """Another kind asks for other fields; what was typed stays."""
    uid, version = str(call.meta.get("resource") or ""), number_of(call.meta.get("version") or 0)
    return Update(_form(call, forms.fields_from(call.form), uid=uid, version=version), saved=False)


def fetch(call: Call) -> Answer:
    """The page is read by a job, which then fills the open form in."""
    _read_page(call, call.view_id, call.form.one("url"), call.form.one("kind"))
    return Done()


def _read_page(call: Call, form: str, url: str, kind: str, **more: bool) -> None:
    args = {"view": form, "url": url, "kind": kind, "staff": call.person.is_staff, **more}
    key = f"{FETCH_PAGE}:{form}:{call.now.isoformat()}"
    jobs.enqueue(call.session, FETCH_PAGE, key=key, by=call.person.user, args=args, now=call.now)


def add(call: Call) -> Answer:
    fields = forms.fields_from(call.form)
    try:
        made = reviewing.add(call.session, fields, person=call.person, profile=call.profile, now=call.now)
    except InvalidInput as error:
        raise InvalidInput(error.words, forms.at_blocks(error.fields, call.form)) from None
    return Update(forms.added(made.title, is_staff=call.person.is_staff))


def open_edit(call: Call) -> Answer:
    found = service.readable(call.session, call.value, call.person)
    return Open(_form(call, service.fields_of(found), uid=found.uid, version=found.version))


def edit(call: Call) -> Answer:
    uid, version = str(call.meta.get("resource")), number_of(call.meta.get("version") or 0)
    service.edit(
        call.session, uid, forms.fields_from(call.form), seen=version, person=call.person,
        profile=call.profile, now=call.now, clear=forms.cleared(call.form),
    )  # fmt: skip
    return Done()


# -- what waits for staff


def open_review(call: Call) -> Answer:
    return Open(_review(call))


def _review(call: Call, after: int = 0) -> View:
    page = service.to_review(call.session, after)
    if not page.items and after:
        page, after = service.to_review(call.session), 0
    return review.review_view(page, service.drafts(call.session), call.profile, after=after)


def skip(call: Call) -> Answer:
    return Update(_review(call, number_of(call.value)), saved=False)


def publish_here(call: Call) -> Answer:
    """From the list: the next one takes its place. From a message or another release's view: nothing to update."""
    reviewing.publish(call.session, call.value.split(","), by=call.person, profile=call.profile, now=call.now)
    return Update(_review(call, number_of(call.meta.get("after") or 0))) if call.in_modal else Done()


def publish(call: Call) -> Answer:
    reviewing.publish(call.session, [call.value], by=call.person, profile=call.profile, now=call.now)
    return _card_again(call, call.value, "Published.")


def same(call: Call) -> Answer:
    uid, _, stays = call.value.partition("|")
    reviewing.mark_same(call.session, uid, stays, person=call.person, profile=call.profile, now=call.now)
    return _card_again(call, stays, "Merged. This one stays in the library.")


def open_retire(call: Call) -> Answer:
    found = service.readable(call.session, call.value, call.person)
    return Open(review.retire_form(found.uid, found.title, is_draft=found.state == "draft"))


def retire(call: Call) -> Answer:
    why = ": ".join(filter(None, (call.form.one("reason"), call.form.one("note"))))
    uid = str(call.meta.get("resource"))
    reviewing.retire(call.session, uid, by=call.person, why=why, profile=call.profile, now=call.now)
    return Update(review.retired())


def nothing(_call: Call) -> Answer:
    return Nothing("a list that is only looked at")


_TEXTS: Any = {"public_text": forms.PUBLIC_TEXT, "other_text": forms.OTHER_TEXT}

ENTRANCES = (
    Entrance("action", CARD, open_card),
    Entrance("action", cards.OPENED, opened, effect="write"),
    Entrance("action", cards.SAVE, toggle_saved, effect="write"),
    Entrance("action", cards.USEFUL, _says(readers.useful, HELPED), effect="write"),
    Entrance("action", cards.OUTDATED, _says(readers.outdated, OUTDATED), effect="write"),
    Entrance("action", cards.SHARE, open_share),
    Entrance("view", cards.SHARED, share, effect="write"),
    command(
        "resources add",
        add_by_command,
        "suggest a link, document, service or event",
        "member",
        "write",
        staff_help="add a link, document, service or event",
        words="https://example.org",
    ),
    Entrance("action", forms.ADD, open_add, "member"),
    Entrance(
        "message_shortcut",
        "resource_from_message",
        open_add,
        "member",
        help="suggest this message for the resource library",
        example="Save to library",
    ),
    Entrance("action", forms.KIND, change_kind, "member"),
    Entrance("action", forms.FETCH, fetch, "member", "write"),
    Entrance("view", forms.ADDED, add, "member", "write", **_TEXTS),
    Entrance("action", cards.EDIT, open_edit, "staff"),
    Entrance("view", forms.EDITED, edit, "staff", "write", **_TEXTS),
    command("resources review", open_review, "decide on suggestions", "staff"),
    Entrance("action", review.OPEN_REVIEW, open_review, "staff"),
    Entrance("view", review.REVIEW, nothing, "staff"),
    Entrance("action", review.NEXT, skip, "staff"),
    Entrance("action", review.REVIEWED, publish_here, "staff", "write"),
    Entrance("action", review.ALL, publish_here, "staff", "write"),
    Entrance("action", cards.PUBLISH, publish, "staff", "write"),
    Entrance("action", cards.RIGHT, _says(reviewing.confirm, "Reviewed today."), "staff", "write"),
    Entrance("action", cards.SAME, same, "staff", "write"),
    Entrance("action", cards.RETIRE, open_retire, "staff"),
    Entrance("view", review.RETIRED, retire, "staff", "write", free_text=("note",)),
)
