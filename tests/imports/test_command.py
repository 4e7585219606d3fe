"""`bot.py import` and `bot.py export`, as typed: what they print, how they end, and what stands afterwards."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from copbot.errors import CopbotError
from copbot.imports.command import jobs, screens
from copbot.imports.command.rules import FileForm, form_of
from copbot.imports.sources import service as sources
from copbot.resources.index import tables as index
from copbot.resources.library import service as library
from copbot.resources.search import service as search
from copbot.store import Store
from tests.databases import SqliteFiles
from tests.ground.test_cli import Done, bot
from tests.imports.test_hsds import EXAMPLE, zipped
from tests.resources.given import NOW, PROFILE, add

FOUR = """Title,URL,Topics,Summary
Naloxone basics,https://a.example/naloxone,naloxone,How to use it
Test strips,https://a.example/strips,drug_checking,
Wound care,https://a.example/wounds,wound_care,
Bad,javascript:alert(1),naloxone,
"""
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:{1}\r\nSUMMARY:{0}\r\nEND:VEVENT\r\n"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>One</title><link>https://a.example/1</link></item></channel></rss>"""
OPML = """<opml version="1.0"><body><outline text="One" xmlUrl="https://one.example/feed"/>
<outline text="Two" xmlUrl="https://two.example/feed"/></body></opml>"""


class Home:
    """A folder with a database, and the commands in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = SqliteFiles(folder).copy(folder / "copbot.db")

    def runs(self, *words: str, **environ: str) -> Done:
        return bot(*words, at=self.folder, DATABASE_URL=self.url, **environ)

    def file(self, name: str, text: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def found(self, typed: str) -> str:
        """The first result of a search."""
        store = Store(self.url)
        with store.reading() as session:
            results = search.search(session, typed, profile=PROFILE)
        store.close()
        return results.items[0].resource.title

    def published(self) -> list[str]:
        store = Store(self.url)
        with store.reading() as session:
            found = [one.title for one in library.published(session).items]
        store.close()
        return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_spreadsheet_is_tried_then_published_then_undone(home: Home) -> None:
    path = home.file("list.csv", FOUR)
    tried = home.runs("import", path, "--dry-run")
    assert tried.returncode == 1
    assert "3 would be taken, 1 refused: line 5: Use an address that starts with http" in tried.stdout
    assert "Columns: Title, Summary, Web address from “URL”, Topics." in tried.stdout
    assert home.published() == []
    done = home.runs("import", path, "--publish")
    assert done.returncode == 1
    assert "3 taken, 1 refused: line 5" in done.stdout
    assert home.published() == ["Naloxone basics", "Test strips", "Wound care"]
    for typed in ("narcan", "nalxone", "NALOXONE!!", 'naloxone -"'):
        assert home.found(typed) == "Naloxone basics"
    again = home.runs("import", path, "--publish")
    assert "all of it was here already" in again.stdout
    undone = home.runs("import", "--undo", "1")
    assert (undone.returncode, undone.stdout) == (0, "Import 1 is undone: 3 removed, 0 put back.\n")
    assert home.published() == []


def test_drafts_of_an_earlier_import_are_published_by_the_same_file_and_undone_with_it(home: Home) -> None:
    path = home.file("list.csv", FOUR)
    first = home.runs("import", path)
    assert "3 new, 0 changed, 0 unchanged. New ones are drafts until staff publish them" in first.stdout
    assert home.published() == []
    home.runs("import", path, "--publish")
    assert len(home.published()) == 3
    assert "0 removed, 3 put back" in home.runs("import", "--undo", "2").stdout
    assert home.published() == []


def test_an_encoding_that_is_a_guess_is_said_aloud(home: Home) -> None:
    done = home.runs(
        "import", home.file("l.csv", "Name,Address\nCafé Ömega — größer,1 Main St\n".encode("cp1252"))
    )
    assert done.returncode == 0
    assert "read as Windows-1252, which is a guess" in done.stdout


def test_a_package_a_calendar_and_a_list_of_feeds_are_recognized(home: Home) -> None:
    done = home.runs("import", str(zipped(EXAMPLE, home.folder / "p.zip")), "--publish")
    assert done.returncode == 0
    assert "contact.service_at_location_id: 1 row points to no service at location" in done.stdout
    assert "1 left out as not public: not in use (1)." in done.stdout
    feeds = home.file("feeds.opml", OPML)
    assert "2 would be followed, 0 followed already." in home.runs("import", feeds, "--dry-run").stdout
    assert "2 followed, 0 followed already." in home.runs("import", feeds).stdout
    assert "0 followed, 2 followed already." in home.runs("import", feeds).stdout


def test_good_events_of_a_calendar_are_taken_and_the_bad_one_is_named(
    sqlite_store: Store, tmp_path: Path
) -> None:
    days = ((NOW + timedelta(days=3)).strftime("%Y%m%dT150000Z"), "nonsense")
    path = tmp_path / "c.ics"
    path.write_text(
        ICS.format("".join(EVENT.format(n, d) for n, d in zip(("Call", "Broken"), days, strict=True)))
    )
    doing = jobs.prepared(sqlite_store, PROFILE, now=lambda: NOW, say=print, publish=True)
    told = jobs.run(doing, str(path), None, None)
    assert told.code == 1
    assert "“Broken” was left out: its dates cannot be read." in told.text
    assert "1 taken, 1 refused" in told.text
    with sqlite_store.reading() as session:
        assert [one.title for one in library.published(session).items] == ["Call"]
    assert "already" in jobs.run(doing, str(path), None, None).text


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/feed": (RSS, "application/rss+xml"),
            "/list.csv": (FOUR.encode(), "text/csv"),
            "/page": (b"<!doctype html><html><p>No feed</p></html>", "text/html"),
            "/c.ics": (ICS.format("").encode(), "text/calendar"),
        }
        body, kind = answers.get(self.path, (b"", ""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        return None


@pytest.fixture
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_followed_or_taken_and_refused_where_it_may_not_be_read(home: Home, site: str) -> None:
    refused = home.runs("import", f"{site}/feed")
    assert refused.returncode == 1
    assert "was not read" in refused.stderr
    allowed = {"COPBOT_FETCH_ALLOW": "127.0.0.0/8"}
    followed = home.runs("import", f"{site}/feed", **allowed)
    assert (followed.returncode, "1 followed, 0 followed already." in followed.stdout) == (0, True), followed
    assert home.runs("import", f"{site}/c.ics", **allowed).returncode == 0
    sheet = home.runs("import", f"{site}/list.csv", "--publish", **allowed)
    assert "3 taken, 1 refused: line 5" in sheet.stdout
    page = home.runs("import", f"{site}/page", **allowed)
    assert (page.returncode, "This is a web page, not a feed" in page.stderr) == (1, True)
    assert home.runs("import", f"{site}/gone", **allowed).returncode == 1
    store = Store(home.url)
    with store.reading() as session:
        listed = sources.listed(session).items
    store.close()
    assert [(one.kind, one.title) for one in listed] == [("feed", "News"), ("calendar", "")]


@pytest.mark.parametrize(
    "words", [("import",), ("import", "a", "b"), ("import", "a", "--undo", "1"), ("import", "a", "--kind", "x"),
              ("export",), ("export", "--format", "hsds"), ("export", "--format", "xml")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_arguments_end_with_two(words: tuple[str, ...], home: Home) -> None:
    assert home.runs(*words).returncode == 2


def test_what_cannot_be_read_is_refused_in_words(home: Home) -> None:
    assert "cannot be opened" in home.runs("import", "nothing.csv").stderr
    assert "Give the feed's address" in home.runs("import", home.file("f.xml", RSS)).stderr
    assert "There is no import 9." in home.runs("import", "--undo", "9").stderr
    done = home.runs("import", home.file("b.csv", 'Title\n"open'))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Line 2 cannot be read" in done.stderr


def test_every_format_is_written_and_the_older_forms_of_the_commands_work(home: Home) -> None:
    store = Store(home.url)
    with store.writing() as session:
        add(session, "Van", kind="service", areas=("wi-dane",), service_kind="Outreach")
        add(session, "Line", kind="service")
        add(session, "Call", kind="event", starts_at=NOW)
    store.close()
    for form in ("csv", "hsds", "ics", "guide", "profile", "communities", "pages"):
        done = home.runs("export", "--format", form, "--out", f"{form}.out")
        assert (done.returncode, done.stdout) == (0, f"Written to {form}.out.\n")
        assert home.runs("export", "--format", form, "--to", f"{form}.out").returncode == 1
    text = (home.folder / "csv.out").read_text("utf-8-sig")
    assert [row["Title"] for row in csv.DictReader(io.StringIO(text))] == ["Van", "Line", "Call"]
    assert (home.folder / "hsds.out" / "services.csv").exists()
    page = (home.folder / "guide.out").read_text()
    assert page.count("Van") == page.count("Line") == 1
    for kind in ("communities", "pages"):
        assert home.runs("import", kind, f"{kind}.out").returncode == 0
        (home.folder / f"{kind}.yaml").write_bytes((home.folder / f"{kind}.out").read_bytes())
        assert home.runs("import", f"{kind}.yaml", "--dry-run").returncode == 0
    assert "all of it was here already" in home.runs("import", "csv.out").stdout


def test_files_of_strangers_cannot_write_to_the_terminal() -> None:
    assert screens.plain("a\x1b[2Jb\u202e") == "a�[2Jb�"


@pytest.mark.parametrize(
    ("name", "head", "form"),
    [
        ("a.csv", b"Title\n", FileForm.RESOURCES), ("a.zip", b"PK\x03\x04", FileForm.HSDS), ("a.txt", b"\xef\xbb\xbfBEGIN:VCALENDAR", FileForm.CALENDAR),
        ("a.xml", b"<?xml version='1.0'?><opml>", FileForm.FEEDS), ("a.xml", b"<rss>", FileForm.FEED), ("a.yaml", b"# x\npages:\n", FileForm.PAGES),
        ("a.yml", b"communities: []", FileForm.COMMUNITIES),
    ],
)  # fmt: skip
def test_forms_are_recognized(name: str, head: bytes, form: FileForm) -> None:
    assert form_of(name, head) is form


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["csv", "yaml", "opml", "zip"]), st.binary(max_size=300))
@example("csv", b"Title,Kind,Starts\n<!channel> *x*,event,99999-01-01\n")
@example("csv", b"Title,Starts\nx,0001-01-01 00:00\n")
@example("yaml", b"communities: [[[[")
@example("opml", b"<opml><outline xmlurl='javascript:x'>")
def test_any_bytes_end_in_a_report_or_in_words(
    sqlite_store: Store, tmp_path: Path, ending: str, body: bytes
) -> None:
    path = tmp_path / f"f.{ending}"
    path.write_bytes(body)
    doing = jobs.prepared(sqlite_store, PROFILE, now=lambda: NOW, say=print, dry_run=True)
    try:
        said = jobs.run(doing, str(path), None, None).text
    except CopbotError as error:
        said = error.words
    assert said.strip()


def test_doctor_names_an_index_that_lacks_resources_and_builds_it_anew(home: Home) -> None:
    store = Store(home.url)
    with store.writing() as session:
        add(session, "Naloxone basics")
        index.clear(session)
    store.close()
    told = home.runs("doctor").stdout
    assert "Run: bot.py doctor --reindex" in told
    assert "all delivered" in told
    assert "1 resource can be found" in home.runs("doctor", "--reindex").stdout
    assert home.found("naloxone") == "Naloxone basics"
