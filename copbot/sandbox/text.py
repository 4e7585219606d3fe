"""Text as Slack treats it: the front of the rooms behind it (markup, dates, whole messages)."""

from copbot.sandbox.mrkdwn import Span, pings, reading, spans, unescape
from copbot.sandbox.render_text import message_pings, message_reading

__all__ = ["Span", "message_pings", "message_reading", "pings", "reading", "spans", "unescape"]
