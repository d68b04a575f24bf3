"""YAML read strictly: words stay words, and nothing stands for something else.

YAML's own guesses are not taken: ``no`` is the word *no*, ``12:30`` is no number, ``0123`` keeps its zero. Anchors and
tags are refused: an answers file needs neither, and both can hide what a file says.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

import yaml

from leakresp.shell.documents import DEEPEST, Document, Path, full_width, shown
from leakresp.shell.faults import Fault, FaultsError

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover - where PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

#: A text this short cannot nest deep enough to exhaust the stack of the YAML composer, which would end the process.
_SHALLOW: Final = 2048


def read_yaml(text: str, file: str) -> Document:
    """Return what YAML says as mappings, lists and words. Raises ``FaultsError`` where it cannot be read at all."""
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
