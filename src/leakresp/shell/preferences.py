"""Where profiles are kept, and the two things of them that every command asks first: the language and the name."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from leakresp.law.languages import LANGUAGES
from leakresp.shell.faults import MISUSE, Fault, FaultsError

DEFAULT: Final = "default"
SUFFIX: Final = ".yaml"
NAME: Final = re.compile(r"\w[\w-]{0,39}")
_HEAD: Final = re.compile(rb"^(language|by):[ \t]*(.+?)[ \t]*\r?$", re.MULTILINE)


def profiles_folder() -> Path:
    """Return where profiles are kept: ``LEAKRESP_PROFILES``, else the user's configuration folder."""
    named = os.environ.get("LEAKRESP_PROFILES")
    if named:
        return Path(named)
    from platformdirs import user_config_dir

    return Path(user_config_dir("leakresp", appauthor=False)) / "profiles"


def profile_file(name: str) -> Path:
    """Return the file of a profile. Raises ``FaultsError`` for a name that is none."""
    if not NAME.fullmatch(name):
        raise FaultsError([Fault("profile.name_unsafe", path=name)], MISUSE)
    return profiles_folder() / f"{name}{SUFFIX}"


def chosen_name(chosen: str | None) -> str:
    """Return which profile is meant: ``--profile``, else ``LEAKRESP_PROFILE``, else the default one."""
    return chosen or os.environ.get("LEAKRESP_PROFILE") or DEFAULT


def preferred(key: str) -> str | None:
    """Return what the profile in use says of ``language`` or ``by``, at little cost and without a fault.

    Every command asks this before anything else is known; a file that is wrong is told by who needs its facts.
    """
    with suppress(OSError, FaultsError, UnicodeDecodeError):
        content = profile_file(chosen_name(None)).read_bytes()
        found = {name.decode(): value.decode().strip("'\"") for name, value in _HEAD.findall(content)}
        return found.get(key) if key != "language" or found.get(key) in LANGUAGES else None
    return None
