"""The words a paper should do without, read from the templates' folder and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leakresp.law.vocabulary import nearest
from leakresp.papers.proofreading.lint import WILDCARD, Kind, wording_notes
from leakresp.response.brief import DERIVED
from leakresp.shell.documents import Document, decode, form_faults, read_document
from leakresp.shell.faults import Fault, FaultsError
from leakresp.shell.rule_models import Id, SourceModel, TextModel, Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

WORDING_FILE: Final = "wording.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ExamplesModel(_Model):
    """Sentences an entry must catch, and sentences it must leave alone."""

    caught: list[Words] = Field(min_length=1)
    fine: list[Words] = Field(min_length=1)


class EntryModel(_Model):
    """Words that promise too much, hide or hurt: where they count, what clears them, why, and what to write instead."""

    id: Id
    lang: Literal["ja", "en"]
    groups: list[Literal["authority", "persons", "public", "partners", "police", "inside"]] = Field(min_length=1)
    papers: list[Id] = []
    while_: list[Id] = Field([], alias="while")
    where: Literal["subject", "points"] | None = None
    words: list[Words] = Field(min_length=1)
    unless: list[Words] = []
    unless_next: list[Words] = []
    why: TextModel
    instead: TextModel
    sources: list[SourceModel] = Field(min_length=1)
    examples: ExamplesModel


class WordingFile(_Model):
    """``wording.yaml``."""

    entries: list[EntryModel] = Field(min_length=1)


def read_wording(
    files: Mapping[str, bytes], root: str, rules: Mapping[str, Any] | None, papers: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """Return the entries of ``wording.yaml`` after checking that their examples hold. Raises ``FaultsError``.

    ``rules`` are the checked rules, ``papers`` the ids of the catalogue; without them those names stay unchecked.
    """
    file = f"{root}/{WORDING_FILE}"
    if WORDING_FILE not in files:
        raise FaultsError([Fault("rules.file_missing", file)])
    document = read_document(decode(files[WORDING_FILE], file), file).whole()
    if not isinstance(document.data, dict):
        raise FaultsError([document.fault("rules.no_mapping")])
    try:
        read = WordingFile.model_validate(document.data)
    except ValidationError as error:
        raise FaultsError(form_faults(document, error)) from None
    entries: list[dict[str, Any]] = read.model_dump(mode="json", by_alias=True, exclude_none=True)["entries"]
    faults = [*_entry_faults(entries, document, papers), *(_source_faults(entries, document, rules) if rules else ())]
    if faults:
        raise FaultsError(faults)
    return [{key: value for key, value in entry.items() if key != "examples"} for entry in entries]


def _entry_faults(entries: list[dict[str, Any]], document: Document, papers: Collection[str] | None) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if entry["id"] in seen:
            yield document.fault("rules.id_twice", ("entries", place, "id"), id=entry["id"])
        seen.add(entry["id"])
        for key, known in (("while", DERIVED), ("papers", papers)):
            for number, word in enumerate(entry[key]):
                if known is not None and word not in known:
                    path = ("entries", place, key, number)
                    yield document.fault("wording.name_unknown", path, word=word, nearest=nearest(word, known))
        for number, words in enumerate(entry["words"]):
            if not words.strip(f"{WILDCARD} "):
                yield document.fault("wording.only_wildcard", ("entries", place, "words", number))
        yield from _example_faults(entry, place, document)


def _example_faults(entry: dict[str, Any], place: int, document: Document) -> Iterator[Fault]:
    """Yield a fault for each example that is not read as the entry says."""
    kind = Kind(next(iter(entry["papers"]), ""), entry["groups"][0], entry["lang"], frozenset(entry["while"]))
    for key, caught in (("caught", True), ("fine", False)):
        for number, example in enumerate(entry["examples"][key]):
            if bool(wording_notes(example, kind, [entry])) is not caught:
                yield document.fault(f"wording.not_{key}", ("entries", place, "examples", key, number), id=entry["id"])


def _source_faults(entries: list[dict[str, Any]], document: Document, rules: Mapping[str, Any]) -> Iterator[Fault]:
    for place, entry in enumerate(entries):
        for number, source in enumerate(entry["sources"]):
            if source["law"] not in rules["laws"]:
                path = ("entries", place, "sources", number, "law")
                near = nearest(source["law"], rules["laws"])
                yield document.fault("rules.source_unknown", path, word=source["law"], nearest=near)
