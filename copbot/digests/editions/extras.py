"""What stands in a digest beside its resources: staff's news, and where questions wait for an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from copbot.communities.activity import service as activity
from copbot.communities.news import service as staff_news
from copbot.communities.values import News, OpenQuestions
from copbot.digests.editions.rules import Extras
from copbot.program.settings.service import choice
from copbot.store import Session

MOST_CHANNELS = 3
Sources = tuple[tuple[News, ...], tuple[OpenQuestions, ...]]


def sources(session: Session, since: datetime, until: datetime) -> Sources:
    """All news of this stretch, the oldest first, and all open questions: two queries."""
    news = staff_news.newest(session, until, since)[::-1]
    return tuple(each for each in news if each.at <= until), activity.open_questions(session)


def stored(found: Sources, since: datetime, channels: Collection[str] | None) -> dict[str, Any]:
    """As an edition keeps it: ids and counts. `channels`: those whose questions count; None for all."""
    news, questions = found
    waiting = [each for each in questions if channels is None or each.channel in channels]
    return {
        "news": [each.uid for each in news if each.at > since],
        "questions": [[each.channel, each.count, each.oldest] for each in waiting[:MOST_CHANNELS]],
    }


def holds(kept: Mapping[str, Any], news: frozenset[str]) -> bool:
    """Whether one of these news stands beside what was kept so."""
    return not news.isdisjoint(kept.get("news", ()))


def loaded(session: Session, kept: Mapping[str, Any]) -> Extras:
    """News as it is now, without what was withdrawn, and the questions, each with a link to the oldest."""
    questions = [OpenQuestions(*each) for each in kept.get("questions", ())]
    where = str(choice(session, "workspace_url", "")) if questions else ""
    links = [
        f"{where}archives/{each.channel}/p{each.oldest.replace('.', '')}" if where else ""
        for each in questions
    ]
    return Extras(staff_news.named(session, kept.get("news", ())), tuple(zip(questions, links, strict=True)))
