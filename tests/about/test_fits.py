"""Whatever stands on a page, Slack takes its screens whole, its form gives it back, and its file reads it again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from copbot.about import lead_screens as forms
from copbot.about import pages as about_pages
from copbot.about import screens, service
from copbot.about.lead_screens import ForLeads, difference
from copbot.about.listeners import FILE_EDITS
from copbot.about.values import (
    STATEMENTS,
    AboutPage,
    Column,
    PageLink,
    Statement,
    column_text,
    form_mark,
    plain,
    points_text,
)
from copbot.errors import InvalidInput
from copbot.program.settings.filed import Filed
from copbot.sandbox.views import check_view
from copbot.slack.text import clean
from copbot.store import Store
from tests.about.kit import lock
from tests.communities.kit import NOON, PROFILE
from tests.days import DAY

FEW = settings(suppress_health_check=list(HealthCheck))
TODAY = DAY
CARE = ForLeads(TODAY, "America/Chicago", "<!channel> *_~`", NOON, True, "✓ <@U1|x>")
LETTERS = st.one_of(
    st.sampled_from("<>&@!#|`*_~:\"'\\•\u200b\u202e😀é w\u2028\x85"),
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
)
LINE = st.text(LETTERS, min_size=1, max_size=75).map(str.strip).filter(bool)
LINES = st.one_of(LINE, st.sampled_from(["😀" * 75, "&" * 75, "w" * 75]))
POINT = LINES.map(lambda text: text.lstrip("• ").strip()).filter(bool)
URL = st.sampled_from(
    ["https://example.org", "http://a.example/?x=1&y=2#z", "https://example.org/" + "é" * 280]
)
WORDS = st.one_of(LINES, st.integers(1, 1000).map(lambda many: "😀" * many), st.just("<!channel>\n\n`x`"))
DAYS = st.dates(date(2020, 1, 1), TODAY)


def made(model: Any, **told: Any) -> Any:
    try:
        return model.model_validate(told)
    except ValidationError:  # beyond what fits: refused, as other tests show
        return assume(False)


@st.composite
def pages(draw: st.DrawFn) -> AboutPage:
    said = st.builds(
        lambda *of: Statement(text=of[0], source=of[1], source_link=of[2], reviewed_on=of[3]),
        st.one_of(LINES, st.just("😀" * 500)),
        LINES,
        st.one_of(st.just("https://example.org"), URL),
        DAYS,
    )
    columns = st.builds(
        lambda *of: Column(heading=of[0], points=of[1]),
        LINES,
        st.lists(POINT, min_size=1, max_size=4).map(tuple),
    )
    links = st.builds(lambda *of: PageLink(title=of[0], url=of[1]), LINES, URL)
    return made(
        AboutPage,
        id="stigma",
        title=draw(LINES),
        text=draw(st.none() | WORDS),
        points=draw(st.lists(POINT, max_size=15)),
        columns=draw(st.lists(columns, max_size=2)),
        links=draw(st.lists(links, max_size=8)),
        statements=draw(st.lists(said, max_size=STATEMENTS)),
        shows=draw(st.sampled_from([None, "areas", "news", "hotlines", "eligibility", "funding"])),
        source=draw(st.none() | LINES),
        source_link=draw(st.none() | URL),
        reviewed_on=draw(st.none() | DAYS),
        reviewed_by=draw(st.none() | LINES),
        hidden=draw(st.booleans()),
    )


def fits(view: dict[str, Any]) -> dict[str, Any]:
    assert check_view(view, kind="modal") is None
    return view


def texts_in(node: Any) -> str:
    if isinstance(node, dict):
        return "\n".join(texts_in(each) for each in node.values())
    if isinstance(node, list):
        return "\n".join(texts_in(each) for each in node)
    return node if isinstance(node, str) else ""


@FEW
@given(pages())
def test_a_page_is_shown_whole_inv12(page: AboutPage) -> None:
    for care in (None, CARE):
        view = fits(screens.page(page, PROFILE, ("New: #a",), care=care))
        shown = texts_in(view["blocks"])
        whole = [page.text, points_text(page.points), *map(column_text, page.columns), page.source]
        whole += [each for link in page.links for each in (link.title, link.url)]
        whole += [each for said in page.statements for each in (said.text, said.source, said.source_link)]
        assert [each for each in whole if clean(each).strip() not in shown] == []
        assert PROFILE.contact.email in shown


@FEW
@given(pages(), pages(), WORDS)
def test_what_leads_see_fits_inv12(page: AboutPage, other: AboutPage, note: str) -> None:
    fits(forms.edit_form(page, service.texts_of(page), note=note, instead=[note] * 10))
    statement = page.statements[0] if page.statements else None
    fits(forms.statement_form(page, statement, {"text": note, "reviewed_on": "x"}, note=note, instead=[note]))
    listed = [Filed("stigma", page.title, page, other, None)] * 100
    for at in range(4):
        fits(forms.list_view(listed, page=at, today=TODAY, called=lambda _: note, note=note))
    fits(FILE_EDITS.view([difference(page, other, "0" * 12), difference(page, None, "1")] * 20, note))
    many = [each.model_copy(update={"id": f"p{at}"}) for at, each in enumerate([page, other] * 50)]
    fits(screens.menu(many[:60], PROFILE, many[60:]))


def test_the_fullest_page_there_can_be_fits_inv12() -> None:
    text, line = "😀" * 1000, "😀" * 75
    said = [
        Statement(
            text=text[:500],
            source="😀" * 200,
            source_link="https://é.example/" + "é" * 280,
            reviewed_on=TODAY,
            id=f"s{at}",
        )
        for at in range(STATEMENTS)
    ]
    links = [PageLink(title=f"{line[:60]}{at}", url="https://e.example/" + "é" * 10) for at in range(18)]
    page = AboutPage(
        id="a" * 40, title=line, text=text, points=("😀" * 180,) * 8, links=tuple(links), statements=tuple(said),
        columns=(Column(heading=line, points=("😀" * 180,) * 4),) * 2, source="😀" * 200, reviewed_on=TODAY, reviewed_by="😀" * 200,
    )  # fmt: skip
    view = fits(screens.page(page, PROFILE, care=CARE))
    assert len(json.dumps(view)) > 150_000
    fits(forms.edit_form(page, service.texts_of(page), note=text, instead=[text] * 9))


@FEW
@given(page=pages())
def test_a_form_sent_back_as_it_came_changes_nothing(page: AboutPage, sqlite_store: Store) -> None:
    """What the form's boxes hold is the whole page: no point, link or column is lost on the way."""
    with sqlite_store.writing() as session:
        about_pages.take(session, PROFILE, (page,), by="import", now=NOON)
    view = forms.edit_form(page, service.texts_of(page))
    boxes = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    typed = {
        name: str(box.get("initial_value") or box.get("initial_date") or "") for name, box in boxes.items()
    }
    with sqlite_store.writing() as session:
        service.change(lock(session, page.id), typed, form_mark(page))
    with sqlite_store.reading() as session:
        assert [plain(each) for each in about_pages.every_page(session, PROFILE)] == [plain(page)]


@FEW
@given(
    texts=st.dictionaries(
        st.sampled_from(["title", "text", "points", "links", "source", "source_link", "reviewed_on"]),
        st.one_of(WORDS, st.text(max_size=50)),
    )
)
def test_anything_typed_is_saved_or_sent_back_with_words_at_its_field(
    texts: dict[str, str], sqlite_store: Store
) -> None:
    texts = {name: clean(said) for name, said in texts.items()}
    with sqlite_store.reading() as session:
        page = next(each for each in about_pages.every_page(session, PROFILE) if each.id == "stigma")
    form = forms.edit_form(page, {})
    fields = {block["block_id"] for block in form["blocks"] if block["type"] == "input"}
    wrong: dict[str, str] = {}
    try:
        with sqlite_store.writing() as session:
            service.change(lock(session, "stigma"), texts, form_mark(page))
    except InvalidInput as error:
        wrong = error.fields or {"": error.words}
    with sqlite_store.reading() as session:
        found = next(each for each in about_pages.every_page(session, PROFILE) if each.id == "stigma")
    assert set(wrong) <= fields
    assert not wrong or found == page
    fits(screens.page(found, PROFILE, care=CARE))


@FEW
@given(pages())
def test_a_page_written_to_a_file_is_read_again_as_it_was(page: AboutPage) -> None:
    text = about_pages.written([page])
    [found] = about_pages.read("pages.yaml", text)
    assert plain(found) == plain(page)


@pytest.mark.parametrize("ident", [page.id for page in about_pages.shipped("harm_reduction_wi")])
def test_every_page_we_ship_fits_for_everybody_inv12(ident: str) -> None:
    [page] = [page for page in about_pages.shipped("harm_reduction_wi") if page.id == ident]
    for care in (None, CARE):
        fits(screens.page(page, PROFILE, care=care))
