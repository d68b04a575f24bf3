"""Actions in words: the seven steps of a response with what is to be done, by whom, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from leakresp.response.measures import measures
from leakresp.response.playbook import PHASES
from leakresp.shell.day_words import short_moment
from leakresp.shell.layout import GAP, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from leakresp.response.case import ActionState
    from leakresp.response.measures import Measures
    from leakresp.response.playbook import Action
    from leakresp.shell.case_desk import Standing

_STYLE: Final = {"done": "good", "skipped": "muted", "open": ""}


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a case and how it stands. ``called_for`` is false where the answers no longer ask for it."""

    action: Action
    state: ActionState
    called_for: bool


def steps(standing: Standing) -> tuple[Step, ...]:
    """Return the actions a case calls for, and those somebody worked on that it no longer does, by phase."""
    case, called_for = standing.case, standing.assessment.actions
    known = {action.id: action for action in every_action(standing)}
    touched = [known[name] for name in case.actions if name in known and known[name] not in called_for]
    found = [Step(action, case.action(action.id), called_for=True) for action in called_for]
    found += [Step(action, case.action(action.id), called_for=False) for action in touched]
    return tuple(sorted(found, key=lambda step: PHASES.index(step.action.phase)))


def every_action(standing: Standing) -> tuple[Action, ...]:
    """Return the whole library of actions, whether the incident calls for them or not."""
    assessor = standing.desk.assessor
    return assessor.playbook(assessor.rulebook.in_force(standing.assessment.on)).all


def offered(standing: Standing) -> Measures:
    """Return what the ticked actions of a case offer for item 8 of the report."""
    return measures(every_action(standing), standing.assessment.actions, standing.case)


def concerns(step: Step, who: str, standing: Standing) -> bool:
    """Tell whether an action was given to somebody, or is the task of a role (``legal``, 法務)."""
    say, wanted = standing.desk.say, who.casefold()
    roles = {role for each in step.action.who for role in (each, say(f"show.who.{each}").casefold())}
    by = step.state.changed.by if step.state.changed else ""
    names = [name.casefold() for name in (step.state.who or "", by)]
    return wanted in roles or any(wanted in name for name in names)


class StepWords:
    """The actions of one case in the words of one language."""

    def __init__(self, standing: Standing) -> None:
        self.standing: Final = standing
        self.say: Final = standing.desk.say
        self.phrases: Final = standing.desk.phrases

    def rows(self, found: Iterable[Step]) -> Iterator[Row]:
        """Yield the actions below their phase, each with its mark, its id and what became of it."""
        found = tuple(found)
        for phase in PHASES:
            of_phase = [step for step in found if step.action.phase == phase]
            if of_phase:
                ended = sum(step.state.state != "open" for step in of_phase)
                yield GAP
                title = self.say(f"show.phase.{phase}")
                yield Row(self.say("step.phase", phase=title, ended=ended, count=len(of_phase)), style="heading")
            for step in of_phase:
                yield from self.step(step)

    def step(self, step: Step) -> Iterator[Row]:
        state, title = step.state, self.phrases.text(step.action.title)
        yield Row(
            self.say("step.line", mark=self.say(f"step.mark.{state.state}"), title=title), 2, 4, _STYLE[state.state]
        )
        yield Row(
            self.say("step.id", id=step.action.id, urgency=self.say(f"screen.urgency.{step.action.urgency}")),
            6,
            2,
            "muted",
        )
        yield from (Row(text, 6, 2, "muted") for text in self.notes(step))

    def notes(self, step: Step) -> Iterator[str]:
        """Yield what became of an action: who has it, who ended it and when, and every note."""
        state, say = step.state, self.say
        if step.action.statutory and state.state == "open" and step.called_for:
            yield say("step.statutory")
        if state.who:
            yield say("step.assigned", who=state.who)
        if state.changed is not None:
            moment = short_moment(state.changed.at, self.standing.desk.today, say)
            yield say(f"step.changed.{state.state}", by=state.changed.by, moment=moment)
        for entry in state.notes:
            moment = short_moment(entry.at, self.standing.desk.today, say)
            yield say("step.note", text=entry.event.note, by=entry.by, moment=moment)
        if not step.called_for:
            yield say("step.not_called_for")

    def whole(self, step: Step) -> Iterator[Row]:
        """Yield everything about one action: why, what not to do, what to look for, who, its sources, its record."""
        action, phrases, say = step.action, self.phrases, self.say
        yield from self.step(step)
        yield Row(phrases.text(action.why), 6)
        if action.caution is not None:
            yield Row(say("screen.caution", caution=phrases.text(action.caution)), 6, style="caution")
        if action.look_for is not None:
            yield Row(say("step.look_for"), 6)
            yield from (Row(say("screen.bullet", text=text), 8, 2) for text in action.look_for[say.lang])
        if action.measure is not None:
            yield Row(say("show.measure"), 6)
            yield Row(say("measures.done", text=phrases.text(action.measure.done)), 8, 2)
            yield Row(say("measures.planned", text=phrases.text(action.measure.planned)), 8, 2)
        who = say.listed(say(f"show.who.{each}") for each in action.who)
        yield Row(say("step.who", phase=say(f"show.phase.{action.phase}"), who=who), 6, 2)

    def json(self, step: Step) -> dict[str, Any]:
        """Return one action as plain values; keys are the same in every language."""
        action, state = step.action, step.state
        return {
            "id": action.id,
            "phase": action.phase,
            "urgency": action.urgency,
            "title": self.phrases.text(action.title),
            "roles": list(action.who),
            "statutory": action.statutory,
            "called_for": step.called_for,
            "state": state.state,
            "assigned": state.who,
            "changed": None if state.changed is None else {"at": state.changed.at.isoformat(), "by": state.changed.by},
            "notes": [{"at": entry.at.isoformat(), "by": entry.by, "text": entry.event.note} for entry in state.notes],
        }
