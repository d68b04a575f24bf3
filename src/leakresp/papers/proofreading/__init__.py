"""Proofreading: whether a paper, as it now lies on disk, still agrees with the record and with the paper it should be.

A paper is held against two things: the figures a case states, and the same paper as it would be drafted from the
answers on record. So a figure that was changed by hand is found where it stands, even if it is a figure of the record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from leakresp.papers.proofreading.expected import Expected, ExpectedLine, ItemNames, between, folded, label_of
from leakresp.papers.proofreading.figures import Figure, figures, masked, same, wrong_weekday

if TYPE_CHECKING:
    from leakresp.papers.proofreading.record import OnRecord, Record
    from leakresp.papers.reading_back import Line

#: Kinds of figures that must stand in the record; a bare number is only compared with the paper as drafted.
_RECORDED: Final = frozenset(("persons", "date", "amount", "phone", "mail", "web"))
#: What a finding on a figure of some kind is called.
_KINDS: Final[Mapping[str, str]] = {"phone": "contact", "mail": "contact", "web": "contact"}
#: Two lines that share as much as this are the same line, edited.
_ALIKE: Final = 0.7
_REWRITTEN: Final = 0.55
#: A hole of ours, and signs of a template: never part of a finished paper.
_HOLE: Final = re.compile(r"【未確認[^】]*】?|\[TO CONFIRM[^\]]*\]?|\{\{|\}\}|\{%|%\}|:::")
#: What people type where something is still to come.
_PLACEHOLDER: Final = re.compile(
    r"[○〇◯●]{2,}|(?<![一二三四五六七八九〇十○◯●])[○〇◯●][年月日時分人名件円]|(?<![A-Za-z0-9Ａ-Ｚ])[XＸ]{2,}(?![A-Za-z0-9Ａ-Ｚ])"
    r"|(?<![a-z0-9])x{3,}(?![a-z0-9])|(?<=[：:（(])\s?[＿_]{3,}|【(?:要確認|要記入|未定|記入|入力)[^】]*】?|\b(?:TBD|TBC|TODO)\b|要確認|要記入"
)
_LABEL: Final = re.compile(r"[^：:。]{1,60}[：:]")
#: A name of a data item too short to tell an item from any other use of the word.
_SHORT: Final = 2
#: The fact that says how many persons are affected, and words of a larger number of whom they are part.
_AFFECTED: Final = "affected_people"
_AMONG: Final = re.compile(r"うち|中|全|超え|以上|\b(?:of|among|total|over|more than)\b")
#: Letters before a figure by which two papers are seen to tell the same thing.
_TAIL: Final = 5
_END: Final = re.compile(r"[。！？]|[.!?] ")
_ONE_ITEM: Final = 2  # the statutory item that tells which data items are concerned


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at in a paper.

    ``key`` names the sentences that say why and what to write instead, ``details`` fill them in. ``mend`` tells what
    must be put right before the paper leaves from what is only worth knowing.
    """

    kind: str
    key: str
    line: int | None
    text: str
    details: Mapping[str, object] = field(default_factory=dict)
    mend: bool = True


def on_figures(lines: Iterable[Line], record: Record, expected: Expected | None) -> Iterator[Finding]:
    """Yield figures that differ from the paper as it would be drafted, or that stand nowhere in the record."""
    for line in lines:
        shown = figures(line.words)
        fitting = expected.by_key.get(masked(line.words, shown), ()) if expected and shown else ()
        if fitting:
            closest = min(fitting, key=lambda other: _count(shown, other))
            told = list(_differing(line, zip(shown, closest.figures, strict=True), record, expected))
        else:
            replaced = _replaced(shown, _meant(line, shown, expected)) if expected else []
            told = list(_differing(line, replaced, record, expected))
            known = [figure for figure, _ in replaced]
            told += _off_record(line, [figure for figure in shown if figure not in known], record, expected)
        yield from told
        yield from _weekdays(line, shown, told)


def _meant(line: Line, shown: tuple[Figure, ...], expected: Expected) -> tuple[Figure, ...]:
    """Return the figures that stand, in the paper as it would be drafted, where those of an edited line stand."""
    if all(figure.kind not in _RECORDED for figure in shown):
        return ()
    named = expected.by_label.get(label_of(line.words, shown), ())
    if named:
        return named
    key = masked(line.words, shown)
    alike = [(_likeness(key, other.key), other.figures) for other in expected.lines if other.figures]
    share, found = max(alike, key=lambda pair: pair[0], default=(0.0, ()))
    return found if share >= _ALIKE else ()


def _replaced(shown: tuple[Figure, ...], meant: tuple[Figure, ...]) -> list[tuple[Figure, Figure]]:
    """Return the figures that stand in place of others, each with the one it replaces."""
    gone = [figure for figure in meant if not any(same(figure, each) for each in shown)]
    fresh = [each for each in shown if each.kind in _RECORDED and not any(same(each, figure) for figure in meant)]
    pairs = ((each, next((figure for figure in gone if figure.kind == each.kind), None)) for each in fresh)
    return [(each, figure) for each, figure in pairs if figure is not None]


def _count(shown: tuple[Figure, ...], other: ExpectedLine) -> int:
    return sum(not same(one, two) for one, two in zip(shown, other.figures, strict=True))


def _differing(
    line: Line, pairs: Iterable[tuple[Figure, Figure]], record: Record, expected: Expected | None
) -> Iterator[Finding]:
    for figure, wanted in pairs:
        if same(figure, wanted) or (expected and wanted.words == expected.day):
            continue
        details = {"figure": figure.words, "recorded": wanted.words, "where": record.where(wanted), "value": wanted}
        text = _sentence(line.words, figure.start)
        yield Finding(_KINDS.get(figure.kind, figure.kind), "differs", line.number, text, details)


def _off_record(line: Line, shown: Iterable[Figure], record: Record, expected: Expected | None) -> Iterator[Finding]:
    for figure in shown:
        if figure.kind not in _RECORDED or record.holds(figure):
            continue
        if expected and any(same(figure, each) for each in expected.figures):
            continue
        kind, near = _KINDS.get(figure.kind, figure.kind), record.nearest(figure)
        details: dict[str, object] = {"figure": figure.words}
        details |= {"before": f"{figure.kind} {folded(line.words[: figure.start])[-_TAIL:]}"}
        if near is not None:
            details |= {"recorded": near.words, "where": (near.where,), "value": near.figure}
        text = _sentence(line.words, figure.start)
        yield Finding(kind, "off_record" if near else "nowhere", line.number, text, details)


def _sentence(words: str, place: int) -> str:
    """Return the sentence of a line in which a letter stands."""
    ends = [match.end() for match in _END.finditer(words)]
    first = max((end for end in ends if end <= place), default=0)
    return words[first : min((end for end in ends if end > place), default=len(words))].strip()


def _weekdays(line: Line, shown: tuple[Figure, ...], told: Iterable[Finding]) -> Iterator[Finding]:
    """Yield days whose weekday is another, unless the day itself was pointed out."""
    known = {finding.details["figure"] for finding in told}
    for figure in shown:
        if figure.words in known:
            continue
        real = wrong_weekday(figure)
        if real is not None:
            details = {"figure": figure.words, "weekday": real}
            yield Finding("date", "weekday", line.number, line.words, details)


def on_people(lines: Iterable[Line], record: Record, expected: Expected | None) -> Iterator[Finding]:
    """Yield numbers of persons that are on record, and yet more than the most that can be affected.

    That is right where more persons are named of whom some are affected, and a contradiction of the answers elsewhere.
    """
    most = record.most(_AFFECTED)
    if most is None:
        return
    for line in lines:
        for figure in figures(line.words):
            if figure.kind != "persons" or not _exceeds(figure, most) or not record.holds(figure):
                continue
            text = _sentence(line.words, figure.start)
            if not _AMONG.search(text) and not (expected and folded(figure.words) in folded(expected.fixed)):
                details = {"figure": figure.words, "recorded": most.words, "where": (most.where,)}
                yield Finding("persons", "too_many", line.number, text, details, mend=False)


def _exceeds(figure: Figure, most: OnRecord) -> bool:
    value, highest = figure.value, most.figure.value
    return isinstance(value, int | float) and isinstance(highest, int | float) and value > highest


def on_names(lines: Iterable[Line], expected: Expected) -> Iterator[Finding]:
    """Yield lines in which a name on record is written otherwise."""
    present = {folded(line.words) for line in lines}
    left = [line for line in lines if folded(line.words) not in expected.words]
    for wanted in expected.lines:
        if wanted.folded in present:
            continue
        for fact, name in expected.names.items():
            if folded(name) in wanted.folded:
                found = _misspelt(wanted, name, left)
                if found is not None:
                    details = {"recorded": name, "where": (fact,)}
                    yield Finding("name", "name", found.number, found.words, details)


def _misspelt(wanted: ExpectedLine, name: str, left: Iterable[Line]) -> Line | None:
    alike = [(_likeness(wanted.folded, folded(line.words)), line) for line in left]
    share, line = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if line is None or share < _ALIKE or folded(name) in folded(line.words):
        return None
    return line


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _REWRITTEN else 0.0


def on_items(lines: tuple[Line, ...], expected: Expected, names: ItemNames) -> Iterator[Finding]:
    """Yield data items that the paper names and the answers do not, and items of the answers that it leaves out."""
    wanted = Counter(item for line in expected.lines for item in names.named(line.words))
    told = expected.words
    for line in lines:
        if folded(line.words) in told:
            continue
        listed = names.only(line.words)
        for item in dict.fromkeys(names.named(line.words)):
            strange = item not in expected.known if listed else item not in wanted and not _plain(item, expected, names)
            if strange:
                yield Finding("item", "item_strange", line.number, line.words, {"item": item})
    yield from _items_missing(lines, expected, names, wanted)


def _plain(item: str, expected: Expected, names: ItemNames) -> bool:
    """Tell whether the name of an item is an everyday word."""
    shortest = min(expected.items[item], key=len)
    return len(shortest) <= _SHORT if names.lang == "ja" else " " not in shortest


def _items_missing(
    lines: tuple[Line, ...], expected: Expected, names: ItemNames, everywhere: Counter[str]
) -> Iterator[Finding]:
    tagged = [line for line in expected.lines if line.item == _ONE_ITEM]
    wanted = Counter(item for line in tagged for item in names.named(line.words))
    part = between(lines, (line.words for line in expected.lines if line.heading), tagged[0].under) if tagged else None
    if part is None:
        part, wanted = lines, Counter(dict.fromkeys(everywhere, 1))
    found = Counter(item for line in part for item in names.named(line.words))
    for item in expected.known:
        if found[item] < wanted[item]:
            number = part[0].number if part else None
            yield Finding("item", "item_missing", number, part[0].words if part else "", {"item": item})


def on_holes(lines: Iterable[Line], expected: Expected | None) -> Iterator[Finding]:
    """Yield holes, signs of a template, and what people type where something is still to come."""
    for line in lines:
        found = _HOLE.search(line.words)
        if found is None:
            marks = (match for match in _PLACEHOLDER.finditer(line.words))
            found = next((match for match in marks if not expected or match[0] not in expected.fixed), None)
        if found is not None:
            yield Finding("hole", "hole", line.number, _sentence(line.words, found.start()), {"hole": found[0]})


def on_items_gone(lines: tuple[Line, ...], expected: Expected, names: ItemNames) -> Iterator[Finding]:
    """Yield what an edited paper lost of the items that the law wants in it; data items are told by ``on_items``."""
    present = {folded(line.words) for line in lines}
    keys = {masked(line.words, figures(line.words)) for line in lines}
    labels = {match[0] for line in lines if (match := _LABEL.match(line.words))}
    left = [folded(line.words) for line in lines if folded(line.words) not in expected.words]

    def kept(line: ExpectedLine) -> bool:
        label = _LABEL.match(line.words)
        return (
            line.folded in present
            or line.key in keys
            or (label is not None and label[0] in labels)
            or any(_likeness(line.folded, other) >= _REWRITTEN for other in left)
        )

    for item in dict.fromkeys(line.item for line in expected.lines if line.item):
        own = [line for line in expected.lines if line.item == item]
        gone = [line for line in own if not kept(line)]
        if len(gone) == len(own):
            yield Finding("gone", "item_gone", None, gone[0].words, {"number": item})
        else:
            for line in (line for line in gone if not names.only(line.words)):
                yield Finding("gone", "line_gone", None, line.words, {"number": item}, mend=False)


def between_papers(papers: Mapping[str, Iterable[Finding]]) -> dict[str, list[Finding]]:
    """Return, by paper, figures that nobody recorded and that another paper tells differently.

    Two figures are told of the same thing where the same words stand before them.
    """
    strange = [
        (paper, finding, finding.details["before"])
        for paper, found in papers.items()
        for finding in found
        if "before" in finding.details
    ]
    told: dict[str, list[Finding]] = {}
    for paper, finding, before in strange:
        for other, there, also in strange:
            if other != paper and also == before and finding.details["figure"] != there.details["figure"]:
                details = {"figure": finding.details["figure"], "other": there.details["figure"]}
                details |= {"paper": other, "number": there.line or 0}
                twin = replace(finding, kind="papers", key="papers_differ", details=details)
                told.setdefault(paper, []).append(twin)
                break
    return told
