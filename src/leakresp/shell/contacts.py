"""Whom to call at night: the people and firms of a contact tree, named once in peace time and kept in the profile.

They are no facts of an incident: no case takes them over, and no paper tells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import WrongAnswer, nearest, read_words
from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.shell.documents import Document

#: Those inside the organisation, in the order in which they are called.
INSIDE: Final = ("incident_lead", "deputy_lead", "it", "legal", "pr", "hr", "executive")
#: Those outside whose help or word is needed.
OUTSIDE: Final = ("counsel", "forensics", "insurer", "card_company", "police", "entrustors", "entrustees")
CONTACTS: Final = (*INSIDE, *OUTSIDE)
SECTION: Final = "contacts"


def contact_faults(document: Document, data: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the contacts of a profile's file."""
    section = data.get(SECTION, {})
    if not isinstance(section, dict):
        yield document.fault("profile.contacts_no_mapping", (SECTION,))
        return
    for role, raw in section.items():
        try:
            _check(role, raw)
        except WrongAnswer as wrong:
            yield document.fault(_key(wrong), (SECTION, role), **wrong.details)


def read_contacts(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the contacts of a profile's file that was found to have no fault, in their order."""
    section = data.get(SECTION, {})
    return {role: _check(role, section[role]) for role in CONTACTS if role in section}


def contacts_of(options: Iterable[str]) -> dict[str, str]:
    """Return what options ``ROLE=WORDS`` say. Raises ``FaultsError`` with every fault."""
    found, faults = {}, []
    for option in options:
        role, equals, raw = option.partition("=")
        try:
            found[role.strip()] = _check(role.strip(), raw if equals else None)
        except WrongAnswer as wrong:
            faults.append(Fault(_key(wrong), path=f"--contact {role.strip()}", details=wrong.details))
    if faults:
        raise FaultsError(faults, MISUSE)
    return found


def _check(role: str, raw: object) -> str:
    """Return the words for one contact on one line. Raises ``WrongAnswer``."""
    if role not in CONTACTS:
        raise WrongAnswer("contact_unknown", word=role, nearest=nearest(role, CONTACTS), words=CONTACTS)
    if not isinstance(raw, str):
        raise WrongAnswer("not_one_word")
    return " ".join(read_words(raw).split())


def _key(wrong: WrongAnswer) -> str:
    return "profile.contact_unknown" if wrong.key == "contact_unknown" else f"answer.{wrong.key}"
