"""The About pages' entrances: everybody reads them, leads and administrators keep them right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from copbot.about import lead_screens as forms
from copbot.about import pages as about_pages
from copbot.about import screens, service
from copbot.about.lead_screens import ForLeads
from copbot.about.service import LockedPage, Page
from copbot.about.values import Statement, review_is_due
from copbot.communities import catalog
from copbot.communities import listeners as communities
from copbot.communities.screens import lists
from copbot.errors import Conflict, NotFound
from copbot.people.service import name_of
from copbot.program.settings.filed import Called, ChangedMeanwhile
from copbot.signs import plain_signs
from copbot.slack.answers import Answer, Block, Update, View
from copbot.slack.differences import FileDifference, FileEdits
from copbot.slack.entrances import Call, Entrance, Who, any_words, command, may, number

CARE: Who = "lead_or_admin"
SAVED = "✓ Saved."
_USER = re.compile(r"[UW][A-Z0-9]{5,}")


def about(call: Call) -> Answer:
    """The menu of pages, one of them, or (by the name of one) a community.

    A button's value is `about` for the menu, since a page may have that id too, or `page:` and the page's id.
    """
    ident = "" if call.value == "about" else call.value.removeprefix("page:")
    if not (ident or call.text):
        return menu(call)
    if call.text:
        ident = _named(call)
    return call.show(_page_view(call, ident)) if ident else communities.about_one(call)


def _named(call: Call) -> str:
    """The id of the page whose name was typed, among those this person may see; empty when there is none."""
    wanted = plain_signs(call.text).strip().casefold()
    every = about_pages.every_page(call.session, call.profile)
    shown = [each for each in every if each.is_seen or may(call.person, CARE)]
    return next((each.id for each in shown if wanted in (each.id, plain_signs(each.title).casefold())), "")


def menu(call: Call) -> Answer:
    every = about_pages.every_page(call.session, call.profile)
    unseen = [each for each in every if not each.is_seen] if may(call.person, CARE) else None
    return call.show(screens.menu([each for each in every if each.is_seen], call.profile, unseen))


def _page_view(call: Call, ident: str, note: str = "") -> View:
    called, care = _called(call), None
    if may(call.person, CARE):
        found = service.stored_page(call.session, call.profile, ident)
        page, today, zone = found.value, call.profile.today(call.now), call.profile.time_zone
        care = ForLeads(today, zone, called(found.by), found.at, found.differs, note)
    else:
        page = about_pages.page(call.session, call.profile, ident)
    news = catalog.news(call.session, call.now, call.profile.time_zone) if page.shows == "news" else ()
    return screens.page(page, call.profile, news, reviewer=called(page.reviewed_by), care=care)


def _called(call: Call) -> Called:
    """A file may name a reviewer in words; a row names them by their Slack user id."""
    return cache(lambda by: name_of(call.session, by) if _USER.fullmatch(by) else by)


# -- all pages


def to_see(call: Call) -> Sequence[Block]:
    """In the Home of those who may change them: pages to read again, and those that the file has otherwise."""
    every, today = about_pages.everything(call.session, call.profile), call.profile.today(call.now)
    due = sum(review_is_due(each.value, today) for each in every)
    return forms.to_see(due, sum(each.differs for each in every))


def list_pages(call: Call) -> Answer:
    every, today = about_pages.everything(call.session, call.profile), call.profile.today(call.now)
    page = number(call.value or 0)
    return call.show(forms.list_view(every, page=page, today=today, called=_called(call)))


# -- a page


def _lock(call: Call, ident: str) -> LockedPage:
    called = _called(call)
    return service.lock_page(call.session, call.profile, ident, by=call.person, now=call.now, called=called)


def _texts(call: Call) -> dict[str, str]:
    return {name: said for name, said in call.form.values.items() if isinstance(said, str)}


def open_edit(call: Call) -> Answer:
    found = service.stored_page(call.session, call.profile, call.value).value
    return call.show(forms.edit_form(found, service.texts_of(found)))


def save(call: Call) -> Answer:
    """Saved, and the page as it is now; or the form again with what somebody else saved meanwhile."""
    ident, texts = str(call.meta.get("page") or ""), _texts(call)
    held = _lock(call, ident)
    before = held.found.value
    try:
        made = service.change(held, texts, str(call.meta.get("seen") or "")).value
    except ChangedMeanwhile as error:
        now = error.now.value
        instead = forms.otherwise(now, service.texts_of(now), texts)
        return Update(forms.edit_form(now, texts, note=error.words, instead=instead), saved=False)
    note = SAVED
    if before.reviewed_on is not None and made.reviewed_on is None and made != before:
        note += " The words changed since the last review. Read the page, then press “I reviewed this today”."
    return Update(_page_view(call, ident, note))


def _press(call: Call, ident: str, verb: Callable[[LockedPage], Page], done: str) -> Answer:
    """A button of a page: done at once; somebody else's change meanwhile is told above the page."""
    try:
        verb(_lock(call, ident))
    except Conflict as error:
        return Update(_page_view(call, ident, f"⚠ {error.words}"), saved=False)
    return Update(_page_view(call, ident, done))


def review(call: Call) -> Answer:
    ident, _, seen = call.value.partition(":")
    done = "✓ Thank you. The page now says that you reviewed it today."
    return _press(call, ident, lambda held: service.review(held, seen), done)


def hide(call: Call) -> Answer:
    done = "✓ Hidden. Only leads and administrators see it."
    return _press(call, call.value, lambda held: service.hide(held, hidden=True), done)


def show(call: Call) -> Answer:
    return _press(call, call.value, lambda held: service.hide(held, hidden=False), "✓ Everybody sees it now.")


# -- a statement


def open_statement(call: Call) -> Answer:
    ident, _, key = call.value.partition(":")
    found = service.stored_page(call.session, call.profile, ident).value
    statement = found.statement(key) if key else None
    if key and statement is None:
        raise NotFound("Somebody has removed that statement.")
    return call.show(forms.statement_form(found, statement, _texts_of(statement)))


def save_statement(call: Call) -> Answer:
    ident, key, seen = (str(call.meta.get(name) or "") for name in ("page", "key", "seen"))
    texts = _texts(call)
    try:
        made = service.put_statement(_lock(call, ident), key, texts, seen).value
    except ChangedMeanwhile as error:
        now = error.now.value
        old = now.statement(key)
        gone = "Somebody removed this statement. Saving adds it again."
        instead = [gone] if old is None else list(_texts_of(old).values())
        view = forms.statement_form(now, old, texts, note=error.words, instead=instead)
        return Update(view, saved=False)
    unseen = " Press “Show to everybody” when the page is ready."
    return Update(_page_view(call, ident, SAVED + (unseen if made.hidden else "")))


def remove_statement(call: Call) -> Answer:
    ident, key, seen = [*call.value.split(":"), "", ""][:3]
    return _press(call, ident, lambda held: service.remove_statement(held, key, seen), "✓ Removed.")


def _texts_of(statement: Statement | None) -> dict[str, str]:
    named = ("text", "source", "source_link", "reviewed_on") if statement else ()
    return {name: str(getattr(statement, name)) for name in named}


# -- where the file differs


def _differences(call: Call) -> list[FileDifference]:
    found = (each for each in about_pages.everything(call.session, call.profile) if each.differs)
    return [forms.difference(each.value, each.file, about_pages.PAGES.mark(each)) for each in found]


FILE_EDITS = FileEdits("about", _differences, _lock)

_HELP = "who we are; with a name, that community"
ENTRANCES = (
    command("community about", about, _HELP, takes=any_words),
    Entrance("action", lists.ABOUT, about),
    Entrance("action", forms.LIST, list_pages, CARE),
    Entrance("action", forms.EDIT, open_edit, CARE),
    Entrance("view", forms.SAVE, save, CARE, "write", public_text=("*",)),
    Entrance("action", forms.REVIEW, review, CARE, "write"),
    Entrance("action", forms.HIDE, hide, CARE, "write"),
    Entrance("action", forms.SHOW, show, CARE, "write"),
    Entrance("action", forms.STATEMENT_FORM, open_statement, CARE),
    Entrance("view", forms.SAVE_STATEMENT, save_statement, CARE, "write", public_text=("*",)),
    Entrance("action", forms.REMOVE, remove_statement, CARE, "write"),
    *FILE_EDITS.entrances(CARE),
)
