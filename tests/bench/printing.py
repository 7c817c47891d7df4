"""`python -m tests.bench.printing 1000`: print so many labels and say how fast, and what it took."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

from orders.carriers.house_label import LabelFacts, write_labels
from tests.make.labels import BERLIN, RIYADH, SHANGHAI, declaration, declared, label_facts

KIB_A_MIB = 1024


def describe_parcels(many: int) -> Iterator[LabelFacts]:
    """No two addresses alike, so that none is remembered from the label before."""
    paper = declaration(declared(), declared("丝绸围巾 Silk scarf"))
    for number, where, _ in zip(count(100_000_000), cycle((BERLIN, SHANGHAI, RIYADH)), range(many), strict=False):
        address = where | {"name": f"{where['name']} {number}", "line2": f"c/o {number * 7}", "phone": f"+49 {number}"}
        yield label_facts(
            tracking_number=f"RR{number}DE",
            ship_to=address,
            order=f"WEB-{number}",
            fulfillment=f"WEB-{number}-F1",
            handling=("fragile", "keep_dry"),
            declaration=paper if number % 2 else None,
        )


def main() -> None:
    many = int(sys.argv[1])
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        write_labels(describe_parcels(many), file)
        took = time.perf_counter() - began
        size = file.tell()
    print(json.dumps({"rate": many / took, "memory": peak_memory(), "kilobytes": size / 1000}))


def peak_memory() -> float:
    """MiB this program ever had. Linux counts into `ru_maxrss` what the program that started this one had then."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / KIB_A_MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB**2  # macOS counts bytes


if __name__ == "__main__":
    main()
