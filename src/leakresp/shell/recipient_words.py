"""The words of a list of recipients read from the templates' folder and checked, and its flaws put into sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import nearest
from leakresp.papers.recipients.flaws import LibraryMissing, ListUnfit, Remark
from leakresp.papers.recipients.words import FIELDS, WAYS, RecipientWords, plain, recipient_words
from leakresp.shell.documents import Document, decode, form_faults, read_document
from leakresp.shell.faults import FILE_WRONG, MISUSE, Fault, FaultsError
from leakresp.shell.rule_models import Id, TextModel, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from leakresp.law.vocabulary import Fact, Text
    from leakresp.shell.wording import Wording

FILE: Final = "recipients.yaml"
#: Flaws of what was typed rather than of the file.
_TYPED: Final = frozenset(
    {
        "map_form", "map_field_unknown", "map_column_unknown", "map_column_none", "map_twice", "encoding_unknown",
        "delimiter_unknown", "sheet_unknown", "no_sheets",
    }
)  # fmt: skip


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldModel(_Model):
    """What a column may be, and by which titles it is known."""

    id: Id
    title: TextModel
    columns: list[Words] = Field(min_length=1)


class RecipientsModel(_Model):
    """``recipients.yaml``."""

    fields_: list[FieldModel] = Field(alias="fields")
    marks: dict[Literal["yes", "no"], list[Words]]
    languages: dict[Literal["ja", "en"], list[Words]]
    ways: dict[Literal["post", "email"], list[Words]]
    items: dict[Id, list[Words]]


def read_recipient_words(
    files: Mapping[str, bytes], root: str, items: Fact, advice: Mapping[str, Text]
) -> RecipientWords:
    """Return the words of ``recipients.yaml``. Raises ``FaultsError``.

    ``files`` are the templates' files by name, ``items`` is the fact ``data_items``, ``advice`` the letters' names.
    """
    return recipient_words(read_plain(files, root, list(items.choices)), item_titles(items, advice))


def item_titles(items: Fact, advice: Mapping[str, Text]) -> list[tuple[str, Text]]:
    """Return what data items are called: by the vocabulary first, then by the letters."""
    titles: list[tuple[str, Text]] = [(item, choice.title) for item, choice in items.choices.items()]
    return titles + list(advice.items())


def read_plain(files: Mapping[str, bytes], root: str, items: Sequence[str] | None) -> dict[str, Any]:
    """Return ``recipients.yaml`` as plain mappings; without ``items`` its data items stay unchecked.

    Raises ``FaultsError``.
    """
    file = f"{root}/{FILE}"
    if FILE not in files:
        raise FaultsError([Fault("rules.file_missing", file)])
    document = read_document(decode(files[FILE], file), file).whole()
    if not isinstance(document.data, dict):
        raise FaultsError([document.fault("rules.no_mapping")])
    try:
        written = RecipientsModel.model_validate(document.data).model_dump(mode="json", by_alias=True)
    except ValidationError as error:
        raise FaultsError(form_faults(document, error)) from None
    faults = [*_field_faults(written, document), *_twice(written, document)]
    faults += [
        document.fault("rules.value_unknown", ("items", item), word=item, nearest=nearest(item, items))
        for item in written["items"]
        if items is not None and item not in items
    ]
    if faults:
        raise FaultsError(faults)
    return written


def _field_faults(written: Mapping[str, Any], document: Document) -> Iterator[Fault]:
    """Yield a fault for each field the program does not know, has twice or misses."""
    seen: set[str] = set()
    for place, field in enumerate(written["fields"]):
        if field["id"] not in FIELDS:
            near = nearest(field["id"], FIELDS)
            yield document.fault("recipients.field_unknown", ("fields", place, "id"), word=field["id"], nearest=near)
        elif field["id"] in seen:
            yield document.fault("rules.id_twice", ("fields", place, "id"), id=field["id"])
        seen.add(field["id"])
    for missing in (field for field in FIELDS if field not in seen):
        yield document.fault("rules.key_missing", ("fields",), key=missing)
    for key, wanted in (("marks", ("yes", "no")), ("languages", LANGUAGES), ("ways", WAYS)):
        for missing in (word for word in wanted if word not in written[key]):
            yield document.fault("rules.key_missing", (key,), key=missing)


def _twice(written: Mapping[str, Any], document: Document) -> Iterator[Fault]:
    """Yield a fault for each word that means two things where it must mean one."""
    for key in ("marks", "languages", "ways", "items"):
        meant: dict[str, str] = {}
        for meaning, words in written[key].items():
            for place, word in enumerate(words):
                path = (key, meaning, place)
                if not plain(word):
                    yield document.fault("recipients.word_empty", path, word=word)
                elif meant.setdefault(plain(word), meaning) != meaning:
                    yield document.fault("recipients.word_twice", path, word=word, other=meant[plain(word)])


# what is said of a list


def unfit_fault(error: ListUnfit, file: str, say: Wording, words: RecipientWords | None = None) -> FaultsError:
    """Return the faults that the flaws of a list are."""
    typed = all(flaw.key.partition(".")[2] in _TYPED for flaw in error.flaws)
    faults = [Fault(flaw.key, file, flaw.line, details=_shown(flaw.details, say, words)) for flaw in error.flaws]
    return FaultsError(faults, MISUSE if typed else FILE_WRONG)


def missing_library_fault(error: LibraryMissing, file: str) -> FaultsError:
    """Return the fault that a library that is not installed is."""
    return FaultsError([Fault("recipients.extra", file, details={"extra": error.extra})], MISUSE)


def remark_sentence(say: Wording, remark: Remark, words: RecipientWords) -> str:
    """Return what is wrong or doubtful in a row as one sentence, with the row's own words where it quotes any."""
    details = _shown(remark.details, say, words)
    near = details.pop("nearest", None)
    near = words.named[near][say.lang] if near in words.named else near
    sentence = say(f"recipients.row.{remark.key}", field=field_title(say, remark.field, words), **details)
    return sentence + (say("fault.nearest", nearest=near) if near else "")


def tally_sentence(say: Wording, key: str, field: str, words: RecipientWords) -> str:
    """Return a kind of fault or doubt in a few words, for the counts on screen: nothing of any row is quoted."""
    name = f"recipients.kind.{key}" if say.has(f"recipients.kind.{key}") else f"recipients.row.{key}"
    return say(name, field=field_title(say, field, words))


def mending_titles(say: Wording) -> tuple[str, str]:
    """Return what heads the two columns that a CSV to mend has beside those of the list."""
    return say("recipients.mend.row"), say("recipients.mend.wrong")


def field_title(say: Wording, field: str, words: RecipientWords) -> str:
    """Return what a field is called; for a column of one data item, the item."""
    name, _, item = field.partition(":")
    if item:
        return words.named[item][say.lang]
    return words.titles[name][say.lang] if name in words.titles else ""


def _shown(details: Iterable[tuple[str, object]], say: Wording, words: RecipientWords | None) -> dict[str, Any]:
    """Return details in the language of the person at the keyboard."""
    shown: dict[str, Any] = dict(details)
    if words is None:
        return shown
    if isinstance(shown.get("field"), str):
        shown["field"] = field_title(say, shown["field"], words)
    if shown.get("item") in words.named:
        shown["item"] = words.named[shown["item"]][say.lang]
    return shown
