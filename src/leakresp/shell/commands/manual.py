"""``leakresp manual``: the organisation's response manual, made from the rules in force and from its profile."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import nearest
from leakresp.papers.formats import Press
from leakresp.papers.manual import Contact, House, manual_paper
from leakresp.response.manual import CAUSE, Scope, manual_of
from leakresp.shell.condition_words import condition_line
from leakresp.shell.contacts import INSIDE, OUTSIDE
from leakresp.shell.desk import Desk
from leakresp.shell.drafts import keep, kept_sentence
from leakresp.shell.faults import DONE, MISUSE, Fault, FaultsError
from leakresp.shell.paper_press import BINARY, made_or_fault
from leakresp.shell.preferences import chosen_name
from leakresp.shell.profiles import FACTS, Profile, find, lacking

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from leakresp.law.held import Answers
    from leakresp.papers.render import Rendered

#: The formats a manual is made in; the first is that of standard output.
FORMATS: Final = ("md", "txt", "html", "docx", "pdf")


def command(
    *,
    output: Path | None,
    format_: str | None,
    profile: str | None,
    settings: list[str],
    causes: list[str],
    on: str | None,
    rules: str | None,
    font: Path | None,
    lang: str | None,
) -> int:
    """Print the manual, or write it to a file. Raises ``FaultsError``."""
    form = _form(format_, output)
    desk = Desk.set_up(lang=lang, rules=rules, on=on)
    found = find(profile, desk.facts) or Profile(chosen_name(None))
    answers = found.answers | _stated(desk, settings)
    _check_causes(desk, causes)
    _put(desk, made_or_fault(_paper(desk, found, answers, causes), form, Press(font)), form, output)
    return DONE


def _form(format_: str | None, output: Path | None) -> str:
    """Return the format: the one named, else by the ending of the file's name. Raises ``FaultsError``."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    form = format_ or ending or FORMATS[0]
    if form not in FORMATS:
        raise FaultsError([Fault("paper.format_unknown", details={"word": form, "words": FORMATS})], MISUSE)
    if form in BINARY and output is None and sys.stdout.isatty():
        raise FaultsError([Fault("paper.file_needed", details={"word": form})], MISUSE)
    return form


def _stated(desk: Desk, settings: list[str]) -> Answers:
    """Return what ``--set`` states of the organisation. Raises ``FaultsError`` for a fact of an incident."""
    given = desk.given(None, settings).answers
    strange = [
        Fault("manual.not_of_organisation", path=fact, details={"fact": fact}) for fact in given if fact not in FACTS
    ]
    if strange:
        raise FaultsError(strange, MISUSE)
    return given


def _check_causes(desk: Desk, causes: Iterable[str]) -> None:
    known = desk.facts[CAUSE].words
    faults = [
        Fault(
            "answer.unknown_word",
            path=f"--cause {word}",
            details={"word": word, "nearest": nearest(word, known), "words": known},
        )
        for word in causes
        if word not in known
    ]
    if faults:
        raise FaultsError(faults, MISUSE)


def _paper(desk: Desk, profile: Profile, answers: Answers, causes: list[str]) -> Rendered:
    day = desk.on or desk.today
    in_force = desk.shelf.rulebook.in_force(day)
    playbook = desk.assessor.playbook(in_force)
    manual = manual_of(in_force, playbook, desk.shelf.heads, Scope(answers, day, frozenset(FACTS), causes))
    house = House(
        tuple(fact for fact in FACTS if fact in {*answers, *lacking(answers, desk)}),
        answers,
        _contacts(desk, profile, INSIDE),
        _contacts(desk, profile, OUTSIDE),
        profile.name,
        drills=find_spec("leakresp.shell.commands.drill") is not None,
    )
    return manual_paper(
        manual, house, desk.phrases, lambda written, regime: condition_line(written, desk.phrases, regime)
    )


def _contacts(desk: Desk, profile: Profile, roles: Iterable[str]) -> list[Contact]:
    say = desk.say
    return [
        Contact(role, say(f"contact.{role}"), say(f"contact.{role}.who"), profile.contacts.get(role)) for role in roles
    ]


def _put(desk: Desk, content: bytes, form: str, output: Path | None) -> None:
    if output is not None:
        sys.stderr.write(kept_sentence(keep(content, output), desk.say) + "\n")
    elif form in BINARY:
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content.decode())
