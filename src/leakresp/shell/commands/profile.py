"""``leakresp profile``: the facts of an organisation, asked once in peace time."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.held import Open
from leakresp.law.vocabulary import written
from leakresp.shell.contacts import CONTACTS, contacts_of
from leakresp.shell.desk import Desk
from leakresp.shell.faults import DONE, FILE_WRONG, INTERRUPTED, MISUSE, Fault, FaultsError
from leakresp.shell.layout import GAP, Row
from leakresp.shell.preferences import chosen_name, profile_file
from leakresp.shell.profiles import FACTS, Profile, check_by, find, lacking, names, read, write
from leakresp.shell.screen import Screen, write_json
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leakresp.law.held import Answers

SCHEMA: Final = "leakresp/profile/1"
LIST_SCHEMA: Final = "leakresp/profiles/1"


def init(
    *,
    profile: str | None,
    answers: Path | None,
    settings: list[str],
    no_input: bool,
    by: str | None,
    rules: str | None,
    plain: bool,
    lang: str | None,
    contacts: list[str] | None = None,
) -> int:
    """Make a profile, or fill in what one still lacks. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    name = chosen_name(profile)
    file = profile_file(name)
    if not no_input and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise FaultsError([Fault("profile.no_terminal")], MISUSE)
    found = read(file, desk.facts) if file.is_file() else Profile(name)
    found = replace(
        found,
        answers=found.answers | _given(desk, answers, settings),
        language=lang or found.language or (None if no_input else desk.say.lang),
        by=check_by(by) if by is not None else found.by,
        contacts=found.contacts | contacts_of(contacts or []),
    )
    if no_input:
        if not (found.answers or found.language or found.by or found.contacts):
            raise FaultsError([Fault("profile.nothing")], MISUSE)
        write(found)
        _told(desk, found)
        return DONE
    return _interview(desk, found)


def _given(desk: Desk, answers: Path | None, settings: list[str]) -> Answers:
    """Return what files and options state, as far as a profile may hold it. Raises ``FaultsError`` for the rest."""
    given = desk.given(answers, settings).answers
    strange = [
        Fault("profile.not_of_organisation", path=fact, details={"fact": fact}) for fact in given if fact not in FACTS
    ]
    if strange:
        raise FaultsError(strange, MISUSE)
    return given


class _Keeper:
    """Keeps a profile while it is asked for: each answer is in its file before the next question is put."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.answers: Answers = dict(profile.answers)
        self.steps: list[list[str]] = []

    def answer(self, facts: Answers, question: str) -> None:
        """Keep an answer; "cannot tell yet" leaves the fact to be asked in the incident."""
        del question
        self.answers |= facts
        stated: Answers = {fact: value for fact, value in self.answers.items() if not isinstance(value, Open)}
        self.profile = replace(self.profile, answers=stated)
        write(self.profile)

    def withdraw(self, facts: list[str]) -> None:
        """Take answers back."""
        for fact in facts:
            self.answers.pop(fact, None)


def _interview(desk: Desk, found: Profile) -> int:
    from leakresp.response.interview import Interview
    from leakresp.shell.interviewer import Interviewer, Stopped
    from leakresp.shell.prompts import BACK

    say, screen = desk.say, Screen(desk)
    screen.write([Row(say("profile.begin", name=found.name)), Row(say("profile.kept"), style="muted")])
    keeper = _Keeper(found)
    write(found)
    interviewer = Interviewer(desk, keeper, Interview(desk.assessor))
    place, code = 0, DONE
    try:
        # An answer can make a later fact matter; one given a moment ago keeps its place, so that "back" finds it.
        while place < len(missing := _to_ask(desk, found, keeper)):
            question = interviewer.interview.question_of(missing[place])
            back = interviewer.ask(question, again=True) == BACK
            place = max(0, place - 1) if back else place + 1
        _ask_contacts(desk, keeper)
    except Stopped:
        pass
    except KeyboardInterrupt:
        code = INTERRUPTED
    screen.write([GAP])
    _told(desk, keeper.profile)
    return code


def _to_ask(desk: Desk, found: Profile, keeper: _Keeper) -> list[str]:
    """Return the facts to be asked: those the profile lacked at first, and still lacks or has been given since."""
    still = {*lacking(keeper.answers, desk), *keeper.answers}
    return [fact for fact in FACTS if fact not in found.answers and fact in still]


def _ask_contacts(desk: Desk, keeper: _Keeper) -> None:
    """Ask whom to call, one place of the contact tree after the other; an empty line leaves a place blank."""
    from leakresp.shell.prompts import type_answer

    say, screen = desk.say, Screen(desk)
    missing = keeper.profile.contacts_missing
    if missing:
        screen.write(
            [GAP, Row(say("profile.contacts_begin", count=len(missing))), Row(say("contact.help"), style="muted")]
        )
    for role in missing:
        screen.write([GAP, Row(say("screen.pair", name=say(f"contact.{role}"), text=say(f"contact.{role}.who")))])
        typed = type_answer(partial(_contact_fault, desk, role))
        if typed.strip():
            keeper.profile = replace(
                keeper.profile, contacts=keeper.profile.contacts | contacts_of([f"{role}={typed}"])
            )
            write(keeper.profile)


def _contact_fault(desk: Desk, role: str, text: str) -> str | None:
    if not text.strip():
        return None
    try:
        contacts_of([f"{role}={text}"])
    except FaultsError as error:
        return sentence(desk.say, replace(error.faults[0], path=""))
    return None


def _told(desk: Desk, profile: Profile) -> None:
    """Say where the profile is, and what it still lacks."""
    say = desk.say
    rows = [Row(say("profile.written", name=profile.name, file=profile_file(profile.name)), style="good")]
    missing = lacking(profile.answers, desk)
    if missing:
        facts = say.listed(map(desk.phrases.title, missing))
        rows.append(Row(say("profile.missing_facts", count=len(missing), facts=facts), 2, 2))
    if profile.contacts_missing:
        blank = profile.contacts_missing
        roles = say.listed(say(f"contact.{role}") for role in blank)
        rows.append(Row(say("profile.missing_contacts", count=len(blank), contacts=roles), 2, 2))
    Screen(desk, out=sys.stderr).write(rows)


# reading --------------------------------------------------------------------------------------------------------------


def show(*, profile: str | None, rules: str | None, as_json: bool, plain: bool, lang: str | None) -> int:
    """Show a profile, and what it still lacks. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    found = find(profile or chosen_name(None), desk.facts)
    if found is None:  # pragma: no cover - a name was given, so it was found or refused
        raise AssertionError
    if as_json:
        write_json(_json(desk, found))
    else:
        Screen(desk).write(_rows(desk, found))
    return DONE


def _json(desk: Desk, profile: Profile) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "name": profile.name,
        "file": str(profile_file(profile.name)),
        "language": profile.language,
        "by": profile.by,
        "facts": {fact: written(profile.answers[fact]) for fact in FACTS if fact in profile.answers},
        "missing": lacking(profile.answers, desk),
        "contacts": {role: profile.contacts[role] for role in CONTACTS if role in profile.contacts},
        "contacts_missing": profile.contacts_missing,
    }


def _rows(desk: Desk, profile: Profile) -> Iterator[Row]:
    say, phrases = desk.say, desk.phrases
    yield Row(say("profile.name", name=profile.name), style="heading")
    yield Row(str(profile_file(profile.name)), 2, style="muted")
    if profile.language:
        yield Row(
            say("screen.pair", name=say("profile.language"), text=say(f"profile.language.{profile.language}")), 2, 2
        )
    if profile.by:
        yield Row(say("screen.pair", name=say("profile.by"), text=profile.by), 2, 2)
    for fact in FACTS:
        if fact in profile.answers:
            value = phrases.value(fact, profile.answers[fact])
            yield Row(say("screen.pair", name=phrases.title(fact), text=value), 2, 2)
    for fact in lacking(profile.answers, desk):
        yield Row(say("profile.missing_fact", fact=phrases.title(fact), id=fact), 2, 2, "unsure")
    yield from _contact_rows(desk, profile)


def _contact_rows(desk: Desk, profile: Profile) -> Iterator[Row]:
    say = desk.say
    yield Row(say("profile.contacts"), style="heading")
    for role in CONTACTS:
        if role in profile.contacts:
            yield Row(say("screen.pair", name=say(f"contact.{role}"), text=profile.contacts[role]), 2, 2)
    for role in profile.contacts_missing:
        yield Row(say("profile.missing_fact", fact=say(f"contact.{role}"), id=f"contacts.{role}"), 2, 2, "unsure")


def list_(*, rules: str | None, as_json: bool, plain: bool, lang: str | None) -> int:
    """List the profiles; one whose file is wrong is told and does not hide the others. Raises ``FaultsError``."""
    desk = Desk.set_up(lang=lang, rules=rules, plain=plain)
    found, code = [], DONE
    for name in names():
        try:
            found.append(read(profile_file(name), desk.facts))
        except FaultsError as error:
            code = FILE_WRONG
            sys.stderr.write("".join(f"{sentence(desk.say, fault)}\n" for fault in error.faults))
    used = chosen_name(None)
    if as_json:
        write_json(
            {"schema": LIST_SCHEMA, "profiles": [_json(desk, each) | {"in_use": each.name == used} for each in found]}
        )
    else:
        rows = [_line(desk, each, used) for each in found]
        Screen(desk).write(rows or [Row(desk.say("profile.none"))])
    return code


def _line(desk: Desk, profile: Profile, used: str) -> Row:
    organisation = str(profile.answers.get("organisation_name", desk.say("profile.unnamed")))
    key = "profile.line_used" if profile.name == used else "profile.line"
    return Row(desk.say(key, name=profile.name, organisation=organisation), 0, 2)
