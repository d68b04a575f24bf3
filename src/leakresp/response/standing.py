"""Where a case stands: what to do next, and which duties nobody has recorded as fulfilled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from leakresp.law.duties import REQUIRED
from leakresp.response.due import BINDING, dues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case
    from leakresp.response.due import Due
    from leakresp.response.playbook import Action

#: What ends an action: it was done, or somebody decided, with a reason, not to do it.
_ENDED: Final = frozenset(("done", "skipped"))


def to_do(case: Case, assessment: Assessment) -> tuple[Action, ...]:
    """Return the actions that are called for and not yet ended, most urgent first."""
    return tuple(action for action in assessment.actions if case.action(action.id).state not in _ENDED)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What keeps a case from being closed: reports the law requires, and actions it demands."""

    reports: tuple[Due, ...]
    actions: tuple[Action, ...]

    def __bool__(self) -> bool:
        return bool(self.reports or self.actions)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, as the record of a closing keeps them."""
        return (*(each.id for each in self.reports), *(action.id for action in self.actions))


def still_open(case: Case, assessment: Assessment) -> StillOpen:
    """Return the duties of a case that nobody has recorded as fulfilled.

    A duty to report ends with its final report: who can tell everything at once files only that one (guideline of the
    Commission, 3-5-3-4).
    """
    reports = [due for due in dues(case, assessment) if due.kind in BINDING and due.runs and not due.provisional]
    return StillOpen(tuple(reports), tuple(_demanded(case, assessment)))


def _demanded(case: Case, assessment: Assessment) -> Iterator[Action]:
    duties = {
        "report": any(result.report.duty == REQUIRED for result in assessment.regimes),
        "notify": any(result.notify is not None and result.notify.duty == REQUIRED for result in assessment.regimes),
    }
    yield from (action for action in to_do(case, assessment) if action.statutory and duties[action.statutory])
