"""A desk on a fixed day with a fixed catalogue of papers, so that a screen changes only when its words or rules do."""

import datetime as dt
import os
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from tests.incidents import TODAY, read

from leakresp.law.vocabulary import JAPAN
from leakresp.shell.desk import Desk
from leakresp.shell.wording import Wording

GOLDEN = Path(__file__).parent / "golden" / "screens"

PAPERS = [
    {
        "id": "ppc_preliminary_report",
        "title": {"ja": "個人情報保護委員会への速報", "en": "Preliminary report to the Commission"},
        "basis": "law",
        "duty": ["appi.report"],
        "when_duty_is": ["required", "undetermined"],
        "needs": ["discovered_on", "cause", "data_items", "affected_people"],
        "may_be_open": [],
    },
    {
        "id": "letter",
        "title": {"ja": "本人への書状", "en": "Letter to the person"},
        "basis": "law",
        "duty": ["appi.notify"],
        "when_duty_is": ["required", "undetermined"],
        "needs": [
            "discovered_on",
            "occurred_on",
            "leak",
            "secondary_damage",
            "cause",
            "data_items",
            "medium",
            "sector",
            "published",
        ],
        "may_be_open": [],
    },
]

#: Incidents as an answers file writes them.
INCIDENTS: dict[str, dict[str, Any]] = {
    "nurse_hands_one_paper_to_the_wrong_patient": {
        "data_relation": "own",
        "record_kind": "personal_data",
        "cause": "misdelivery",
        "wrongful_act": "ruled_out",
        "medium": ["paper"],
        "strong_encryption": "no",
        "other_protection": "no",
        "leak": "confirmed",
        "data_items": ["name", "treatment_or_dispensing"],
        "data_items_complete": "yes",
        "affected_people": 1,
        "sector": "medical",
        "discovered_on": "2026-11-20",
    },
    "ransomware": {
        "cause": "ransomware",
        "leak": "suspected",
        "unusable": "confirmed",
        "data_items": ["name", "email"],
        "affected_people": "500..3000",
        "discovered_on": "2026-11-18",
    },
    "mail_shows_950_addresses": {
        "organisation_type": "business",
        "data_relation": "own",
        "record_kind": "personal_data",
        "cause": "bcc_mistake",
        "wrongful_act": "ruled_out",
        "leak": "confirmed",
        "data_items": ["email"],
        "data_items_complete": "yes",
        "affected_people": 950,
        "discovered_on": "2026-11-20",
    },
    "entrustee_told_its_entrustor": {
        "data_relation": "entrusted_to_us",
        "entrustor_bears_duty": "yes",
        "entrustor_notified": "yes",
        "cause": "unauthorized_access",
        "leak": "confirmed",
        "affected_people": "1001..",
        "discovered_on": "2026-11-20",
    },
    "usb_memory_lost_and_little_known": {
        "cause": "lost_device",
        "leak": "suspected",
        "data_items": "unknown",
        "discovered_on": "2026-11-20",
    },
}


def desk(library, lang="ja", now=TODAY, *, plain=False):
    """Return a desk on the day ``now``, with the catalogue of papers above."""
    moment = dt.datetime.combine(now, dt.time(9, 0), JAPAN)
    return Desk(Wording(library.words, lang), replace(library, heads=PAPERS), moment, None, plain)


def assessed(at, stated):
    """Return the assessment of an incident written as a file writes it."""
    return at.assessor.assess(read(at.facts, stated), at.on, at.today)


class Terminal(StringIO):
    """Output that says it is a terminal."""

    def isatty(self):
        return True


def golden(name, found, folder=GOLDEN):
    """Hold ``found`` against the file ``name``; UPDATE_GOLDEN=1 writes it anew."""
    path = folder / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{name} has changed: look at it, then run with UPDATE_GOLDEN=1"
