"""Papers drafted in an exercise: marked in their first line and in the name of their file, kept with the exercise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from leakresp.papers.formats import made
from leakresp.papers.marks import Block
from leakresp.response.drill import MARKS
from leakresp.shell.answers import Given
from leakresp.shell.drafting import Drafting
from leakresp.shell.drafts import folder, keep

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from leakresp.law.held import Answers
    from leakresp.papers.render import Rendered
    from leakresp.shell.desk import Desk
    from leakresp.shell.drill_record import Exercise

DRAFTS: Final = "drafts"
#: Text alone: nothing that could be sent as it is.
_FORM: Final = "md"


def write_drafts(
    desk: Desk, exercise: Exercise, papers: tuple[str, ...], answers: Answers, at: dt.timedelta
) -> list[Path]:
    """Draft papers from what the team states, and return where they stand. Raises ``FaultsError``."""
    scenario, lang = exercise.scenario, desk.say.lang
    day = scenario.day(at)
    given = Given({"title": scenario.title[lang]}, answers)
    assessment = desk.assessor.assess(answers, None, day)
    work = Drafting(given, assessor=desk.assessor, assessment=assessment, library=desk.shelf, say=desk.say, today=day)
    place = folder(exercise.folder / DRAFTS)
    return [_write(work.draft(paper).rendered, place) for paper in papers]


def _write(rendered: Rendered, place: Path) -> Path:
    mark = MARKS[rendered.lang]
    return keep(made(marked(rendered), _FORM), place / f"{mark}{rendered.paper}.{_FORM}").path


def marked(rendered: Rendered) -> Rendered:
    """Return a paper whose first line, and whose title, says that it is an exercise."""
    mark = MARKS[rendered.lang]
    return replace(rendered, title=f"{mark} {rendered.title}", blocks=(Block(mark), *rendered.blocks))
