"""An exercise at the keyboard: the clock jumps from one arrival to the next, and the team says what it does now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from leakresp.response.drill import Decision, Team
from leakresp.response.drill_score import weighed
from leakresp.response.interview import Interview
from leakresp.response.telling import tellings
from leakresp.shell.drill_drafts import write_drafts
from leakresp.shell.drill_words import DrillPage, DrillWords
from leakresp.shell.interviewer import Interviewer, Stopped
from leakresp.shell.layout import GAP, Row
from leakresp.shell.prompts import BACK, STOP, Entry, choose

if TYPE_CHECKING:
    from leakresp.law.held import Answers
    from leakresp.response.assessment import Assessment
    from leakresp.shell.desk import Desk
    from leakresp.shell.drill_record import Exercise

#: What a team can do now, in the order of the list.
_MOVES: Final = ("state", "review", "do", "draft", "report", "tell")
_WAITS: Final = {"hour": dt.timedelta(hours=1), "day": dt.timedelta(days=1), "week": dt.timedelta(days=7)}


class _Keeper:
    """Keeps what is answered as decisions of the exercise: each is on the disk before the next question."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise: Final = exercise

    @property
    def answers(self) -> Answers:
        """What the team states now."""
        return Team(self.exercise.scenario, self.exercise.decisions).answers(self.exercise.clock)

    @property
    def steps(self) -> list[list[str]]:
        """The facts stated, one list a decision, the latest last."""
        stated = ([fact for fact in each.state if fact in self.answers] for each in self.exercise.decisions)
        return [facts for facts in stated if facts]

    def answer(self, facts: Answers, question: str) -> None:  # noqa: ARG002 - as the interview calls it
        """Keep what answering a question states."""
        if facts:
            self.exercise.decide(Decision(self.exercise.clock, state=facts))

    def withdraw(self, facts: list[str]) -> None:
        """Take answers back."""
        if facts:
            self.exercise.decide(Decision(self.exercise.clock, withdraw=tuple(facts)))


class _Interviewer(Interviewer):
    """An interview whose every line is marked as an exercise."""

    def _write(self, text: str, *, quiet: bool = False, hang: int = 0) -> None:
        mark = self.desk.say("drill.mark")
        super()._write(f"{mark} {text}" if text and not hang else text, quiet=quiet, hang=hang)


@dataclass
class Table:
    """One exercise being played by somebody at a keyboard."""

    desk: Desk
    exercise: Exercise

    def __post_init__(self) -> None:
        """Gather the words of this exercise."""
        self.words = DrillWords(self.desk, self.exercise.scenario)
        self.page = DrillPage(self.desk)
        self.say = self.desk.say

    def play(self) -> None:
        """Play until the exercise ends. Raises ``Stopped`` and ``KeyboardInterrupt``; all decisions are kept."""
        self.page.write([*self.words.opening(), GAP])
        if not self.exercise.decisions and not self.exercise.clock:
            self._begin()
        self._show_arrived()
        while not self.exercise.ended:
            self._turn()

    def _begin(self) -> None:
        """Wait until the story was read: on a small screen the first arrival and the list push it out of sight."""
        begin = Entry("begin", self.say("drill.begin"), self.say("drill.begin_help"))
        picked = choose(
            [begin, Entry(STOP, self.say("prompt.stop"), self.say("drill.stop_help"), command=True)], self.say
        )
        if isinstance(picked, list) or picked.value == STOP:
            raise Stopped

    def _turn(self) -> None:
        move = self._menu()
        if move == "end":
            self.exercise.end()
        elif move == "next":
            self._wait_for_next()
        elif move in _WAITS:
            self._wait_until(self.exercise.clock + _WAITS[move])
        else:
            getattr(self, f"_{move}")()

    def _menu(self) -> str:
        say = self.say
        entries = [Entry(move, say(f"drill.move.{move}"), say(f"drill.move.{move}.help")) for move in _MOVES]
        if self.exercise.scenario.next_arrival(self.exercise.clock) is not None:
            entries.append(Entry("next", say("drill.move.next"), say("drill.move.next.help")))
        entries += [Entry(wait, say(f"drill.move.{wait}"), say("drill.move.wait.help")) for wait in _WAITS]
        entries.append(Entry("end", say("drill.move.end"), say("drill.move.end.help")))
        entries.append(Entry(STOP, say("prompt.stop"), say("drill.stop_help"), command=True))
        self._heading("drill.what_now", at=self.words.at(self.exercise.clock))
        picked = choose(entries, say)
        if isinstance(picked, list) or picked.value == STOP:
            raise Stopped
        return picked.value

    def _heading(self, key: str, **details: str) -> None:
        self.page.write([GAP, Row(self.say(key, **details), style="strong")])

    # ---- the clock ----

    def _show_arrived(self) -> None:
        """Show what has arrived so far, the latest last."""
        for arrival in self.exercise.scenario.arrivals:
            if arrival.at <= self.exercise.clock:
                self.page.write([*self.words.arrival(arrival), GAP])

    def _wait_for_next(self) -> None:
        arrival = self.exercise.scenario.next_arrival(self.exercise.clock)
        if arrival is not None:
            self._wait_until(arrival.at)

    def _wait_until(self, at: dt.timedelta) -> None:
        """Move the clock, and stop it where something arrives; past the end the exercise is over."""
        arrival = self.exercise.scenario.next_arrival(self.exercise.clock)
        if arrival is not None and arrival.at <= at:
            at = arrival.at
        self.exercise.wait_until(min(at, self.exercise.scenario.ends))
        if arrival is not None and arrival.at == at:
            self.page.write([GAP, *self.words.arrival(arrival)])
        if self.exercise.clock >= self.exercise.scenario.ends:
            self.exercise.end()

    # ---- what a team can do ----

    @property
    def _desk_now(self) -> Desk:
        """The desk at the simulated moment: "today" and "yesterday" are those of the exercise."""
        return replace(self.desk, now=self.exercise.scenario.moment(self.exercise.clock))

    @property
    def _team(self) -> Team:
        return Team(self.exercise.scenario, self.exercise.decisions)

    @property
    def _answers(self) -> Answers:
        return _Keeper(self.exercise).answers

    def _assessment(self) -> Assessment:
        return self.desk.assessor.assess(self._answers, None, self._desk_now.today)

    def _do(self) -> None:
        names = self._choose_many("drill.which.do", [(name, self.words.move(name)) for name in self._offered()])
        self._decide(Decision(self.exercise.clock, do=names))

    def _offered(self) -> list[str]:
        """Return the actions called for by the answers and not taken yet, with the scenario's moves among them."""
        done = self._team.done
        names = [action.id for action in self._assessment().actions if action.id not in done]
        own = [trap.id for trap in self.exercise.scenario.traps if trap.text is not None and trap.id not in done]
        for number, move in enumerate(own, 1):
            names.insert(number * len(names) // (len(own) + 1), move)
        return names

    def _state(self) -> None:
        interviewer = self._interviewer()
        try:
            interviewer.ask_stage("clock")
            for fact in self._judged_besides():
                if interviewer.ask(interviewer.interview.question_of(fact), again=True) == BACK:
                    return
        except Stopped:
            return
        self._heading("drill.nothing_due")

    def _judged_besides(self) -> list[str]:
        """Return the facts that count in the score and can be known by now, though no duty hangs on them any more."""
        known = self.exercise.scenario.truth(self.exercise.clock)
        judged = (fact for expected in self.exercise.scenario.expects for fact in expected.state)
        return [fact for fact in dict.fromkeys(judged) if fact in known and fact not in self._answers]

    def _review(self) -> None:
        try:
            self._interviewer().review("drill.review")
        except Stopped:
            return

    def _interviewer(self) -> Interviewer:
        return _Interviewer(self._desk_now, _Keeper(self.exercise), Interview(self.desk.assessor))

    def _draft(self) -> None:
        found = self._assessment()
        needs = (*found.papers, *found.papers_open, *self.desk.assessor.usual_papers(found))
        names = self._choose_many(
            "drill.which.draft", [(need.paper.id, self.words.paper(need.paper.id)) for need in needs]
        )
        self._decide(Decision(self.exercise.clock, draft=names))
        if names:
            paths = write_drafts(self.desk, self.exercise, names, self._answers, self.exercise.clock)
            self.page.write(Row(self.say("drill.drafted", path=path), 2) for path in paths)

    def _report(self) -> None:
        regimes = weighed(self._assessment())
        names = [f"{result.regime.id}.{deadline}" for result in regimes for deadline in result.regime.deadlines]
        left = [name for name in names if name not in self._team.reported]
        filed = self._choose_many("drill.which.report", [(name, self.words.deadline(name)) for name in left])
        self._decide(Decision(self.exercise.clock, report=filed))

    def _tell(self) -> None:
        names = [telling.name for telling in tellings(self._assessment())]
        left = [name for name in names if name not in self._team.told]
        chosen = self._choose_many("drill.which.tell", [(name, self.words.recipient(name)) for name in left])
        self._decide(Decision(self.exercise.clock, tell=chosen))

    def _choose_many(self, heading: str, offered: list[tuple[str, str]]) -> tuple[str, ...]:
        self._heading(heading)
        entries = [Entry(name, text) for name, text in offered]
        picked = choose([*entries, Entry(BACK, self.say("drill.back"), command=True)], self.say, many=True)
        return tuple(picked) if isinstance(picked, list) else ()

    def _decide(self, decision: Decision) -> None:
        shown = list(self.words.decided(decision))
        if shown:
            self.exercise.decide(decision)
            self.page.write(Row(text, 2, 2) for text in shown)
