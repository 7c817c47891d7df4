"""PostgreSQL refuses to run as root, so root lends it an account with few rights: may that account get there?"""

import os
import pwd
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.local.trouble import Trouble


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @classmethod
    def owning(cls, path: Path) -> "Account":
        owner = path.stat()
        try:
            name = pwd.getpwuid(owner.st_uid).pw_name
        except KeyError:
            name = str(owner.st_uid)
        return cls(name, owner.st_uid, owner.st_gid)


def server_account() -> Account | None:
    """Whom the database server runs as; None means: as ourselves, because we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL does not run as root and this machine has neither a user postgres nor a user nobody.")


def as_account(account: Account | None) -> dict[str, Any]:
    """Arguments for subprocess: no group of ours may stay with it."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def may_enter(folder: Path, account: Account | None) -> bool:
    """Asked by trying: parents, access lists and mounts all have a say, and only the system knows the sum."""
    return account is None or _succeeds(["/usr/bin/env", "test", "-x", str(folder)], account)


def may_run(program: Path, account: Account | None) -> bool:
    return _succeeds([str(program), "--version"], account)


def give(account: Account | None, *paths: Path) -> None:
    if account is not None:
        for path in paths:
            os.chown(path, account.uid, account.gid)


def enterable(folders: Iterable[Path], account: Account | None) -> Path:
    """The first folder that we may write to and this account may enter."""
    for folder in folders:
        if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK) and may_enter(folder, account):
            return folder
    raise Trouble("There is no folder on this machine that both we may write to and PostgreSQL's account may enter.")


def _succeeds(command: list[str], account: Account | None) -> bool:
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd="/",
            timeout=60,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_account(account),
        )
    except OSError:  # not executable for that account, or parents it may not pass
        return False
    return done.returncode == 0
