"""Speed and memory against the goals: ``python -m bench [PART …]``, run from the root of the repository.

Figures of a busy or a virtual machine wander: trust the ratios, which are taken within one run.
"""

import importlib
import importlib.util
import sys
import time

PARTS = ("startup", "engine", "stream", "questions", "journal", "register", "letters", "robustness")


def main(chosen):
    """Run the parts ``chosen``, or all there are."""
    for part in chosen or PARTS:
        if importlib.util.find_spec(f"bench.{part}") is None:
            continue
        begun = time.perf_counter()
        print(f"== {part}", flush=True)
        importlib.import_module(f"bench.{part}").main()
        print(f"   ({time.perf_counter() - begun:.0f} s)\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
