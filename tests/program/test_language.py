"""What we ship is plain and person-first, and one field's words stay in its own profile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

COPBOT = Path(str(resources.files("copbot")))
SHIPPED = sorted((COPBOT / "program" / "profiles").rglob("*.yaml"))
TERMS = yaml.safe_load((Path(__file__).parent / "words_to_avoid.yaml").read_text(encoding="utf-8"))
LONGEST_SENTENCE = 30

# Words of the first programme's field and places. A file's name is no word.
FIELD_WORDS = re.compile(
    r"\b(naloxone|narcan|syringes?|needles?|overdos\w*|fentanyl|xylazine|opioids?|moud|buprenorphine|methadone|"
    r"stimulants?|drugs?|ssps?|pwud|hiv|hcv|harm[ -]reduction|wisconsin|missouri|literacy)\b",
    re.IGNORECASE,
)


def strings_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from strings_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from strings_in(value)
    elif isinstance(data, str):
        yield data


def shipped_texts(path: Path) -> Iterator[str]:
    """Every text in the file and every note between them: both are read by people.

    Not the words that people search with, and not those that staff are offered others for.
    """
    text = path.read_text(encoding="utf-8")
    yield from strings_in({**yaml.safe_load(text), "synonyms": [], "person_first": []})
    yield from re.findall(r"^\s*#\s*(.*)$", text, re.MULTILINE)


def to_avoid(text: str) -> list[str]:
    found = []
    for term in TERMS:
        heard = text.casefold()
        for phrase in term.get("but_not", []):
            heard = heard.replace(phrase, "")
        words = [word for word in term["avoid"] if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", heard)]
        found += [f"“{word}”: say {term['instead']}" for word in words]
    return found


def test_the_word_list_hears_what_it_should() -> None:
    assert to_avoid("a training for addicts")
    assert to_avoid("Clean needles for IV drug users")
    assert to_avoid("Medication-Assisted Treatment")
    assert not to_avoid("cleaning the drug user union's format, people with housing")
    assert not to_avoid("sterile syringes for people who use drugs; the app copies this")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_text_is_person_first(path: Path) -> None:
    found = {text: to_avoid(text) for text in shipped_texts(path)}
    assert {text: words for text, words in found.items() if words} == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_text_is_in_short_sentences(path: Path) -> None:
    for text in strings_in(yaml.safe_load(path.read_text(encoding="utf-8"))):
        for sentence in re.split(r"(?<=[.!?])\s", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_no_python_file_speaks_of_one_field() -> None:
    found = []
    for path in sorted(COPBOT.rglob("*.py")):
        if "sandbox" in path.relative_to(COPBOT).parts:
            continue  # its invented people talk about their own work
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if match := FIELD_WORDS.search(line):
                found.append(f"{path.relative_to(COPBOT)}:{number}: {match[0]}")
    assert found == []


def test_the_second_profile_says_nothing_of_the_first() -> None:
    text = (COPBOT / "program" / "profiles" / "adult_reading_mo.yaml").read_text(encoding="utf-8")
    field_only = re.sub(r"(?i)missouri|literacy", "", text)
    assert FIELD_WORDS.findall(field_only) == []
