"""Resources for a request: on its topic, for its place, nearest to its words."""

from __future__ import annotations

from copbot.resources.search.service import matching
from copbot.store import Store
from tests.resources.given import PROFILE, add


def test_up_to_three_of_its_topic_and_place_those_with_its_words_first(store: Store) -> None:
    with store.writing() as session:
        topics = ("wound_care",)
        add(session, "Wounds: a picture guide", topics=topics)
        add(session, "Training slides for front desks", topics=topics, areas=("statewide",))
        add(session, "Slides on infection", topics=topics)
        add(session, "Elsewhere: training slides", topics=topics, areas=("wi-brown",))
        add(session, "Training slides on law", topics=("law_policy",))

        def found(need: str, topics: tuple[str, ...] = topics) -> list[str]:
            given = {"topics": topics, "areas": ("wi-dane",), "need": need, "profile": PROFILE}
            return [each.resource.title for each in matching(session, **given)]  # type: ignore[arg-type]

        assert found("We need training slides")[0] == "Training slides for front desks"
        assert "Elsewhere: training slides" not in found("training slides")
        assert len(found("zzz")) == 3
        assert found("anything", ()) == []
