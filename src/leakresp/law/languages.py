"""The languages of everything a person reads."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = ("ja", "en")
