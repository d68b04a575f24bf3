"""The brief: the words and figures a paper may use, already phrased for its language, and the holes that are left.

Only what somebody stated is told as a fact. A value that the law merely presumes is a hole, or is marked as presumed.
A paper needs nothing but ``if`` and ``for`` to turn a brief into text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import RELEASED
from leakresp.law.held import NOT_ASKED, Day, Interval, Open, Presumed
from leakresp.law.truth import NO, UNKNOWN, YES, Truth
from leakresp.law.vocabulary import group_values
from leakresp.response.assessment_json import because
from leakresp.response.paper_phrases import PaperPhrases
from leakresp.response.wording import Phrases

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from leakresp.law.held import Known, Value
    from leakresp.law.rulebook import Rulebook
    from leakresp.response.assessment import Assessment, RegimeResult
    from leakresp.response.wording import Say

#: The body of law whose terms say what a leak, a loss and a damage are.
_TERMS: Final = "appi"
#: How each finding counts: the paper's word for it, its fact, its term in law, and what is set aside to judge it alone.
_FINDINGS: Final = (
    ("leak", "leak", "leak", None),
    ("loss", "loss", "loss", None),
    ("alteration", "tampered", "damage", "unusable"),
    ("unusability", "unusable", "damage", "tampered"),
)
#: Open facts that are decided or looked up rather than investigated, and the word that says so.
_OPEN_WORDS: Final = {
    "response_to_persons": "considering",
    "publication_plan": "considering",
    "prevention_planned": "considering",
    "prevention_done": "checking",
    "secondary_damage_detail": "checking",
    "other_matters": "checking",
    "police_told": "checking",
}
#: Items whose title names a class rather than the thing itself; a notice must name the thing.
_VAGUE_ITEMS: Final = ("other", "other_identification_code")


@dataclass(frozen=True, slots=True)
class Hole:
    """A fact a paper wants to tell and nobody has stated; it counts as false.

    ``asked`` tells *unsure* from *not asked*. ``tolerated``: the law lets it be open, and ``text`` says so.
    """

    fact: str
    text: str
    asked: bool
    tolerated: bool

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation that makes the report mandatory and that holds, or that may hold."""

    number: str
    title: str
    word: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """A situation of the law, whether it holds, and the answers that settle it."""

    number: str
    title: str
    word: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom a report goes, and how."""

    title: str
    way: str
    address: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What a paper may say of one incident in one language. Plain words, tuples and truth values only.

    ``…_certain`` and ``…_feared`` say what happened, as far as somebody stated it and the law counts it.
    """

    facts: Mapping[str, str | Hole]
    title: str
    today: str
    # what happened
    subject: str | Hole
    happened: tuple[str, ...]
    happened_open: tuple[str, ...]
    leak_certain: bool
    leak_feared: bool
    loss_certain: bool
    loss_feared: bool
    alteration_certain: bool
    alteration_feared: bool
    unusability_certain: bool
    unusability_feared: bool
    cause_told: str | Hole
    # whose data, where
    addressee: str
    you: str
    own_data: bool
    at_contractor: bool
    for_client: bool
    at_service: bool
    planned: bool
    number_settled: bool
    # which items
    items_listed: tuple[str, ...]
    items_suspected: tuple[str, ...]
    items_absent: tuple[str, ...]
    items_unfinished: bool
    my_number_possible: bool
    # what may follow, and what was done
    harms: tuple[str, ...]
    advice: tuple[str, ...]
    misuse_confirmed: bool
    misuse_feared: bool
    misuse_ruled_out: bool
    next_word: str
    made_public: bool
    ppc_informed: bool
    police_informed: bool
    # what the law says
    situations: tuple[Situation, ...]
    presumed: tuple[str, ...]
    grounds: tuple[Ground, ...]
    no_event: bool
    event_reasons: tuple[str, ...]
    duty_lifted: bool
    lifted_by: str
    rules_day: str
    recipients: tuple[Addressee, ...]
    preliminary_until: str
    final_due: str
    # what the writer must look at; never part of a paper
    cautions: tuple[str, ...]

    def names(self) -> dict[str, Any]:
        """Return every name a template may use, with what it stands for."""
        return dict(self.facts) | {name: getattr(self, name) for name in DERIVED}


#: Names a template may use beside the facts.
DERIVED: Final = tuple(field.name for field in fields(Brief) if field.name not in {"facts", "cautions"})
#: Parts of what a template meets in a list, and of a hole.
PARTS: Final = frozenset(field.name for kind in (Situation, Ground, Addressee) for field in fields(kind)) | {"asked"}
#: The facts a derived name tells, so that a paper that uses it is known to tell them.
TELLS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "subject": ("leak", "loss", "tampered", "unusable"),
        "happened": ("leak", "loss", "tampered", "unusable"),
        "cause_told": ("cause",),
        "addressee": ("subject_kinds",),
        "own_data": ("data_relation",),
        "at_contractor": ("data_relation",),
        "items_listed": ("data_items",),
        "items_suspected": ("data_items_suspected",),
        "misuse_confirmed": ("secondary_damage",),
        "police_informed": ("police_told",),
        "ppc_informed": ("ppc_told",),
        "made_public": ("published",),
    }
)


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What phrases are made from: the vocabulary, the tool's sentences in one language, and ``advice.yaml``."""

    rulebook: Rulebook
    say: Say
    advice: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a paper is for: the body of law it serves, and the open facts it reports as under investigation."""

    regime: str = _TERMS
    open_as: frozenset[str] = frozenset()


def make_brief(
    wordbook: Wordbook,
    assessment: Assessment,
    incident: Mapping[str, str],
    today: dt.date,
    purpose: Purpose | None = None,
) -> Brief:
    """Return the brief of an incident for a paper of ``purpose``. An open fact the purpose does not name is a hole."""
    return _Making(wordbook, assessment, today, purpose or Purpose()).brief(incident)


class _Making:
    """One brief being made: what is stated, and the means to phrase it."""

    def __init__(self, wordbook: Wordbook, assessment: Assessment, today: dt.date, purpose: Purpose) -> None:
        self.assessment: Final = assessment
        self.rulebook: Final = wordbook.rulebook
        self.in_force: Final = wordbook.rulebook.in_force(assessment.on)
        self.phrases: Final = PaperPhrases(wordbook.say)
        self.words: Final = Phrases(wordbook.rulebook, wordbook.say)
        self.say: Final = wordbook.say
        self.lang: Final = wordbook.say.lang
        self.advice: Final = wordbook.advice
        self.today: Final = today
        self.open_as: Final = purpose.open_as
        self.result: Final[RegimeResult | None] = assessment.regime(purpose.regime)
        self.report_by: Final = self._report_by()
        self.facts: Final = {fact: self._fact(fact) for fact in self.rulebook.facts}
        self.holding: Final = self._holding()
        self.listed: Final = self._chosen("data_items")
        suspected = self._chosen("data_items_suspected")
        self.suspected: Final = tuple(item for item in suspected if item not in self.listed)

    def brief(self, incident: Mapping[str, str]) -> Brief:
        relation, misuse = self._stated("data_relation"), self._stated("secondary_damage")
        people = self._stated("affected_people")
        return Brief(
            facts=MappingProxyType(self.facts),
            title=" ".join(incident.get("title", "").split()),
            today=self.phrases.date(self.today),
            subject=self._subject(),
            happened=self._happened(),
            happened_open=self._happened_open(),
            leak_certain=self.holding["leak"] == "confirmed",
            leak_feared=self.holding["leak"] == "suspected",
            loss_certain=self.holding["loss"] == "confirmed",
            loss_feared=self.holding["loss"] == "suspected",
            alteration_certain=self.holding["alteration"] == "confirmed",
            alteration_feared=self.holding["alteration"] == "suspected",
            unusability_certain=self.holding["unusability"] == "confirmed",
            unusability_feared=self.holding["unusability"] == "suspected",
            cause_told=self._cause_told(),
            addressee=self.say(f"brief.addressee.{self._kind_of_person()}"),
            you=self.say(f"brief.you.{self._kind_of_person()}"),
            own_data=relation == "own",
            at_contractor=relation == "entrusted_by_us",
            for_client=relation == "entrusted_to_us",
            at_service=relation == "external_service",
            planned=self._stated("record_kind") == "planned_personal_data",
            number_settled=isinstance(people, Interval) and people.low == people.high,
            items_listed=self._item_names(self.listed),
            items_suspected=self._item_names(self.suspected),
            items_absent=self._items_absent(),
            items_unfinished=self._asked("data_items_complete") or self._stated("data_items_complete") == "no",
            my_number_possible=self._my_number_possible(),
            harms=self._counsel("harm"),
            advice=self._counsel("advice"),
            misuse_confirmed=misuse == "confirmed",
            misuse_feared=misuse == "suspected",
            misuse_ruled_out=misuse == "ruled_out",
            next_word=self._next_word(),
            made_public=self._stated("published") == "yes",
            ppc_informed=self._stated("ppc_told") == "yes",
            police_informed=self._stated("police_told") == "yes",
            situations=self._situations(),
            presumed=self._presumed(),
            grounds=self._grounds(),
            no_event=self.result is not None and self.result.event.truth is NO,
            event_reasons=tuple(because(self.result.event, self.words)) if self.result else (),
            duty_lifted=self.result is not None and self.result.report.duty == RELEASED,
            lifted_by=self.result.report.by.title[self.lang] if self.result and self.result.report.by else "",
            rules_day=self.phrases.date(self.assessment.on),
            recipients=self._recipients(),
            preliminary_until=self._preliminary_until(),
            final_due=self.phrases.day(due) if (due := self._final_due()) else "",
            cautions=tuple(self._cautions()),
        )

    # what is stated

    def _stated(self, fact: str) -> Value | None:
        value = self.assessment.answers.get(fact)
        return None if isinstance(value, Open) else value

    def _asked(self, fact: str) -> bool:
        """Tell whether the fact was asked and cannot be told yet."""
        value = self.assessment.answers.get(fact)
        return isinstance(value, Open) and value.asked

    def _chosen(self, fact: str) -> tuple[str, ...]:
        value = self._stated(fact)
        return value if isinstance(value, tuple) and not isinstance(value, Interval | Day) else ()

    def _title(self, fact: str) -> str:
        return self.rulebook.facts[fact].title[self.lang]

    def _fact(self, fact: str) -> str | Hole:
        value = self._stated(fact)
        if value is None or (fact == "data_items" and value == ()):
            return self._hole(fact)
        return self.phrases.stated(self.rulebook.facts[fact], value)

    def _hole(self, fact: str) -> Hole:
        tolerated = fact in self.open_as
        if not tolerated:
            text = self.say("brief.hole", title=self._title(fact))
        elif self.report_by:
            day = self.phrases.date(self.report_by)
            text = self.say(f"brief.open.{_OPEN_WORDS.get(fact, 'investigating')}.by", day=day)
        else:
            text = self.say(f"brief.open.{_OPEN_WORDS.get(fact, 'investigating')}")
        return Hole(fact, text, asked=self._asked(fact), tolerated=tolerated)

    def _report_by(self) -> dt.date | None:
        """Return the day by which open points are promised: the stated one, else that of the final report."""
        expected = self._stated("findings_expected_on")
        days = (expected.date if isinstance(expected, Day) else None, self._final_due())
        return next((day for day in days if day is not None and day >= self.today), None)

    def _next_word(self) -> str:
        expected = self._stated("findings_expected_on")
        return self.phrases.day(expected) if isinstance(expected, Day) and expected.date >= self.today else ""

    # what happened

    def _holding(self) -> dict[str, str | None]:
        """Return for each finding that counts as a leak, loss or damage: confirmed, suspected or presumed."""
        holding: dict[str, str | None] = {}
        for name, fact, term, aside in _FINDINGS:
            known = self.assessment.known | ({aside: "ruled_out"} if aside else {})
            holding[name] = None
            if self._term(term, known) is YES:
                held = known[fact]
                holding[name] = "presumed" if isinstance(held, Presumed) else str(held)
        return holding

    def _term(self, term: str, known: Known) -> Truth:
        try:
            return self.in_force.word(f"{_TERMS}.{term}").prove(known).truth
        except KeyError:  # a day on which the law had no such term yet
            return NO

    def _subject(self) -> str | Hole:
        """Return what the paper is about, such as 漏えいのおそれ; damage of both kinds is named once."""
        found: dict[str, str] = {}
        for name, _, term, _ in _FINDINGS:
            held = self.holding[name]
            if held in {"confirmed", "suspected"} and found.get(term) != "confirmed":
                found[term] = str(held)
        if found:
            return self.say("brief.and").join(self.say(f"brief.subject.{term}.{held}") for term, held in found.items())
        open_facts = [fact for _, fact, _, _ in _FINDINGS if self._stated(fact) is None]
        return self._hole(open_facts[0]) if open_facts else self.say("brief.subject.none")

    def _happened(self) -> tuple[str, ...]:
        return tuple(self.say(f"brief.happened.{name}.{held}") for name, held in self.holding.items() if held)

    def _happened_open(self) -> tuple[str, ...]:
        return tuple(
            self.say(f"brief.happened.{name}.open")
            for name, fact, _, _ in _FINDINGS
            if self._asked(fact) and not self.holding[name]
        )

    def _cause_told(self) -> str | Hole:
        """Return the cause in a sentence fit for the persons: nothing that would help another attack."""
        cause = self._stated("cause")
        if cause == "other":
            return self.facts["cause_detail"]
        if cause is None:
            return self.facts["cause"]
        return self.say("brief.cause", cause=self.advice["causes"][cause][self.lang])

    # whose data, which items

    def _kind_of_person(self) -> str:
        kinds = [kind for kind in self._chosen("subject_kinds") if kind != "children"]
        return kinds[0] if len(kinds) == 1 and kinds[0] != "other" else "several"

    def _item_names(self, items: Iterable[str]) -> tuple[str, ...]:
        """Return items as a letter calls them: the thing itself, in words a person need not look up."""
        fact, names = self.rulebook.facts["data_items"], self.advice["items"]
        return tuple((names.get(item) or fact.choices[item].title)[self.lang] for item in items)

    def _items_absent(self) -> tuple[str, ...]:
        """Return what may be said not to be in the data: where the list is complete and nothing is left to read."""
        known = {*self.listed, *self.suspected}
        if self._stated("data_items_complete") != "yes" or known & set(self._items("unclear")):
            return ()
        return tuple(
            each["name"][self.lang] for each in self.advice["absent"] if not known & set(self._items(each["items"]))
        )

    def _items(self, named: str | list[str]) -> tuple[str, ...]:
        return group_values(self.rulebook.facts["data_items"], named)

    def _my_number_possible(self) -> bool:
        lists = self.in_force.condition({"fact": "data_items", "lists": ["my_number"]})
        return lists.prove(self.assessment.known).truth is not NO

    # what may follow

    def _counsel(self, part: str) -> tuple[str, ...]:
        """Return the harms to be feared, or what the person can do, for the items and the cause of this incident."""
        texts = (each[part][self.lang] for each in self.advice["counsel"] if each.get(part) and self._concerns(each))
        return tuple(dict.fromkeys(texts))

    def _concerns(self, entry: Mapping[str, Any]) -> bool:
        leaked = self.holding["leak"] is not None or self._stated("leak") is None
        kept = any(self.holding[name] for name in ("loss", "unusability"))
        if not {"leak": leaked, "loss": kept, "any": True}[entry["event"]]:
            return False
        if entry.get("items") and not {*self.listed, *self.suspected} & set(self._items(entry["items"])):
            return False
        if not entry.get("causes"):
            return True
        return self._stated("cause") in group_values(self.rulebook.facts["cause"], entry["causes"])

    # what the law says

    def _situations(self) -> tuple[Situation, ...]:
        if self.result is None:
            return ()
        found = []
        for number, (name, proof) in enumerate(self.result.criteria.items(), 1):
            if proof.truth is not NO:
                title = self.result.regime.rules[name].title[self.lang]
                word = "brief.situation.open" if proof.truth is UNKNOWN else "brief.situation.holds"
                label = self.say("brief.situation.number", number=number)
                found.append(Situation(label, title, self.say(word), proof.truth is YES))
        return tuple(found)

    def _grounds(self) -> tuple[Ground, ...]:
        """Return every situation of the law with the answers that settle it, whether it holds or not."""
        if self.result is None:
            return ()
        words = {YES: "brief.situation.holds", NO: "brief.situation.not", UNKNOWN: "brief.situation.open"}
        return tuple(
            Ground(
                self.say("brief.situation.number", number=number),
                self.result.regime.rules[name].title[self.lang],
                self.say(words[proof.truth]),
                tuple(because(proof, self.words)),
            )
            for number, (name, proof) in enumerate(self.result.criteria.items(), 1)
        )

    def _presumed(self) -> tuple[str, ...]:
        """Return what the duty to report rests on though nobody stated it; that no exemption is proven is not named."""
        presumed = self.result.presumed if self.result else ()
        return tuple(self._title(fact) for fact in presumed if fact not in self.in_force.presumptions.exemptions)

    def _recipients(self) -> tuple[Addressee, ...]:
        recipients = self.result.recipients if self.result else ()
        return tuple(
            Addressee(each.title[self.lang], each.way[self.lang], each.address or "")
            for each in recipients
            if each.purpose == "report"
        )

    def _preliminary_until(self) -> str:
        guides = [clock.guide for clock in self.result.clocks if clock.guide] if self.result else []
        return self.phrases.day(guides[0][1]) if guides else ""

    def _final_due(self) -> dt.date | None:
        clocks = self.result.clocks if self.result else ()
        return next((clock.term.due for clock in clocks if clock.firm and clock.term), None)

    # what the writer must look at

    def _cautions(self) -> Iterable[str]:
        known = {*self.listed, *self.suspected}
        if self.assessment.answers.get("affected_people", NOT_ASKED) != Interval(1, 1):
            yield self.say("brief.caution.per_person")
        if known & set(self._items("sensitive")) or self._stated("content_judged_sensitive") == "yes":
            yield self.say("brief.caution.sensitive")
        if vague := [item for item in (*self.listed, *self.suspected) if item in _VAGUE_ITEMS]:
            yield self.say("brief.caution.vague_items", items=self.say.listed(self._item_names(vague)))
        if "children" in self._chosen("subject_kinds"):
            yield self.say("brief.caution.children")
        if self._stated("cause") == "bcc_mistake":
            yield self.say("brief.caution.one_by_one")
        if self._stated("notice_would_spread_harm") == "yes":
            yield self.say("brief.caution.spreads_harm")
