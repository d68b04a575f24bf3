"""``leakresp triage``: from the first question to a verdict with reasons, kept in a case."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from leakresp.law.duties import OWING
from leakresp.response.assessment_json import assessment_json
from leakresp.response.case import Described, Source, Withdrawn, answered
from leakresp.response.interview import Interview
from leakresp.response.measures import ITEM_8
from leakresp.shell.answers import Given
from leakresp.shell.case_desk import keep_ruling, refuse_closed, standing, tell
from leakresp.shell.cases import NotFoundError, OpenCase, author, create_case, open_case
from leakresp.shell.client_words import client_words
from leakresp.shell.commands.next import check_stage
from leakresp.shell.desk import Desk
from leakresp.shell.faults import ANSWERS_MISSING, DONE, INTERRUPTED, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.profiles import of_triage
from leakresp.shell.result import Origin, action_rows, summary_rows
from leakresp.shell.screen import Screen
from leakresp.shell.step_words import offered

if TYPE_CHECKING:
    from pathlib import Path

    from leakresp.law.held import Answers
    from leakresp.response.assessment import Assessment
    from leakresp.response.interview import Question
    from leakresp.shell.interviewer import Interviewer
    from leakresp.shell.profiles import Profile

_PAPERS: Final = "papers"
_CLOCK: Final = "clock"


def run(
    *,
    case: str | None,
    answers: Path | None,
    settings: list[str],
    until: str | None,
    no_input: bool,
    folder: str | None,
    by: str | None,
    on: str | None,
    rules: str | None,
    as_json: bool,
    plain: bool,
    lang: str | None,
    profile: str | None = None,
) -> int:
    """Interview, or check what is given, and keep the case. Raises ``FaultsError``."""
    check_stage(until or _PAPERS)
    desk = Desk.set_up(lang=lang, rules=rules, on=on, plain=plain)
    if not no_input and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FaultsError([Fault("triage.no_terminal")], MISUSE)
    given = desk.given(answers, settings)
    ours = of_triage(desk, profile)  # before any case is opened: a name that is wrong must not leave one behind
    who = author(by, ours.by if ours else None)
    opened, fresh = _open(desk, case, folder, who)
    keeper = _Keeper(opened, who, created=fresh)
    tell(desk, opened.notes)
    refuse_closed(opened)
    if ours is not None and (fresh or profile is not None):
        keeper.take_over_profile(ours, given)
    keeper.take_over(given, None if answers is None else str(answers))
    if no_input:
        return _without_questions(desk, keeper, until or _CLOCK, as_json=as_json)
    try:
        _interview(desk, keeper, until or _PAPERS, as_json=as_json)
    except KeyboardInterrupt:
        _say_how_to_go_on(desk, keeper)
        return INTERRUPTED
    return DONE


def _open(desk: Desk, case: str | None, folder: str | None, by: str) -> tuple[OpenCase, bool]:
    """Return the case, and whether it was opened just now."""
    if case is not None:
        try:
            return open_case(case, folder, desk.facts), False
        except NotFoundError:
            pass  # the name is free: a new case may have it
    return create_case(case, folder, desk.facts, by=by), True


class _Keeper:
    """Keeps answers in a case: each is on the disk before the next question is put."""

    def __init__(self, opened: OpenCase, by: str | None, *, created: bool) -> None:
        self.opened: Final = opened
        self.created: Final = created
        self.by: Final = author(by)

    @property
    def answers(self) -> Answers:
        """The answers so far."""
        return self.opened.case.answers

    @property
    def steps(self) -> list[list[str]]:
        """The facts answered at the keyboard, one list a question, the latest last."""
        by_entry: dict[int, list[str]] = {}
        for fact, stated in self.opened.case.stated.items():
            if stated.entry.event.source == "choice":
                by_entry.setdefault(stated.entry.n, []).append(fact)
        return [by_entry[n] for n in sorted(by_entry)]

    @property
    def given(self) -> Given:
        """The case as an incident to assess."""
        return Given.of_case(self.opened.case)

    def answer(self, facts: Answers, question: str, source: Source = "choice") -> None:
        """Keep what answering ``question`` states."""
        if facts:
            self.opened.add(self.by, answered(facts, source, where=question))

    def withdraw(self, facts: list[str]) -> None:
        """Take answers back."""
        if facts:
            self.opened.add(self.by, Withdrawn(tuple(facts)))

    def take_over(self, given: Given, file: str | None) -> None:
        """Keep what a file and options state, as far as it is new."""
        words = {key: text for key, text in given.incident.items() if self.opened.case.incident.get(key) != text}
        if words:
            self.opened.add(self.by, Described(words))
        fresh = {fact: value for fact, value in given.answers.items() if self.answers.get(fact) != value}
        self.answer(fresh, file or "--set", "file" if file else "set")

    def take_over_profile(self, profile: Profile, given: Given) -> None:
        """Keep what the organisation's profile states, as far as nobody states it for this incident."""
        fresh = {
            fact: value for fact, value in profile.answers.items() if fact not in {**self.answers, **given.answers}
        }
        self.answer(fresh, profile.name, "profile")

    def rule(self, assessment: Assessment) -> None:
        """Keep what an assessment found, unless the last one found the same."""
        keep_ruling(self.opened, self.by, assessment)


def _without_questions(desk: Desk, keeper: _Keeper, until: str, *, as_json: bool) -> int:
    """Show the result of what is given; name what is missing for it and exit 3 if anything is."""
    interview = Interview(desk.assessor)
    assessment = desk.assess(keeper.given)
    keeper.rule(assessment)
    if keeper.created:
        sys.stderr.write(desk.say("triage.begin", case=keeper.opened.name) + "\n")
    _show(desk, keeper, assessment, as_json=as_json)
    day = desk.assessor.day(keeper.answers, desk.on, desk.today)
    missing = dict.fromkeys(
        fact
        for question in interview.due(keeper.answers, day, until)
        for fact in question.settles
        if fact not in keeper.answers
    )
    if not missing:
        return DONE
    # Not an error of the file: what is known was kept and shown, and these would still change it.
    raise FaultsError(
        [Fault("triage.missing", path=fact, details={"title": desk.phrases.title(fact)}) for fact in missing],
        ANSWERS_MISSING,
        advice=desk.say("triage.missing_next", case=keeper.opened.name),
    )


def _interview(desk: Desk, keeper: _Keeper, until: str, *, as_json: bool) -> None:
    from leakresp.shell.interviewer import Interviewer, Stopped

    screen = Screen(desk)
    fresh = keeper.created
    screen.write(
        [
            Row(desk.say("triage.begin" if fresh else "triage.resume", case=keeper.opened.name)),
            Row(desk.say("triage.kept"), style="muted"),
        ]
    )
    interviewer = Interviewer(
        desk, keeper, Interview(desk.assessor), lambda question: _hint(desk, keeper.opened, question)
    )
    try:
        _until_verdict(desk, keeper, interviewer, screen, until, as_json=as_json)
    except Stopped:
        keeper.rule(desk.assess(keeper.given))
        _say_how_to_go_on(desk, keeper)


def _hint(desk: Desk, opened: OpenCase, question: Question) -> str:
    """Return what the actions on record offer as an answer: the measures against recurrence, where some are ticked."""
    if question.settles[0] not in ITEM_8:
        return ""
    offer = offered(standing(desk, opened)).offers[question.settles[0]]
    texts = " ".join(map(desk.phrases.text, offer.sentences()))
    return desk.say("measures.hint", text=texts) if texts else ""


def _until_verdict(
    desk: Desk, keeper: _Keeper, interviewer: Interviewer, screen: Screen, until: str, *, as_json: bool
) -> None:
    asked_before = "cause" in keeper.answers
    interviewer.ask_stage("stop")
    if not asked_before:
        _first_actions(desk, keeper, screen)
    if until != "stop":
        interviewer.ask_stage(_CLOCK if until == _PAPERS else until)
        interviewer.review()
    assessment = desk.assess(keeper.given)
    keeper.rule(assessment)
    sys.stdout.write("\n")
    _show(desk, keeper, assessment, as_json=as_json)
    if until == _PAPERS and assessment.verdict in OWING:
        _papers(desk, keeper, interviewer, screen)
    if not as_json:
        assessment = desk.assess(keeper.given)
        screen.write([GAP, *summary_rows(assessment, desk.phrases, desk.today)])
    _say_how_to_go_on(desk, keeper)


def _first_actions(desk: Desk, keeper: _Keeper, screen: Screen) -> None:
    """Show what to do before any further question: the damage runs on while people type."""
    assessment = desk.assess(keeper.given)
    rows = list(action_rows(assessment, desk.phrases, desk.today, urgencies=("now",)))
    if not rows:
        return
    from leakresp.shell.prompts import Entry, choose

    # What scrolls away unread helps nobody: a page at a time, as high as the terminal.
    heading = [GAP, Row(desk.say("triage.first_actions"), style="heading")]
    for page in screen.pages([*heading, *rows]):
        screen.write(page)
        choose([Entry("", desk.say("triage.read_on"))], desk.say)


def _papers(desk: Desk, keeper: _Keeper, interviewer: Interviewer, screen: Screen) -> None:
    """Ask what the papers still lack, as far as the person wants, and write the drafts."""
    from leakresp.shell.prompts import Entry, choose

    say = desk.say
    screen.write([GAP, Row(say("triage.papers_now"))])
    picked = choose(
        [
            Entry("fill", say("triage.papers_fill"), say("triage.papers_fill_help")),
            Entry("write", say("triage.papers_write"), say("triage.papers_write_help")),
            Entry("later", say("triage.papers_later"), say("prompt.stop_help")),
        ],
        say,
    )
    if isinstance(picked, list) or picked.value == "later":
        return
    if picked.value == "fill":
        interviewer.ask_stage(_PAPERS)
    _write_drafts(desk, keeper, screen)


def _write_drafts(desk: Desk, keeper: _Keeper, screen: Screen) -> None:
    from leakresp.shell.commands.draft_notice import Wish
    from leakresp.shell.commands.draft_notice import run as draft
    from leakresp.shell.papers_made import Recorder

    screen.write([GAP, Row(desk.say("triage.drafts"))])
    draft(
        Wish(everything=True),
        keeper.given,
        assessor=desk.assessor,
        library=desk.shelf,
        say=desk.say,
        today=desk.today,
        on=desk.on,
        recorder=Recorder(desk, keeper.opened, keeper.by),
    )


def _show(desk: Desk, keeper: _Keeper, assessment: Assessment, *, as_json: bool) -> None:
    given, clients = keeper.given, client_words(desk, keeper.opened)
    if as_json:
        shown = assessment_json(assessment, given.incident, desk.phrases) | {"case": keeper.opened.name}
        shown |= {} if clients is None else {"clients": clients.progress_json()}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    else:
        screen = Screen(desk)
        screen.show(assessment, given.incident, Origin(case=keeper.opened.name))
        screen.write(() if clients is None else clients.of_case())


def _say_how_to_go_on(desk: Desk, keeper: _Keeper) -> None:
    name = keeper.opened.name
    Screen(desk).write([GAP, Row(desk.say("triage.saved", case=name)), Row(f"leakresp triage {name}", 2)])
