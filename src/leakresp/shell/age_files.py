"""Files encrypted for somebody with age: only who holds the other half of a key can read them.

The encrypting is pyrage's, a library that is installed only where it is wanted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from leakresp.shell.desk import read_bytes
from leakresp.shell.faults import MISUSE, Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: How a file begins that was encrypted with age, as bytes or as text.
_BEGINNINGS: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_RECIPIENT: Final = "age1"
_SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105 - how such a key begins, and no key
#: Letters that are said of a key: enough to find the line, not enough to use it.
_SHOWN: Final = 12


def is_encrypted(content: bytes) -> bool:
    """Tell whether a file was encrypted with age."""
    return content.startswith(_BEGINNINGS)


def read_recipients(named: Iterable[str]) -> list[Any]:
    """Return the recipients of ``--to``: each an ``age1…``, or a file with one a line. Raises ``FaultsError``."""
    read = _pyrage().x25519.Recipient.from_str
    recipients = []
    for name in named:
        if name.startswith((_RECIPIENT, _SECRET)):  # a secret key is refused here, before it is shown as a file's name
            recipients.append(_key(read, name, "case_files.recipient_unfit", "--to"))
        else:
            recipients += _keys(read, name, "case_files.recipient_unfit")
    return recipients


def encrypt(content: bytes, recipients: list[Any]) -> bytes:
    """Return ``content`` so that only the recipients can read it."""
    encrypted: bytes = _pyrage().encrypt(content, recipients)
    return encrypted


def decrypt(content: bytes, file: str, identity: str | None) -> bytes:
    """Return what a file holds that was encrypted for one of the keys in ``identity``. Raises ``FaultsError``."""
    if identity is None:
        raise FaultsError([Fault("case_files.encrypted", file)], MISUSE)
    pyrage = _pyrage()
    identities = _keys(pyrage.x25519.Identity.from_str, identity, "case_files.identity_unfit")
    try:
        decrypted: bytes = pyrage.decrypt(content, identities)
    except (pyrage.DecryptError, OSError) as error:
        raise FaultsError([Fault("case_files.not_decrypted", file, details={"reason": str(error)})]) from None
    return decrypted


def _keys(read: Callable[[str], Any], file: str, unfit: str) -> list[Any]:
    """Return the keys of a file, one a line; empty lines and those that begin with ``#`` say nothing."""
    text = read_bytes(str(Path(file))).decode("utf-8-sig", errors="replace")
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    keys = [_key(read, line, unfit, file, number) for number, line in lines if line and not line.startswith("#")]
    if not keys:
        raise FaultsError([Fault("case_files.no_keys", file)])
    return keys


def _key(read: Callable[[str], Any], written: str, unfit: str, file: str, line: int | None = None) -> Any:  # noqa: ANN401
    pyrage = _pyrage()
    try:
        return read(written)
    except (pyrage.RecipientError, pyrage.IdentityError):
        raise FaultsError([Fault(unfit, file, line, details={"beginning": written[:_SHOWN]})], MISUSE) from None


def _pyrage() -> Any:  # noqa: ANN401 - the library has no types
    try:
        import pyrage
    except ImportError:
        raise FaultsError([Fault("case_files.no_pyrage", path="pyrage")], MISUSE) from None
    return pyrage
