"""Where rules and templates are: beside the installed package, or at the root of the repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from leakresp.shell.faults import MISUSE, Fault, FaultsError

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def _shipped(name: str) -> Path:
    for place in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if place.is_dir():
            return place
    raise FaultsError([Fault("folder.not_shipped", path=name)])


def rules_folder(chosen: str | None = None) -> Path:
    """Return the rules' folder: ``--rules``, else ``LEAKRESP_RULES``, else the one shipped. Raises ``FaultsError``."""
    named = chosen or os.environ.get("LEAKRESP_RULES")
    if not named:
        return _shipped("rules")
    folder = Path(named)
    if not folder.is_dir():
        raise FaultsError([Fault("folder.missing", file=named)])
    return folder


def templates_folder() -> Path:
    """Return the templates' folder that was shipped. Raises ``FaultsError``."""
    return _shipped("templates")


def compiled_file(name: str) -> Path:
    """Return where a wheel carries its rules and papers already checked and compiled."""
    return _PACKAGE / name


def cache_folder() -> Path:
    """Return the folder for things that can be made again."""
    chosen = os.environ.get("LEAKRESP_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("leakresp", appauthor=False))


def cases_folder(chosen: str | None = None) -> Path:
    """Return the folder of the cases: ``--dir``, else ``LEAKRESP_DIR``, else the user's data folder."""
    named = chosen or os.environ.get("LEAKRESP_DIR")
    if named:
        return Path(named)
    from platformdirs import user_data_dir

    return Path(user_data_dir("leakresp", appauthor=False)) / "cases"


def drills_folder(chosen: str | None = None) -> Path:
    """Return the folder of the exercises: ``--dir``, else ``LEAKRESP_DRILLS``, else the user's.

    Raises ``FaultsError`` where cases are kept there.
    """
    named = chosen or os.environ.get("LEAKRESP_DRILLS")
    if named:
        folder = Path(named)
    else:
        from platformdirs import user_data_dir

        folder = Path(user_data_dir("leakresp", appauthor=False)) / "drills"
    if folder.resolve() == cases_folder().resolve():
        raise FaultsError([Fault("drill.folder_of_cases", file=str(folder))], MISUSE)
    return folder
