"""What stands in a community's channel, and what its lead, staff and administrators are told about it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from copbot.communities.rules import CommunityState
from copbot.communities.screens.lists import ABOUT, START, place_of
from copbot.communities.values import Community, Run
from copbot.communities.words import problem_words, step_words, trouble_words
from copbot.program.profile import Profile
from copbot.slack.answers import Block, Message
from copbot.slack.blocks import actions, button, confirm, context, message, section, typed
from copbot.slack.text import counted, escape, unformatted, when

APPLY, SETTLED = "community.apply", "community.settled"
ARCHIVE, KEEP, REVIVE = "community.archive", "community.keep", "community.revive"
_SHOWN = 40
_IN_ORDER = "*All channels are set up.* Nothing to do."
_NONE_YET = "*There are no communities yet.* Propose the first one, and it gets a channel."


def welcome(each: Community, profile: Profile) -> Message:
    """Pinned in the channel: what this is, who leads it, and how to ask for help without a command."""
    text = f"Welcome to #{each.name}"
    blocks: list[Block] = [section(f"*Welcome to #{escape(each.name)}*")]
    blocks.append(typed(each.welcome or each.purpose or f"A place to talk about {each.name}."))
    facts = [escape(", ".join(map(profile.topic_label, each.topics))), unformatted(each.rhythm)]
    facts.append(f"Lead: {unformatted(each.lead_name)}" if each.lead_name else "")
    if any(facts):
        blocks.append(context(" · ".join(filter(None, facts))))
    buttons = [button("Ask for help", START, style="primary"), button("About us", ABOUT, "about")]
    blocks.append(actions(buttons))
    blocks.append(context(escape(profile.notices.client_data), escape(profile.notices.not_an_emergency)))
    return message(text, blocks)


# -- plan and apply


def run(found: Run, names: dict[int, str]) -> Message:
    """To whoever asked for a plan, or for one to be carried out; `names` are the communities' by id."""
    title = _title(found, names)
    if found.state in ("asked", "running"):
        far = f" {found.done} of {counted(found.of, 'step')} done." if found.state == "running" else ""
        return message(f"{title}…", [section(f"*{escape(title)}…*{far}")])
    if found.state == "stopped":
        words = trouble_words(str(found.result.get("code") or ""))
        return message(f"{title}: stopped", [section(f"*{escape(title)} stopped.* {words}")])
    if found.kind == "plan" or found.state == "refused":
        return _plan(found, names)
    return _applied(found, names)


def _title(found: Run, names: dict[int, str]) -> str:
    only = names.get(int(found.result.get("community") or 0))
    if only is not None:
        return f"Setting up #{only}"
    return "Setting up the channels" if found.kind == "apply" else "Comparing the channels with the list"


def exported(text: str) -> Message:
    """The list as YAML, to be copied; one that is too long is to be had on the command line."""
    parts = [text[at : at + 2900] for at in range(0, len(text), 2900)]
    blocks: list[Block] = [section("*The communities, as `bot.py import` reads them:*")]
    for part in parts[:4]:
        run = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": part}]}
        blocks.append({"type": "rich_text", "elements": [run]})
    if len(parts) > 4:
        rest = "That is not all of it. `bot.py export --format communities` writes the whole list."
        blocks.append(context(rest))
    return message("The communities as YAML", blocks)


def _plan(found: Run, names: dict[int, str]) -> Message:
    steps, problems = found.result.get("actions") or [], found.result.get("problems") or []
    blocks: list[Block] = []
    if problems:
        head = "Nothing was changed. Fix these first:" if found.kind == "apply" else "To fix:"
        blocks += [section(f"*{head}*"), *_parts(_problem_lines(problems, names))]
    if steps and found.kind == "plan":
        by_community: dict[int, list[str]] = {}
        for step, ident, detail in steps:
            words = f"rename it to #{escape(detail)}" if step == "rename" else step_words(step)
            by_community.setdefault(ident, []).append(words)
        did = [f"{_head(ident, names)}: {_together(words)}" for ident, words in by_community.items()]
        blocks += [section("*To do*"), *_parts(did)]
    if not steps and not problems:
        blocks.append(section(_IN_ORDER if names else _NONE_YET))
    if unknown := [f"#{escape(name)}" for name in found.result.get("unknown") or []]:
        blocks.append(context(f"Other channels, left as they are: {', '.join(unknown[:60])}"))
    if steps and found.kind == "plan":
        do = "Set up the channels" if not problems else "Set up what can be set up"
        blocks.append(actions([button(do, APPLY, style="primary")]))
    told = f"The plan: {counted(len(steps), 'step')}, {counted(len(problems), 'problem')}"
    return message(told, blocks)


def _applied(found: Run, names: dict[int, str]) -> Message:
    refused, problems = found.result.get("refused") or [], found.result.get("problems") or []
    made = int(found.result.get("made") or 0)
    only = names.get(int(found.result.get("community") or 0))
    if not refused and not problems:
        words = "All channels are set up." if only is None else f"#{only} is ready."
        more = f" {counted(made, 'step')} done." if made and only is None else ""
        return message(words, [section(f"*{escape(words)}*{more}")])
    lines = [
        f"{_head(ident, names)}: couldn't {step_words(step)}. {trouble_words(code)}"
        for ident, step, code in refused
    ]
    lines += _problem_lines(problems, names)
    title = "Some channels are not set up yet" if only is None else f"#{only} is not fully set up yet"
    head = f"*{escape(title)}.* {counted(made, 'step')} done. To fix:"
    return message(title, [section(head), *_parts(lines)])


def _problem_lines(problems: list[Any], names: dict[int, str]) -> list[str]:
    return [
        f"{_head(ident, names)}: {problem_words(code, escape(detail))}" for code, ident, detail in problems
    ]


def _head(ident: int, names: dict[int, str]) -> str:
    return f"*#{escape(names.get(ident, '?'))}*"


def _together(did: list[str]) -> str:
    """The same step several times, as with bookmarks, is said once with its number."""
    counted = Counter(did).items()
    return ", ".join(words if number == 1 else f"{words} (×{number})" for words, number in counted)


def _parts(lines: list[str], size: int = 8) -> list[Block]:
    parts = [lines[at : at + size] for at in range(0, len(lines), size)]
    shown = [section("\n".join(f"• {line}" for line in part)) for part in parts[:_SHOWN]]
    left = len(lines) - size * _SHOWN
    return [*shown, context(f"… and {left} more")] if left > 0 else shown


def trouble(code: str) -> Message:
    """To administrators: what only they can put right."""
    text = "Slack doesn't let this app set up the channels"
    return message(text, [section(f"*{text}.* {trouble_words(code)}")])


# -- what was done in Slack

_NOTICED = {
    "renamed": "was renamed in Slack to {place}. The list of communities has the new name.",
    "private": "was made private in Slack. The list of communities says so now.",
    "public": "was made public in Slack. The list of communities says so now.",
    "archived": "was archived in Slack. If that was a mistake, bring it back:",
    "unarchived": "is back from the archive. Its topic, bookmarks and welcome are being restored.",
    "gone": (
        "has no channel anymore: it was deleted, or this app was removed from it. "
        "Set up the channels to create it again, or invite the app back."
    ),
}


def noticed(each: Community, what: str) -> Message:
    words = _NOTICED.get(what, "was changed in Slack.").format(place=place_of(each))
    blocks: list[Block] = [section(f"*#{escape(each.name)}* {words}")]
    if what == "archived":
        blocks.append(actions([button("Bring it back", REVIVE, str(each.id))]))
    return message(f"#{each.name} was changed in Slack", blocks)


# -- quiet ones, and their end


def quiet(each: Community, days: int) -> Message:
    """To the lead: three things to do about it."""
    place = f"<#{each.channel}>"
    text = f"#{each.name} has been quiet for {days} days"
    words = (
        f"*{place} has been quiet for {days} days.* Three things you can do:\n"
        "1. Ask a question there that people are likely to have, such as: what did you try last month?\n"
        "2. Ask somebody to share in five lines how they do it, or set a date for a short call.\n"
        "3. If it has run its course, archive it. Its members are told first and can keep it open."
    )
    told = "The channel is told that it will be archived in a week. Anybody in it can keep it open."
    sure = confirm("Archive this channel?", told, "Tell the channel")
    keep = button("Keep open", KEEP, str(each.id))
    buttons = [button("Archive", ARCHIVE, str(each.id), confirm=sure), keep]
    return message(text, [section(words), actions(buttons)])


def closing(each: Community, at: datetime | None, profile: Profile) -> Message:
    """In the channel: it will be archived, unless somebody here wants to keep it."""
    text = f"#{each.name} will be archived"
    date = when(at, profile.time_zone) if at is not None else "soon"
    words = (
        f"*This channel will be archived on {date}.* Its messages stay: you can still read and search them."
    )
    words += " If you want to keep it open, press the button."
    keep = button("Keep it open", KEEP, str(each.id), style="primary")
    return message(text, [section(words), actions([keep])])


def archived(each: Community) -> Message:
    """To whoever closed it."""
    back = actions([button("Bring it back", REVIVE, str(each.id))])
    return message(f"#{each.name} is archived", [section(f"*#{escape(each.name)} is archived.*"), back])


def revive(each: Community) -> Message:
    """To administrators: an app cannot unarchive; what to press, and what follows by itself."""
    if each.state is not CommunityState.REVIVING:
        return message(f"#{each.name} is back", [section(f"*#{escape(each.name)} is back.* Thank you!")])
    text = f"Please unarchive #{each.name}"
    words = (
        f"*Please unarchive #{escape(each.name)}.* Slack doesn't let apps do that. Open <#{each.channel}>, click its "
        "name, then *Settings*, then *Unarchive channel*. If it is private, also invite this app there "
        "(`/invite`). Its topic, bookmarks and welcome are restored automatically."
    )
    return message(text, [section(words)])


def question(each: Community, ident: int, link: str, *, settled: bool) -> Message:
    """To whoever cares for the community: nobody has answered a question for two business days."""
    text = f"A question in #{each.name} has no answer yet"
    place = f"<#{each.channel}>"
    if settled:
        return message(text, [section(f"The question in {place} is settled. Thank you!")])
    seen = f"<{link}|A question>" if link else "A question"
    words = f"*{seen} in {place} has had no answer for two business days.*"
    words += " Answer it, or ask somebody who can."
    return message(text, [section(words), actions([button("Mark as settled", SETTLED, str(ident))])])
