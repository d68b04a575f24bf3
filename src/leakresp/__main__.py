"""The entry: what must be quick is answered before anything heavy is imported."""

from __future__ import annotations

import gc
import sys

from leakresp import __version__


def run() -> None:
    """Run the command line and leave with its exit code."""
    # A command lives for a fraction of a second; looking for rings of garbage would cost a tenth of it.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.argv[1:] in (["--version"], ["-V"]):
        sys.stdout.write(f"leakresp {__version__}\n")
        return
    from leakresp.shell.main import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
