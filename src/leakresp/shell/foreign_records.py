"""A record of another tool, read without trusting its form: values at a path, everything in it, days, custom fields."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Under these names TheHive writes the value of a custom field by its kind.
_KINDS: Final = ("string", "date", "integer", "boolean", "float", "number", "url")
#: Seconds and milliseconds since 1970 that lie between 2001 and 2100.
_MILLISECONDS: Final = range(1_000_000_000_000, 4_102_444_800_000)
_SECONDS: Final = range(1_000_000_000, 4_102_444_800)
_DEEPEST: Final = 40


def values_at(record: Any, path: str) -> list[Any]:  # noqa: ANN401 - whatever stands there
    """Return what stands at a dotted path; lists on the way are gone through."""
    found = [record]
    for step in path.split("."):
        found = [below for each in found for below in _below(each, step)]
    return [value for each in found for value in (each if isinstance(each, list) else [each])]


def _below(value: Any, step: str) -> Iterator[Any]:  # noqa: ANN401
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and step in each:
            yield each[step]


def words_at(record: Any, path: str) -> list[str]:  # noqa: ANN401
    """Return the words at a path; what is no word is passed over."""
    return [value for value in values_at(record, path) if isinstance(value, str)]


def has(record: Any, path: str) -> bool:  # noqa: ANN401
    """Tell whether anything stands at a path, be it empty."""
    parent, _, last = path.rpartition(".")
    places = values_at(record, parent) if parent else [record]
    return any(isinstance(place, dict) and place.get(last) is not None for place in places)


def leaves(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield every value of a record with its path, the places in lists left out."""
    if depth > _DEEPEST:
        yield path, None
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, path, depth + 1)
    else:
        yield path, value


def day_of(value: Any) -> str | None:  # noqa: ANN401
    """Return a day as answers write it, where the value names one to the day; a year or month alone is none."""
    if isinstance(value, dict):
        parts = [value.get(key) for key in ("year", "month", "day")]
        numbers = [part for part in parts if isinstance(part, int) and not isinstance(part, bool)]
        return _readable("{:04d}-{:02d}-{:02d}".format(*numbers)) if len(numbers) == len(parts) else None
    if isinstance(value, int) and not isinstance(value, bool):
        if value in _MILLISECONDS:
            value //= 1000
        if value not in _SECONDS:
            return None
        moment = dt.datetime.fromtimestamp(value, JAPAN)
        return _readable(moment.isoformat(timespec="minutes"))
    return _readable(value.strip()) if isinstance(value, str) else None


def _readable(text: str) -> str | None:
    try:
        read_day(text)
    except WrongAnswer:
        return None
    return text


def custom_fields(node: Any) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401
    """Yield custom fields as key, name and value, in any of the forms in which TheHive and IRIS write them.

    These are a list of ``{name, value}``, a mapping of name to ``{string: value}``, and tabs of name to ``{value}``.
    """
    if isinstance(node, list):
        for each in node:
            if isinstance(each, dict) and isinstance(each.get("name"), str):
                yield each["name"], each["name"], each.get("value")
    elif isinstance(node, dict):
        for key, below in node.items():
            if isinstance(below, dict) and "value" in below:
                yield key, key, below["value"]
            elif isinstance(below, dict) and (kind := next((kind for kind in _KINDS if kind in below), None)):
                yield key, key, below[kind]
            elif isinstance(below, dict):
                yield from ((f"{key}.{inner}", name, value) for inner, name, value in custom_fields(below))
            elif not isinstance(below, list):
                yield key, key, below
