"""The interview at the keyboard: asks what is due, keeps each answer at once, goes back, explains, stops."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from leakresp.law.held import Day
from leakresp.law.truth import UNKNOWN
from leakresp.law.vocabulary import WrongAnswer
from leakresp.response.interview import Interview, Question
from leakresp.shell.day_words import long_day
from leakresp.shell.faults import fault_of
from leakresp.shell.layout import WIDTH, wrap
from leakresp.shell.prompts import BACK, NONE, STOP, UNSURE, WHY, Entry, choose, type_answer
from leakresp.shell.question_words import question_help, question_text, unsure_text, word_text
from leakresp.shell.typed import read_typed
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from leakresp.law.held import Answers
    from leakresp.shell.desk import Desk

#: What can be typed instead of an answer.
_TYPED_COMMANDS: Final = {"?": WHY, "？": WHY, "<": BACK, "＜": BACK}


#: Reasons for a question that are named before the rest is only counted.
_REASONS: Final = 3


class Keeper(Protocol):
    """Where answers are kept: a case on disk, which has them safe before the next question is put."""

    @property
    def answers(self) -> Answers:
        """The answers so far."""
        ...

    @property
    def steps(self) -> list[list[str]]:
        """The facts answered at the keyboard, one list a question, the latest last."""
        ...

    def answer(self, facts: Answers, question: str) -> None:
        """Keep what answering ``question`` states."""
        ...

    def withdraw(self, facts: list[str]) -> None:
        """Take answers back."""
        ...


def no_hint(question: Question) -> str:  # noqa: ARG001 - as promised by `Interviewer.hint`
    """Return that nothing on record helps to answer."""
    return ""


class Stopped(Exception):
    """The person stopped; everything answered is kept."""


@dataclass
class Interviewer:
    """Asks one person about one case."""

    desk: Desk
    keeper: Keeper
    interview: Interview
    #: What is on record that helps to answer a question, beside its own help.
    hint: Callable[[Question], str] = no_hint

    @property
    def day(self) -> dt.date:
        """The day whose rules apply to what is answered so far."""
        return self.desk.assessor.day(self.keeper.answers, self.desk.on, self.desk.today)

    def ask_stage(self, stage: str) -> None:
        """Ask until nothing up to ``stage`` is due. Raises ``Stopped`` and ``KeyboardInterrupt``."""
        while (question := self.interview.next(self.keeper.answers, self.day, stage)) is not None:
            if self.ask(question) == BACK:
                self._go_back()

    def ask(self, question: Question, *, again: bool = False) -> str | None:
        """Ask one question until it is answered, and keep the answer; return ``BACK`` when that was chosen."""
        say = self.desk.say
        self._write("")
        if not again:
            self._write(self._progress(question), quiet=True)
        self._write(question_text(question, self.desk))
        if not question.options:
            self._write(question_help(question, self.desk), quiet=True)
        if hint := self.hint(question):
            self._write(hint, quiet=True)
        ticked: set[str] = set()
        while True:
            facts = self._answer(question, ticked)
            if facts == BACK and not again and not self.keeper.steps:
                self._write(say("triage.nothing_before"), quiet=True)
            elif facts == BACK:
                return BACK
            elif isinstance(facts, dict):
                break
        if again:
            self.keeper.withdraw([fact for fact in facts if fact in self.keeper.answers])
        fresh = {fact: value for fact, value in facts.items() if fact not in self.keeper.answers}
        self.keeper.answer(fresh, question.id)
        return None

    def _go_back(self) -> None:
        """Take back the answer before; the question is then due again, also after the case was left and resumed."""
        self.keeper.withdraw(self.keeper.steps[-1])

    def _answer(self, question: Question, ticked: set[str]) -> Answers | str | None:
        """Return what was answered, ``BACK``, or ``None`` when the question must be put again."""
        kind = "" if question.options else self.desk.facts[question.settles[0]].kind
        if kind in {"count", "day", "words"}:
            return self._typed(question)
        return self._chosen(question, ticked, many=kind == "choices")

    # choosing

    def _chosen(self, question: Question, ticked: set[str], *, many: bool) -> Answers | str | None:
        entries = [*self._entries(question), *self._commands(question, many=many)]
        start = UNSURE if self._lifts(question) else ""
        picked = choose(entries, self.desk.say, many=many, chosen=ticked, start=start)
        if isinstance(picked, list):
            return self._shown(question, {question.settles[0]: self.desk.facts[question.settles[0]].read(picked)})
        if not picked.command:
            return self._shown(question, self._facts_of(question, picked.value), picked.text)
        return self._command(question, picked.value)

    def _lifts(self, question: Question) -> bool:
        """Tell whether a stray Enter on the first answer could end a duty: the list then starts on "cannot tell"."""
        presumptions = self.desk.assessor.rulebook.in_force(self.day).presumptions
        return not question.options and question.settles[0] in {*presumptions.exemptions, "data_items_complete"}

    def _entries(self, question: Question) -> list[Entry]:
        phrases = self.desk.phrases
        if question.options:
            shared = question_help(question, self.desk)
            return [
                Entry(option.id, phrases.text(option.text), phrases.text(option.help) if option.help else shared)
                for option in question.options
            ]
        fact = self.desk.facts[question.settles[0]]
        entries = []
        for word in fact.words:
            choice = fact.choices.get(word)
            help_text = phrases.text(choice.help) if choice and choice.help else ""
            other = " ".join(choice.title.values()) if choice else ""
            entries.append(Entry(word, word_text(question, word, self.desk), help_text, words=f"{other} {help_text}"))
        return entries

    def _commands(self, question: Question, *, many: bool) -> list[Entry]:
        say = self.desk.say
        entries = []
        if many and question.settles[0] == "data_items_suspected":
            entries.append(Entry(NONE, say("prompt.none"), command=True))
        entries += [
            Entry(UNSURE, unsure_text(question, self.desk), say("prompt.unsure_help"), command=True),
            Entry(WHY, say("prompt.why"), command=True),
            Entry(BACK, say("prompt.back"), command=True),
            Entry(STOP, say("prompt.stop"), say("prompt.stop_help"), command=True),
        ]
        return entries

    def _facts_of(self, question: Question, value: str) -> Answers:
        if question.options:
            option = next(option for option in question.options if option.id == value)
            return dict(option.facts)
        fact = question.settles[0]
        return {fact: self.desk.facts[fact].read(value)}

    def _command(self, question: Question, command: str) -> Answers | str | None:
        if command == STOP:
            raise Stopped
        if command == WHY:
            self.explain(question)
            return None
        if command == NONE:
            return self._shown(question, {question.settles[0]: ()})
        if command == UNSURE:
            return self._shown(question, question.unsure_facts({}), unsure_text(question, self.desk))
        return BACK

    # typing

    def _typed(self, question: Question) -> Answers | str | None:
        say, fact = self.desk.say, self.desk.facts[question.settles[0]]
        self._write(say("prompt.typed_keys", unsure=unsure_text(question, self.desk)), quiet=True)

        def check(text: str) -> str | None:
            if not text.strip() or text.strip() in _TYPED_COMMANDS:
                return None
            try:
                read_typed(fact, text, self.desk.now)
            except WrongAnswer as wrong:
                return sentence(say, fault_of(wrong))
            return None

        text = type_answer(check)
        if text.strip() in _TYPED_COMMANDS:
            return self._command(question, _TYPED_COMMANDS[text.strip()])
        if not text.strip():
            return self._command(question, UNSURE)
        return self._shown(question, {fact.id: read_typed(fact, text, self.desk.now)})

    # showing

    def _shown(self, question: Question, facts: Answers, text: str | None = None) -> Answers:
        """Show how an answer was understood; a list is erased when it is done, this line stays."""
        if text is None:
            value = next(iter(facts.values()))
            text = self.desk.phrases.value(question.settles[0], value)
            if isinstance(value, Day):
                text = long_day(value.date, self.desk.say) + (f" {value.time}" if value.time else "")
        self._write(self.desk.say("triage.understood", answer=text))
        return facts

    def explain(self, question: Question) -> None:
        """Show why a question is asked: the rules that hang on it, with their articles."""
        say, phrases = self.desk.say, self.desk.phrases
        names = self.interview.why(question, self.keeper.answers, self.day)
        self._write(say("triage.why_asked"))
        rules = {rule.name: rule for rule in self.desk.shelf.rulebook.rules()}
        for name in names[:_REASONS]:
            if name in rules:
                rule = rules[name]
                version = rule.on(self.day)
                sources = phrases.sources(version.sources)[:2] if version else []
                self._write(say("triage.why_rule", title=phrases.text(rule.title), sources=say.listed(sources)), hang=2)
            elif name.startswith("paper."):
                paper = self.desk.assessor.papers[name.removeprefix("paper.")]
                self._write(say("triage.why_paper", title=phrases.text(paper.title)), hang=2)
            else:
                self._write(say("triage.why_actions"), hang=2)
        if len(names) > _REASONS:
            self._write(say("triage.why_more", count=len(names) - _REASONS), hang=2)

    def _progress(self, question: Question) -> str:
        """Return what is still open: the stage, and what its questions can still change."""
        say, phrases = self.desk.say, self.desk.phrases
        due = sum(1 for _ in self.interview.due(self.keeper.answers, self.day, question.stage))
        open_now = say("triage.due", count=due)
        if question.stage == "duty":
            assessment = self.desk.assessor.assess(self.keeper.answers, self.desk.on, self.desk.today)
            result = assessment.regime("appi")
            if result is not None:
                unknown = [
                    phrases.text(result.regime.rules[name].title)
                    for name, proof in result.criteria.items()
                    if proof.truth is UNKNOWN
                ]
                if unknown:
                    open_now += say("triage.open_criteria", count=len(unknown))
        return say(f"triage.stage.{question.stage}") + open_now

    def _write(self, text: str, *, quiet: bool = False, hang: int = 0) -> None:
        width = min(WIDTH, _columns())
        lines = wrap(text, width - hang) or [""]
        shown = "\n".join(" " * (hang if index else 0) + line for index, line in enumerate(lines))
        if quiet and self.desk.colour:
            shown = f"\x1b[90m{shown}\x1b[0m"
        sys.stdout.write(shown + "\n")
        sys.stdout.flush()

    # review

    def review(self, words: str = "triage.review") -> None:
        """Show every answer, introduced in these ``words``, and let any be changed. Raises ``Stopped``."""
        say, phrases = self.desk.say, self.desk.phrases
        while True:
            self._write("")
            self._write(say(words))
            entries = [Entry("", say(f"{words}_done"), say(f"{words}_done_help"))]
            for fact, value in self.keeper.answers.items():
                shown = say("because.stated", fact=phrases.title(fact), value=phrases.value(fact, value))
                entries.append(Entry(fact, shown, shown))
            entries.append(Entry(STOP, say("prompt.stop"), say("prompt.stop_help"), command=True))
            picked = choose(entries, say)
            if isinstance(picked, list) or picked.value == "":
                return
            if picked.value == STOP:
                raise Stopped
            self.ask(self.interview.question_of(picked.value), again=True)
            self.ask_stage("clock")


def _columns() -> int:
    return shutil.get_terminal_size().columns
