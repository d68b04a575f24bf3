"""What a template may say: print words, ask whether, repeat a list. All else is a flaw, found before it is needed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from jinja2 import nodes

from leakresp.papers.marks import MARK_SIGN, Flaw
from leakresp.response.brief_shapes import FACT, LOOP, SHAPES, Shape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.For,
    nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip

#: What each name stands for at a place of the template; ``None`` where that is a flaw of its own.
Scope = dict[str, Shape | None]


def grammar_flaws(tree: nodes.Template, facts: Collection[str]) -> Iterator[Flaw]:
    """Yield what is wrong in the statements of a template; ``facts`` are the ids of the vocabulary."""
    yield from _forbidden(tree, 1)
    yield from _meaning(tree, {**dict.fromkeys(facts, FACT), **SHAPES})
    for node in tree.find_all((nodes.If, nodes.For)):
        yield from _marks_under(node)


def _forbidden(node: nodes.Node, line: int) -> Iterator[Flaw]:
    """Yield a flaw for each statement or expression that is none of the allowed ones; ``line`` is its parent's."""
    line = node.lineno or line
    if not isinstance(node, _ALLOWED):
        yield Flaw("papers.word_not_allowed", line, (("word", type(node).__name__),))
        return
    for child in node.iter_child_nodes():
        yield from _forbidden(child, line)


def _meaning(node: nodes.Node, scope: Scope) -> Iterator[Flaw]:
    """Yield a flaw for each name there is not, and for each that is used as what it is not."""
    match node:
        case nodes.For():
            yield from _meaning(node.iter, scope)
            yield from _repeated(node, scope)
        case nodes.Output():
            for printed in node.nodes:
                yield from _meaning(printed, scope)
                shape = _shape(printed, scope)
                if shape is not None and not shape.prints:
                    yield Flaw("papers.not_words", printed.lineno, (("word", _written(printed)),))
        case nodes.Name(ctx="load"):
            if node.name not in scope:
                yield _unknown("papers.name_unknown", node.lineno, node.name, scope)
        case nodes.Getattr():
            yield from _meaning(node.node, scope)
            shape = _shape(node.node, scope)
            if shape is not None and node.attr not in shape.parts:
                yield _unknown("papers.part_unknown", node.lineno, node.attr, shape.parts)
        case _:
            for child in node.iter_child_nodes():
                yield from _meaning(child, scope)


def _repeated(node: nodes.For, scope: Scope) -> Iterator[Flaw]:
    shape = _shape(node.iter, scope)
    if shape is not None and shape.lists is None:
        yield Flaw("papers.not_a_list", node.lineno, (("word", _written(node.iter)),))
    inner: Scope = scope | {"loop": LOOP}
    targets = [node.target] if isinstance(node.target, nodes.Name) else node.target.find_all(nodes.Name)
    inner |= {name.name: shape.lists if shape is not None else None for name in targets}
    for child in (*node.body, *([node.test] if node.test else ())):
        yield from _meaning(child, inner)
    for child in node.else_:
        yield from _meaning(child, scope)


def _shape(node: nodes.Node, scope: Scope) -> Shape | None:
    """Return what an expression stands for, or ``None`` where that is a flaw of its own."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        shape = _shape(node.node, scope)
        return shape.parts.get(node.attr) if shape is not None else None
    return None


def _written(node: nodes.Node) -> str:
    """Return a name as the template has it."""
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else type(node).__name__


def _unknown(key: str, line: int, word: str, words: Collection[str]) -> Flaw:
    close = get_close_matches(word, sorted(words), n=1, cutoff=0.5)
    return Flaw(key, line, (("word", word), ("nearest", close[0] if close else None)))


def _marks_under(node: nodes.Node) -> Iterator[Flaw]:
    """Yield a flaw where a mark stands under a condition: an item must be there whatever the facts."""
    for part in node.find_all(nodes.TemplateData):
        for offset, line in enumerate(part.data.splitlines()):
            if line.startswith(MARK_SIGN):
                yield Flaw("papers.mark_conditional", part.lineno + offset)
