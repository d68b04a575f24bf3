"""The vocabulary of an incident: which facts there are, what kind each is, and how an answer to it is read.

An answer arrives as words (a string) or a list of words, from a file, an option or a keyboard; ``Fact.read`` turns it
into a value or raises ``WrongAnswer``. There is one reader for all of them, so that a typed answer and one from a file
pass the same check.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import UNSURE, Day, Interval, Open, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Words in Japanese and English: ``{"ja": …, "en": …}``.
Text = Mapping[str, str]

FINDINGS: Final = ("confirmed", "suspected", "ruled_out")
YES_OR_NO: Final = ("yes", "no")
UNKNOWN_WORD: Final = "unknown"
JAPAN: Final = dt.timezone(dt.timedelta(hours=9), "JST")

#: The days an answer may name; outside them a slip of the finger is likelier than an incident.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

_COUNT: Final = re.compile(r"(?P<low>\d{1,12})?(?P<range>\.\.)?(?P<high>\d{1,12})?", re.ASCII)
_DAY: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:T(?P<time>\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?(?P<zone>Z|[+-]\d{2}:[0-5]\d)?)?",
    re.ASCII,
)

#: Control letters, but for the end of a line and the tab, and halves of surrogate pairs.
_UNREADABLE: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


class WrongAnswer(ValueError):
    """An answer that is not of its fact's kind. ``key`` names the sentence, ``details`` fill it in."""

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(f"{key}: {details}")
        self.key: Final = key
        self.details: Final = details


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, how well it is known, and when somebody last held both side by side."""

    law: str
    article: str | None
    read: str
    checked: dt.date
    quote: str | None = None
    note: Text | None = None
    #: The article in English, where its pattern does not say it.
    article_en: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice fact."""

    id: str
    title: Text
    help: Text | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be known of an incident."""

    id: str
    kind: str
    title: Text
    help: Text
    sources: tuple[Source, ...] = ()
    choices: Mapping[str, Choice] = field(default_factory=dict)
    completed_by: str | None = None
    suspected_in: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words an answer may use, or none where the answer is free."""
        if self.kind == "finding":
            return FINDINGS
        if self.kind == "yes_no":
            return YES_OR_NO
        return tuple(self.choices)

    def group(self, name: str) -> tuple[str, ...]:
        """Return the values that carry the group ``name``."""
        return tuple(choice.id for choice in self.choices.values() if name in choice.groups)

    def read(self, raw: Any) -> Value | Open:  # noqa: ANN401 - checked here
        """Return the value that ``raw`` (a string or a list of strings) states, or ``UNSURE``.

        Raises ``WrongAnswer``.
        """
        if isinstance(raw, str) and raw.strip() == UNKNOWN_WORD:
            return UNSURE
        if self.kind == "choices":
            return self._read_choices(raw)
        if not isinstance(raw, str):
            raise WrongAnswer("not_one_word", kind=self.kind)
        return _READERS[self.kind](self, raw)

    def _read_choices(self, raw: Any) -> tuple[str, ...]:  # noqa: ANN401
        if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
            raise WrongAnswer("not_a_list")
        if UNKNOWN_WORD in raw:
            raise WrongAnswer("unknown_in_list")
        for word in raw:
            self._known_word(word)
        if "none" in raw and len(set(raw)) > 1:
            raise WrongAnswer("none_with_others")
        return tuple(word for word in self.choices if word in raw)

    def _known_word(self, word: str) -> str:
        if word not in self.words:
            raise WrongAnswer("unknown_word", word=word, nearest=nearest(word, self.words), words=self.words)
        return word

    def _read_count(self, raw: str) -> Interval:
        match = _COUNT.fullmatch(raw)
        if not match or not (match["low"] or match["high"]) or (not match["range"] and match["high"]):
            raise WrongAnswer("not_a_count", word=raw)
        low = int(match["low"] or 0)
        high = int(match["high"]) if match["high"] else None if match["range"] else low
        if high is not None and low > high:
            raise WrongAnswer("count_turned_round", word=raw)
        return Interval(low, high)


def read_words(raw: str) -> str:
    """Return free words without the blanks around them. Raises ``WrongAnswer`` for none, or for control letters."""
    text = raw.strip()
    if not text:
        raise WrongAnswer("empty_words")
    if _UNREADABLE.search(text):
        raise WrongAnswer("control_letters")
    return text


def read_day(text: str) -> Day:
    """Return the day written as ISO 8601, in Japan time. Raises ``WrongAnswer``."""
    match = _DAY.fullmatch(text)
    if not match:
        raise WrongAnswer("not_a_day", word=text)
    try:
        day = dt.date.fromisoformat(match["date"])
        moment = dt.datetime.fromisoformat(text) if match["time"] else None
    except ValueError:
        raise WrongAnswer("no_such_day", word=text) from None
    if not _near_enough(day):
        raise WrongAnswer("day_too_far", word=text, first=FIRST_YEAR, last=LAST_YEAR)
    if moment is None:
        return Day(day)
    local = moment.astimezone(JAPAN) if moment.tzinfo else moment
    if not _near_enough(local.date()):
        raise WrongAnswer("day_too_far", word=text, first=FIRST_YEAR, last=LAST_YEAR)
    return Day(local.date(), local.strftime("%H:%M"))


def _near_enough(day: dt.date) -> bool:
    return FIRST_YEAR < day.year < LAST_YEAR


_READERS: Final[Mapping[str, Callable[[Fact, str], Value]]] = {
    "finding": Fact._known_word,  # noqa: SLF001 - the table belongs to the class above
    "yes_no": Fact._known_word,  # noqa: SLF001
    "choice": Fact._known_word,  # noqa: SLF001
    "count": Fact._read_count,  # noqa: SLF001
    "day": lambda _, raw: read_day(raw),
    "words": lambda _, raw: read_words(raw),
}
KINDS: Final = (*_READERS, "choices")


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that ``word`` was most likely meant to be."""
    close = get_close_matches(word, list(words), n=1, cutoff=0.5)
    return close[0] if close else None


def written(value: Value | Open) -> str | list[str]:
    """Return an answer as files and JSON write it; ``Fact.read`` reads it back."""
    if isinstance(value, Open):
        return UNKNOWN_WORD
    if isinstance(value, tuple) and not isinstance(value, Interval | Day):
        return list(value)
    return str(value)


def group_values(fact: Fact, named: str | Sequence[str]) -> tuple[str, ...]:
    """Return the values meant by a group's name or a list of values."""
    return fact.group(named) if isinstance(named, str) else tuple(named)
