"""The catalogue of papers: what each is for, which items of the law it carries, and the text it is made from.

A template's text may only print a name, ask ``if`` and repeat with ``for``: no filter, call, setting or other file, so
that a lawyer can read it and nothing else can hide in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from leakresp.papers.escape import escaped
from leakresp.papers.marks import MARK_SIGN, Flaw, items, mark_flaws
from leakresp.response.brief import DERIVED, PARTS, TELLS, Hole, Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context

    from leakresp.law.vocabulary import Text

FORMATS: Final = ("txt", "md", "html")
#: How a paper words an open fact: as a hole, or as under investigation where the law lets it be open.
OPEN_AS: Final = ("hole", "investigating")
#: The name under which a rendering keeps the holes it printed; no template may use it.
PRINTED: Final = "printed_holes"

_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.For,
    nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
#: What a template may ask of the list it is repeating.
_LOOP: Final = frozenset({"first", "last"})


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """One paper of the catalogue with its text in both languages."""

    id: str
    order: int
    title: Text
    audience: Text
    duty: str | None
    items: tuple[int, ...]
    needs: tuple[str, ...]
    may_be_open: tuple[str, ...]
    open_as: str
    formats: tuple[str, ...]
    bodies: Mapping[str, str]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> PaperTemplate:
        """Return the paper that the catalogue's plain mapping describes."""
        return cls(
            plain["id"],
            plain["order"],
            plain["title"],
            plain["for"],
            plain.get("duty"),
            tuple(plain["items"]),
            tuple(plain["needs"]),
            tuple(plain["may_be_open"]),
            plain["open_as"],
            tuple(plain["formats"]),
            plain["bodies"],
        )

    @property
    def regime(self) -> str:
        """The body of law the paper serves."""
        return (self.duty or "appi").partition(".")[0]

    @property
    def purpose(self) -> Purpose:
        """What a brief must know of the paper."""
        return Purpose(self.regime, frozenset(self.may_be_open if self.open_as == "investigating" else ()))


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        # The text is Markdown, not HTML: `_shown` escapes what is printed for Markdown, and HTML is made from that.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.globals.clear()
    return environment


@pass_context
def _shown(context: Context, value: object) -> str:
    """Return what a template prints: a hole as it is, and kept in the list of printed holes; any words escaped."""
    if isinstance(value, Hole):
        context[PRINTED].append(value)
        return str(value)
    if not isinstance(value, str):
        message = f"a paper prints words, not {type(value).__name__}"
        raise TypeError(message)
    return escaped(value)


@lru_cache(maxsize=64)
def compiled(body: str) -> Template:
    """Return a body ready to be rendered. Raises ``TemplateSyntaxError``."""
    return _environment().from_string(body)


def body_flaws(body: str, facts: Collection[str]) -> Iterator[Flaw]:
    """Yield what is wrong in a body; ``facts`` are the ids of the vocabulary."""
    yield from mark_flaws(body)
    try:
        tree = _environment().parse(body)
    except TemplateSyntaxError as error:
        yield Flaw("papers.syntax", error.lineno, (("reason", error.message or ""),))
        return
    names = {*facts, *DERIVED}
    unknown = meta.find_undeclared_variables(tree) - names
    for node in _every(tree):
        if not isinstance(node, _ALLOWED):
            yield Flaw("papers.word_not_allowed", node.lineno, (("word", type(node).__name__),))
        elif isinstance(node, nodes.Name) and node.ctx == "load" and node.name in unknown:
            yield _unknown("papers.name_unknown", node.lineno, node.name, names)
        elif isinstance(node, nodes.Getattr) and node.attr not in _parts_of(node):
            yield _unknown("papers.part_unknown", node.lineno, node.attr, _parts_of(node))
        elif isinstance(node, nodes.If | nodes.For):
            yield from _marks_under(node)


def _parts_of(node: nodes.Getattr) -> frozenset[str]:
    return _LOOP if isinstance(node.node, nodes.Name) and node.node.name == "loop" else PARTS


def _unknown(key: str, line: int, word: str, words: Collection[str]) -> Flaw:
    close = get_close_matches(word, sorted(words), n=1, cutoff=0.5)
    return Flaw(key, line, (("word", word), ("nearest", close[0] if close else None)))


def _every(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _every(child)


def _marks_under(node: nodes.Node) -> Iterator[Flaw]:
    """Yield a flaw where a mark stands under a condition: an item must be there whatever the facts."""
    for part in node.find_all(nodes.TemplateData):
        for offset, line in enumerate(part.data.splitlines()):
            if line.startswith(MARK_SIGN):
                yield Flaw("papers.mark_conditional", part.lineno + offset)


def names_used(body: str) -> frozenset[str]:
    """Return the names a body asks or prints, and the facts these tell."""
    used = meta.find_undeclared_variables(_environment().parse(body))
    return frozenset(used.union(*(TELLS.get(name, ()) for name in used)))


def items_tagged(body: str) -> tuple[int, ...]:
    """Return the statutory items tagged in a body, in its order."""
    return items(body)
