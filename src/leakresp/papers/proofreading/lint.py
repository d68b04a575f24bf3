"""Wording that promises too much, hides, or hurts: found sentence by sentence, from data.

Nothing is judged here but words. An entry names them, the papers and the parts of a paper it concerns, what clears
them, why they are a risk and what to write instead; ``templates/wording.yaml`` says how it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from leakresp.papers.proofreading.expected import folded
from leakresp.papers.reading_back import Line, markdown_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.law.vocabulary import Text
    from leakresp.papers.render import Rendered
    from leakresp.response.brief import Brief

#: Stands in the words of an entry for any signs of the same sentence.
WILDCARD: Final = "…"
#: Sentences after one that may still put it right.
_NEXT: Final = 2
_SENTENCE: Final = re.compile(r"(?:[^。！？.!?]|[.!?](?!\s|$))+(?:[。！？]+[」』）]?|[.!?]+|$)")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a paper is: its id and group, its language, and the truth values of its brief that hold."""

    paper: str
    group: str
    lang: str
    holding: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordingNote:
    """Words that are better chosen otherwise: the entry that says so, the line, the words and their sentence."""

    rule: str
    line: int
    words: str
    sentence: str
    why: Text
    instead: Text


@dataclass(frozen=True, slots=True)
class _Sentence:
    line: int
    words: str
    subject: bool
    point: bool


def holding(brief: Brief) -> frozenset[str]:
    """Return the names of a brief that are true."""
    return frozenset(name for name, held in brief.names().items() if held)


def wording_notes(
    paper: Rendered | str | Iterable[Line], kind: Kind, wording: Iterable[Mapping[str, Any]], fixed: str = ""
) -> list[WordingNote]:
    """Return what in a paper is better worded otherwise; ``wording`` are the entries of ``wording.yaml``.

    A sentence that stands word for word in ``fixed``, the paper's template, is passed over: whoever fills the template
    in did not choose it.
    """
    entries = [entry for entry in wording if _concerns(entry, kind)]
    sentences = list(_sentences(_lines(paper)))
    known = folded(fixed)
    notes: list[WordingNote] = []
    for place, sentence in enumerate(sentences):
        if not (known and folded(sentence.words) in known):
            notes += _notes(sentence, sentences[place + 1 :], entries)
    return notes


def _lines(paper: Rendered | str | Iterable[Line]) -> Iterator[Line]:
    if isinstance(paper, str):
        yield from markdown_lines(paper)
    elif isinstance(paper, Iterable):
        yield from paper
    else:
        yield from markdown_lines("\n\n".join(block.text for block in paper.blocks))


def _concerns(entry: Mapping[str, Any], kind: Kind) -> bool:
    return (
        entry["lang"] == kind.lang
        and (not kind.group or kind.group in entry["groups"])
        and (not entry["papers"] or kind.paper in entry["papers"])
        and (not entry["while"] or not kind.holding.isdisjoint(entry["while"]))
    )


def _sentences(lines: Iterable[Line]) -> Iterator[_Sentence]:
    headed = False
    for line in lines:
        for words in _SENTENCE.findall(line.words):
            yield _Sentence(line.number, words.strip(), line.heading and not headed, line.point)
        headed = headed or line.heading


def _notes(
    sentence: _Sentence, following: Sequence[_Sentence], entries: Iterable[Mapping[str, Any]]
) -> Iterator[WordingNote]:
    for entry in entries:
        if not {"subject": sentence.subject, "points": sentence.point}.get(entry.get("where", ""), True):
            continue
        found = next(_matches(entry["words"], sentence.words, entry["lang"]), None)
        if found is None or _cleared(entry, sentence, following):
            continue
        yield WordingNote(entry["id"], sentence.line, found, sentence.words, entry["why"], entry["instead"])


def _matches(words: Iterable[str], sentence: str, lang: str) -> Iterator[str]:
    for each in words:
        match = _pattern(each, lang).search(sentence)
        if match is not None:
            yield match[0]


def _cleared(entry: Mapping[str, Any], sentence: _Sentence, following: Sequence[_Sentence]) -> bool:
    here = sentence.words.lower()
    near = [here, *(each.words.lower() for each in islice(following, _NEXT))]
    return any(words.lower() in here for words in entry["unless"]) or any(
        words.lower() in words_near for words in entry["unless_next"] for words_near in near
    )


@lru_cache(maxsize=2048)
def _pattern(words: str, lang: str) -> re.Pattern[str]:
    """Return what finds ``words``, whatever their capitals; in English they begin and end where a word does."""
    pattern = ".*?".join(map(re.escape, words.split(WILDCARD)))
    if lang == "en":
        pattern = (r"\b" if words[:1].isalnum() else "") + pattern + (r"\b" if words[-1:].isalnum() else "")
    return re.compile(pattern, re.IGNORECASE)
