"""A terminal for the tests: a real pseudo-terminal with a screen that is read as a person reads it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pexpect
import pyte

if TYPE_CHECKING:
    from pathlib import Path

UP, DOWN, LEFT, ENTER, CTRL_C = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x03"
PATIENCE = 20.0


class Terminal:
    """Runs ``leakresp`` in a terminal of 80 by 24 cells."""

    def __init__(self, folder: Path, *arguments: str, lang: str = "ja", columns: int = 80, rows: int = 24) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LEAKRESP_")}
        environment |= {
            "LEAKRESP_DIR": str(folder),
            "LEAKRESP_CACHE": os.environ["LEAKRESP_CACHE"],
            "LEAKRESP_PROFILES": os.environ["LEAKRESP_PROFILES"],
            "LEAKRESP_LANG": lang,
            "TERM": "xterm-256color",
        }
        for name in ("NO_COLOR", "COLUMNS", "LINES"):
            environment.pop(name, None)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "leakresp", *arguments],
            env=environment,
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )
        self.screen = pyte.Screen(columns, rows)
        # prompt_toolkit asks the terminal where its cursor is, and waits for the answer.
        setattr(self.screen, "write_process_input", self.child.send)  # noqa: B010 - a method of pyte, replaced
        self._stream = pyte.ByteStream(self.screen)
        self.search = "絞り込み：" if lang == "ja" else "Search: "

    def text(self) -> str:
        """Return what the screen shows now."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def _read(self) -> None:
        with suppress(pexpect.TIMEOUT):
            data = self.child.read_nonblocking(65536, timeout=0.05)
            self._stream.feed(data)

    def see(self, *words: str) -> str:
        """Wait until the screen shows all of ``words``, and return it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(pexpect.EOF):
                self._read()
            shown = self.text()
            if all(word in shown for word in words):
                return shown
        message = f"never saw {words} but:\n{self.text()}"
        raise AssertionError(message)

    def see_any(self, *words: str) -> str:
        """Wait until the screen shows one of ``words``, and return it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(pexpect.EOF):
                self._read()
            if any(word in self.text() for word in words):
                return self.text()
        message = f"never saw any of {words} but:\n{self.text()}"
        raise AssertionError(message)

    def gone(self, *words: str) -> None:
        """Wait until the screen shows none of ``words`` any more."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and any(word in self.text() for word in words):
            with suppress(pexpect.EOF):
                self._read()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.child.send(key)

    def pick(self, words: str) -> None:
        """Search a list for ``words`` and take the first line."""
        self.press(words)
        self.see(f"{self.search}{words}")
        self.press(ENTER)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size while the program runs."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def end(self) -> int:
        """Wait until the program ends and return its exit code."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                self._read()
            except pexpect.EOF:
                break
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -(self.child.signalstatus or 0)

    def kill(self) -> None:
        """Kill the program as a power cut would."""
        self.child.kill(9)
        self.child.close(force=True)
