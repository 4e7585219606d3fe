"""Messages about a suggestion, loaded for their screens."""

from __future__ import annotations

from collections.abc import Callable

from copbot.assistance.views import facts
from copbot.assistance.views.facts import RequestFacts
from copbot.delivery.readers import ANYBODY, Audience, Kinds, Readers
from copbot.delivery.render import Look, Notices, Render
from copbot.delivery.subject import Subject
from copbot.followup.peers import screens, service
from copbot.followup.peers.rules import PeerMatch
from copbot.program.profile import Profile
from copbot.slack.answers import Message, Nothing
from copbot.store import Session

Screen = Callable[[RequestFacts, PeerMatch, str, Profile], Message | Nothing]


def _drawn(screen: Screen) -> Render:
    """Nobody is told more of a request that has become confidential."""

    def render(session: Session, subject: Subject, look: Look) -> Message | Nothing:
        found = service.find(session, subject.number, subject.detail, look.now)
        request = facts.notice(session, found.request_id, look.now) if found else None
        if found is None or request is None or request.confidential:
            return Nothing("it is gone")
        return screen(request, found, subject.detail, look.profile)

    return render


NOTICES: Notices = {
    service.ASKED: _drawn(screens.asked),
    service.INTRODUCED: _drawn(screens.introduced),
    service.ENDED: _drawn(screens.ended),
}
READERS: Kinds = {
    **dict.fromkeys((service.ASKED, service.INTRODUCED), ANYBODY),
    service.ENDED: Readers(Audience.STAFF, lambda _session, _subject: "A suggestion of a peer"),
}
