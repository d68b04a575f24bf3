"""An assessment as the mapping of the public interface (``leakresp/assessment/1``): the same keys in every language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Open
from leakresp.law.remembered import Remembered
from leakresp.law.vocabulary import written
from leakresp.response.telling import tellings
from leakresp.response.wording import plain_details

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from leakresp.law.deadlines import Clock
    from leakresp.law.duties import Ruling
    from leakresp.law.proof import Proof
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.caveats import Caveat
    from leakresp.response.paperwork import PaperNeed
    from leakresp.response.playbook import Action
    from leakresp.response.telling import Telling
    from leakresp.response.wording import Phrases

SCHEMA: Final = "leakresp/assessment/1"


def assessment_json(assessment: Assessment, incident: Mapping[str, str], phrases: Phrases) -> dict[str, Any]:
    """Return ``assessment`` as plain mappings, lists and words."""
    found = _without_actions(assessment, incident, phrases)
    found["actions"] = [_action(action, phrases) for action in assessment.actions]
    return {key: found[key] for key in _ORDER}


class Lines:
    """Assessments as lines of JSON. The actions, most of the text and few in their ways, are written once."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases: Final = phrases
        self._encode: Final = json.JSONEncoder(ensure_ascii=False).encode
        self._actions: Final = Remembered[str]()

    def line(self, assessment: Assessment, incident: Mapping[str, str]) -> str:
        """Return the same as ``assessment_json`` on one line, its actions at the end."""
        actions = self._actions.of(
            tuple([action.id for action in assessment.actions]),
            lambda: self._encode([_action(action, self._phrases) for action in assessment.actions]),
        )
        rest = self._encode(_without_actions(assessment, incident, self._phrases))
        return f'{rest[:-1]}, "actions": {actions}}}'


_ORDER: Final = (
    "schema", "rules", "incident", "verdict", "regimes", "recipients", "unlooked", "actions", "papers", "open_facts",
    "warnings", "facts",
)  # fmt: skip


def _without_actions(assessment: Assessment, incident: Mapping[str, str], phrases: Phrases) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "rules": {"fingerprint": assessment.fingerprint, "on": str(assessment.on)},
        "incident": dict(incident),
        "verdict": assessment.verdict,
        "regimes": [_regime(result, phrases) for result in assessment.regimes],
        "recipients": [telling_json(each, phrases) for each in tellings(assessment)],
        "unlooked": [{"regime": each.regime.id, "facts": list(each.facts)} for each in assessment.unlooked],
        "papers": [
            {
                "id": need.paper.id,
                "title": phrases.text(need.paper.title),
                "basis": need.paper.basis,
                "why": paper_reason(need, phrases),
                "holes": list(need.holes),
            }
            for need in assessment.papers
        ],
        "open_facts": [
            {"fact": fact, "could_change": list(names), "asked": _asked(assessment, fact)}
            for fact, names in assessment.open_facts.items()
        ],
        "warnings": [caveat_sentence(caveat, phrases) for caveat in assessment.caveats],
        "facts": {fact: written(value) for fact, value in assessment.answers.items()},
    }


def telling_json(telling: Telling, phrases: Phrases) -> dict[str, Any]:
    """Return one recipient of the ordered list: whom, by which deadlines, how, with what, on what ground."""
    recipient, result = telling.recipient, telling.result
    return {
        "id": telling.name,
        "title": phrases.text(recipient.title),
        "for": recipient.purpose,
        "duty": telling.duty or None,
        "deadlines": [f"{result.regime.id}.{clock.id}" for clock in telling.clocks],
        "last_day": _day(telling.last),
        "way": phrases.text(recipient.way),
        "address": recipient.address,
        "papers": list(telling.papers),
        "because": [f"{result.regime.id}.{name}" for name in telling.because],
        "sources": phrases.sources(recipient.sources),
        "read": telling.read,
        "overlaps": [
            {
                "with": each.other,
                "how": each.how,
                "says": phrases.text(each.says),
                "sources": phrases.sources(each.sources),
            }
            for each in telling.overlaps
        ],
        "replaced_by": [each.name for each in telling.replaced_by],
    }


def paper_reason(need: PaperNeed, phrases: Phrases) -> str:
    """Return in a sentence what calls for a paper: the state of its duty, else the reason its template names."""
    if need.duty:
        return phrases.say(f"paper_why.{need.duty}")
    return phrases.text(need.paper.why) if need.paper.why else ""


def caveat_sentence(caveat: Caveat, phrases: Phrases) -> str:
    """Return a caveat as one sentence."""
    details = plain_details(caveat.details, phrases.say.lang)
    if "fact" in details:
        details["fact"] = phrases.title(str(details["fact"]))
    if isinstance(details.get("items"), list):
        details["items"] = phrases.say.listed(details["items"])  # type: ignore[arg-type]
    return phrases.say(f"warning.{caveat.key}", **details)


def _asked(assessment: Assessment, fact: str) -> bool:
    held = assessment.answers.get(fact)
    return isinstance(held, Open) and held.asked


def _regime(result: RegimeResult, phrases: Phrases) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": result.regime.id,
        "applies": result.applies.truth.word,
        "event": result.event.truth.word,
        "criteria": {
            name: {
                "holds": proof.truth.word,
                "because": because(proof, phrases),
                "sources": _sources(result, name, phrases),
            }
            for name, proof in result.criteria.items()
        },
        "report": _ruling(result.report, phrases)
        | {
            "to": [each.id for each in result.recipients if each.purpose == "report"],
            "unless": list(result.unless),
            "presumed": list(result.presumed),
        },
    }
    if result.notify is not None:
        found["notify"] = _ruling(result.notify, phrases)
    found["deadlines"] = [
        _clock(clock, provisional=result.duty(clock.purpose) != "required") for clock in result.clocks
    ]
    return found


def because(proof: Proof, phrases: Phrases) -> list[str]:
    """Return the reasons that settle a proof, one sentence each.

    That nobody confirmed an exemption is no reason of its own: it stands under ``unless``.
    """
    return reasons(proof.deciding(), phrases)


def reasons(leaves: Iterable[Proof], phrases: Phrases) -> list[str]:
    """Return the sentences of leaves, each once, exemptions that nobody confirmed left out."""
    return list(dict.fromkeys(phrases.leaf(leaf) for leaf in leaves if not phrases.unconfirmed_exemption(leaf)))


def _sources(result: RegimeResult, criterion: str, phrases: Phrases) -> list[str]:
    version = result.versions.get(criterion)
    return phrases.citations(version) if version else []


def _ruling(ruling: Ruling, phrases: Phrases) -> dict[str, Any]:
    found: dict[str, Any] = {"duty": ruling.duty, "because": reasons(ruling.deciding(), phrases)}
    if ruling.by is not None:
        found["exception"] = ruling.by.id
        if ruling.by.see:
            found["see"] = ruling.by.see
        found["sources"] = phrases.sources(ruling.by.sources)
    return found


def _clock(clock: Clock, *, provisional: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"id": clock.id, "for": clock.purpose, "counts_from": _day(clock.counts_from)}
    if clock.guide_days is not None:
        found["guide_from"] = _day(clock.guide[0]) if clock.guide else None
        found["guide_to"] = _day(clock.guide[1]) if clock.guide else None
    if clock.term is not None:
        found |= {"days": clock.term.days, "due": _day(clock.term.due), "moved_from": _day(clock.term.moved_from)}
    if clock.hours is not None:
        found |= {"hours": clock.hours, "due_at": clock.moment.isoformat(timespec="minutes") if clock.moment else None}
    if clock.kind == "prompt":
        found["prompt"] = True
    if clock.longer is not None and clock.longer_if is not None:
        found["or"] = {
            "days": clock.longer.days,
            "due": _day(clock.longer.due),
            "if": sorted(clock.longer_if.open_facts()),
        }
    if clock.before is not None:
        found["before"] = {"days": clock.before.days, "due": _day(clock.before.due)}
    found["firm"] = clock.firm
    if provisional:
        found["provisional"] = True
    return found


def _day(day: dt.date | None) -> str | None:
    return None if day is None else str(day)


def _action(action: Action, phrases: Phrases) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": action.id,
        "phase": action.phase,
        "urgency": action.urgency,
        "who": list(action.who),
        "title": phrases.text(action.title),
        "why": phrases.text(action.why),
    }
    if action.caution is not None:
        found["caution"] = phrases.text(action.caution)
    if action.look_for is not None:
        found["look_for"] = list(action.look_for[phrases.say.lang])
    return found
