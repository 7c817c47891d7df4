"""The most memory that a piece of work had, apart from all that its process did before."""

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_UNIT = 2**20 if sys.platform == "darwin" else 2**10


def forget_peak() -> None:
    """Count anew from here, where the system can (Linux: 5 resets the high-water mark, see proc(5))."""
    with suppress(OSError):
        _FORGET.write_text("5")


def read_peak() -> float:
    """MiB of the whole process since then; where the system cannot forget, since it began."""
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNIT
