"""The promises of the rule files that need more than one file to check.

Every fact and value exists · every fact is settled by some question · the word fits the kind · references exist and
form no ring · dates ascend · two exceptions never hold together · the examples hold.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.citing import english_article, is_english
from leakresp.law.duties import ClashingExceptionsError
from leakresp.law.rulebook import InForce, Plain, Rulebook
from leakresp.law.rules import NOT_YET
from leakresp.law.vocabulary import Fact, WrongAnswer, nearest
from leakresp.law.written import Builder
from leakresp.shell.documents import Document, Path, shown
from leakresp.shell.faults import Fault, fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.conditions import Condition
    from leakresp.law.held import Answers

#: Words of conditions that name a fact, with the kinds of fact each fits.
_LEAVES: Final = {
    "is": {"finding", "yes_no", "choice", "choices"},
    "group": {"choice", "choices"},
    "lists": {"choices"},
    "may_exceed": {"count"},
    "at_least": {"count"},
    "before": {"day"},
}
_TRUTHS: Final = ("yes", "no", "unknown")
_DUTIES: Final = ("required", "undetermined", "not_required", "released", "other_regime")
#: Ways of holding the facts of a duty's exceptions that are tried for two that hold together.
_MOST_COMBINATIONS: Final = 100_000


class Promises:
    """The promises that need more than one file to check."""

    def __init__(self, documents: Mapping[str, Document], plain: Plain) -> None:
        self.documents: Final = documents
        self.plain: Final = plain
        self.faults: Final[list[Fault]] = []
        self.rulebook: Final = Rulebook(plain, "")
        self.facts: Mapping[str, Fact] = {}
        self.rules: Final = {
            f"{regime['id']}.{rule['id']}": rule for regime in plain["regimes"] for rule in regime["rules"]
        }

        self.recipients: Final = {
            f"{regime['id']}.{each['id']}" for regime in plain["regimes"] for each in regime["recipients"]
        }

    def broken(self) -> list[Fault]:
        """Return every promise that is broken."""
        self._check()
        return self.faults

    def _check(self) -> None:
        self._facts_once()
        if self.faults:
            return
        self.facts = self.rulebook.facts
        self._facts_fit()
        for regime in self.plain["regimes"]:
            self._regime(regime)
        self._presumptions()
        self._actions()
        self._questions()
        for file, path, source in self._every_source():
            if source["law"] not in self.plain["laws"]:
                self._fault(
                    file, "rules.source_unknown", (*path, "law"), **self._near(source["law"], self.plain["laws"])
                )
            article = source.get("article")
            if article and not source.get("article_en") and not is_english(english_article(article)):
                self._fault(file, "rules.article_not_english", (*path, "article"), article=article)
        if not self.faults:
            self._no_rings()
        if not self.faults:
            self._in_force_together()
        if not self.faults:
            self._exceptions_exclude_each_other()
        if not self.faults:  # a duty whose exceptions clash decides nothing
            self._examples_hold()

    def _fault(self, file: str, key: str, path: Path = (), /, **details: object) -> None:
        self.faults.append(self.documents[file].fault(key, path, **details))

    def _near(self, word: str, words: Iterable[str]) -> dict[str, object]:
        return {"word": word, "nearest": nearest(word, words)}

    # facts

    def _facts_once(self) -> None:
        seen: set[str] = set()
        ids = {fact["id"] for fact in self.plain["facts"]}
        for fact in self.plain["facts"]:
            path = ("facts", fact["at"])
            if fact["id"] in seen:
                self._fault(fact["file"], "rules.id_twice", (*path, "id"), id=fact["id"])
            seen.add(fact["id"])
            for key in ("values_of", "completed_by", "suspected_in"):
                if fact.get(key) and fact[key] not in ids:
                    self._fault(fact["file"], "rules.fact_unknown", (*path, key), **self._near(fact[key], ids))

    def _facts_fit(self) -> None:
        for fact in self.plain["facts"]:
            path = ("facts", fact["at"])
            chooses = fact["kind"] in {"choice", "choices"}
            if chooses != bool(self.facts[fact["id"]].choices):
                self._fault(fact["file"], "rules.values_do_not_fit", path, kind=fact["kind"])
            values = [value["id"] for value in fact.get("values", [])]
            for value in {value for value in values if values.count(value) > 1 or value == "unknown"}:
                self._fault(fact["file"], "rules.id_twice", (*path, "values"), id=value)

    # conditions and answers

    def _condition(self, file: str, path: Path, written: Any, regime: str) -> Iterator[str]:  # noqa: ANN401
        """Check a condition; yield the rules it names."""
        if not isinstance(written, dict) or not written:
            self._fault(file, "rules.no_condition", path)
            return
        if len(written) == 1 and (word := next(iter(written))) in {"all", "any"}:
            parts = written[word]
            if not isinstance(parts, list) or not parts:
                self._fault(file, "rules.no_condition", (*path, word))
                return
            for index, part in enumerate(parts):
                yield from self._condition(file, (*path, word, index), part, regime)
        elif set(written) == {"not"}:
            yield from self._condition(file, (*path, "not"), written["not"], regime)
        elif set(written) == {"rule"}:
            name = written["rule"] if "." in str(written["rule"]) else f"{regime}.{written['rule']}"
            if name not in self.rules or self.rules[name]["kind"] not in {"term", "criterion"}:
                self._fault(file, "rules.rule_unknown", (*path, "rule"), **self._near(name, self.rules))
            else:
                yield name
        else:
            self._leaf(file, path, written)

    def _leaf(self, file: str, path: Path, written: dict[str, Any]) -> None:
        words = set(written) - {"fact"}
        if "fact" not in written or len(words) != 1 or (word := words.pop()) not in _LEAVES:
            self._fault(file, "rules.no_condition", path)
            return
        fact = self.facts.get(str(written["fact"]))
        if fact is None:
            self._fault(file, "rules.fact_unknown", (*path, "fact"), **self._near(str(written["fact"]), self.facts))
            return
        if fact.kind not in _LEAVES[word] or (word == "lists" and not (fact.completed_by and fact.suspected_in)):
            self._fault(file, "rules.word_does_not_fit", (*path, word), word=word, fact=fact.id, kind=fact.kind)
        else:
            self._leaf_value(file, (*path, word), fact, written[word])

    def _leaf_value(self, file: str, path: Path, fact: Fact, value: Any) -> None:  # noqa: ANN401
        word = path[-1]
        if word == "group" or (word == "lists" and isinstance(value, str)):
            if not fact.group(value):
                groups = {group for choice in fact.choices.values() for group in choice.groups}
                self._fault(file, "rules.group_unknown", path, **self._near(str(value), groups))
        elif word in {"is", "lists"}:
            for index, each in enumerate(value if isinstance(value, list) else [value]):
                if each not in fact.words or not isinstance(value, list):
                    self._fault(file, "rules.value_unknown", (*path, index), **self._near(str(each), fact.words))
        elif word == "before":
            self._answer(file, path, fact.id, value)
        elif not str(value).isdecimal():
            self._fault(file, "rules.no_number", path, word=value)

    def _answer(self, file: str, path: Path, fact_id: str, raw: Any) -> Any:  # noqa: ANN401
        fact = self.facts.get(fact_id)
        if fact is None:
            self._fault(file, "rules.fact_unknown", path, **self._near(fact_id, self.facts))
            return None
        try:
            return fact.read(raw)
        except WrongAnswer as wrong:
            document = self.documents[file]
            self.faults.append(fault_of(wrong, file=document.file, line=document.line(path), path=shown(path)))
            return None

    # regimes

    def _regime(self, regime: Plain) -> None:
        rules = {rule["id"]: rule for rule in regime["rules"]}
        if len(rules) != len(regime["rules"]):
            for rule in regime["rules"]:
                if rules[rule["id"]] is not rule:
                    self._fault(rule["file"], "rules.id_twice", ("id",), id=rule["id"])
        file = regime["file"]
        wanted = [("event", regime["event"], "term")]
        wanted += [("criteria", each, "criterion") for each in regime["criteria"]]
        wanted += [("report", regime["report"], "duty")]
        wanted += [("notify", regime["notify"], "duty")] if regime.get("notify") else []
        wanted += [("deadlines", each, "deadline") for each in regime["deadlines"]]
        for key, rule_id, kind in wanted:
            if rule_id not in rules or rules[rule_id]["kind"] != kind:
                self._fault(file, "rules.rule_unknown", (key,), **self._near(rule_id, rules))
        list(self._condition(file, ("applies",), regime["applies"], regime["id"]))
        for recipient in regime["recipients"]:
            if recipient["id"] in rules:
                self._fault(recipient["file"], "rules.id_twice", ("id",), id=recipient["id"])
            self._recipient(recipient, regime["id"])
        for rule in regime["rules"]:
            self._rule(rule, regime["id"])

    def _recipient(self, recipient: Plain, regime: str) -> None:
        for key in ("when", "unless"):
            if key in recipient:
                list(self._condition(recipient["file"], (key,), recipient[key], regime))
        for place, overlap in enumerate(recipient["overlaps"]):
            if overlap["other"] not in self.recipients:
                near = self._near(overlap["other"], self.recipients)
                self._fault(recipient["file"], "rules.recipient_unknown", ("overlaps", place, "other"), **near)

    def _rule(self, rule: Plain, regime: str) -> None:
        file, dates = rule["file"], [version["from"] for version in rule["versions"]]
        for index, (before, after) in enumerate(pairwise(dates)):
            if before == NOT_YET or (after != NOT_YET and after <= before):
                self._fault(file, "rules.dates_descend", ("versions", index + 1, "from"))
        for index, version in enumerate(rule["versions"]):
            path: Path = ("versions", index)
            in_force = version["from"] != NOT_YET
            if rule["kind"] == "deadline":
                self._deadline(rule, version, path, regime)
                continue
            if in_force and "when" not in version:
                self._fault(file, "rules.key_missing", path, key="when")
                continue
            if "when" in version:
                list(self._condition(file, (*path, "when"), version["when"], regime))
            for place, exception in enumerate(version.get("exceptions", [])):
                list(self._condition(file, (*path, "exceptions", place, "when"), exception["when"], regime))
            if in_force:
                self._examples(rule, version, path)

    def _examples(self, rule: Plain, version: Plain, path: Path) -> None:
        words = _DUTIES if rule["kind"] == "duty" else _TRUTHS
        must = ("required", "undetermined", "not_required") if rule["kind"] == "duty" else _TRUTHS
        expected = [example["expect"] for example in version.get("examples", [])]
        for place, example in enumerate(version.get("examples", [])):
            if example["expect"] not in words:
                at = (*path, "examples", place, "expect")
                self._fault(rule["file"], "rules.value_unknown", at, **self._near(example["expect"], words))
            for fact, raw in example["given"].items():
                self._answer(rule["file"], (*path, "examples", place, "given", fact), fact, raw)
        for word in must:
            if word not in expected:
                self._fault(rule["file"], "rules.example_missing", path, word=word)

    def _deadline(self, rule: Plain, version: Plain, path: Path, regime: str) -> None:
        facts: list[tuple[Path, str]] = [(("starts", "fact"), version["starts"]["fact"])]
        for place, later in enumerate(version["starts"]["later"]):
            facts.append((("starts", "later", place, "fact"), later["fact"]))
            list(self._condition(rule["file"], (*path, "starts", "later", place), {"rule": later["rule"]}, regime))
        for at, fact in facts:
            if fact not in self.facts or self.facts[fact].kind != "day":
                self._fault(rule["file"], "rules.fact_unknown", (*path, *at), **self._near(fact, self.facts))
        for key in ("when", "once"):
            if key in version:
                list(self._condition(rule["file"], (*path, key), version[key], regime))
        if sum(key in version for key in ("guide", "days", "hours")) > 1:
            self._fault(rule["file"], "rules.deadline_twice", path)
        for place, longer in enumerate(version["unless"]):
            list(self._condition(rule["file"], (*path, "unless", place, "when"), longer["when"], regime))

    def _no_rings(self) -> None:
        leads: dict[str, set[str]] = {}
        for name, rule in self.rules.items():
            regime = name.partition(".")[0]
            leads[name] = {
                target
                for index, version in enumerate(rule["versions"])
                if "when" in version
                for target in self._condition(rule["file"], ("versions", index, "when"), version["when"], regime)
            }
        for name, rule in self.rules.items():
            reached, ahead = set(), set(leads[name])
            while ahead:
                reached |= ahead
                ahead = {target for each in ahead for target in leads[each]} - reached
            if name in reached:
                self._fault(rule["file"], "rules.ring", ("versions",), rule=name)

    # presumptions, actions, questions

    def _presumptions(self) -> None:
        presumed = {each["fact"] for each in self.plain["presumptions"]}
        seen: set[str] = set()
        for each in self.plain["presumptions"]:
            path: Path = ("presumptions", each["at"])
            if each["id"] in seen:
                self._fault(each["file"], "rules.id_twice", (*path, "id"), id=each["id"])
            seen.add(each["id"])
            if each["fact"] not in self.facts:
                self._fault(each["file"], "rules.fact_unknown", (*path, "fact"), **self._near(each["fact"], self.facts))
            else:
                self._answer(each["file"], (*path, "value"), each["fact"], each["value"])
            if "when" in each:
                before = len(self.faults)
                list(self._condition(each["file"], (*path, "when"), each["when"], ""))
                if len(self.faults) == before:
                    reads = Builder(self.facts, _no_rule).build(each["when"]).reads
                    for fact in sorted(reads & presumed):
                        self._fault(each["file"], "rules.presumption_on_presumption", (*path, "when"), fact=fact)

    def _actions(self) -> None:
        for key in ("actions", "contradictions"):
            self._entries(key)

    def _entries(self, key: str) -> None:
        seen: set[str] = set()
        for each in self.plain[key]:
            path: Path = (key, each["at"])
            if each["id"] in seen:
                self._fault(each["file"], "rules.id_twice", (*path, "id"), id=each["id"])
            seen.add(each["id"])
            for word in ("when", "first_while"):
                if word in each:
                    list(self._condition(each["file"], (*path, word), each[word], ""))

    def _questions(self) -> None:
        settled: set[str] = set()
        seen: set[str] = set()
        for each in self.plain["questions"]:
            path: Path = ("questions", each["at"])
            if each["id"] in seen:
                self._fault(each["file"], "rules.id_twice", (*path, "id"), id=each["id"])
            seen.add(each["id"])
            self._facts_named(each, path, "settles")
            self._facts_named(each, path, "gathers")
            settled |= set(each["settles"])
            for place, option in enumerate(each["options"]):
                for fact, raw in option["facts"].items():
                    self._answer(each["file"], (*path, "options", place, "facts", fact), fact, raw)
            if not each["options"] and len(each["settles"]) > 1:
                self._fault(each["file"], "rules.free_question_settles_many", path)
        for fact in self.plain["facts"]:
            if fact["id"] not in settled:
                self._fault(fact["file"], "rules.fact_never_asked", ("facts", fact["at"]), fact=fact["id"])

    def _facts_named(self, question: Plain, path: Path, key: str) -> None:
        for place, fact in enumerate(question[key]):
            if fact not in self.facts:
                self._fault(question["file"], "rules.fact_unknown", (*path, key, place), **self._near(fact, self.facts))

    def _every_source(self) -> Iterator[tuple[str, Path, Plain]]:
        for key in ("facts", "presumptions", "actions"):
            for each in self.plain[key]:
                yield from _sources_in(each["file"], (key, each["at"]), each)
        for regime in self.plain["regimes"]:
            for part in (*regime["recipients"], *regime["rules"]):
                yield from _sources_in(part["file"], (), part)

    # what must hold when the rules are applied

    def _in_force_together(self) -> None:
        """On each day on which a rule changes, whatever the rules in force name must be in force too."""
        for day in self.rulebook.changes:
            try:
                self.rulebook.in_force(day)
            except KeyError as missing:
                rule = self.rules[missing.args[0]]
                self._fault(rule["file"], "rules.not_in_force", ("versions", 0, "from"), rule=rule["id"], day=day)
                return

    def _versions(self) -> Iterator[tuple[Plain, str, int, Plain, InForce]]:
        for name, rule in self.rules.items():
            for index, version in enumerate(rule["versions"]):
                if version["from"] != NOT_YET:
                    yield rule, name, index, version, self.rulebook.in_force(dt.date.fromisoformat(version["from"]))

    def _exceptions_exclude_each_other(self) -> None:
        for rule, name, index, _, in_force in self._versions():
            if rule["kind"] != "duty":
                continue
            for regime in in_force.regimes:
                for duty in (regime.report, regime.notify):
                    if duty is None or duty.rule.name != name:
                        continue
                    reads = sorted(frozenset[str]().union(*(condition.reads for _, condition in duty.exceptions)))
                    ways: list[list[Any]] = [
                        [
                            None,
                            *(
                                (word,) if self.facts[fact].kind == "choices" else word
                                for word in self.facts[fact].words
                            ),
                        ]
                        for fact in reads
                    ]
                    count = 1
                    for way in ways:
                        count *= len(way)
                    path: Path = ("versions", index, "exceptions")
                    if count > _MOST_COMBINATIONS:
                        self._fault(rule["file"], "rules.exceptions_too_wide", path)
                        continue
                    for combination in product(*ways):
                        answers = {
                            fact: value for fact, value in zip(reads, combination, strict=True) if value is not None
                        }
                        try:
                            duty.decide(in_force.presumptions.fill(answers))
                        except ClashingExceptionsError as clash:
                            self._fault(rule["file"], "rules.exceptions_clash", path, reason=str(clash))
                            break

    def _examples_hold(self) -> None:
        for rule, name, index, version, in_force in self._versions():
            for place, example in enumerate(version.get("examples", [])):
                found = self._outcome(rule, name, example, in_force)
                if found != example["expect"]:
                    path: Path = ("versions", index, "examples", place)
                    details = {"name": example["name"], "expected": example["expect"], "found": found}
                    self._fault(rule["file"], "rules.example_fails", path, **details)

    def _outcome(self, rule: Plain, name: str, example: Plain, in_force: InForce) -> str:
        answers: Answers = {}
        for fact, raw in example["given"].items():
            value = self.facts[fact].read(raw)
            answers[fact] = value
        known = in_force.presumptions.fill(answers)
        if rule["kind"] != "duty":
            return in_force.word(name).prove(known).truth.word
        for regime in in_force.regimes:
            for duty in (regime.report, regime.notify):
                if duty is not None and duty.rule.name == name:
                    return duty.decide(known).duty
        return "not used by its regime"


def condition_faults(
    plain: Mapping[str, Any], document: Document, path: Path, written: object, regime: str
) -> list[Fault]:
    """Return what is wrong in a condition that stands outside the rule files; ``plain`` are the checked rules."""
    promises = Promises({document.file: document}, dict(plain))
    promises.facts = promises.rulebook.facts
    list(promises._condition(document.file, path, written, regime))  # noqa: SLF001 - the same promises, elsewhere
    return promises.faults


def _sources_in(file: str, path: Path, part: Any) -> Iterator[tuple[str, Path, Plain]]:  # noqa: ANN401
    """Yield every source written anywhere in a part of a rule file, with its place."""
    if isinstance(part, list):
        for index, each in enumerate(part):
            yield from _sources_in(file, (*path, index), each)
    elif isinstance(part, dict):
        for key, each in part.items():
            if key == "sources":
                for index, source in enumerate(each):
                    yield file, (*path, key, index), source
            else:
                yield from _sources_in(file, (*path, key), each)


def _no_rule(name: str) -> Condition:
    raise KeyError(name)  # a presumption reads stated facts, never rules; the rule was reported before
