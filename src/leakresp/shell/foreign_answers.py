"""What a record of another tool says in the words of our facts, and what of it was left where it is, and why.

A fact is stated only where the record says exactly that. What the record does not know stays not asked, a class of
data is at most an item that may be there, and a word of ours in a custom field or a tag passes the check of any answer.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import translate
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import WrongAnswer, read_words
from leakresp.shell.foreign_records import custom_fields, day_of, has, leaves, values_at, words_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.rulebook import Plain
    from leakresp.law.vocabulary import Fact

Raw = str | list[str]
#: A tag that states a fact: ``leakresp:cause=ransomware``.
_TAG: Final = re.compile(r'leakresp:(?P<fact>[a-z0-9_]+)="?(?P<value>[^"]+)"?')
_UNREADABLE: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]+")
_SEVERAL: Final = re.compile(r"[,;、，]")
#: Words with which a record says that it does not know.
_NOT_KNOWN: Final = frozenset({"", "unknown", "na", "n/a", "none", "null"})
_LONGEST_TITLE: Final = 200
#: Kinds of fact that a custom field or a tag may state; free words may name the persons affected.
_TAKEN_KINDS: Final = frozenset({"finding", "yes_no", "choice", "choices", "count", "day"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over from one record, as an answers file writes it, and what was left: field and reason."""

    incident: dict[str, str]
    facts: dict[str, Raw]
    left: Counter[tuple[str, str]] = field(default_factory=Counter)


class Reader:
    """Reads records of one tool by its mapping."""

    def __init__(self, mapping: Plain, facts: Mapping[str, Fact]) -> None:
        self.mapping: Final = mapping
        self.facts: Final = facts
        self._left: Final = [
            (re.compile(translate(left["field"])), frozenset(left.get("values", ())), left["why"])
            for left in mapping.get("left", ())
        ]
        self._names: Final = {_plain(fact): fact for fact in facts} | {
            _plain(name): fact for fact, names in mapping.get("names", {}).items() for name in names
        }

    def knows(self, record: Any) -> bool:  # noqa: ANN401
        """Tell whether this is a record of this tool at all."""
        return isinstance(record, dict) and any(has(record, mark) for mark in self.mapping["marks"])

    def read(self, record: Mapping[str, Any]) -> Taken:
        """Return what is taken over from ``record``."""
        return _Reading(self, record).taken()

    def fact_named(self, name: str) -> Fact | None:
        """Return the fact that a custom field's name means."""
        fact = self._names.get(_plain(name.removeprefix("leakresp.").removeprefix("leakresp_")))
        return None if fact is None else self.facts[fact]

    def without(self, record: Any, names: Iterable[str]) -> bool:  # noqa: ANN401
        """Tell whether a record has nothing at any of these places."""
        groups = self.mapping.get("groups", {})
        return not any(has(record, path) for name in names for path in groups.get(name, (name,)))

    def why_left(self, path: str, value: Any) -> str:  # noqa: ANN401
        """Return the reason why a value at a place was not taken over."""
        if value is None or (isinstance(value, str) and value.strip().lower() in _NOT_KNOWN):
            return "unknown"
        for pattern, values, why in self._left:
            if pattern.match(path) and (not values or value in values):
                return str(why)
        words = self.mapping.get("words", {}).get(path)
        return "wrong_word" if words is not None and value not in words else "no_fact"


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "", name).lower()


class _Reading:
    """One record being read."""

    def __init__(self, reader: Reader, record: Mapping[str, Any]) -> None:
        self.reader: Final = reader
        self.mapping: Final = reader.mapping
        self.record: Final = record
        self.facts: dict[str, Raw] = {}
        self.left: Counter[tuple[str, str]] = Counter()
        #: Places that were taken over whole, and single values that were.
        self.places: set[str] = set()
        self.values: set[tuple[str, str]] = set()

    def taken(self) -> Taken:
        incident = self._incident()
        self._own_words()
        for entry in self.mapping["facts"]:
            if ("add" in entry or entry["fact"] not in self.facts) and self._holds(entry):
                self._state(entry)
        self._count_left()
        return Taken(incident, self.facts, self.left)

    # ---- what the incident is called

    def _incident(self) -> dict[str, str]:
        name = self._first(self.mapping.get("name", ()))
        source = f"{self.mapping['id']}:{name}" if name else str(self.mapping["id"])
        title = self._first(self.mapping.get("titles", ()))
        found = {"title": title or f"{self.mapping['title']['en']} {name}".strip(), "source": source}
        for path in self.mapping.get("created", ()):
            day = next((day for value in values_at(self.record, path) if (day := day_of(value))), None)
            if day is not None:
                found.setdefault("created", day)
                self.places.add(path)
        return found

    def _first(self, paths: Iterable[str]) -> str:
        for path in paths:
            for value in values_at(self.record, path):
                if isinstance(value, str | int) and not isinstance(value, bool):
                    text = " ".join(_UNREADABLE.sub(" ", str(value)).split())[:_LONGEST_TITLE].strip()
                    if text:
                        self.places.add(path)
                        return text
        return ""

    # ---- words of ours in custom fields and tags

    def _own_words(self) -> None:
        stated: dict[str, list[Raw]] = {}
        for root in self.mapping.get("fields", ()):
            node = _at(self.record, root)
            if isinstance(node, dict | list):
                self.places.add(root)
                for key, name, value in custom_fields(node):
                    self._field(f"{root}.{key}", name, value, stated)
        for root in self.mapping.get("tags", ()):
            for tag in words_at(self.record, root):
                if match := _TAG.fullmatch(tag.strip()):
                    self.values.add((root, tag))
                    fact = self.reader.facts.get(match["fact"])
                    self._read(f"{root}.{match['fact']}", fact, match["value"], stated)
        for name, raws in stated.items():
            self._settle(name, raws)

    def _field(self, path: str, name: str, value: Any, stated: dict[str, list[Raw]]) -> None:  # noqa: ANN401
        fact = self.reader.fact_named(name)
        if fact is None:
            self.left[path, self.reader.why_left(path, value)] += 1
        elif value is False:
            self.left[path, "unchecked"] += 1
        elif value is None or (isinstance(value, str) and not value.strip()):
            self.left[path, "unknown"] += 1
        else:
            self._read(path, fact, value, stated)

    def _read(self, path: str, fact: Fact | None, value: Any, stated: dict[str, list[Raw]]) -> None:  # noqa: ANN401
        if fact is None:
            self.left[path, "wrong_word"] += 1
        elif fact.kind not in _TAKEN_KINDS:
            self.left[path, "free_text"] += 1
        elif (raw := raw_answer(fact, value)) is None:
            self.left[path, "wrong_word"] += 1
        else:
            stated.setdefault(fact.id, []).append(raw)

    def _settle(self, name: str, raws: list[Raw]) -> None:
        """State what fields and tags say of a fact, unless they contradict each other."""
        if self.reader.facts[name].kind == "choices" and all(isinstance(raw, list) for raw in raws):
            raws = [list(dict.fromkeys(word for raw in raws for word in raw))]
        if any(raw != raws[0] for raw in raws) or raw_answer(self.reader.facts[name], raws[0]) is None:
            self.left[name, "two_answers"] += 1
            self.facts[name] = "unknown"
        else:
            self.facts[name] = raws[0]

    # ---- entries of the mapping

    def _holds(self, entry: Plain) -> bool:
        if not self.reader.without(self.record, entry.get("without", ())):
            return False
        if any(fact in self.facts for fact in entry.get("where_open", ())):
            return False
        if not all(self._some(path, values) for path, values in entry.get("all", {}).items()):
            return False
        if "any" in entry and not any(self._some(path, values) for path, values in entry["any"].items()):
            return False
        if not all(self._only(path, values) for path, values in entry.get("only", {}).items()):
            return False
        return all(self._beyond(path, values) for path, values in entry.get("beyond", {}).items())

    def _some(self, path: str, values: Iterable[str]) -> bool:
        return not set(words_at(self.record, path)).isdisjoint(values)

    def _only(self, path: str, values: Iterable[str]) -> bool:
        found = values_at(self.record, path)
        return bool(found) and all(isinstance(value, str) and value in values for value in found)

    def _beyond(self, path: str, values: Iterable[str]) -> bool:
        return any(word not in values for word in words_at(self.record, path))

    def _state(self, entry: Plain) -> None:
        fact = self.reader.facts[entry["fact"]]
        if "copy" in entry:
            self._copy(fact, entry["copy"])
        elif "day" in entry:
            self._day(fact, entry)
        else:
            self._note(entry)
            if "value" in entry:
                self.facts[fact.id] = entry["value"]
            else:
                before = self.facts.get(fact.id, [])
                if isinstance(before, list):
                    self.facts[fact.id] = list(dict.fromkeys([*before, *entry["add"]]))

    def _copy(self, fact: Fact, path: str) -> None:
        for value in values_at(self.record, path):
            self.places.add(path)
            raw = raw_answer(fact, value)
            if raw is None:
                self.left[path, "wrong_word"] += 1
            else:
                self.facts[fact.id] = raw

    def _day(self, fact: Fact, entry: Plain) -> None:
        value = _at(self.record, entry["day"])
        day = day_of(value)
        if day is None:
            return
        for path in entry.get("unless_day", ()):
            other = day_of(_at(self.record, path))
            if other is not None and other[:10] == day[:10]:
                return
        self.places.add(entry["day"])
        self.facts[fact.id] = day

    def _note(self, entry: Plain) -> None:
        """Note which values an entry rests on, so that they are not counted as left."""
        for key in ("all", "any", "only"):
            for path, values in entry.get(key, {}).items():
                self.values.update((path, word) for word in words_at(self.record, path) if word in values)
        for path, values in entry.get("beyond", {}).items():
            self.values.update((path, word) for word in words_at(self.record, path) if word not in values)

    # ---- what was left

    def _count_left(self) -> None:
        for path, value in leaves(self.record):
            if (path, value) in self.values or self._within(path):
                continue
            self.left[path, self.reader.why_left(path, value)] += 1

    def _within(self, path: str) -> bool:
        return any(path == place or path.startswith(f"{place}.") for place in self.places)


def _at(record: Any, path: str) -> Any:  # noqa: ANN401
    """Return the one value at a path, lists left whole; ``None`` where there is none."""
    for step in path.split("."):
        record = record.get(step) if isinstance(record, dict) else None
    return record


def raw_answer(fact: Fact, value: Any) -> Raw | None:  # noqa: ANN401
    """Return a foreign value as an answers file writes it, or ``None`` where it is no answer to ``fact``."""
    raw: Raw
    if value is True:
        raw = "yes" if fact.kind == "yes_no" else ""
    elif isinstance(value, bool) or value is None:
        return None
    elif fact.kind == "day":
        raw = day_of(value) or ""
    elif fact.kind == "choices":
        several = _SEVERAL.split(value) if isinstance(value, str) else value
        raw = [each.strip() for each in several] if _all_words(several) else ""
        raw = "unknown" if raw == ["unknown"] else raw
    elif isinstance(value, float):
        raw = str(int(value)) if value.is_integer() else ""
    else:
        raw = str(value).strip() if isinstance(value, str | int) else ""
    try:
        fact.read(read_words(raw) if isinstance(raw, str) else raw)
    except WrongAnswer:
        return None
    return raw


def _all_words(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
