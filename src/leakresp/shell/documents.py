"""Files read strictly, YAML or JSON: a key stands once, and every value knows its line."""

from __future__ import annotations

import codecs
import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import ValidationError

Path = tuple[str | int, ...]
#: A file larger than this is no answers file; reading on would only fill the memory.
LARGEST: Final = 4 * 1024 * 1024
DEEPEST: Final = 64
#: How pydantic says that a key, not its value, is meant.
_KEY: Final = "[key]"


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


def form_faults(document: Document, error: ValidationError) -> Iterator[Fault]:
    """Yield what is wrong with the form of a document, at the place of each."""
    for wrong in error.errors(include_url=False):
        path: Path = tuple(step for step in wrong["loc"] if step != _KEY)
        match wrong["type"]:
            case "missing":
                yield document.fault("rules.key_missing", path, key=path[-1])
            case "extra_forbidden":
                yield document.fault("rules.key_unknown", path, key=path[-1])
            case "literal_error" if wrong["loc"][-1] == _KEY:
                yield document.fault("rules.key_unknown", path, key=path[-1])
            case _:
                yield document.fault("rules.wrong_form", path, reason=wrong["msg"])


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


def _read_yaml(text: str, file: str) -> Document:
    from leakresp.shell.yaml_text import read_yaml  # half of a start-up, and JSON needs none of it

    return read_yaml(text, file)


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


def full_width(text: str) -> dict[str, str]:
    """Return the full-width letter in ``text`` that is easily taken for a sign of YAML, or nothing."""
    letter = next((letter for letter in text if letter in "\u3000：－"), None)
    return {} if letter is None else {"letter": letter, "name": unicodedata.name(letter).lower()}
