"""The JSON Schema of answers files, made from the vocabulary: it accepts what the loader accepts, and nothing else.

Patterns are written so that Python and ECMAScript read them alike: digits and blanks are spelled out, and an end is an
end (Python's ``$`` alone would let a last line break through).
"""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import FIRST_YEAR, LAST_YEAR, UNKNOWN_WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.vocabulary import Fact
    from leakresp.response.wording import Phrases

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ANSWERS_ID: Final = "urn:leakresp:answers:1"

_END: Final = r"$(?!\n)"
_LONGEST: Final = 12
#: What Python's ``str.strip`` takes away.
_BLANK: Final = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: Control characters, the line break and the tab excepted, and halves of surrogate pairs.
_CONTROL: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"


def answers_schema(facts: Mapping[str, Fact], phrases: Phrases) -> Schema:
    """Return the schema with titles and descriptions in the language of ``phrases``."""
    say = phrases.say
    return {
        "$schema": DIALECT,
        "$id": ANSWERS_ID,
        "title": say("schema.answers.title"),
        "description": say("schema.answers.description"),
        "type": "object",
        "properties": {
            "incident": {
                "title": say("schema.answers.incident"),
                "description": say("schema.answers.incident_help"),
                "type": "object",
                "additionalProperties": {"type": ["string", "integer"]},
            },
            "facts": {
                "title": say("schema.answers.facts"),
                "type": "object",
                "properties": {fact.id: _fact(fact, phrases) for fact in facts.values()},
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
        "minProperties": 1,
        "$defs": _definitions(phrases),
    }


def _fact(fact: Fact, phrases: Phrases) -> Schema:
    shown = {"title": phrases.text(fact.title), "description": phrases.text(fact.help)}
    if fact.kind == "choice":
        return shown | {"anyOf": [*_words(fact, phrases), _ref(UNKNOWN_WORD)]}
    if fact.kind == "choices":
        return shown | {"anyOf": [_list(fact, phrases), _ref(UNKNOWN_WORD)]}
    return shown | _ref(fact.kind)


def _words(fact: Fact, phrases: Phrases) -> list[Schema]:
    found = []
    for choice in fact.choices.values():
        word: Schema = {"const": choice.id, "title": phrases.text(choice.title)}
        if choice.help is not None:
            word["description"] = phrases.text(choice.help)
        found.append(word)
    return found


def _list(fact: Fact, phrases: Phrases) -> Schema:
    """Return the schema of a list of words; ``none`` stands alone, and saying a word twice says it once."""
    found: Schema = {"type": "array", "items": {"anyOf": _words(fact, phrases)}}
    if "none" in fact.choices:
        found |= {"if": {"contains": {"const": "none"}}, "then": {"items": {"const": "none"}}}
    return found


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _definitions(phrases: Phrases) -> Schema:
    say = phrases.say
    finding = [{"const": word, "title": say(f"value.{word}")} for word in ("confirmed", "suspected", "ruled_out")]
    yes_no = [{"const": word, "title": say(f"value.{word}")} for word in ("yes", "no")]
    unknown = {"type": "string", "pattern": f"^[{_BLANK}]*{UNKNOWN_WORD}[{_BLANK}]*$"}
    return {
        UNKNOWN_WORD: {"anyOf": [{"const": UNKNOWN_WORD, "title": say("value.unsure")}, unknown]},
        "finding": {"anyOf": [*finding, _ref(UNKNOWN_WORD)]},
        "yes_no": {"anyOf": [*yes_no, _ref(UNKNOWN_WORD)]},
        "count": {"anyOf": [*_counts(phrases), _ref(UNKNOWN_WORD)]},
        "day": {"anyOf": [_text(say("schema.day"), _day_pattern()), _ref(UNKNOWN_WORD)]},
        "words": {"anyOf": [_text(say("schema.words"), _words_pattern()), _ref(UNKNOWN_WORD)]},
    }


def _text(title: str, pattern: str) -> Schema:
    return {"title": title, "type": "string", "pattern": pattern}


def _counts(phrases: Phrases) -> Iterable[Schema]:
    say, number = phrases.say, f"[0-9]{{1,{_LONGEST}}}"
    yield {"title": say("schema.count.exact"), "type": "integer", "minimum": 0, "maximum": 10**_LONGEST - 1}
    yield _text(say("schema.count.exact"), f"^{number}{_END}")
    yield _text(say("schema.count.at_least"), rf"^{number}\.\.{_END}")
    yield _text(say("schema.count.at_most"), rf"^\.\.{number}{_END}")
    yield _text(say("schema.count.between"), _between_pattern())


def _between_pattern() -> str:
    """Return the pattern of ``500..3000`` whose lower bound is no larger than the upper.

    The bounds are equal; or the lower has fewer digits; or both begin alike, then the lower has the smaller digit,
    then equally many follow.
    """
    number = f"[0-9]{{1,{_LONGEST}}}"
    rest = [f"[0-9]{{{length}}}" for length in range(_LONGEST)]
    shorter = "|".join(rf"0*{digits}\.\.0*[1-9]{digits}[0-9]*" for digits in rest)
    smaller = "|".join(
        rf"{digit}{digits}\.\.0*\1[{digit + 1}-9]{digits}" for digits in rest for digit in range(9)
    )  # fmt: skip
    return rf"^(?={number}\.\.{number}{_END})(?:0*([0-9]*)(?:\.\.0*\1|{smaller})|{shorter}){_END}"


def _day_pattern() -> str:
    """Return the pattern of a day that the calendar has, between the years the loader takes, with or without a time."""
    years = range(FIRST_YEAR + 1, LAST_YEAR)
    long, short = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])", "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    month_days = f"{long}|{short}|02-(?:0[1-9]|1[0-9]|2[0-8])"
    date = f"(?:(?:{_years(years)})-(?:{month_days})|(?:{_years(filter(calendar.isleap, years))})-02-29)"
    clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
    time = rf"T{clock}(?::[0-5][0-9](?:\.[0-9]{{1,6}})?)?(?:Z|[+-]{clock})?"
    return f"^{date}(?:{time})?{_END}"


def _years(years: Iterable[int]) -> str:
    decades: dict[int, str] = {}
    for year in years:
        decades[year // 10] = decades.get(year // 10, "") + str(year % 10)
    return "|".join(f"{decade}[{digits}]" for decade, digits in decades.items())


def _words_pattern() -> str:
    """Return the pattern of words: some letter that is no blank, and no control character but blanks at the ends."""
    return f"^[{_BLANK}]*[^{_CONTROL}{_BLANK}][^{_CONTROL}]*[{_BLANK}]*$"
