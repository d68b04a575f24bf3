"""A mail as a draft: a subject and plain words, nothing attached, nothing linked, and nobody it is sent to yet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from leakresp.papers.formats.press import Press, Unwritable
from leakresp.papers.formats.reader import markdown
from leakresp.papers.formats.text import block_text

if TYPE_CHECKING:
    from email.headerregistry import Address

    from leakresp.papers.marks import Block
    from leakresp.papers.render import Rendered

#: What every mail server takes. An address beyond it is left to whoever sends, not guessed at here.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_MESSAGE_ID: Final = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
#: How the words travel. Servers may break a line longer than 998 bytes, so no line is sent as it is.
TRANSPORT: Final = {"ja": "base64", "en": "quoted-printable"}


def as_mail(rendered: Rendered, press: Press) -> bytes:
    """Return a paper as a mail without recipient and date; Outlook opens it as a draft (``X-Unsent``)."""
    subject, blocks = subject_and_rest(rendered)
    return mail(subject, body_text(blocks, rendered.lang), rendered.lang, press)


def mail(subject: str, body: str, lang: str, press: Press) -> bytes:
    """Return one mail. A line end in ``subject`` is a space: a header cannot be added by it."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(SMTP)
    sender = address(press.sender)
    if sender:
        message["From"] = sender
    message["Subject"] = " ".join(subject.split())
    message["X-Unsent"] = "1"
    message.set_content(body, charset="utf-8", cte=TRANSPORT[lang])
    message["Content-Language"] = lang  # only now: setting the words takes away every header about them
    return message.as_bytes()


def address(typed: str) -> Address | None:
    """Return an address that is one, else ``None``: a mail without sender is completed by whoever sends it."""
    from email.headerregistry import Address

    return Address(addr_spec=typed) if _ADDRESS.fullmatch(typed) and ".." not in typed else None


def addressed(to: str, message_id: str) -> bytes:
    """Return the headers that differ from person to person. Raises ``Unwritable`` for what is no address or id."""
    if to and (not _ADDRESS.fullmatch(to) or ".." in to):
        raise Unwritable("to")
    if message_id and not _MESSAGE_ID.fullmatch(message_id):
        raise Unwritable("message_id")
    first = f"To: {to}\r\n" if to else ""
    return (first + (f"Message-ID: {message_id}\r\n" if message_id else "")).encode("ascii")


def subject_and_rest(rendered: Rendered) -> tuple[str, tuple[Block, ...]]:
    """Return the first heading as subject (without one the paper's title) and the blocks without it."""
    for place, block in enumerate(rendered.blocks):
        lines = _heading(block.text)
        if lines is None:
            continue
        text = block.text.split("\n")
        rest = replace(block, text="\n".join(text[: lines[0]] + text[lines[1] :]).strip("\n"))
        blocks = (*rendered.blocks[:place], rest, *rendered.blocks[place + 1 :])
        return block_text("\n".join(text[lines[0] : lines[1]]), rendered.lang).replace("\n", " "), blocks
    return rendered.title, rendered.blocks


def _heading(text: str) -> tuple[int, int] | None:
    """Return the first and the next line of the first main heading."""
    for token in markdown().parse(text):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0 and token.map:
            return token.map[0], token.map[1]
    return None


def body_text(blocks: tuple[Block, ...], lang: str) -> str:
    """Return a mail's words. Lines are as long as their paragraph and start on the left: a phone breaks them itself."""
    return "\n\n".join(block_text(block.text, lang) for block in blocks if block.text.strip()) + "\n"
