"""The brief: the words and figures a paper may use, already phrased for its language, and the holes that are left.

Only what somebody stated is told as a fact. A value that the law merely presumes is a hole, or is marked as presumed.
A paper needs nothing but ``if`` and ``for`` to turn a brief into text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import RELEASED, REQUIRED, UNDETERMINED
from leakresp.law.held import NOT_ASKED, Day, Interval, Open, Presumed
from leakresp.law.truth import NO, UNKNOWN, YES, Truth
from leakresp.law.vocabulary import group_values
from leakresp.response.assessment import counting
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
    "containment": "checking",
    "evidence_state": "checking",
    "sub_entrusted": "checking",
    "wishes_for_notice": "considering",
    "outlook_cost": "considering",
}
#: What kind of event it was, by its cause: names a template may ask.
CAUSE_KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "by_attack": (
            "unauthorized_access", "ransomware", "malware", "web_tampering", "account_takeover",
            "credential_stuffing", "tech_support_scam",
        ),
        "by_ransomware": ("ransomware",),
        "by_ddos": ("ddos",),
        "by_altered_page": ("web_tampering",),
        "by_list_attack": ("credential_stuffing",),
        "by_scam": ("phishing_of_customers", "tech_support_scam"),
        "by_insider": ("insider_theft", "snooping"),
        "by_loss": ("lost_device", "lost_paper"),
        "by_theft": ("theft",),
        "by_mail": ("misdirected_email", "bcc_mistake"),
        "by_bcc": ("bcc_mistake",),
        "by_misdelivery": ("misdelivery", "carrier_misdelivery"),
        "by_disposal": ("misdisposal",),
        "by_exposure": ("web_misconfiguration", "program_error"),
        "by_failure": ("system_failure",),
        "by_ai": ("generative_ai_input",),
    }
)  # fmt: skip
#: Which data are, or may be, concerned: names a template may ask, with items or their group.
DATA_KINDS: Final[Mapping[str, str | tuple[str, ...]]] = MappingProxyType(
    {
        "cards_concerned": "card",
        "passwords_concerned": "credentials",
        "sensitive_concerned": "sensitive",
        "my_number_concerned": ("my_number",),
    }
)
#: Things to do next that a paper names.
_TASKS_NAMED: Final = 7
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
class Change:
    """A fact that a paper sent earlier told otherwise."""

    title: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A body of law that asks, or may ask, for a report: its state, its days, and to whom the report goes."""

    title: str
    duty_word: str
    guide_until: str
    final_due: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A thing to do next."""

    title: str
    phase: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a case knows of its past when a paper is drafted.

    ``then`` are the answers as they stood when the paper was sent that this one continues, on ``day``; ``finished`` are
    the ids of actions that are done or were left out.
    """

    day: Day | None = None
    then: Mapping[str, Value | Open] | None = None
    finished: frozenset[str] = frozenset()


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
    reference: str
    you: str
    own_data: bool
    at_contractor: bool
    for_client: bool
    at_service: bool
    planned: bool
    number_settled: bool
    people_at_most: str
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
    regimes: tuple[Duty, ...]
    report_owed: bool
    report_open: bool
    notify_owed: bool
    #: Of the report under article 26 of the Act, for a paper that serves another law.
    act_owed: bool
    act_open: bool
    wrongful: bool
    over_threshold: bool
    # what is new since the paper that this one continues, and what is to be done next
    changes: tuple[Change, ...]
    changes_known: bool
    follows_day: str
    tasks: tuple[Task, ...]
    #: Truth values by name: the kind of event, and the data concerned.
    kinds: Mapping[str, bool]
    # what the writer must look at; never part of a paper
    cautions: tuple[str, ...]

    def names(self) -> dict[str, Any]:
        """Return every name a template may use, with what it stands for."""
        return dict(self.facts) | {name: getattr(self, name) for name in _FIELDS} | dict(self.kinds)


_FIELDS: Final = tuple(field.name for field in fields(Brief) if field.name not in {"facts", "kinds", "cautions"})
#: Names a template may use beside the facts.
DERIVED: Final = (*_FIELDS, *CAUSE_KINDS, *DATA_KINDS, "children_concerned")
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
        "people_at_most": ("affected_people",),
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
    """What a paper is for: the body of law it serves, and the open facts it reports as under investigation.

    Those are promised for the day that the fact ``open_until`` states, where the paper names one. A paper that
    continues an earlier one names the facts it ``tells``, and the ``past`` it is compared with. What goes ``to_public``
    gives a number that is not settled as the most it can be.
    """

    regime: str = _TERMS
    open_as: frozenset[str] = frozenset()
    open_until: str | None = None
    tells: frozenset[str] = frozenset()
    to_public: bool = False
    past: Past = Past()


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
        self.past: Final = purpose.past
        self.tells: Final = purpose.tells
        self.to_public: Final = purpose.to_public
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
        self.open_until: Final = purpose.open_until
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
            reference="",
            you=self.say(f"brief.you.{self._kind_of_person()}"),
            own_data=relation == "own",
            at_contractor=relation == "entrusted_by_us",
            for_client=relation == "entrusted_to_us",
            at_service=relation == "external_service",
            planned=self._stated("record_kind") == "planned_personal_data",
            number_settled=isinstance(people, Interval) and people.low == people.high,
            people_at_most=self._at_most(people) if isinstance(people, Interval) else "",
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
            regimes=tuple(self._duty(result) for result in counting(self.assessment.regimes) if _speaks(result)),
            report_owed=self._ruled("report") == REQUIRED,
            report_open=self._ruled("report") == UNDETERMINED,
            notify_owed=self._ruled("notify") == REQUIRED,
            act_owed=self._by_the_act() == REQUIRED,
            act_open=self._by_the_act() == UNDETERMINED,
            wrongful=self._holds("wrongful"),
            over_threshold=self._holds("over_"),
            changes=tuple(self._changes()),
            changes_known=self.past.then is not None,
            follows_day=self.phrases.day(self.past.day) if self.past.day else "",
            tasks=tuple(self._tasks()),
            kinds=MappingProxyType(self._kinds()),
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
        """Return the day by which open points are promised: a stated one, else that of the final report.

        Where the paper has a day of its own, the later one stands: nothing can be told before it is known.
        """
        stated = [self._date(fact) for fact in ("findings_expected_on", self.open_until) if fact]
        days = (max((day for day in stated if day is not None), default=None), self._final_due())
        return next((day for day in days if day is not None and day >= self.today), None)

    def _date(self, fact: str) -> dt.date | None:
        day = self._stated(fact)
        return day.date if isinstance(day, Day) else None

    def _at_most(self, people: Interval) -> str:
        """Return the most that a number can be, where it is not settled and has an upper end; else nothing."""
        if people.high is None or people.low == people.high:
            return ""
        return self.phrases.count(Interval(0, people.high))

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

    def _ruled(self, which: str) -> str:
        ruling = getattr(self.result, which, None)
        return ruling.duty if ruling is not None else ""

    def _by_the_act(self) -> str:
        result = self.assessment.regime("appi")
        return result.report.duty if result is not None else ""

    def _holds(self, name: str) -> bool:
        """Tell whether a situation of the law whose id begins so holds."""
        criteria = self.result.criteria if self.result else {}
        return any(proof.truth is YES for criterion, proof in criteria.items() if criterion.startswith(name))

    def _duty(self, result: RegimeResult) -> Duty:
        guide = next((clock.guide[1] for clock in result.clocks if clock.guide), None)
        due = next((clock.term.due for clock in result.clocks if clock.firm and clock.term), None)
        return Duty(
            result.regime.title[self.lang],
            self.say(f"brief.duty.{result.report.duty}"),
            self.phrases.day(guide) if guide else "",
            self.phrases.day(due) if due else "",
            tuple(each.title[self.lang] for each in result.recipients if each.purpose == "report"),
        )

    # what is new, and what is next

    def _changes(self) -> Iterable[Change]:
        """Yield what the paper tells and what it, or the one it continues, told otherwise when that was sent."""
        now = self.assessment.answers
        for fact in self.rulebook.facts if self.past.then is not None else ():
            then = (self.past.then or {}).get(fact, NOT_ASKED)
            if fact in self.tells and _told(then) != _told(now.get(fact, NOT_ASKED)):
                yield Change(self._title(fact), self._said(fact, then), self._said(fact, now.get(fact, NOT_ASKED)))

    def _said(self, fact: str, held: Value | Open) -> str:
        if isinstance(held, Open):
            return self.say("brief.then_unknown")
        if self.to_public and isinstance(held, Interval) and (most := self._at_most(held)):
            return most
        return self.phrases.stated(self.rulebook.facts[fact], held)

    def _tasks(self) -> Iterable[Task]:
        left = (action for action in self.assessment.actions if action.id not in self.past.finished)
        for action in islice(left, _TASKS_NAMED):
            yield Task(action.title[self.lang], self.say(f"show.phase.{action.phase}"))

    def _kinds(self) -> dict[str, bool]:
        cause, known = self._stated("cause"), {*self.listed, *self.suspected}
        kinds = {name: cause in causes for name, causes in CAUSE_KINDS.items()}
        for name, items in DATA_KINDS.items():
            kinds[name] = not known.isdisjoint(self._items(items if isinstance(items, str) else list(items)))
        return kinds | {"children_concerned": "children" in self._chosen("subject_kinds")}

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


def _told(held: Value | Open) -> Value | None:
    """Return what was said of a fact: nothing, whether nobody was asked or nobody could tell."""
    return None if isinstance(held, Open) else held


def _speaks(result: RegimeResult) -> bool:
    """Tell whether a paper tells of a body of law: of one beside the Act once it applies and asks, or may ask."""
    return result.speaks and (not result.regime.beside or result.applies.truth is YES)
