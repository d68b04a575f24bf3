"""A condition as its rule file writes it, put into words: an indented list a lawyer can read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from leakresp.law.vocabulary import group_values
from leakresp.shell.day_words import date
from leakresp.shell.layout import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.law.vocabulary import Fact
    from leakresp.response.wording import Phrases


def condition_rows(written: Mapping[str, Any], phrases: Phrases, regime: str = "", indent: int = 4) -> Iterator[Row]:
    """Yield the condition, its parts below it; short rule names belong to ``regime``."""
    for word in ("all", "any", "not"):
        if word in written:
            yield _bullet(phrases.say(f"condition.{word}"), phrases, indent)
            parts = [written[word]] if word == "not" else written[word]
            for part in parts:
                yield from condition_rows(part, phrases, regime, indent + 2)
            return
    yield _bullet(_leaf(written, phrases, regime), phrases, indent)


def _bullet(text: str, phrases: Phrases, indent: int) -> Row:
    return Row(phrases.say("screen.bullet", text=text), indent, 2)


def _leaf(written: Mapping[str, Any], phrases: Phrases, regime: str) -> str:
    if "rule" in written:
        return _rule(written["rule"], phrases, regime)
    fact = phrases.rulebook.facts[written["fact"]]
    title = phrases.text(fact.title)
    if "may_exceed" in written:
        return phrases.say("condition.may_exceed", fact=title, bound=f"{int(written['may_exceed']):,}")
    if "at_least" in written:
        return phrases.say("condition.at_least", fact=title, bound=f"{int(written['at_least']):,}")
    if "before" in written:
        day = dt.date.fromisoformat(str(written["before"]))
        return phrases.say("condition.before", fact=title, day=date(day, phrases.say))
    return _values(written, fact, phrases)


def _rule(named: str, phrases: Phrases, regime: str) -> str:
    name = _named(named, regime)
    owner, _, rule = name.partition(".")
    title = phrases.text(phrases.rulebook.regimes[owner].rules[rule].title)
    return phrases.say("condition.rule", title=title, name=name)


def _named(named: str, regime: str) -> str:
    return named if "." in named else f"{regime}.{named}"


def _values(written: Mapping[str, Any], fact: Fact, phrases: Phrases) -> str:
    word = next(word for word in ("is", "group", "lists") if word in written)
    words = group_values(fact, written[word])
    values = phrases.say.listed(value_title(fact, each, phrases) for each in words)
    if word == "lists":
        return phrases.say("condition.lists", fact=phrases.text(fact.title), values=values)
    key = "condition.is" if len(words) == 1 else "condition.is_any"
    return phrases.say(key, fact=phrases.text(fact.title), values=values)


def value_title(fact: Fact, word: str, phrases: Phrases) -> str:
    """Return the words for one value of a fact."""
    return phrases.text(fact.choices[word].title) if fact.choices else phrases.say(f"value.{word}")


def condition_line(written: Mapping[str, Any], phrases: Phrases, regime: str = "") -> str:
    """Return the condition in one line, its parts joined by "and" or "or", in brackets where they hold parts."""
    for word in ("all", "any"):
        if word in written:
            parts = [_bracketed(part, phrases, regime) for part in written[word]]
            return phrases.say(f"condition.line.{word}").join(parts)
    if "not" in written:
        return phrases.say("condition.line.not", part=_bracketed(written["not"], phrases, regime))
    if "rule" in written:
        owner, _, rule = _named(written["rule"], regime).partition(".")
        return phrases.say("condition.line.rule", title=phrases.text(phrases.rulebook.regimes[owner].rules[rule].title))
    return _leaf(written, phrases, regime)


def _bracketed(part: Mapping[str, Any], phrases: Phrases, regime: str) -> str:
    line = condition_line(part, phrases, regime)
    return phrases.say("condition.line.part", part=line) if "all" in part or "any" in part else line
