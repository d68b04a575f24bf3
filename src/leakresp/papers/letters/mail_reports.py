"""Delivery reports of mail servers (RFC 3464) read: which mail is meant, and what became of it.

A report names its mail by the Message-ID that we gave it, found among the headers that came back, else by the address
it could not reach. Mails of any other form are told, for somebody to read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from leakresp.law.vocabulary import JAPAN
from leakresp.papers.letters.delivery import DeliveryUnfit, Names, Place, Result, Unread
from leakresp.papers.letters.ledger import CODE

if TYPE_CHECKING:
    from typing import BinaryIO

#: Of a mail no more than this is read: a report stands before the mail that came back with it.
LARGEST: Final = 4 << 20
_LONGEST_LINE: Final = 1 << 20
_HEAD: Final = 4096
_FROM: Final = b"From "
_HEADER: Final = re.compile(rb"[!-9;-~]+:[ \t]?")
_MAILS: Final = frozenset({".eml", ".mbox", ".mbx"})
_TABLES: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"})
_OURS: Final = re.compile(r"<([0-9a-f]{32})@leakresp\.invalid>", re.IGNORECASE)
_CODE: Final = re.compile(rf"\s*({CODE})(?![0-9.])")
_REPLY: Final = re.compile(r"\s*(?:smtp\s*;)?\s*([245])[0-9][0-9](?![0-9])", re.IGNORECASE)
_STATUS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED: Final = frozenset({"message/rfc822", "message/global"})
_RETURNED_HEADERS: Final = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
#: What a server reports that is not the end of the matter: it handed the mail on to one that sends no reports.
_HANDED_ON: Final = frozenset({"relayed", "expanded"})


def is_mail(path: Path) -> bool:
    """Tell whether a path holds mails rather than a table."""
    try:
        if path.is_dir():
            return True
        if not path.is_file():
            return False
        if path.suffix.lower() in _MAILS:
            return True
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return False  # a table that cannot be opened is told as such
    return head.startswith(_FROM) or (path.suffix.lower() not in _TABLES and _HEADER.match(head) is not None)


def read_mail(path: Path) -> Iterator[Result | Unread]:
    """Yield what the reports of a mail, a mailbox or a folder of mails say. Raises ``DeliveryUnfit``."""
    try:
        if path.is_dir():
            yield from _read_folder(path)
            return
        with path.open("rb") as file:
            mailbox = file.read(len(_FROM)) == _FROM
            file.seek(0)
            if mailbox:
                for line, content in _mails(file):
                    yield from read_report(content, Place(str(path), line))
            else:
                yield from read_report(file.read(LARGEST), Place(str(path)))
    except OSError as error:
        where = str(error.filename or path)
        raise DeliveryUnfit("file.unreadable", where, reason=error.strerror or str(error)) from None


def _read_folder(folder: Path) -> Iterator[Result | Unread]:
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".eml" and path.is_file())
    if not paths:
        raise DeliveryUnfit("delivery.no_mails", str(folder))
    for path in paths:
        with path.open("rb") as file:
            yield from read_report(file.read(LARGEST), Place(str(path)))


def _mails(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each mail of a mailbox with the line at which it begins; of a large one the beginning."""
    begun, size, blank = 0, 0, True
    lines: list[bytes] = []
    for number, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 1):
        if blank and line.startswith(_FROM):
            if begun:
                yield begun, b"".join(lines)
            begun, size, lines = number, 0, []
        elif size < LARGEST:
            size += len(line)
            lines.append(line)
        blank = not line.strip(b"\r\n")
    yield begun, b"".join(lines)


def read_report(content: bytes, place: Place) -> Iterator[Result | Unread]:
    """Yield a result for each mail that a report tells of, or that the mail is no report."""
    try:
        message = message_from_bytes(content)
        parts = _parts(message)
        groups = [group for part in parts if part.get_content_type() in _STATUS for group in _groups(part)]
        recipients = [group for group in groups if _text(group, "Final-Recipient") or _text(group, "Action")]
        key = (_key(parts) or _key_named(message, groups)) if recipients else ""
    except (ValueError, LookupError, RecursionError, TypeError, AttributeError):
        # What a hostile mail does to the library's parser.
        yield Unread(place, "no_report")
        return
    if not recipients:
        yield Unread(place, "no_report")
        return
    outcomes = [(_outcome(group), _when(group, message), _emails(group)) for group in recipients]
    if key:
        yield _of_one(place, key, outcomes)
        return
    for (outcome, code), when, emails in outcomes:
        if not outcome:
            yield Unread(place, "silent")
        elif not emails:
            yield Unread(place, "unnamed")
        else:
            yield Result(place, Names(emails=emails), outcome, code, when)


def _of_one(place: Place, key: str, outcomes: list[tuple[tuple[str, str], str, tuple[str, ...]]]) -> Result | Unread:
    """Return what a report says of the one mail it is about; several answers that differ are for people to read."""
    said = {outcome for (outcome, _), _, _ in outcomes}
    if said == {""}:
        return Unread(place, "silent")
    if len(said) > 1:
        return Unread(place, "mixed")
    (outcome, code), when, _ = outcomes[0]
    return Result(place, Names(key=key), outcome, code, when)


# the parts of a report -----------------------------------------------------------------------------------------------


def _parts(message: Message) -> list[Message]:
    """Return the parts of a report; a report that somebody passed on inside another mail is none."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _groups(part: Message) -> Iterator[Message]:
    """Yield the groups of fields of a report: one for the report, then one for each recipient."""
    payload = part.get_payload()
    blocks = [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    yield from blocks
    if part.get_content_type() == "message/delivery-status":
        return
    for block in blocks:  # the library reads one of the newer form as a mail: the recipients are its text
        text = block.get_payload(decode=True)
        if isinstance(text, bytes):
            yield from (message_from_bytes(group) for group in re.split(rb"\r?\n[ \t]*\r?\n", text) if group.strip())


def _key(parts: Iterable[Message]) -> str:
    """Return the key in the Message-ID of the mail that came back."""
    for part in parts:
        kind = part.get_content_type()
        if kind in _RETURNED or kind in _RETURNED_HEADERS:
            payload = part.get_payload()
            came_back = payload[0] if isinstance(payload, list) and payload else _headers(part)
            if isinstance(came_back, Message) and (found := _OURS.search(_text(came_back, "Message-ID"))):
                return found[1].lower()
    return ""


def _headers(part: Message) -> Message | None:
    content = part.get_payload(decode=True)
    return message_from_bytes(content) if isinstance(content, bytes) else None


def _key_named(message: Message, groups: Iterable[Message]) -> str:
    """Return the key by which the report itself names the mail, or which it answers."""
    named = [_text(group, "X-Original-Message-ID") for group in groups]
    named += [_text(message, "In-Reply-To"), _text(message, "References")]
    found = {each.lower() for text in named for each in _OURS.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _text(message: Message, name: str) -> str:
    """Return a field on one line; what is not ASCII in it is UTF-8, as the newer form has it."""
    written = next((str(text) for field, text in message.raw_items() if field.casefold() == name.casefold()), "")
    return " ".join(written.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _outcome(group: Message) -> tuple[str, str]:
    """Return what became of the mail, and the code. A fault that may pass is none of the address."""
    action = _text(group, "Action").partition(" ")[0].casefold()
    coded = _CODE.match(_text(group, "Status"))
    code = coded[1] if coded else ""
    reply = _REPLY.match(_text(group, "Diagnostic-Code"))
    kind = code[:1] or (reply[1] if reply else "")
    if action in _HANDED_ON:
        return "", ""
    if action == "delayed":
        return "delayed", code
    if action == "delivered" or (not action and kind == "2"):
        return "delivered", code
    if action not in {"failed", ""} or kind == "2" or not (action or kind):
        return "", ""
    if kind == "4":
        return "expired" if action else "delayed", code
    return "bounced", code


def _when(group: Message, message: Message) -> str:
    """Return the minute of the last attempt, else that of the report, in Japan."""
    for written in (_text(group, "Last-Attempt-Date"), _text(message, "Date")):
        try:
            moment = parsedate_to_datetime(written)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
            return moment.astimezone(JAPAN).strftime("%Y-%m-%dT%H:%M")
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return ""


def _emails(group: Message) -> tuple[str, ...]:
    """Return the addresses of a recipient: as the mail was sent, and where the server took it."""
    written = (_text(group, name) for name in ("Original-Recipient", "Final-Recipient"))
    found = (address.partition(";")[2].strip() or address for address in written)
    return tuple(dict.fromkeys(address for address in found if "@" in address))
