"""The lines that name the person a letter goes to."""

from __future__ import annotations

import re
from typing import Final

from leakresp.papers.recipients.recipient import Recipient

_JAPANESE_CODE: Final = re.compile(r"\d{3}-\d{4}")


def addressee(recipient: Recipient, way: str) -> tuple[str, ...]:
    """Return the lines: by ``post`` postal code, address and name; by ``email`` the name alone."""
    if way != "post":
        return (_name(recipient),)
    code = recipient.postal_code
    sign = "〒" if _JAPANESE_CODE.fullmatch(code) else ""
    return (*((f"{sign}{code}",) if code else ()), *recipient.address, _name(recipient))


def _name(recipient: Recipient) -> str:
    """Return the name with its title: behind it in Japanese, before it in English."""
    parts = (recipient.name, recipient.honorific)
    return " ".join(filter(None, parts if recipient.lang == "ja" else reversed(parts)))
