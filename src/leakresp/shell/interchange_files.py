"""How the records of other tools and our facts correspond: read from the templates' folder and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from leakresp.law.rulebook import Rulebook
from leakresp.law.vocabulary import WrongAnswer, nearest
from leakresp.shell.documents import Document, decode, form_faults, read_document
from leakresp.shell.faults import Fault, FaultsError, fault_of
from leakresp.shell.rule_models import Id, TextModel, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.law.vocabulary import Fact
    from leakresp.shell.documents import Path

FOLDER: Final = "interchange/"
#: Why something was not taken over; each has its sentence in the words.
REASONS: Final = (
    "coarse", "default", "denied", "encryption", "entry_day", "free_text", "indicators", "names", "no_day", "no_fact",
    "other_law", "records", "two_answers", "unchecked", "unknown", "wrong_word",
)  # fmt: skip
#: The forms in which an entry may state its fact.
FORMS: Final = ("value", "add", "copy", "day")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class FactModel(_Model):
    """One way in which a record states a fact: the first entry that applies states it; ``add`` gathers."""

    fact: Id
    value: Words | None = None
    add: list[Words] = []
    copy_: Words | None = Field(None, alias="copy")
    day: Words | None = None
    unless_day: list[Words] = []
    all_: dict[Words, list[Words]] = Field({}, alias="all")
    any_: dict[Words, list[Words]] = Field({}, alias="any")
    only: dict[Words, list[Words]] = {}
    beyond: dict[Words, list[Words]] = {}
    without: list[Words] = []
    where_open: list[Id] = []

    @model_validator(mode="after")
    def _one_form(self) -> FactModel:
        forms = [self.value, self.add or None, self.copy_, self.day]
        if sum(form is not None for form in forms) != 1:
            raise ValueError(f"exactly one of {', '.join(FORMS)}")
        if (self.value or self.add) and not (self.all_ or self.any_ or self.only or self.beyond):
            raise ValueError("a condition: all, any, only or beyond")
        return self


class LeftModel(_Model):
    """A field that is not taken over, and why; ``*`` stands for any letters."""

    field: Words
    values: list[Words] = []
    why: Id


class WriteModel(_Model):
    """What a record is given where a fact is stated."""

    when: dict[Id, list[Words]] = Field(min_length=1)
    put: dict[Words, list[Words]] = Field(min_length=1)


class OtherwiseModel(_Model):
    """What a record is given where it has nothing at a place that must not be empty."""

    unless: Words
    put: dict[Words, list[Words]] = Field(min_length=1)


class MappingModel(_Model):
    """One file of ``interchange/``."""

    id: Id
    title: TextModel
    marks: list[Words] = Field(min_length=1)
    name: list[Words] = []
    titles: list[Words] = []
    created: list[Words] = []
    fields_: list[Words] = Field([], alias="fields")
    tags: list[Words] = []
    groups: dict[Id, list[Words]] = {}
    names: dict[Id, list[Words]] = {}
    facts: list[FactModel] = Field(min_length=1)
    left: list[LeftModel] = []
    words: dict[Words, list[Words]] = {}
    write: list[WriteModel] = []
    otherwise: list[OtherwiseModel] = []


def read_mappings(files: Mapping[str, bytes], root: str, rules: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return every file of ``interchange/`` by its id, as plain mappings. Raises ``FaultsError``.

    ``rules`` are the checked rules; without them facts and values stay unchecked.
    """
    facts = None if rules is None else Rulebook(rules, "").facts
    found: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for name in sorted(files):
        if not name.startswith(FOLDER):
            continue
        try:
            plain = _read(files[name], f"{root}/{name}", facts)
        except FaultsError as error:
            faults += error.faults
            continue
        if name != f"{FOLDER}{plain['id']}.yaml":
            faults.append(
                Fault(
                    "rules.name_differs",
                    f"{root}/{name}",
                    path="id",
                    details={"id": plain["id"], "wanted": name[len(FOLDER) :].removesuffix(".yaml")},
                )
            )
        found[plain["id"]] = plain
    if faults:
        raise FaultsError(faults)
    return found


def _read(raw: bytes, file: str, facts: Mapping[str, Fact] | None) -> dict[str, Any]:
    document = read_document(decode(raw, file), file).whole()
    if not isinstance(document.data, dict):
        raise FaultsError([document.fault("rules.no_mapping")])
    try:
        model = MappingModel.model_validate(document.data)
    except ValidationError as error:
        raise FaultsError(form_faults(document, error)) from None
    faults = [*_reason_faults(model, document), *_word_faults(model, document)]
    if facts is not None:
        faults += _fact_faults(model, document, facts)
    if faults:
        raise FaultsError(sorted(faults, key=lambda fault: fault.line or 0))
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _reason_faults(model: MappingModel, document: Document) -> Iterator[Fault]:
    for place, left in enumerate(model.left):
        if left.why not in REASONS:
            near = nearest(left.why, REASONS)
            path = ("left", place, "why")
            yield document.fault("rules.value_unknown", path, word=left.why, nearest=near, words=REASONS)


def _word_faults(model: MappingModel, document: Document) -> Iterator[Fault]:
    """Yield a fault for each word that the other tool does not have at its place."""
    for place, entry in enumerate(model.facts):
        for key, condition in (
            ("all", entry.all_),
            ("any", entry.any_),
            ("only", entry.only),
            ("beyond", entry.beyond),
        ):
            yield from _unknown_words(condition, model.words, document, ("facts", place, key))
    for place, write in enumerate(model.write):
        yield from _unknown_words(write.put, model.words, document, ("write", place, "put"))
    for place, otherwise in enumerate(model.otherwise):
        yield from _unknown_words(otherwise.put, model.words, document, ("otherwise", place, "put"))
    for place, left in enumerate(model.left):
        yield from _unknown_words({left.field: left.values}, model.words, document, ("left", place))


def _unknown_words(
    written: Mapping[str, list[str]], words: Mapping[str, list[str]], document: Document, path: Path
) -> Iterator[Fault]:
    for field, values in written.items():
        known = words.get(field.replace("[]", ""))
        for number, value in enumerate(values):
            if known is not None and value not in known:
                near = nearest(value, known)
                yield document.fault("rules.value_unknown", (*path, field, number), word=value, nearest=near)


def _fact_faults(model: MappingModel, document: Document, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    yield from _entry_faults(model, document, facts)
    for name in model.names:
        if name not in facts:
            yield _no_fact(name, document, ("names", name), facts)
    for place, write in enumerate(model.write):
        for name, values in write.when.items():
            if name not in facts:
                yield _no_fact(name, document, ("write", place, "when", name), facts)
                continue
            for number, value in enumerate(values):
                raw = [value] if facts[name].kind == "choices" else value
                yield from _value_faults(facts[name], raw, document, ("write", place, "when", name, number))


def _entry_faults(model: MappingModel, document: Document, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    for place, entry in enumerate(model.facts):
        path: Path = ("facts", place)
        fact = facts.get(entry.fact)
        for number, name in enumerate(entry.where_open):
            if name not in facts:
                yield _no_fact(name, document, (*path, "where_open", number), facts)
        if fact is None:
            yield _no_fact(entry.fact, document, (*path, "fact"), facts)
        elif entry.value is not None or entry.add:
            raw = entry.value if entry.value is not None else list(entry.add)
            yield from _value_faults(fact, raw, document, (*path, "value" if entry.value is not None else "add"))
        elif entry.day is not None and fact.kind != "day":
            yield document.fault("rules.wrong_form", (*path, "day"), reason=f"{fact.id}: {fact.kind}")


def _no_fact(name: str, document: Document, path: Path, facts: Mapping[str, Fact]) -> Fault:
    return document.fault("rules.fact_unknown", path, word=name, nearest=nearest(name, facts))


def _value_faults(fact: Fact, raw: str | list[str], document: Document, path: Path) -> Iterator[Fault]:
    try:
        fact.read(raw)
    except WrongAnswer as wrong:
        yield fault_of(wrong, file=document.file, line=document.line(path), path=document.fault("", path).path)
