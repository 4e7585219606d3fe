"""Text on its way in and out of Slack: what people typed comes out as typed and can never become markup."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_REFERENCE = re.compile(r"<([@#!]?)([^<>|\s]*)(?:\|([^<>]*))?>")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Without what a database or Slack refuses: NUL and other control characters, lone surrogates."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """For mrkdwn and fallback text: the three characters that Slack treats as control, and no others."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_LOOK_ALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})


def unformatted(text: str) -> str:
    """A name within a sentence of ours in mrkdwn: escaped, and what would format is shown by its look-alike.

    Slack has no escape for these four; longer words of people's stand in plain or rich text instead.
    """
    return escape(text).translate(_LOOK_ALIKES)


def size(text: str) -> int:
    """Length as the strictest reader counts it: UTF-16 units, an emoji being two or more."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text in at most `most` UTF-16 units, with an ellipsis where something was left out."""
    if size(text) <= most:
        return text
    left = most - 1
    kept: list[str] = []
    for character in text:
        left -= size(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def cut_middle(text: str, most: int) -> tuple[str, str]:
    """The text in at most `most` UTF-16 units with its beginning and its end, and what was left out between them.

    Names that begin alike often differ at their end.
    """
    if size(text) <= most:
        return text, ""
    end = len(text)
    while size(text[end - 1 :]) <= (most - 1) // 2:
        end -= 1
    start = len(cut(text[:end], most - size(text[end:]))) - 1
    return f"{text[:start]}…{text[end:]}", text[start:end]


def incoming_text(text: str) -> str:
    """What a person typed, from command or message text that Slack may or may not have escaped.

    `<@U1|kim>` becomes `@kim`, `<#C1|general>` `#general`, `<https://a|b>` `b (https://a)`.
    """
    plain = _REFERENCE.sub(_named, clean(text))
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


_AROUND = "*_~`\"'“”„‟«»‘’‚‛()[]{}<>!?.,;:"


def plain_words(text: str) -> str:
    """The words of a command without quotes, formatting and punctuation around each: `“TA-1001”!` is `TA-1001`."""
    return " ".join(filter(None, (word.strip(_AROUND) for word in text.split())))


def _named(found: re.Match[str]) -> str:
    sign, target, label = found.group(1), found.group(2), found.group(3)
    if sign in ("@", "#"):
        return sign + (label or target)
    if sign == "!":
        return "@" + target if target in ("here", "channel", "everyone") else (label or target)
    if "://" not in target and not target.startswith("mailto:"):
        return found.group(0)
    shown = target.removeprefix("mailto:")
    return shown if not label or label == shown else f"{label} ({shown})"


def text_of_message(message: dict[str, Any]) -> str:
    """The words of a message; of one that has only blocks, the words in its blocks."""
    text = incoming_text(str(message.get("text") or ""))
    return text or "\n".join(filter(None, (_words(block) for block in message.get("blocks") or ()))).strip()


_INLINE = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")


def _words(node: Any) -> str:
    if not isinstance(node, dict):
        return ""
    if isinstance(node.get("text"), str):
        typed = node["text"]
        return incoming_text(typed) if node.get("type") == "mrkdwn" else clean(typed)
    if node.get("type") == "link":
        return str(node.get("url") or "")
    parts = [node.get("text"), *(node.get("elements") or ()), *(node.get("fields") or ())]
    between = "" if node.get("type") in _INLINE else "\n"
    return between.join(filter(None, map(_words, parts)))


def visible(text: str) -> bool:
    """Whether a reader would see anything: not only spaces, zero-width signs and direction marks."""
    return any(unicodedata.category(sign)[0] not in "ZC" and sign not in _BLANKS for sign in text)


# Letters by category, yet drawn as nothing: Hangul fillers, the blank braille pattern, variation selectors.
_BLANKS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f", *map(chr, range(0xFE00, 0xFE10))}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word: `1 step`, `3 steps`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def when(moment: datetime, tz: str) -> str:
    """A moment as a Slack date token: each reader sees their own time. `tz` serves those who see plain text."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} at {{time}}|{spoken(moment, tz)}>"


def day_and_time(moment: datetime, tz: str) -> str:
    """A moment with its weekday, which never turns into “yesterday”: `Mon, Nov 23, 12:00 PM`."""
    local = moment.astimezone(ZoneInfo(tz))
    return f"{weekday(local.date())}, {local.strftime('%I:%M %p').lstrip('0')}"


def weekday(day: date) -> str:
    """A day with its weekday: `Mon, Nov 23`."""
    return f"{day:%a}, {day:%b} {day.day}"


def spoken(moment: datetime, tz: str) -> str:
    """A moment in words, such as `Mon Nov 23, 12:00 PM CST`."""
    local = moment.astimezone(ZoneInfo(tz))
    clock = local.strftime("%I:%M %p").lstrip("0")
    return f"{local.strftime('%a %b')} {local.day}, {clock} {local.strftime('%Z')}"
