"""The page's own files: short, without a build, and without the ways by which text becomes markup."""

from __future__ import annotations

import re
from pathlib import Path

from copbot.sandbox.driver.workspace import Workspace
from tests.rows import for_each
from tests.sandbox.peer import fetch

BROWSER = Path(__file__).resolve().parents[2] / "copbot/sandbox/browser"
PARTS = sorted(path for path in BROWSER.rglob("*") if path.suffix in (".js", ".css", ".html", ".svg"))
SCRIPTS = [path for path in PARTS if path.suffix == ".js"]
DANGEROUS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|setAttribute\(\"on"
)
ELSEWHERE = r"https?://(?!www\.w3\.org/2000/svg)[\w.]+"


def name_of(path: Path) -> str:
    return str(path.relative_to(BROWSER))


@for_each("path", PARTS, ids=name_of)
def test_a_part_fits_in_the_head(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= 400
    assert max(map(len, lines)) <= 130


@for_each("path", SCRIPTS, ids=name_of)
def test_a_script_never_makes_markup_of_text(path: Path) -> None:
    assert re.findall(DANGEROUS, path.read_text()) == []


@for_each("path", PARTS, ids=name_of)
def test_a_part_names_no_other_machine(path: Path) -> None:
    assert re.findall(ELSEWHERE, path.read_text()) == []


@for_each("path", SCRIPTS, ids=name_of)
def test_a_script_says_first_what_it_is_for(path: Path) -> None:
    assert path.read_text().startswith("// ")


def test_what_the_scripts_ask_for_is_there() -> None:
    for path in SCRIPTS:
        for wanted in re.findall(r'from "(\./[\w.]+)"', path.read_text()):
            assert (path.parent / wanted).is_file(), f"{path.name} wants {wanted}"


def test_no_script_is_left_over() -> None:
    wanted = {name for path in SCRIPTS for name in re.findall(r'from "\./([\w.]+)"', path.read_text())}
    assert {path.name for path in SCRIPTS} == wanted | {"main.js"}


def test_every_part_is_served_with_its_kind(ws: Workspace) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for path in PARTS:
        if path.suffix in kinds:
            status, headers, text = fetch(f"{ws.url}/browser/{name_of(path)}")
            assert status == 200, path
            assert headers["content-type"].startswith(kinds[path.suffix])
            assert text == path.read_text()


def test_a_browser_keeps_the_parts_until_any_of_them_changes(ws: Workspace) -> None:
    _, asked_anew, document = fetch(ws.url)
    named = re.findall(r'"(/browser/\w{12}/[\w./]+)"', document)
    assert "no-store" in asked_anew["cache-control"]
    assert len(named) == len(re.findall("/browser/", document))
    for path in named:
        status, headers, text = fetch(ws.url + path)
        assert (status, headers["cache-control"]) == (200, "max-age=31536000, immutable")
        assert text == (BROWSER / path.split("/", 3)[3]).read_text()
    assert fetch(ws.url + named[0].replace(named[0].split("/")[2], "0" * 12))[0] == 404


def test_the_document_asks_for_every_stylesheet() -> None:
    document = (BROWSER / "index.html").read_text()
    for path in PARTS:
        if path.suffix == ".css":
            assert f"/browser/{name_of(path)}" in document
    assert "<style" not in document
    assert re.findall(r"<script(?![^>]*\bsrc=)", document) == []
