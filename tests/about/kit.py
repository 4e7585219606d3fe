"""About pages as tests change them: Ada and others save a page's form, add statements, bring in a file."""

from __future__ import annotations

from datetime import timedelta

from copbot.about import pages as about_pages
from copbot.about import service
from copbot.about.service import LockedPage, Page, stored_page
from copbot.about.values import form_mark
from copbot.store import Session, Store
from tests.communities.kit import NOON, PROFILE
from tests.days import day
from tests.program.editing import ADA, NAMES, Somebody

FACT = {
    "text": "So it is.",
    "source": "A study",
    "source_link": "https://example.org/a",
    "reviewed_on": day(-22),
}


def called(user: str) -> str:
    return NAMES.get(user, "somebody else")


def now_is(store: Store, ident: str) -> Page:
    with store.reading() as session:
        return stored_page(session, PROFILE, ident)


def lock(session: Session, ident: str, by: Somebody = ADA) -> LockedPage:
    return service.lock_page(session, PROFILE, ident, by=by, now=NOON, called=called)


def changed(store: Store, ident: str, by: Somebody = ADA, seen: str = "", **texts: str) -> Page:
    """Somebody saves the page's form with these texts in it."""
    page = now_is(store, ident).value
    with store.writing() as session:
        told = {**service.texts_of(page), **texts}
        return service.change(lock(session, ident, by), told, seen or form_mark(page))


def stated(store: Store, by: Somebody = ADA, key: str = "", seen: str = "", **texts: str) -> Page:
    with store.writing() as session:
        return service.put_statement(lock(session, "facts", by), key, {**FACT, **texts}, seen)


def imported(store: Store, **texts: str) -> about_pages.TakenPages:
    """A file that says something else on these pages, and is otherwise what the app holds."""
    with store.writing() as session:
        listed = tuple(
            each.model_copy(update={"text": texts[each.id]} if each.id in texts else {})
            for each in about_pages.every_page(session, PROFILE)
        )
        return about_pages.take(session, PROFILE, listed, by="import", now=NOON + timedelta(hours=1))
