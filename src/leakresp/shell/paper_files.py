"""The papers and the advice to persons, read from the templates' folder and checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import nearest
from leakresp.papers.catalogue import body_flaws, items_tagged, names_used
from leakresp.response.paperwork import SOURCED, Paper
from leakresp.shell.documents import Document, decode, form_faults, read_document
from leakresp.shell.faults import Fault, FaultsError
from leakresp.shell.rule_models import Id, SourceModel, TextModel
from leakresp.shell.rule_promises import condition_faults

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

ADVICE_FILE: Final = "advice.yaml"
_PAPERS: Final = "papers/"
_FENCE: Final = "---\n"
_BODY: Final = re.compile(r"^=== *(?P<lang>\S+) *===$", re.MULTILINE)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _listed(written: object) -> object:
    """Return one name as a list of it."""
    return [written] if isinstance(written, str) else written


class PaperModel(_Model):
    """The front matter of ``papers/*.md``."""

    id: Id
    order: int
    title: TextModel
    for_: TextModel = Field(alias="for")
    group: Literal["authority", "persons", "public", "partners", "police", "inside"]
    look: Literal["letter", "message", "document", "form"] = "document"
    #: Who asks for the paper; ``record``: the organisation's own files.
    basis: Literal["law", "scheme", "contract", "record", "practice"]
    #: The duties the paper serves, by full name; the first one's law is the one it speaks of.
    duty: Annotated[list[str], BeforeValidator(_listed)] = []
    #: The body of law its text speaks of, where that is another one: a scheme asks for the situations of the Act.
    tells_of: Id | None = None
    #: The deadline of the duty that is met once the paper was filed; of several, each in turn.
    deadline: Annotated[list[Id], BeforeValidator(_listed)] = []
    #: The states of the duty that call for the paper.
    when_duty_is: list[Literal["required", "undetermined", "not_required", "released", "other_regime"]] = [
        "required",
        "undetermined",
    ]
    #: A further condition, in the words of the rules, and what holds while it cannot be told.
    when: dict[str, Any] | None = None
    while_unknown: Literal["keep", "ask", "leave"] | None = None
    why: TextModel | None = None
    #: What is a fact once the paper has left the house.
    states: dict[Id, Literal["yes", "no"]] = {}
    #: The papers sent earlier that this one continues.
    follows: list[Id] = []
    sources: list[SourceModel] = []
    items: list[Annotated[int, Field(ge=1, le=9)]]
    needs: list[Id]
    may_be_open: list[Id] = []
    open_as: Literal["hole", "investigating"]
    #: The day by which open facts are promised, beside the day on which they should be known.
    open_until: Id | None = None
    formats: list[Literal["txt", "md", "html", "docx", "pdf", "eml"]] = Field(min_length=1)


class AbsentModel(_Model):
    """What a letter may say not to be in the data."""

    id: Id
    items: Id | list[Id]
    name: TextModel


class CounselModel(_Model):
    """What may follow for the person, and what the person can do."""

    id: Id
    event: Literal["leak", "loss", "any"]
    items: Id | list[Id] = []
    causes: Id | list[Id] = []
    harm: TextModel | None = None
    advice: TextModel | None = None
    sources: list[SourceModel] = []


class AdviceModel(_Model):
    """``advice.yaml``."""

    items: dict[Id, TextModel]
    causes: dict[Id, TextModel]
    absent: list[AbsentModel]
    counsel: list[CounselModel] = Field(min_length=1)


def read_papers(
    files: Mapping[str, bytes], root: str, rules: Mapping[str, Any] | None, shown: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return the catalogue of papers from ``papers/*.md``, in its order. Raises ``FaultsError``.

    ``rules`` are the checked rules; without them what depends on the vocabulary is left unchecked. ``shown`` names
    where a paper lies that is not below ``root``.
    """
    faults: list[Fault] = []
    papers: dict[str, dict[str, Any]] = {}
    for name in sorted(files):
        if name.startswith(_PAPERS):
            try:
                paper = _read_paper(name, files[name], (shown or {}).get(name, f"{root}/{name}"), rules)
                papers[paper["id"]] = paper
            except FaultsError as error:
                faults += error.faults
    if not papers and not faults:
        faults.append(Fault("papers.none", root))
    for paper in papers.values() if not faults else ():
        for word in set(paper["follows"]) - set(papers):
            faults.append(Fault("papers.follows_unknown", f"{root}/{_PAPERS}{paper['id']}.md", details={"word": word}))
    if faults:
        raise FaultsError(faults)
    return sorted(papers.values(), key=lambda paper: (paper["order"], paper["id"]))


def _read_paper(name: str, raw: bytes, file: str, rules: Mapping[str, Any] | None) -> dict[str, Any]:
    text = decode(raw, file)
    front, fence, body = text.removeprefix(_FENCE).partition(f"\n{_FENCE}")
    if not text.startswith(_FENCE) or not fence:
        raise FaultsError([Fault("papers.no_front_matter", file, 1)])
    # The fence becomes an empty line, so that the lines of the front matter are those of the file.
    document = read_document(f"\n{front}\n", file).whole()
    paper = _validated(PaperModel, document)
    faults = list(_front_faults(paper, document, name, rules))
    bodies, starts = _bodies(body, front.count("\n") + 4, file, faults)
    facts = [fact["id"] for fact in rules["facts"]] if rules else None
    for lang, text_of in bodies.items():
        found = _body_faults(paper, lang, text_of, facts)
        faults += [Fault(key, file, starts[lang] + line, details=details) for key, line, details in found]
    if faults:
        raise FaultsError(faults)
    return paper | {"bodies": bodies}


def _validated(model: type[BaseModel], document: Document) -> dict[str, Any]:
    """Return a document's data in the form of ``model``. Raises ``FaultsError`` with every fault of form."""
    if not isinstance(document.data, dict):
        raise FaultsError([document.fault("rules.no_mapping")])
    try:
        return model.model_validate(document.data).model_dump(mode="json", by_alias=True, exclude_none=True)
    except ValidationError as error:
        raise FaultsError(form_faults(document, error)) from None


def _front_faults(
    paper: Mapping[str, Any], document: Document, name: str, rules: Mapping[str, Any] | None
) -> Iterator[Fault]:
    wanted = name.removeprefix(_PAPERS).removesuffix(".md")
    if paper["id"] != wanted:
        yield document.fault("rules.name_differs", ("id",), id=paper["id"], wanted=wanted)
    if rules is None:
        return
    facts = {fact["id"]: fact["kind"] for fact in rules["facts"]}
    for key in ("needs", "may_be_open"):
        for place, fact in enumerate(paper[key]):
            if fact not in facts:
                yield document.fault("rules.fact_unknown", (key, place), word=fact, nearest=nearest(fact, facts))
    until = paper.get("open_until")
    if until is not None and facts.get(until) != "day":
        days = [fact for fact, kind in facts.items() if kind == "day"]
        yield document.fault("papers.no_day", ("open_until",), word=until, nearest=nearest(until, days), words=days)
    yield from _state_faults(paper, document, rules)
    yield from _calling_faults(paper, document, rules)
    for place, source in enumerate(paper["sources"]):
        if source["law"] not in rules["laws"]:
            near = nearest(source["law"], rules["laws"])
            yield document.fault("rules.source_unknown", ("sources", place, "law"), word=source["law"], nearest=near)
    if not paper["sources"] and paper["basis"] in SOURCED:
        yield document.fault("papers.source_missing", ("basis",), word=paper["basis"])


def _state_faults(paper: Mapping[str, Any], document: Document, rules: Mapping[str, Any]) -> Iterator[Fault]:
    facts = [fact["id"] for fact in rules["facts"] if fact["kind"] == "yes_no"]
    for fact in paper["states"]:
        if fact not in facts:
            yield document.fault("rules.fact_unknown", ("states", fact), word=fact, nearest=nearest(fact, facts))


def _calling_faults(paper: Mapping[str, Any], document: Document, rules: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong in what calls for a paper: its duties, their deadline, the further condition, the reason."""
    duties = {f"{regime['id']}.{regime.get(key)}" for regime in rules["regimes"] for key in ("report", "notify")}
    for place, duty in enumerate(paper["duty"]):
        if duty not in duties:
            yield document.fault("papers.duty_unknown", ("duty", place), word=duty, nearest=nearest(duty, duties))
    regimes = {regime["id"] for regime in rules["regimes"]}
    told = paper.get("tells_of")
    if told is not None and told not in regimes:
        yield document.fault("rules.rule_unknown", ("tells_of",), word=told, nearest=nearest(told, regimes))
    served = (regime for regime in rules["regimes"] if f"{regime['id']}.{regime['report']}" in paper["duty"])
    deadlines = [name for regime in served for name in regime["deadlines"]]
    for deadline in paper["deadline"]:
        if deadline not in deadlines:
            yield document.fault("papers.deadline_unknown", ("deadline",), word=deadline, words=tuple(deadlines))
    if not paper["duty"] and "why" not in paper:
        yield document.fault("rules.key_missing", (), key="why")
    if "when" in paper:
        yield from condition_faults(rules, document, ("when",), paper["when"], Paper.of(paper).regime)


def _bodies(body: str, first: int, file: str, faults: list[Fault]) -> tuple[dict[str, str], dict[str, int]]:
    """Return the text in each language, and the line before each; ``first`` is the line at which ``body`` begins."""
    bodies: dict[str, str] = {}
    starts: dict[str, int] = {}
    marks = list(_BODY.finditer(body))
    if body[: marks[0].start() if marks else len(body)].strip():
        faults.append(Fault("papers.before_bodies", file, first))
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    for mark, end in zip(marks, ends, strict=True):
        lang, line = mark["lang"], first + body.count("\n", 0, mark.start())
        if lang not in LANGUAGES or lang in bodies:
            faults.append(Fault("papers.language_unknown", file, line, details={"word": mark[0]}))
            continue
        bodies[lang] = body[mark.end() + 1 : end]
        starts[lang] = line
    missing = [lang for lang in LANGUAGES if lang not in bodies]
    faults += [Fault("papers.language_missing", file, details={"lang": lang}) for lang in missing]
    return bodies, starts


def _body_faults(
    paper: Mapping[str, Any], lang: str, body: str, facts: list[str] | None
) -> list[tuple[str, int, dict[str, Any]]]:
    """Return what is wrong in a body: the key of each sentence, the line within the body, and the details."""
    flaws = dict.fromkeys(body_flaws(body, facts or ()))
    # Without the vocabulary nobody can tell a misspelt name from a fact.
    known = [flaw for flaw in flaws if facts is not None or flaw.key != "papers.name_unknown"]
    if known:
        return [(flaw.key, flaw.line, dict(flaw.details)) for flaw in known]
    used, tagged = names_used(body), items_tagged(body)
    unused = [fact for fact in paper["needs"] if fact not in used]
    faults = [("papers.need_unused", 0, {"fact": fact, "lang": lang}) for fact in unused]
    if tagged != tuple(paper["items"]):
        faults.append(("papers.items_differ", 0, {"found": tagged, "declared": tuple(paper["items"])}))
    return faults


def read_advice(files: Mapping[str, bytes], root: str, rules: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the advice to the persons from ``advice.yaml``. Raises ``FaultsError``."""
    file = f"{root}/{ADVICE_FILE}"
    if ADVICE_FILE not in files:
        raise FaultsError([Fault("rules.file_missing", file)])
    document = read_document(decode(files[ADVICE_FILE], file), file).whole()
    advice = _validated(AdviceModel, document)
    faults = list(_advice_faults(advice, document, rules)) if rules else []
    if faults:
        raise FaultsError(faults)
    return advice


def _advice_faults(advice: Mapping[str, Any], document: Document, rules: Mapping[str, Any]) -> Iterator[Fault]:
    items, causes = (_values(rules, fact) for fact in ("data_items", "cause"))
    for key, values in (("items", items), ("causes", causes)):
        for word in advice[key]:
            yield from _word_faults(document, (key, word), [word], values)
    for place, each in enumerate(advice["absent"]):
        yield from _word_faults(document, ("absent", place, "items"), each["items"], items)
    for place, each in enumerate(advice["counsel"]):
        yield from _word_faults(document, ("counsel", place, "items"), each["items"], items)
        yield from _word_faults(document, ("counsel", place, "causes"), each["causes"], causes)
        for where, source in enumerate(each["sources"]):
            if source["law"] not in rules["laws"]:
                path = ("counsel", place, "sources", where, "law")
                yield document.fault("rules.source_unknown", path, word=source["law"])
    # The cause `other` is told in the words of `cause_detail`.
    for cause in causes.keys() - advice["causes"].keys() - {"other"}:
        yield document.fault("advice.cause_missing", ("causes",), word=cause)


def _values(rules: Mapping[str, Any], fact: str) -> dict[str, list[str]]:
    """Return the values of a fact, each with its groups."""
    found = next(each for each in rules["facts"] if each["id"] == fact)
    return {value["id"]: value.get("groups") or [] for value in found["values"]}


def _word_faults(
    document: Document, path: tuple[str | int, ...], named: str | Collection[str], values: Mapping[str, list[str]]
) -> Iterator[Fault]:
    if isinstance(named, str):
        groups = {group for each in values.values() for group in each}
        if named not in groups:
            yield document.fault("rules.group_unknown", path, word=named, nearest=nearest(named, groups))
        return
    for word in named:
        if word not in values:
            yield document.fault("rules.value_unknown", path, word=word, nearest=nearest(word, values))
