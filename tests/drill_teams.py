"""Two teams that play any exercise: one that decides as the truth allows, and one that takes silence for a no."""

import datetime as dt

from tests.console import ROOT

from leakresp.response.assessment import counting
from leakresp.response.drill import Decision, Team
from leakresp.response.drill_score import Judge
from leakresp.shell.drill_files import read_scenario

FOLDER = ROOT / "templates" / "drills"
SCENARIOS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
SOON = dt.timedelta(minutes=10)
#: When the careless team files its first reports.
LATE = dt.timedelta(days=9)


def scenario(name, assessor):
    """Return a shipped scenario."""
    path = FOLDER / f"{name}.yaml"
    return read_scenario(path.read_bytes(), str(path), assessor, wanted=name)


def perfect(played, assessor):
    """Return what a team decides that states what can be known when it can be known, and nothing else."""
    decisions: list[Decision] = []
    waiting = list(played.expects)
    for arrival in played.arrivals:
        at = arrival.at + SOON
        judge = Judge(played, Team(played, decisions), assessor, played.ends)
        decisions.append(Decision(at, state=dict(arrival.reveals)))
        now = [action.id for action in judge.truth(arrival.at).actions if action.urgency == "now"]
        decisions.append(Decision(at, do=_in_safe_order(now, played)))
        later = next((each.at for each in played.arrivals if each.at > arrival.at), played.ends)
        for expected in [each for each in waiting if each.by < later + SOON]:
            waiting.remove(expected)
            # An expectation may rest on what arrives just before it, and may fall due just after the next arrival.
            when = min(max(at, expected.by - SOON), expected.by)
            decisions.append(
                Decision(when, do=_in_safe_order(expected.do, played), draft=expected.draft, tell=expected.tell)
            )
    return [*decisions, *_reports(played, decisions, assessor)]


def _in_safe_order(actions, played):
    """Return actions with what makes a move safe before the move."""
    first = [each for trap in played.traps if trap.do in actions for each in trap.unless_done]
    return tuple(dict.fromkeys([*first, *actions]))


def _reports(played, decisions, assessor):
    """Yield every report at the latest on the day before its last."""
    judge = Judge(played, Team(played, decisions), assessor, played.ends)
    for result in counting(judge.truth(played.ends).regimes):
        if result.report.duty != "required":
            continue
        for clock in result.clocks:
            due = clock.guide[1] if clock.guide else clock.term and clock.term.due
            assert due is not None
            days = (due - played.day(dt.timedelta(0))).days - 1
            yield Decision(dt.timedelta(days=days), report=(f"{result.regime.id}.{clock.id}",))


#: What a careless team says on the first day, whoever asks.
NOTHING_HAPPENED = {
    "leak": "ruled_out",
    "loss": "ruled_out",
    "tampered": "ruled_out",
    "unusable": "ruled_out",
    "wrongful_act": "ruled_out",
    "data_items_complete": "yes",
    "recovered_unseen": "yes",
}


def careless(played, assessor):
    """Return what a team decides that believes every lure, springs every trap, files late and tells nobody."""
    facts = assessor.rulebook.facts
    first = played.arrivals[0]
    denials = {fact: facts[fact].read(word) for fact, word in NOTHING_HAPPENED.items()}
    decisions = [Decision(first.at, do=tuple(trap.do for trap in played.traps), state=dict(first.reveals) | denials)]
    lured = (arrival for arrival in played.arrivals[1:] if arrival.lure is not None)
    decisions += [Decision(arrival.at + SOON, state=dict(arrival.lure.tempts)) for arrival in lured]
    for regime in assessor.rulebook.regimes.values():
        late = tuple(f"{regime.id}.{deadline}" for deadline in regime.deadlines if deadline.startswith("preliminary"))
        decisions.append(Decision(LATE, report=late))
    return decisions
