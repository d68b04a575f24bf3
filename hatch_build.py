"""Build step: checks the rules and ships them compiled, so that no user waits for the check."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):
    """Puts what was compiled into the wheel; a rule that breaks a promise stops the build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the rules and templates of this tree."""
        if version == "editable":
            return  # what is edited is checked when it is read
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from leakresp.shell.library import compile_folders

        self._folder = tempfile.TemporaryDirectory()
        for name, content in compile_folders(root / "rules", root / "templates").items():
            path = Path(self._folder.name) / name
            path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            build_data["force_include"][str(path)] = f"leakresp/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Throw the compiled file away; it is in the wheel."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()
