"""“Ask for help with this” on a message: what of it stands in the form."""

from __future__ import annotations

from tests.dialogs.kit import Talk
from tests.dialogs.test_form import chosen, written


def test_the_message_shortcut_puts_the_message_into_the_form(talk: Talk) -> None:
    kim = talk.person("kim")
    said = kim.says("How do you *store* naloxone in Brown County?", in_="general")
    kim.shut()
    kim.message_shortcut("Ask for help with this", said)
    assert written(talk, "kim") == "How do you *store* naloxone in Brown County?"
    assert chosen(talk, "kim", "areas") == ["wi-brown"]


def test_of_somebody_elses_message_only_a_link_is_filled_in(talk: Talk) -> None:
    said = talk.person("juno").says("How do I store naloxone in Brown County for Zebrand?", in_="general")
    kim = talk.person("kim")
    kim.shut()
    kim.message_shortcut("Ask for help with this", said)
    kim.modal(text="Someone else wrote that message, so only a link to it is filled in.")
    link = written(talk, "kim")
    assert link.startswith("http")
    assert f"/archives/{said.channel}/p{said.ts.replace('.', '')}" in link
    assert "Zebrand" not in kim.modal().text()
    assert chosen(talk, "kim", "topics") == []
    kim.shut()


def test_the_message_shortcut_reads_a_message_that_has_only_blocks(talk: Talk) -> None:
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Is there a survey &amp; a template?"}},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "In Spanish too?"}]}
        ]},
    ]  # fmt: skip
    kim = talk.person("kim")
    said = kim.says("", in_="general", blocks=blocks)
    kim.shut()
    kim.message_shortcut("Ask for help with this", said)
    assert written(talk, "kim") == "Is there a survey & a template?\nIn Spanish too?"


def test_a_very_long_message_is_cut_to_what_the_box_holds_and_the_form_says_so(talk: Talk) -> None:
    kim = talk.person("kim")
    said = kim.says("a long story " * 500, in_="general")
    kim.shut()
    kim.message_shortcut("Ask for help with this", said)
    form = kim.modal(text="Only the first 3,000 characters")
    assert len(written(talk, "kim")) == 3000
    assert written(talk, "kim").endswith("…")
    assert form.labels()
