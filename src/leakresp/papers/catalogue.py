"""The catalogue of papers: what each is for, which items of the law it carries, and the text it is made from.

A template's text may only print a name, ask ``if`` and repeat with ``for``: no filter, call, setting or other file, so
that a lawyer can read it and nothing else can hide in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, pass_context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from leakresp.papers.escape import escaped
from leakresp.papers.grammar import grammar_flaws
from leakresp.papers.marks import Flaw, items, mark_flaws
from leakresp.response.brief import TELLS, Hole, Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context

    from leakresp.law.vocabulary import Text

#: Whom papers are for, in the order in which lists name them.
GROUPS: Final = ("authority", "persons", "public", "partners", "police", "inside")
#: How a paper is laid out where the format has a layout.
LOOKS: Final = ("letter", "message", "document", "form")
#: Formats that are text.
TEXTS: Final = ("txt", "md", "html")
FORMATS: Final = (*TEXTS, "docx", "pdf", "eml")
#: How a paper words an open fact: as a hole, or as under investigation where the law lets it be open.
OPEN_AS: Final = ("hole", "investigating")
#: The name under which a rendering keeps the holes it printed; no template may use it.
PRINTED: Final = "printed_holes"


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """One paper of the catalogue with its text in both languages."""

    id: str
    order: int
    title: Text
    audience: Text
    group: str
    look: str
    duties: tuple[str, ...]
    follows: tuple[str, ...]
    items: tuple[int, ...]
    needs: tuple[str, ...]
    may_be_open: tuple[str, ...]
    open_as: str
    open_until: str | None
    formats: tuple[str, ...]
    bodies: Mapping[str, str]
    tells_of: str | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> PaperTemplate:
        """Return the paper that the catalogue's plain mapping describes."""
        return cls(
            plain["id"],
            plain["order"],
            plain["title"],
            plain["for"],
            plain["group"],
            plain["look"],
            tuple(plain["duty"]),
            tuple(plain["follows"]),
            tuple(plain["items"]),
            tuple(plain["needs"]),
            tuple(plain["may_be_open"]),
            plain["open_as"],
            plain.get("open_until"),
            tuple(plain["formats"]),
            plain["bodies"],
            plain.get("tells_of"),
        )

    @property
    def regime(self) -> str:
        """The body of law whose situations the text tells of: where nothing else is said, that of its first duty."""
        return self.tells_of or (self.duties[0].partition(".")[0] if self.duties else "appi")

    @property
    def to_persons(self) -> bool:
        """Whether the paper goes to the persons concerned."""
        return self.group == "persons"

    @property
    def purpose(self) -> Purpose:
        """What a brief must know of the paper."""
        tells = frozenset(self.needs).union(*map(names_used, self.bodies.values())) if self.follows else frozenset()
        open_as = frozenset(self.may_be_open if self.open_as == "investigating" else ())
        return Purpose(self.regime, open_as, self.open_until, tells, to_public=self.group == "public")


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
    yield from grammar_flaws(tree, facts)


@lru_cache(maxsize=64)
def names_used(body: str) -> frozenset[str]:
    """Return the names a body asks or prints, and the facts these tell."""
    used = meta.find_undeclared_variables(_environment().parse(body))
    return frozenset(used.union(*(TELLS.get(name, ()) for name in used)))


def items_tagged(body: str) -> tuple[int, ...]:
    """Return the statutory items tagged in a body, in its order."""
    return items(body)
