"""Every limit Slack puts on what an app sends, in one table.

Written from Slack's published limits. Never imported from the bot, so that a wrong number over there
cannot hide behind the same wrong number here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

# Containers
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
VIEW_DEPTH = 3
VIEW_TITLE = 24
VIEW_BUTTON = 24
PRIVATE_METADATA = 3000
IDENTIFIER = 255
ATTACHMENTS = 100
POSTED_TEXT = 40_000  # cut there on post, without an error
UPDATED_TEXT = 4000
MARKDOWN_TEXT = 12_000
METADATA_BYTES = 16_384  # unpublished; chosen well above anything a small identifier needs
# Slack counts the text of all blocks together; its maintainers name 12,000, measured refusals start near it.
MESSAGE_BLOCKS_TEXT = 12_000

# Text objects and composition objects
TEXT = 3000
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
GROUP_LABEL = 75
OPTIONS = 100
OPTION_GROUPS = 100
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10  # checkboxes and radio buttons
URL = 3000

# Elements
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTON_LABEL = 75
AGENT_PROMPT = 4000
VISIBLE_TO = 10
TYPED_LENGTH = 3000
FILES = 10
INPUT_LINES = 100

# Blocks
SECTION_TEXT = 3000
SECTION_FIELDS = 10
SECTION_FIELD = 2000
HEADER_TEXT = 150
HEADER_LEVELS = 4
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
ALT_TEXT = 2000
IMAGE_TITLE = 2000
INPUT_LABEL = 2000
INPUT_HINT = 2000
TABLE_ROWS = 100
TABLE_CELLS = 20
TABLE_TEXT = 10_000


@dataclass(frozen=True)
class BlockRefusal:
    """What Slack answers instead of doing it: its error code and the lines of `response_metadata.messages`."""

    error: str
    messages: tuple[str, ...] = ()


def refusal(error: str, problems: Iterable[str] = ()) -> BlockRefusal:
    return BlockRefusal(error, tuple(f"[ERROR] {problem}" for problem in problems))


def length(text: str) -> int:
    """Characters as UTF-16 units: what a JavaScript or Java server counts, and never less than code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size(value: Any) -> int:
    """Bytes of a value as JSON on the wire."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
