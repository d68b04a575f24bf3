"""A disk that refuses what is asked of it, once, by chance, or from one moment on for good, as when the power is cut.

What leakresp asks of the system while a ``Disk`` breaks is counted: opening, writing, shortening, closing and syncing
files, making, renaming and removing them. So a test can let each of them fail in its turn, or stop the world before it.
"""

import errno
import io
import os
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest import mock

#: Whose questions count: ours, and the library's where it asks for us. The lock's own are not the disk's.
_ASKING = ("leakresp.", "pathlib", "shutil", "tempfile")
_ASKED = ("open", "fsync", "mkdir", "rename", "replace", "unlink", "rmdir")


class PowerCut(BaseException):
    """The process is gone: nothing it would still do is done."""


class Disk:
    """A disk that fails at the question numbered ``fails_at``, or with the probability ``rate``.

    With ``cut`` everything ends there; otherwise the one question is answered with ``reason``, and a write that fails
    has taken half of what it was given.
    """

    def __init__(self, fails_at=None, *, cut=False, chance=None, rate=0.0, reason=errno.EIO):
        self.fails_at, self.cut, self.chance, self.rate, self.reason = fails_at, cut, chance, rate, reason
        self.asked = self.failed = 0
        self.gone = False
        self._open = {}
        self._durable = {}

    def refuses(self):
        """Count a question and tell whether it is refused."""
        number, self.asked = self.asked, self.asked + 1
        bad = number == self.fails_at or (self.chance is not None and self.chance.random() < self.rate)
        self.failed += bad
        self.gone |= bad and self.cut
        return bad or self.gone

    def fail(self):
        """Answer as a disk that fails."""
        if self.gone:
            raise PowerCut
        raise OSError(self.reason, os.strerror(self.reason))

    @contextmanager
    def breaks(self):
        """Let leakresp work on this disk."""
        disk = self

        class File(io.FileIO):
            def __init__(self, name, *how, **more):
                super().__init__(name, *how, **more)
                path = Path(name)
                disk._open[self.fileno()] = path
                disk._durable.setdefault(path, path.read_bytes())

            def write(self, content):
                gone = disk.gone
                if disk.refuses():
                    if not gone:
                        super().write(bytes(content)[: len(content) // 2])
                    disk.fail()
                return super().write(content)

            def truncate(self, size=None):
                if disk.refuses():
                    disk.fail()
                return super().truncate(size)

            def close(self):
                if self.closed:
                    return
                disk._open.pop(self.fileno(), None)
                super().close()
                if disk.refuses():
                    disk.fail()

        with (
            mock.patch.object(io, "FileIO", File),
            mock.patch.multiple(os, **{name: self._os(name) for name in _ASKED}),
        ):
            yield self

    def _os(self, name):
        real = getattr(os, name)

        def asked(*what, **how):
            caller = sys._getframe(1).f_globals["__name__"]
            if not caller.startswith(_ASKING):
                return real(*what, **how)
            if self.refuses():
                self.fail()
            answer = real(*what, **how)
            if name == "fsync" and what[0] in self._open:
                path = self._open[what[0]]
                self._durable[path] = path.read_bytes()
            return answer

        return asked

    def after_power_cut(self, path):
        """Return what a file may hold when the power is back.

        What was synced is there. What was added since may be there, in part, or as zeros; what was cut off since may
        still be there.
        """
        now = path.read_bytes()
        durable = self._durable.get(path, now)
        same = (one == other for one, other in zip(now, durable, strict=False))
        whole = now[: next((place for place, equal in enumerate(same) if not equal), min(len(now), len(durable)))]
        rest = now[len(whole) :]
        parts = sorted({0, 1, len(rest) // 3, len(rest) // 2, max(len(rest) - 1, 0), len(rest)})
        grown = (whole + rest[:part] + b"\0" * zeros for part in parts for zeros in (0, len(rest) - part))
        return dict.fromkeys((durable, now, *grown))


def every_failure(begin, work, check, **disk):
    """Let each thing that ``work`` asks of the disk fail in its turn, and ``check`` what is left each time.

    All three get the number of the turn, ``check`` also the disk and what was raised. Returns the number of turns.
    """
    for turn in count():
        begin(turn)
        faulty = Disk(turn, **disk)
        raised = None
        try:
            with faulty.breaks():
                work(turn)
        except (PowerCut, Exception) as error:  # noqa: BLE001 - a check says which are right
            raised = error
        if faulty.asked <= turn:
            assert raised is None, f"nothing failed, and yet: {raised!r}"
            return turn
        check(turn, faulty, raised)
    return None
