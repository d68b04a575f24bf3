"""Run commands at the same time and print what they used: seconds on the wall, of the processor, peak memory in MiB.

A process of its own, and a small one: the system counts the memory of whoever starts a process into that process's peak.
"""

import json
import os
import subprocess
import sys
import time


def main(commands):
    """Print what ``commands``, each a list of words, used together; of the memory the largest."""
    begun, processor, peak = time.perf_counter(), 0.0, 0.0
    for process in [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]:
        _, status, resources = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{process.args} ended with {process.returncode}")
        processor += resources.ru_utime + resources.ru_stime
        peak = max(peak, resources.ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024))
    print(json.dumps({"wall": time.perf_counter() - begun, "processor": processor, "peak": peak}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
