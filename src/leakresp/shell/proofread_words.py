"""What proofreading found, in words: paper by paper, with the line, why it matters and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import WrongAnswer
from leakresp.papers.catalogue import PaperTemplate
from leakresp.shell.layout import GAP, Row
from leakresp.shell.status_words import basis_titles, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from leakresp.papers.proofreading import Finding
    from leakresp.shell.desk import Desk
    from leakresp.shell.proofreader import Copy, Proofread

SCHEMA: Final = "leakresp/proofreading/1"
#: Cells of a quoted line: enough to find it again.
_QUOTE: Final = 120
#: Most an answer may take in a sentence; a longer one is only named.
_SHORT: Final = 60


class ProofreadWords:
    """Findings in the language of the desk."""

    def __init__(self, desk: Desk, catalogue: Mapping[str, PaperTemplate]) -> None:
        self.desk: Final = desk
        self.say: Final = desk.say
        self.catalogue: Final = catalogue

    def rows(self, proofs: Sequence[Proofread]) -> Iterator[Row]:
        """Yield every paper with what was found in it, then how many of each."""
        for proof in proofs:
            yield Row(self._head(proof), 0, 2, "strong")
            for finding in proof.findings:
                yield from self._finding(finding, proof.copy)
            if not proof.findings:
                yield Row(self.say("proofread.clean"), 2, 2, "muted")
            yield GAP
        mend = sum(proof.to_mend for proof in proofs)
        notes = sum(len(proof.findings) for proof in proofs) - mend
        key = "proofread.sum" if mend or notes else "proofread.sum.none"
        yield Row(self.say(key, papers=len(proofs), mend=mend, notes=notes), style="bad" if mend else "good")

    def json(self, name: str | None, proofs: Sequence[Proofread]) -> dict[str, Any]:
        """Return every paper with what was found in it as plain values; keys are the same in every language."""
        return {"schema": SCHEMA, "case": name, "papers": [self._plain(proof) for proof in proofs]}

    def _plain(self, proof: Proofread) -> dict[str, Any]:
        copy = proof.copy
        return {
            "paper": copy.paper or None,
            "file": copy.shown,
            "lang": proof.lang,
            "format": copy.form,
            "sent": copy.sent is not None,
            "edited": copy.edited,
            "mend": proof.to_mend,
            "findings": [
                {
                    "kind": finding.kind,
                    "line": finding.line,
                    "text": finding.text,
                    "why": self.why(finding),
                    "instead": self.instead(finding, copy),
                    "mend": finding.mend,
                }
                for finding in proof.findings
            ],
        }

    def _head(self, proof: Proofread) -> str:
        copy = proof.copy
        key = "proofread.head.sent" if copy.sent else "proofread.head"
        return self.say(key, title=self.title(copy.paper) or copy.shown, file=copy.shown)

    def title(self, paper: str) -> str:
        """Return the title of a paper; one the catalogue does not have goes by its name."""
        return self.catalogue[paper].title[self.say.lang] if paper in self.catalogue else paper

    def _finding(self, finding: Finding, copy: Copy) -> Iterator[Row]:
        mark = self.say("proofread.mend" if finding.mend else "proofread.note")
        style = "bad" if finding.mend else "unsure"
        key = "proofread.whole" if finding.line is None else self._place(copy)
        yield Row(self.say(key, mark=mark, line=finding.line, why=self.why(finding)), 2, 2, style)
        if finding.text and finding.text != finding.details.get("hole"):
            yield Row(self.say("proofread.quote", text=shortened(finding.text, _QUOTE)), 4, 2, "muted")
        yield Row(self.say("proofread.do", text=self.instead(finding, copy)), 4, 2)

    @staticmethod
    def _place(copy: Copy) -> str:
        """Return how a place is told: nobody sees the lines of a Word document, only its paragraphs."""
        return "proofread.paragraph" if copy.form == "docx" else "proofread.line"

    # the sentences

    def why(self, finding: Finding) -> str:
        """Return why a finding matters."""
        if finding.kind == "wording":
            details = finding.details
            return self.say("proofread.why.wording", words=details["words"], why=_text(details["why"], self.say.lang))
        sentence = self.say(f"proofread.why.{finding.key}", **self._details(finding))
        if "there" in finding.details and finding.key in {"differs", "off_record"}:
            sentence += self.say("proofread.there", **self._details(finding))
        return sentence

    def instead(self, finding: Finding, copy: Copy) -> str:
        """Return what to do about a finding."""
        if copy.sent is not None:
            return self.say("proofread.instead.sent")
        if finding.kind == "wording":
            return _text(finding.details["instead"], self.say.lang)
        return self.say(f"proofread.instead.{finding.key}", **self._details(finding))

    def _details(self, finding: Finding) -> dict[str, object]:
        details = dict(finding.details)
        for key in ("there", "paper"):
            if key in details:
                details[key] = self.title(str(details[key]))
        if "where" in details:
            places: Any = details["where"]
            details["where"] = self.say.listed(map(self._where, places or ("draft",)))
        if "item" in details:
            choice = self.desk.facts["data_items"].choices[str(details["item"])]
            details["item"] = choice.title[self.say.lang]
        if "weekday" in details:
            details["weekday"] = self.say("proofread.weekdays").split()[int(str(details["weekday"]))]
        if finding.kind == "stale":
            changed: Any = details["changed"]
            details["changed"] = self.say.listed(dict.fromkeys(self._changed(*each) for each in changed.items()))
        return details

    def _where(self, where: str) -> str:
        if where in self.desk.facts:
            return self.say("proofread.fact", title=self.desk.phrases.title(where), id=where)
        return self.say(f"proofread.where.{where.removeprefix('record.')}")

    def _changed(self, name: str, pair: tuple[str, str]) -> str:
        """Return what a paper rests on that changed, with what it was and what it is where that is short."""
        title = basis_titles([name], self.desk)[0]
        then, now = (self._value(name, value) for value in pair)
        if then is None or now is None:
            return title
        return self.say("proofread.changed", title=title, then=then, now=now)

    def _value(self, name: str, value: str) -> str | None:
        """Return a kept answer in words, or ``None`` where it cannot be told shortly."""
        fact = self.desk.facts.get(name)
        if fact is None or value.startswith("sha256:"):
            return None
        if not value:
            return self.say("value.not_asked")
        try:
            words = self.desk.phrases.value(name, fact.read(value.split(",") if fact.kind == "choices" else value))
        except WrongAnswer:
            return None
        return words if len(words) <= _SHORT else None


def _text(text: Any, lang: str) -> str:  # noqa: ANN401 - words in both languages
    return str(text[lang])
