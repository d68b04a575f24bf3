"""Whether a mail could reach an address at all, told from its form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_USUAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--[A-Za-z0-9-]{{1,59}})")
#: Japanese carriers once gave out addresses with dots side by side or before the @; they are in use.
_CARRIER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
_SEVERAL: Final = re.compile("@.*[,;、，；\\s].*@", re.DOTALL)


def mail_fault(address: str) -> str | None:
    """Return the key of what makes an address impossible, or nothing."""
    if _USUAL.fullmatch(address):
        return None if _short_enough(address) else "email_impossible"
    if "＠" in address or (address.isprintable() and _USUAL.fullmatch(unicodedata.normalize("NFKC", address))):
        return "email_full_width"
    if _SEVERAL.search(address):
        return "email_several"
    local, sign, domain = address.rpartition("@")
    if not sign or "@" in local or not _CARRIER.fullmatch(local):
        return "email_impossible"
    return None if _short_enough(address) and _is_domain(domain) else "email_impossible"


def has_odd_dots(address: str) -> bool:
    """Tell whether the part before the @ begins or ends with a dot, or has two side by side."""
    local = address.rpartition("@")[0]
    return ".." in local or local.startswith(".") or local.endswith(".")


def _short_enough(address: str) -> bool:
    return len(address) <= LONGEST and len(address.rpartition("@")[0]) <= _LONGEST_LOCAL


def _is_domain(domain: str) -> bool:
    try:
        coded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _USUAL.fullmatch(f"a@{coded}") is not None
