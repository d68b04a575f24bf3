"""Everything the program reads of its own: rules, words and the catalogue of papers, checked once and then compiled.

Checking some hundred files takes a second; a command has milliseconds. The checked text is kept as one JSON file under
the fingerprint of what it was made from: shipped in the wheel, else in the user's cache. Any change of a file changes
the fingerprint, so what is read can never be older than the files.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.rulebook import Plain, Rulebook
from leakresp.shell import places
from leakresp.shell.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

#: Changes when the compiled form does, so that an older program's file is not taken.
_FORM: Final = "4"
#: The two files of what was compiled.
MAIN: Final = "compiled.json"
TEXTS: Final = "compiled_texts.json"
#: The templates that are papers.
PAPERS: Final = "papers/"
_PAPER: Final = re.compile(r"[a-z0-9_]+\.md")
_SUFFIXES: Final = (".yaml", ".md")


@dataclass(frozen=True)
class Library:
    """Rules and templates as read from their folders.

    ``heads`` are the papers without their texts, which only drafting reads: ``read_texts`` fetches those.
    """

    rulebook: Rulebook
    words: Mapping[str, Mapping[str, str]]
    heads: list[Plain]
    fingerprint: str
    read_texts: Callable[[], Plain]

    @cached_property
    def _texts(self) -> Plain:
        return self.read_texts()

    @cached_property
    def papers(self) -> list[Plain]:
        """The papers of the catalogue with their texts, in its order."""
        return [head | {"bodies": self._texts["bodies"][head["id"]]} for head in self.heads]

    @property
    def recipients(self) -> Plain:
        """What the columns of a list of recipients may be called."""
        recipients: Plain = self._texts["recipients"]
        return recipients

    @property
    def interchange(self) -> Mapping[str, Plain]:
        """How the records of other tools and our facts correspond, by the tool's id."""
        interchange: Mapping[str, Plain] = self._texts["interchange"]
        return interchange

    @property
    def advice(self) -> Mapping[str, Any]:
        """What the papers tell the persons of harms, and of what they can do."""
        advice: Mapping[str, Any] = self._texts["advice"]
        return advice

    @property
    def wording(self) -> list[Plain]:
        """The words that papers should do without."""
        wording: list[Plain] = self._texts["wording"]
        return wording


def load(rules: str | None = None, own: Path | None = None) -> Library:
    """Return the library. Raises ``FaultsError``.

    ``rules`` is the folder given with ``--rules``, ``own`` the one given with ``--templates``: its papers stand in for
    those shipped, by their id.
    """
    rules_folder, templates_folder = places.rules_folder(rules), places.templates_folder()
    own_papers = {} if own is None else read_own(own)
    rule_files, template_files = read_folder(rules_folder), read_folder(templates_folder) | own_papers
    rules_print = _fingerprint(rule_files)
    whole = _whole(rules_print, template_files)

    def compile_all() -> Plain:
        shown = {name: str(own / name.removeprefix(PAPERS)) for name in own_papers} if own else {}
        compiled = check(rule_files, str(rules_folder), template_files, str(templates_folder), shown)
        if own is not None:
            _statutory_items_stand(load(rules).heads, compiled["papers"], shown)
        for part, content in parted(compiled, whole).items():
            _keep(whole, part, content)
        return compiled

    compiled = _compiled(whole, MAIN)
    if compiled is None:
        compiled = parted(compile_all(), whole)[MAIN]
    return Library(
        Rulebook(compiled["rules"], rules_print),
        compiled["words"],
        compiled["papers"],
        rules_print,
        lambda: _compiled(whole, TEXTS) or parted(compile_all(), whole)[TEXTS],
    )


def parted(compiled: Plain, fingerprint: str) -> dict[str, Plain]:
    """Return what was compiled in two parts: what every command reads, and the texts that only drafting reads."""
    bodies = {paper["id"]: paper["bodies"] for paper in compiled["papers"]}
    heads = [{key: value for key, value in paper.items() if key != "bodies"} for paper in compiled["papers"]]
    main = {"rules": compiled["rules"], "words": compiled["words"], "papers": heads}
    texts = {key: value for key, value in compiled.items() if key not in main} | {"bodies": bodies}
    return {part: content | {"fingerprint": fingerprint} for part, content in ((MAIN, main), (TEXTS, texts))}


def read_own(folder: Path) -> dict[str, bytes]:
    """Return one's own papers by the name they stand in for. Raises ``FaultsError``."""
    if not folder.is_dir():
        raise FaultsError([Fault("folder.missing", file=str(folder))])
    papers = {f"{PAPERS}{name}": raw for name, raw in read_folder(folder).items() if _PAPER.fullmatch(name)}
    if not papers:
        raise FaultsError([Fault("templates.none", file=str(folder))])
    return papers


def _statutory_items_stand(shipped: list[Plain], papers: list[Plain], shown: Mapping[str, str]) -> None:
    """Refuse a paper of one's own that leaves out what the law wants in it. Raises ``FaultsError``."""
    items = {paper["id"]: paper["items"] for paper in papers}
    faults = [
        Fault("templates.items_gone", shown[name], details={"items": tuple(gone)})
        for paper in shipped
        if (name := f"{PAPERS}{paper['id']}.md") in shown
        and (gone := [item for item in paper["items"] if item not in items[paper["id"]]])
    ]
    if faults:
        raise FaultsError(faults)


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


def check(
    rules: Mapping[str, bytes],
    rules_root: str,
    templates: Mapping[str, bytes],
    root: str,
    shown: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return rules, words, papers, advice and wording, plain, after checking every promise. Raises ``FaultsError``.

    ``shown`` names where a template lies that is not below ``root``.
    """
    from leakresp.shell.interchange_files import read_mappings
    from leakresp.shell.paper_files import read_advice, read_papers  # pydantic and YAML, off the usual path
    from leakresp.shell.recipient_words import read_plain
    from leakresp.shell.rule_files import read_rules
    from leakresp.shell.template_files import read_words
    from leakresp.shell.wording_files import read_wording

    faults: list[Fault] = []
    plain: dict[str, Any] = {}
    for key, read in (
        ("rules", lambda: read_rules(rules, rules_root)),
        ("words", lambda: read_words(templates, root)),
        ("papers", lambda: read_papers(templates, root, plain.get("rules"), shown)),
        ("recipients", lambda: read_plain(templates, root, _items(plain.get("rules")))),
        ("advice", lambda: read_advice(templates, root, plain.get("rules"))),
        ("wording", lambda: read_wording(templates, root, plain.get("rules"), _ids(plain.get("papers")))),
        ("interchange", lambda: read_mappings(templates, root, plain.get("rules"))),
    ):
        try:
            plain[key] = read()
        except FaultsError as error:
            faults += error.faults
    if not faults:
        faults += _papers_named(plain["rules"], _ids(plain["papers"]) or [], rules_root)
    if faults:
        raise FaultsError(faults)
    return plain


def _papers_named(rules: Plain, papers: list[str], root: str) -> Iterator[Fault]:
    """Yield where a recipient names a paper that the catalogue does not have."""
    for regime in rules["regimes"]:
        for each in regime["recipients"]:
            for paper in set(each["papers"]).difference(papers):
                name = f"{regime['id']}.{each['id']}"
                yield Fault("rules.paper_unknown", f"{root}/{each['file']}", details={"word": paper, "recipient": name})


def _ids(papers: list[Plain] | None) -> list[str] | None:
    return None if papers is None else [paper["id"] for paper in papers]


def _items(rules: Plain | None) -> list[str] | None:
    """Return the ids of the data items, where the rules could be read."""
    if rules is None:
        return None
    items: Plain = next((fact for fact in rules["facts"] if fact["id"] == "data_items"), {})
    return [value["id"] for value in items.get("values", ())]


def compile_folders(rules: Path, templates: Path) -> dict[str, Plain]:
    """Return by file name what a wheel ships so that nobody has to check the rules again. Raises ``FaultsError``."""
    rule_files, template_files = read_folder(rules), read_folder(templates)
    compiled = check(rule_files, str(rules), template_files, str(templates))
    return parted(compiled, _whole(_fingerprint(rule_files), template_files))


def _whole(rules_print: str, templates: Mapping[str, bytes]) -> str:
    return hashlib.sha256(f"{_FORM} {rules_print} {_fingerprint(templates)}".encode()).hexdigest()


def _fingerprint(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _compiled(fingerprint: str, part: str) -> dict[str, Any] | None:
    for path in (places.compiled_file(part), places.cache_folder() / f"{fingerprint}.{part}"):
        with suppress(OSError, ValueError):
            kept: dict[str, Any] = json.loads(path.read_bytes())
            if kept.get("fingerprint") == fingerprint:
                return kept
    return None


def _keep(fingerprint: str, part: str, content: Plain) -> None:
    """Keep what was compiled; a folder that cannot be written only costs the next start some time."""
    folder = places.cache_folder()
    path = folder / f"{fingerprint}.{part}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{id(content)}.new")
        fresh.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
