"""YAML and JSON read strictly: words stay words, a key stands once, and every value knows its line.

YAML's own guesses are not taken: ``no`` is the word *no*, ``12:30`` is no number, ``0123`` keeps its zero. Anchors and
tags are refused: an answers file needs neither, and both can hide what a file says.
"""

from __future__ import annotations

import codecs
import json
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import yaml

from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - where PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

Path = tuple[str | int, ...]
#: A file larger than this is no answers file; reading on would only fill the memory.
LARGEST: Final = 4 * 1024 * 1024
DEEPEST: Final = 64
#: A text this short cannot nest deep enough to exhaust the stack of the YAML composer, which would end the process.
_SHALLOW: Final = 2048


class Document:
    """One file's data (mappings, lists and words) with the line of every value."""

    def __init__(
        self,
        file: str,
        data: Any,  # noqa: ANN401
        lines: Mapping[Path, int],
        faults: Sequence[Fault] = (),
    ) -> None:
        self.file: Final = file
        self.data: Final = data
        #: What is wrong with the form but did not stop the reading: keys that stand twice, aliases, tags.
        self.faults: Final = tuple(faults)
        self._lines = lines

    def whole(self) -> Document:
        """Return this document, or raise ``FaultsError`` with what is wrong with its form."""
        if self.faults:
            raise FaultsError(self.faults)
        return self

    def line(self, path: Path) -> int | None:
        """Return the line of the value at ``path``, or of the nearest one above it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path)

    def fault(self, key: str, path: Path = (), /, **details: object) -> Fault:
        """Return a fault at ``path``."""
        return Fault(key, self.file, self.line(path), shown(path), details)


def shown(path: Path) -> str:
    """Return a path as people write it: ``facts.data_items[2]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def decode(raw: bytes, file: str) -> str:
    """Return the text of a file, which must be UTF-8 (a byte order mark is allowed). Raises ``FaultsError``."""
    if len(raw) > LARGEST:
        raise FaultsError([Fault("file.too_large", file, details={"largest": LARGEST // 1024 // 1024})])
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FaultsError([Fault("file.not_utf8", file, 1)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FaultsError([Fault("file.not_utf8", file, line)]) from None


def read_document(text: str, file: str) -> Document:
    """Read YAML, or JSON where the text begins like JSON. Raises ``FaultsError`` where it cannot be read at all."""
    if text.lstrip()[:1] in {"{", "["}:
        return _read_json(text, file)
    return _read_yaml(text, file)


def _read_json(text: str, file: str) -> Document:
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                twice.append(key)
            found[key] = value
        return found

    try:
        data = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        try:
            return _read_yaml(text, file)  # a YAML flow mapping also begins with a brace
        except FaultsError:
            raise FaultsError([Fault("file.not_json", file, error.lineno, details={"reason": error.msg})]) from None
    except RecursionError:
        raise FaultsError([Fault("file.too_deep", file, 1)]) from None
    except ValueError as error:  # a number of thousands of digits
        raise FaultsError([Fault("file.not_json", file, 1, details={"reason": str(error)})]) from None
    if twice:
        try:
            return _read_yaml(text, file)  # names the lines of keys that stand twice
        except FaultsError:
            faults = [Fault("file.key_twice", file, details={"key": key}) for key in twice]
            return Document(file, data, {}, faults)
    return _LazyJson(file, data, text)


class _LazyJson(Document):
    """JSON knows no lines; they are looked up only when a fault must be shown."""

    def __init__(self, file: str, data: Any, text: str) -> None:  # noqa: ANN401
        super().__init__(file, data, {})
        self._text = text

    def line(self, path: Path) -> int | None:
        if not self._lines:
            try:
                self._lines = _read_yaml(self._text, self.file)._lines  # noqa: SLF001 - the same class's own
            except FaultsError:
                self._lines = {(): 1}
        return super().line(path)


def _read_yaml(text: str, file: str) -> Document:
    if len(text) > _SHALLOW:
        _refuse_deep(text, file)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FaultsError([_form_fault(text, file, mark.line if mark else 0, error.problem or "")]) from None
    except yaml.YAMLError as error:
        raise FaultsError([Fault("file.not_yaml", file, 1, details={"reason": str(error)})]) from None
    except RecursionError:
        raise FaultsError([Fault("file.too_deep", file, 1)]) from None
    if node is None:
        return Document(file, None, {})
    taking = _Taking(file)
    data = taking.plain(node, ())
    return Document(file, data, taking.lines, taking.faults + _tag_faults(text, file))


class _Taking:
    """YAML's nodes taken as plain data, with the line of each and what is wrong with their form."""

    def __init__(self, file: str) -> None:
        self.file: Final = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def plain(self, node: Any, path: Path) -> Any:  # noqa: ANN401
        """Return a node as words, lists and mappings."""
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > DEEPEST:
            self.faults.append(Fault("file.too_deep", self.file, line))
            return ""
        if id(node) in self._seen:
            self.faults.append(Fault("file.anchor", self.file, self.lines[path], shown(path)))
            return ""
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(part, (*path, index)) for index, part in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line, key = key_node.start_mark.line + 1, key_node.value
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault("file.key_no_word", self.file, line, shown(path)))
            elif key in found:
                self.faults.append(Fault("file.key_twice", self.file, line, shown((*path, key)), {"key": key}))
            else:
                self.lines[(*path, key)] = line
                found[key] = self.plain(value_node, (*path, key))
        return found


def _refuse_deep(text: str, file: str) -> None:
    depth = 0
    with suppress(yaml.YAMLError):  # what else is wrong with the form is said by the composer
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST + 1:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise FaultsError([Fault("file.too_deep", file, line)])


def _tag_faults(text: str, file: str) -> list[Fault]:
    """Return a fault for each explicit tag; the composer gives a node no way to tell one from a guess."""
    if "!" not in text:
        return []
    return [
        Fault("file.tag", file, event.start_mark.line + 1 if event.start_mark else None)
        for event in yaml.parse(text, Loader=_Loader)
        if getattr(event, "tag", None) not in {None, "!"}
    ]


def full_width(text: str) -> dict[str, str]:
    """Return the full-width letter in ``text`` that is easily taken for a sign of YAML, or nothing."""
    letter = next((letter for letter in text if letter in "\u3000：－"), None)
    return {} if letter is None else {"letter": letter, "name": unicodedata.name(letter).lower()}


def _form_fault(text: str, file: str, line: int, reason: str) -> Fault:
    """Return a fault of YAML's form; a full-width colon or space is the usual cause on a Japanese keyboard."""
    rows = text.splitlines()
    for number in (line, line - 1):
        row = rows[number] if 0 <= number < len(rows) else ""
        wide = full_width(row)
        if wide:
            return Fault("file.full_width", file, number + 1, details=wide)
        if "\t" in row[: len(row) - len(row.lstrip())]:
            return Fault("file.tab", file, number + 1)
    return Fault("file.not_yaml", file, line + 1, details={"reason": reason})
