"""The About pages' entrances: everybody reads them, leads and administrators keep them right."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from copbot.about import edits as about_edits
from copbot.about import lead_screens as forms
from copbot.about import pages as about_pages
from copbot.about import screens, statements
from copbot.about.lead_screens import ForLeads, PageSummary
from copbot.about.pages import StoredPage
from copbot.about.rows import ChangedMeanwhile, stored_page
from copbot.about.values import AboutPage, Statement
from copbot.communities import catalog
from copbot.communities import listeners as communities
from copbot.communities.screens import lists
from copbot.errors import Conflict, NotFound
from copbot.people.service import name_of
from copbot.program.settings.edits import Called
from copbot.slack.answers import Answer, Update, View
from copbot.slack.differences import FileDifference, FileEdits
from copbot.slack.entrances import Call, Entrance, Who, may, number

CARE: Who = "lead_or_admin"
SAVED = "✓ Saved."
_USER = re.compile(r"[UW][A-Z0-9]{5,}")


def named(call: Call) -> str:
    """The id of the page whose name was typed, among those this person may see; empty when there is none."""
    wanted = call.text.strip().casefold()
    seen = about_pages.every_page(call.session, call.profile)
    shown = (each for each in seen if each.is_seen or may(call.person, CARE))
    return next((each.id for each in shown if wanted in (each.id, each.title.casefold())), "")


def menu(call: Call) -> Answer:
    every = about_pages.every_page(call.session, call.profile)
    unseen = [each for each in every if not each.is_seen] if may(call.person, CARE) else None
    return call.show(screens.menu([each for each in every if each.is_seen], call.profile, unseen))


def shown(call: Call, ident: str) -> Answer:
    return call.show(_page_view(call, ident))


def _page_view(call: Call, ident: str, note: str = "") -> View:
    if not may(call.person, CARE):
        return _drawn(call, about_pages.page(call.session, call.profile, ident), None)
    found = stored_page(call.session, call.profile, ident)
    care = ForLeads(
        today=call.profile.today(call.now),
        zone=call.profile.time_zone,
        changed_by=_called(call)(found.by),
        changed_at=found.at,
        differs=found.differs,
        note=note,
    )
    return _drawn(call, found.page, care)


def _drawn(call: Call, found: AboutPage, care: ForLeads | None) -> View:
    news = catalog.news(call.session, call.now, call.profile.time_zone) if found.shows == "news" else ()
    return screens.page(found, call.profile, news, called=_called(call), care=care)


def _called(call: Call) -> Called:
    """A file may name a reviewer in words; a row names them by their Slack user id."""
    return cache(lambda by: name_of(call.session, by) if _USER.fullmatch(by) else by)


# -- all pages


def every(call: Call) -> Answer:
    return call.show(_list_view(call, number(call.value or 0)))


def _list_view(call: Call, page: int) -> View:
    called = _called(call)
    found = about_pages.everything(call.session, call.profile)
    standing = [PageSummary(each.page, called(each.page.reviewed_by), each.differs) for each in found]
    return forms.list_view(standing, page=page, today=call.profile.today(call.now))


# -- a page


def open_edit(call: Call) -> Answer:
    found = stored_page(call.session, call.profile, call.value).page
    return call.show(forms.edit_form(found, about_edits.texts_of(found)))


def save(call: Call) -> Answer:
    """Saved, and the page as it is now; or the form again with what somebody else saved meanwhile."""
    ident, seen = str(call.meta.get("page") or ""), str(call.meta.get("seen") or "")
    texts = _texts(call)
    before = stored_page(call.session, call.profile, ident).page
    try:
        made = about_edits.change(call.session, call.profile, ident, texts, seen=seen, **_by(call)).page
    except ChangedMeanwhile as error:
        now = error.now.page
        said = forms.otherwise(now, about_edits.texts_of(now), texts)
        return Update(forms.edit_form(now, texts, note=error.words, instead=said), saved=False)
    return Update(_page_view(call, ident, _saved_words(before, made)))


def _saved_words(before: AboutPage, made: AboutPage) -> str:
    if before.reviewed_on is None or made.reviewed_on is not None or made == before:
        return SAVED
    return (
        f"{SAVED} The words changed since the last review. Read the page, then press “I reviewed this today”."
    )


def review(call: Call) -> Answer:
    ident, _, seen = call.value.partition(":")
    done = "✓ Thank you. The page now says that you reviewed it today."
    return _press(
        call,
        ident,
        lambda: about_edits.review(call.session, call.profile, ident, seen=seen, **_by(call)),
        done,
    )


def _seen_by(*, hidden: bool) -> Callable[[Call], Answer]:
    done = "✓ Hidden. Only leads and administrators see it." if hidden else "✓ Everybody sees it now."

    def run(call: Call) -> Answer:
        how: dict[str, Any] = {"by": call.person, "now": call.now}
        about_edits.hide(call.session, call.profile, call.value, hidden=hidden, **how)
        return Update(_page_view(call, call.value, done))

    return run


def _press(call: Call, ident: str, verb: Callable[[], StoredPage], done: str) -> Answer:
    """A button of a page: done at once; somebody else's change meanwhile is told above the page."""
    try:
        verb()
    except Conflict as error:
        return Update(_page_view(call, ident, f"⚠ {error.words}"), saved=False)
    return Update(_page_view(call, ident, done))


# -- a statement


def open_statement(call: Call) -> Answer:
    ident, _, key = call.value.partition(":")
    found = stored_page(call.session, call.profile, ident).page
    statement = found.statement(key) if key else None
    if key and statement is None:
        raise NotFound("Somebody has removed that statement.")
    return call.show(forms.statement_form(found, statement, _texts_of(statement)))


def save_statement(call: Call) -> Answer:
    ident, key = str(call.meta.get("page") or ""), str(call.meta.get("key") or "")
    seen, texts = str(call.meta.get("seen") or ""), _texts(call)
    try:
        made = statements.put_statement(
            call.session, call.profile, ident, key, texts, seen=seen, **_by(call)
        ).page
    except ChangedMeanwhile as error:
        now = error.now.page
        old = now.statement(key)
        gone = "Somebody removed this statement. Saving adds it again."
        instead = [gone] if old is None else list(_texts_of(old).values())
        view = forms.statement_form(now, old, texts, note=error.words, instead=instead)
        return Update(view, saved=False)
    unseen = " Press “Show to everybody” when the page is ready."
    return Update(_page_view(call, ident, SAVED + (unseen if made.hidden else "")))


def remove_statement(call: Call) -> Answer:
    ident, key, seen = [*call.value.split(":"), "", ""][:3]
    return _press(
        call,
        ident,
        lambda: statements.remove_statement(call.session, call.profile, ident, key, seen=seen, **_by(call)),
        "✓ Removed.",
    )


def _texts_of(statement: Statement | None) -> dict[str, str]:
    if statement is None:
        return {}
    named = ("text", "source", "source_link", "reviewed_on")
    return {name: str(getattr(statement, name)) for name in named}


# -- where the file differs


def _differences(call: Call) -> list[FileDifference]:
    found = (each for each in about_pages.everything(call.session, call.profile) if each.differs)
    return [forms.difference(each.page, each.file, about_edits.difference_mark(each)) for each in found]


def _settles(verb: Callable[..., str]) -> Callable[[Call, str, str], str]:
    return lambda call, ident, mark: verb(call.session, call.profile, ident, seen=mark, **_by(call))


FILE_EDITS = FileEdits(
    "about", _differences, _settles(about_edits.take_from_file), _settles(about_edits.keep_here)
)


def _texts(call: Call) -> dict[str, str]:
    return {name: said for name, said in call.form.values.items() if isinstance(said, str)}


def _by(call: Call) -> dict[str, Any]:
    return {"by": call.person, "now": call.now, "called": _called(call)}


def _entrance(
    kind: Any, ident: str, run: Callable[[Call], Answer], *, write: bool = False, **more: Any
) -> Entrance:
    effect: Any = "write" if write else "read"
    return Entrance(kind=kind, id=ident, run=run, who=CARE, effect=effect, **more)


def about(call: Call) -> Answer:
    """The menu of pages, one of them, or (by the name of one) a community.

    A button's value is `about` for the menu, since a page may have that id too, or `page:` and the page's id.
    """
    ident = "" if call.value == "about" else call.value.removeprefix("page:")
    if call.text:
        ident = named(call)
        if not ident:
            return communities.about_one(call)
    return shown(call, ident) if ident else menu(call)


def _anyone(kind: Any, ident: str, run: Callable[[Call], Answer], **more: Any) -> Entrance:
    return Entrance(kind=kind, id=ident, run=run, **more)


def _any_words(_rest: str) -> bool:
    return True


ENTRANCES = (
    _anyone(
        "command",
        "community about",
        about,
        help="who we are; with a name, that community",
        example="/community about",
        takes=_any_words,
    ),
    _anyone("action", lists.ABOUT, about),
    _entrance("action", forms.LIST, every),
    _entrance("action", forms.EDIT, open_edit),
    _entrance("view", forms.SAVE, save, write=True, public_text=("*",)),
    _entrance("action", forms.REVIEW, review, write=True),
    _entrance("action", forms.HIDE, _seen_by(hidden=True), write=True),
    _entrance("action", forms.SHOW, _seen_by(hidden=False), write=True),
    _entrance("action", forms.STATEMENT_FORM, open_statement),
    _entrance("view", forms.SAVE_STATEMENT, save_statement, write=True, public_text=("*",)),
    _entrance("action", forms.REMOVE, remove_statement, write=True),
    *FILE_EDITS.entrances(CARE),
)
