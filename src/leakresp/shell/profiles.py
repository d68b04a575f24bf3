"""Profiles: the facts of an organisation, stated once in peace time and used by every case.

A profile is a file of the user's configuration folder, in the form of an answers file, with the language and the name
for the record beside the facts. Group companies have one each. No fact of an incident belongs in it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.languages import LANGUAGES
from leakresp.law.vocabulary import WrongAnswer, nearest, read_words, written
from leakresp.shell.contacts import CONTACTS, SECTION, contact_faults, read_contacts
from leakresp.shell.faults import MISUSE, Fault, FaultsError, fault_of
from leakresp.shell.preferences import NAME, SUFFIX, chosen_name, profile_file, profiles_folder
from leakresp.shell.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.vocabulary import Fact
    from leakresp.shell.desk import Desk
    from leakresp.shell.documents import Document

#: The facts a profile may hold, in the order in which they are asked.
FACTS: Final = (
    "organisation_type",
    "organisation_name",
    "organisation_address",
    "representative",
    "contact_person",
    "desk_name",
    "desk_phone",
    "desk_hours",
    "desk_email",
    "sector",
    "privacy_mark",
    "listed_company",
    "critical_infrastructure",
    "offered_abroad",
    "licence_from",
    "credit_body",
)
#: Those of them that matter in some lines of business only: they decide which of several authorities is told.
OF_SOME: Final = frozenset(("licence_from", "credit_body"))
_FACTS: Final = "facts"
_SECTIONS: Final = ("language", "by", SECTION, _FACTS)
_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Profile:
    """One organisation: its facts, the language of its screens, the name that stands in the record, whom to call."""

    name: str
    answers: Answers = field(default_factory=dict)
    language: str | None = None
    by: str | None = None
    contacts: dict[str, str] = field(default_factory=dict)

    @property
    def contacts_missing(self) -> list[str]:
        """The places of the contact tree for which nobody is named."""
        return [role for role in CONTACTS if role not in self.contacts]


def names() -> list[str]:
    """Return the names of all profiles. Raises ``FaultsError``."""
    try:
        found = [path.stem for path in profiles_folder().iterdir() if path.suffix == SUFFIX and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unreadable", str(profiles_folder()), details={"reason": reason})]) from None
    return sorted(name for name in found if NAME.fullmatch(name))


def find(chosen: str | None, facts: Mapping[str, Fact]) -> Profile | None:
    """Return the profile that is meant, or ``None`` where nobody named one and there is no default one.

    Raises ``FaultsError`` for a profile that was named and is not there, and for a file that is wrong.
    """
    name = chosen_name(chosen)
    file = profile_file(name)
    if file.is_file():
        return read(file, facts)
    if chosen is None and not os.environ.get("LEAKRESP_PROFILE"):
        return None
    details = {"name": name, "nearest": nearest(name, names())}
    raise FaultsError([Fault("profile.missing", str(file), details=details)], MISUSE)


def of_triage(desk: Desk, chosen: str | None) -> Profile | None:
    """Return the profile a new case takes over.

    A profile nobody named is told to be wrong and passed over: a slip made in peace time must not stop the response.
    Raises ``FaultsError`` for one that was named.
    """
    try:
        return find(chosen, desk.facts)
    except FaultsError as error:
        if chosen is not None or os.environ.get("LEAKRESP_PROFILE"):
            raise
        lines = [*(sentence(desk.say, fault) for fault in error.faults), desk.say("profile.passed_over")]
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        return None


def read(file: Path, facts: Mapping[str, Fact]) -> Profile:
    """Return what a profile says, checked like any answers. Raises ``FaultsError`` with every fault of the file."""
    from leakresp.shell.answers import read_given
    from leakresp.shell.desk import read_bytes
    from leakresp.shell.documents import decode, read_document

    document = read_document(decode(read_bytes(str(file)), str(file)), str(file))
    data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
    faults = list(_faults(document, data))
    answers: Answers = {}
    try:
        answers = read_given(document, facts, beside=[key for key in data if key != _FACTS]).answers
    except FaultsError as error:
        faults = [*error.faults, *faults]
    named = data.get(_FACTS)
    faults += [
        document.fault("profile.not_of_organisation", (_FACTS, fact), fact=fact)
        for fact in (named if isinstance(named, dict) else ())
        if fact in facts and fact not in FACTS
    ]
    if faults:
        raise FaultsError(faults)
    return Profile(file.stem, answers, data.get("language"), data.get("by"), read_contacts(data))


def _faults(document: Document, data: Mapping[str, Any]) -> Iterator[Fault]:
    for key in data:
        if key not in _SECTIONS:
            near = nearest(key, (*_SECTIONS, *FACTS))
            yield document.fault("profile.section_unknown", (key,), word=key, nearest=near, words=_SECTIONS)
    if data.get("language", LANGUAGES[0]) not in LANGUAGES:
        yield document.fault("lang.unknown", ("language",))
    if not isinstance(data.get("by", ""), str):
        yield document.fault("answer.not_one_word", ("by",))
    yield from contact_faults(document, data)


def write(profile: Profile) -> Path:
    """Keep a profile, readable by its owner only; the file is whole at every moment. Raises ``FaultsError``."""
    file = profile_file(profile.name)
    fresh = file.with_suffix(f".{os.getpid()}.new")
    try:
        file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_text(profile).encode())
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        reason = error.strerror or str(error)
        raise FaultsError([Fault("file.unwritable", str(file), details={"reason": reason})]) from None
    return file


def _text(profile: Profile) -> str:
    import yaml

    found: dict[str, Any] = {}
    if profile.language:
        found["language"] = profile.language
    if profile.by:
        found["by"] = profile.by
    if profile.contacts:
        found[SECTION] = {role: profile.contacts[role] for role in CONTACTS if role in profile.contacts}
    facts = {fact: written(profile.answers[fact]) for fact in FACTS if fact in profile.answers}
    if facts:
        found["facts"] = facts
    text: str = yaml.safe_dump(found, allow_unicode=True, sort_keys=False, default_flow_style=False, width=100)
    return text


def lacking(answers: Answers, desk: Desk) -> list[str]:
    """Return the facts a profile with these answers still lacks, in the order in which they are asked."""
    from leakresp.response.prepared import branching

    known = branching(desk.assessor.rulebook.in_force(desk.today), answers)
    return [fact for fact in FACTS if fact not in answers and (fact not in OF_SOME or fact in known)]


def check_by(by: str) -> str:
    """Return a name for the record as a profile keeps it. Raises ``FaultsError``."""
    try:
        return " ".join(read_words(by).split())
    except WrongAnswer as wrong:
        raise FaultsError([fault_of(wrong, path="--by")], MISUSE) from None
