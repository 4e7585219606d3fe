"""Words that staff are offered while they write for others: where a label stands before a person, and nowhere else."""

from __future__ import annotations

from copbot.program.language import MOST, suggestions
from copbot.program.profile import load
from tests.rows import for_each

WORDS = load().person_first

OFFERED = (
    "Does anyone have a flyer about naloxone for addicts?",
    "He has been clean for two years",
    "Her drug screen was dirty",
    "We want to reach IV drug users in Polk County",
    "We treat substance abuse and need a policy template",
)
LEFT_ALONE = (
    "SAMHSA is the Substance Abuse and Mental Health Services Administration",
    "NIDA, the National Institute on Drug Abuse, updated its page",
    "Funded by the Substance Abuse Prevention and Treatment Block Grant",
    "The form is very user-friendly",
    "Can an admin remove old users from this workspace?",
    "Please clean up the spreadsheet before Friday",
    "I am an addict in recovery and I would like to help",
    "I\u2019m an addict in recovery",
    "Alcoholics Anonymous meets on Tuesday",
    "https://example.org/substance-abuse/help",
    'She said: "I hate being called a junkie"',
    "Training on child abuse reporting is on Monday",
    "healthy habits for staff under stress",
    "Do we say people who inject drugs in this report?",
)


@for_each("text", OFFERED)
def test_a_label_before_a_person_is_offered_another_word(text: str) -> None:
    assert suggestions(text, WORDS)


@for_each("text", LEFT_ALONE)
def test_names_quotations_addresses_and_other_meanings_are_left_alone(text: str) -> None:
    assert suggestions(text, WORDS) == ()


def test_a_suggestion_says_which_word_and_what_else_and_there_are_few() -> None:
    said = suggestions("Addicts ask for clean needles.", WORDS)
    assert said == (
        "Instead of “addicts”, consider: person who uses drugs",
        "Instead of “clean needles”, consider: sterile syringes",
    )
    everything = " ".join(word for each in WORDS for word in each.avoid)
    assert len(suggestions(everything, WORDS)) == MOST


def test_a_profile_without_such_words_offers_none() -> None:
    assert suggestions("addicts", ()) == ()
