"""The papers an incident calls for: those the law, a scheme or a contract asks for, and those usual in practice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import NOT_REQUIRED, OTHER_REGIME, OWING, STRENGTH
from leakresp.law.held import Open
from leakresp.law.proof import Proof
from leakresp.law.remembered import Remembered
from leakresp.law.truth import NO, UNKNOWN, YES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.law.conditions import Condition
    from leakresp.law.held import Answers, Known
    from leakresp.law.rulebook import InForce
    from leakresp.law.vocabulary import Text

#: Papers that nobody but good practice asks for.
PRACTICE: Final = "practice"
#: Who asks for a paper from outside; such a paper names its source.
SOURCED: Final = ("law", "scheme", "contract")
#: What holds of a paper while its condition cannot be told, where the paper does not say.
_WHILE_UNKNOWN: Final = {PRACTICE: "leave", "scheme": "ask"}
#: The states of several duties, the one that asks for most first.
_RANKED: Final = (*STRENGTH, OTHER_REGIME)
_NOTHING: Final = Open(asked=False)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the catalogue: who asks for it and when, and which facts its text needs.

    ``duties`` are full names of duties (``appi.report``); ``when`` is a further condition as the rules write them.
    ``while_unknown`` tells what holds while that condition cannot be told: the paper is called for all the same
    (``keep``), hangs on what is open (``ask``), or is not spoken of (``leave``).
    """

    id: str
    title: Text
    basis: str
    duties: tuple[str, ...]
    needs: tuple[str, ...]
    may_be_open: tuple[str, ...]
    when_duty_is: tuple[str, ...] = OWING
    when: Mapping[str, Any] | None = None
    while_unknown: str = "keep"
    why: Text | None = None

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Paper:
        """Return what the catalogue's plain mapping says of a paper."""
        basis = plain["basis"]
        return cls(
            plain["id"],
            plain["title"],
            basis,
            tuple(plain["duty"]),
            tuple(plain["needs"]),
            tuple(plain["may_be_open"]),
            tuple(plain["when_duty_is"]),
            plain.get("when"),
            plain.get("while_unknown") or _WHILE_UNKNOWN.get(basis, "keep"),
            plain.get("why"),
        )

    @property
    def regime(self) -> str:
        """The body of law the paper serves first."""
        return self.duties[0].partition(".")[0] if self.duties else "appi"


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """A paper this incident calls for, the state of the duty behind it (empty: none), and the facts it still lacks.

    ``hangs_on`` are the open facts that decide whether it is called for, where that cannot be told yet.
    """

    paper: Paper
    duty: str
    holes: tuple[str, ...]
    hangs_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duties:
    """The states of the duties by full name: of the bodies of law that count here, and of all that may come to."""

    counting: Mapping[str, str]
    possible: Mapping[str, str]


class Paperwork:
    """The catalogue of papers on a given day."""

    def __init__(self, in_force: InForce, papers: Iterable[Paper]) -> None:
        self._entries: Final[tuple[tuple[Paper, Condition | None], ...]] = tuple(
            (paper, in_force.condition(paper.when, paper.regime) if paper.when else None) for paper in papers
        )
        self._papers: Final = tuple(paper for paper, _ in self._entries)
        conditions = [when for _, when in self._entries if when is not None]
        self._reads: Final = sorted(frozenset[str]().union(*(when.reads for when in conditions)))
        self._fitting: Final = Remembered[dict[str, Proof | None]]()

    def required(self, duties: Duties, known: Known, answers: Answers, verdict: str) -> tuple[PaperNeed, ...]:
        """Return the papers that the law, a scheme or a contract asks for, or may ask for.

        What records that nothing is reported is called for only where no body of law asks for a report: ``verdict`` is
        the strongest state over all of them.
        """
        return tuple(
            need
            for need in self._called_for(duties, known, answers)
            if need.paper.basis != PRACTICE and (need.duty in {"", *OWING} or verdict not in OWING)
        )

    def usual(self, duties: Duties, known: Known, answers: Answers, *, happened: bool) -> tuple[PaperNeed, ...]:
        """Return the papers that practice would write for this incident, though no rule asks for them.

        Where nothing ``happened`` to the data, only those stay that are meant for an incident without a duty as well.
        """
        usual = (need for need in self._called_for(duties, known, answers) if need.paper.basis == PRACTICE)
        return tuple(need for need in usual if happened or NOT_REQUIRED in need.paper.when_duty_is)

    def fitting(self, known: Known) -> Mapping[str, Text]:
        """Return the titles, by id, of the papers whose condition may hold, whoever asks for them or nobody."""
        return {
            paper.id: paper.title
            for paper, proof in zip(self._papers, self._proofs(known).values(), strict=True)
            if proof is None or proof.truth is not NO
        }

    def _called_for(self, duties: Duties, known: Known, answers: Answers) -> Iterable[PaperNeed]:
        fitting = self._proofs(known)
        for paper, _ in self._entries:
            proof = fitting[paper.id]
            counts = paper.while_unknown != "ask" and not set(OWING).isdisjoint(paper.when_duty_is)
            states = duties.counting if counts else duties.possible
            state = _strongest([states.get(duty, OTHER_REGIME) for duty in paper.duties], paper.when_duty_is)
            if state is None:
                continue
            if proof is None or proof.truth is YES:
                yield PaperNeed(paper, state, holes(paper, answers))
            elif proof.truth is UNKNOWN and paper.while_unknown != "leave":
                hangs_on = sorted(proof.open_facts()) if paper.while_unknown == "ask" else ()
                yield PaperNeed(paper, state, holes(paper, answers), tuple(hangs_on))

    def _proofs(self, known: Known) -> dict[str, Proof | None]:
        return self._fitting.of(tuple([known[fact] for fact in self._reads]), lambda: self._fit(known))

    def _fit(self, known: Known) -> dict[str, Proof | None]:
        return {paper.id: None if when is None else when.prove(known) for paper, when in self._entries}


def _strongest(states: list[str], wanted: tuple[str, ...]) -> str | None:
    """Return the strongest of ``states`` that is ``wanted``, or ``None``; empty for a paper that serves no duty."""
    if not states:
        return ""
    return next((state for state in _RANKED if state in wanted and state in states), None)


def holes(paper: Paper, answers: Answers) -> tuple[str, ...]:
    """Return the facts that ``paper`` needs and nobody has stated."""
    return tuple(fact for fact in paper.needs if isinstance(answers.get(fact, _NOTHING), Open))
