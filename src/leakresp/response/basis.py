"""What a paper's text rests on, kept with every draft: later it can be told whether that still holds, and what changed.

A paper rests on the facts it tells, and where it tells what the law says of them, on that. Each is kept under its name:
a fact by its id, a rule by its full name (``appi.final_report``).
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import written
from leakresp.response.brief import CAUSE_KINDS, DATA_KINDS
from leakresp.response.case import ruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from leakresp.response.assessment import Assessment
    from leakresp.response.paperwork import Paper

#: What stands where nobody had stated a fact, or a rule had nothing to say.
NOTHING: Final = ""
#: Longer texts are kept as their hash: the record has the text itself where it was stated.
_LONGEST: Final = 60

_KINDS: Final = ("leak", "loss", "tampered", "unusable")
_EXEMPTIONS: Final = ("recovered_unseen", "intended_provision", "justified_deletion", "copy_held")
_ITEMS: Final = ("data_items", "data_items_suspected", "data_items_complete")
#: Most of what the situations of the law turn on, where a paper gives the reasons one by one.
_REASONS: Final = (
    "affected_people",
    "wrongful_act",
    "pseudonymised",
    "strong_encryption",
    "decryption_controlled",
    "other_protection",
    "content_judged_sensitive",
    "content_judged_property",
)
_HAPPENED: Final = (*_KINDS, *_EXEMPTIONS, "compromise_signs", "cause", "record_kind")
#: The facts behind each name a template may use beside the facts.
_FACTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "subject": _HAPPENED,
        "happened": _HAPPENED,
        "happened_open": _HAPPENED,
        "leak_certain": _HAPPENED,
        "leak_feared": _HAPPENED,
        "loss_certain": _HAPPENED,
        "loss_feared": _HAPPENED,
        "alteration_certain": _HAPPENED,
        "alteration_feared": _HAPPENED,
        "unusability_certain": _HAPPENED,
        "unusability_feared": _HAPPENED,
        "cause_told": ("cause", "cause_detail"),
        "addressee": ("subject_kinds",),
        "you": ("subject_kinds",),
        "own_data": ("data_relation",),
        "at_contractor": ("data_relation",),
        "for_client": ("data_relation",),
        "at_service": ("data_relation",),
        "planned": ("record_kind",),
        "number_settled": ("affected_people",),
        "people_at_most": ("affected_people",),
        "items_listed": _ITEMS,
        "items_suspected": _ITEMS,
        "items_absent": _ITEMS,
        "items_unfinished": _ITEMS,
        "my_number_possible": _ITEMS,
        "harms": (*_ITEMS, *_KINDS, "cause"),
        "advice": (*_ITEMS, *_KINDS, "cause"),
        "misuse_confirmed": ("secondary_damage",),
        "misuse_feared": ("secondary_damage",),
        "misuse_ruled_out": ("secondary_damage",),
        "next_word": ("findings_expected_on",),
        "made_public": ("published",),
        "ppc_informed": ("ppc_told",),
        "police_informed": ("police_told",),
        **dict.fromkeys(CAUSE_KINDS, ("cause",)),
        **dict.fromkeys(DATA_KINDS, _ITEMS),
        "children_concerned": ("subject_kinds",),
        "recipients": ("sector", "licence_from", "credit_body", "subject_kinds"),
        "event_reasons": _HAPPENED,
        "grounds": (*_HAPPENED, *_ITEMS, *_REASONS),
    }
)
#: Names of the paper that says why no report was made.
_GROUNDS: Final = ("grounds", "no_event", "event_reasons", "duty_lifted", "lifted_by", "rules_day")
#: Names that tell of the report under the Act in a paper that serves another law.
_OF_THE_ACT: Final = frozenset({"act_owed", "act_open"})
#: Names behind which stands what the law says: the situations that hold, and the days they lead to.
_RULES: Final = frozenset(
    {
        "situations", "presumed", "preliminary_until", "final_due", "regimes", "report_owed", "report_open",
        "notify_owed", "wrongful", "over_threshold", *_GROUNDS, *_OF_THE_ACT,
    }
)  # fmt: skip
#: Names behind which stands nothing that could change: the day of the draft, a title, a turn of phrase.
_STANDS: Final = frozenset({"title", "today", "reference", "changes", "changes_known", "follows_day", "tasks"})


def is_explained(name: str) -> bool:
    """Tell whether it is known what a derived name rests on."""
    return name in _FACTS or name in _RULES or name in _STANDS


def basis(paper: Paper, used: Iterable[str], assessment: Assessment) -> dict[str, str]:
    """Return what the text of ``paper`` rests on; ``used`` are the names its template uses."""
    used = tuple(used)
    names = dict.fromkeys((*paper.needs, *(fact for name in used for fact in _FACTS.get(name, (name,)))))
    facts = [name for name in assessment.known if name in names]
    laws = {paper.regime} if not (_RULES - _OF_THE_ACT).isdisjoint(used) else set()
    laws |= {"appi"} if not _OF_THE_ACT.isdisjoint(used) else set()
    rules = tuple(name for name in _ruled(assessment) if name.partition(".")[0] in laws)
    return values((*facts, *rules), assessment)


def values(names: Iterable[str], assessment: Assessment) -> dict[str, str]:
    """Return what is stated of each fact, and what is ruled under each full name of a rule, short enough to be kept."""
    found = _ruled(assessment)
    return {name: found.get(name, NOTHING) if "." in name else _short(name, assessment) for name in names}


def _ruled(assessment: Assessment) -> dict[str, str]:
    ruling = ruled(assessment)
    return {**ruling.duties, **ruling.criteria, **ruling.due}


def _short(fact: str, assessment: Assessment) -> str:
    if fact not in assessment.answers:
        return NOTHING
    stated = written(assessment.answers[fact])
    text = stated if isinstance(stated, str) else ",".join(stated) or "[]"
    if len(text) <= _LONGEST and "\n" not in text:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
