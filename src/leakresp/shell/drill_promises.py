"""What a scenario promises as a whole: it runs forward, and expects only what the rules ask of a team by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leakresp.response.drill import Team
from leakresp.response.drill_score import Judge
from leakresp.response.telling import tellings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from leakresp.response.assessment import Assessment, Assessor
    from leakresp.response.drill import Expectation, Scenario
    from leakresp.shell.documents import Document, Path
    from leakresp.shell.faults import Fault


class Promises:
    """A scenario held against the rules; its names and values are known to be right."""

    def __init__(self, document: Document, scenario: Scenario, assessor: Assessor) -> None:
        self.document: Final = document
        self.scenario: Final = scenario
        self.assessor: Final = assessor
        # Of a team that did nothing: what such a team should have done is what is expected of every team.
        self.judge: Final = Judge(scenario, Team(scenario, ()), assessor, scenario.ends)

    def broken(self) -> Iterator[Fault]:
        """Yield a fault for each promise that is not kept."""
        yield from self._order()
        for number, expected in enumerate(self.scenario.expects):
            path: Path = ("expects", number)
            if expected.by > self.scenario.ends:
                yield self.document.fault("drill.after_the_end", (*path, "by"))
                continue
            yield from self._known(expected, path)
            yield from self._called_for(expected, path)
        yield from self._cautions()

    def _order(self) -> Iterator[Fault]:
        before: dt.timedelta | None = None
        for number, arrival in enumerate(self.scenario.arrivals):
            if before is not None and arrival.at <= before:
                yield self.document.fault("drill.out_of_order", ("events", number, "at"))
            elif before is None and arrival.at:
                yield self.document.fault("drill.begins_late", ("events", number, "at"))
            if arrival.at > self.scenario.ends:
                yield self.document.fault("drill.after_the_end", ("events", number, "at"))
            before = arrival.at

    def _known(self, expected: Expectation, path: Path) -> Iterator[Fault]:
        """Yield a fault where a team should state what nobody can know yet, or leave open what is known."""
        known = self.judge.known(expected.by)
        for place, fact in enumerate(expected.state):
            if fact not in known:
                yield self.document.fault("drill.not_revealed", (*path, "state", place), fact=fact)
        for place, fact in enumerate(expected.leave_open):
            if fact in known:
                yield self.document.fault("drill.revealed_already", (*path, "leave_open", place), fact=fact)

    def _called_for(self, expected: Expectation, path: Path) -> Iterator[Fault]:
        """Yield a fault where the rules would not call for what is expected, for what is known by then."""
        truth = self.judge.truth(expected.by)
        for field, names in (
            ("do", {action.id for action in truth.actions}),
            ("draft", self._papers(truth)),
            ("tell", {telling.name for telling in tellings(truth)}),
            ("decide", {result.regime.id for result in truth.regimes}),
        ):
            for place, name in enumerate(getattr(expected, field)):
                if name not in names:
                    yield self.document.fault("drill.not_called_for", (*path, field, place), name=name)

    def _papers(self, truth: Assessment) -> set[str]:
        needs = (*truth.papers, *truth.papers_open, *self.assessor.usual_papers(truth))
        return {need.paper.id for need in needs}

    def _cautions(self) -> Iterator[Fault]:
        """Yield a fault for a trap that names an action without a warning."""
        warned = {action["id"] for action in self.assessor.rulebook.plain["actions"] if action.get("caution")}
        for number, trap in enumerate(self.scenario.traps):
            if trap.caution and trap.caution not in warned:
                yield self.document.fault("drill.no_caution", ("traps", number, "caution"), name=trap.caution)
