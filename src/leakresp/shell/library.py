"""Everything the program reads of its own: rules, words and the catalogue of papers, checked once and then compiled.

Checking some hundred files takes a second; a command has milliseconds. The checked text is kept as one JSON file under
the fingerprint of what it was made from: shipped in the wheel, else in the user's cache. Any change of a file changes
the fingerprint, so what is read can never be older than the files.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.rulebook import Rulebook
from leakresp.shell import places
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Changes when the compiled form does, so that an older program's file is not taken.
_FORM: Final = "2"
_SUFFIXES: Final = (".yaml", ".md")


@dataclass(frozen=True, slots=True)
class Library:
    """Rules and templates as read from their folders."""

    rulebook: Rulebook
    words: Mapping[str, Mapping[str, str]]
    papers: list[dict[str, Any]]
    advice: Mapping[str, Any]
    fingerprint: str


def load(rules: str | None = None) -> Library:
    """Return the library. ``rules`` is the folder given with ``--rules``. Raises ``FaultsError``."""
    rules_folder, templates_folder = places.rules_folder(rules), places.templates_folder()
    rule_files, template_files = read_folder(rules_folder), read_folder(templates_folder)
    rules_print = _fingerprint(rule_files)
    whole = _whole(rules_print, template_files)
    compiled = _compiled(whole)
    if compiled is None:
        compiled = check(rule_files, str(rules_folder), template_files, str(templates_folder))
        _keep(whole, compiled | {"fingerprint": whole})
    rulebook = Rulebook(compiled["rules"], rules_print)
    return Library(rulebook, compiled["words"], compiled["papers"], compiled["advice"], rules_print)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by their path below it, line ends made alike. Raises ``FaultsError``."""
    files = {}
    try:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                files[path.relative_to(folder).as_posix()] = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise FaultsError([Fault("file.unreadable", str(error.filename), details={"reason": error.strerror})]) from None
    return files


def check(rules: Mapping[str, bytes], rules_root: str, templates: Mapping[str, bytes], root: str) -> dict[str, Any]:
    """Return rules, words, papers and advice as plain mappings after checking every promise. Raises ``FaultsError``."""
    from leakresp.shell.paper_files import read_advice, read_papers  # pydantic and YAML, off the usual path
    from leakresp.shell.rule_files import read_rules
    from leakresp.shell.template_files import read_words

    faults: list[Fault] = []
    plain: dict[str, Any] = {}
    for key, read in (
        ("rules", lambda: read_rules(rules, rules_root)),
        ("words", lambda: read_words(templates, root)),
        ("papers", lambda: read_papers(templates, root, plain.get("rules"))),
        ("advice", lambda: read_advice(templates, root, plain.get("rules"))),
    ):
        try:
            plain[key] = read()
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(faults)
    return plain


def compile_folders(rules: Path, templates: Path) -> dict[str, Any]:
    """Return what a wheel ships so that nobody has to check the rules again. Raises ``FaultsError``."""
    rule_files, template_files = read_folder(rules), read_folder(templates)
    compiled = check(rule_files, str(rules), template_files, str(templates))
    return compiled | {"fingerprint": _whole(_fingerprint(rule_files), template_files)}


def _whole(rules_print: str, templates: Mapping[str, bytes]) -> str:
    return hashlib.sha256(f"{_FORM} {rules_print} {_fingerprint(templates)}".encode()).hexdigest()


def _fingerprint(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _compiled(fingerprint: str) -> dict[str, Any] | None:
    for path in (places.compiled_file(), places.cache_folder() / f"{fingerprint}.json"):
        with suppress(OSError, ValueError):
            kept: dict[str, Any] = json.loads(path.read_bytes())
            if kept.get("fingerprint") == fingerprint:
                return kept
    return None


def _keep(fingerprint: str, compiled: dict[str, Any]) -> None:
    """Keep what was compiled; a folder that cannot be written only costs the next start some time."""
    folder = places.cache_folder()
    path = folder / f"{fingerprint}.json"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{id(compiled)}.new")
        fresh.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
