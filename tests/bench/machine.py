"""What the figures were measured on."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

QUIET = 0.05
CAREFUL = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_sync_method")


def describe_machine(url: str) -> dict[str, str]:
    """Name and value, for people. No address, no path, no name of the machine."""
    with psycopg.connect(url) as connection:
        settings = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in CAREFUL}  # type: ignore[index]
        server = connection.info.server_version
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": f"{processor()}, {cores()} cores",
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "PostgreSQL": f"{server // 10_000}.{server % 10_000}",
        "its settings": ", ".join(f"{name} {value}" for name, value in settings.items()),
        "Python": f"{platform.python_version()}, Django {version('django')}, granian {version('granian')}, "
        f"psycopg {version('psycopg')}",
    }


def describe_quiet(disturbances: Sequence[float]) -> dict[str, str]:
    """How much of the machine other programs took meanwhile; a ratio measured beside a busy neighbour is no ratio."""
    if not disturbances:
        return {}
    median, most = statistics.median(disturbances), max(disturbances)
    verdict = "quiet" if median < QUIET else "**not quiet: measure again**"
    return {"other programs": f"{median:.0%} of it in the median round of the product, {most:.0%} at most: {verdict}"}


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
