"""Where everything lies: one folder, OMS_DATA, holds all that a running installation stores."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.local.trouble import Trouble

CHECKOUT = Path(__file__).resolve().parents[2]
MARKER = ".oms-data"
MARKER_TEXT = "Everything this installation stores is in this folder. `make reset` removes it.\n"
LONGEST_SOCKET_PATH = 103  # bytes; macOS has room for 104 with the closing zero, Linux for 108
LONGEST_SOCKET_NAME = "pg/.s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    root: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Places":
        wanted = environ.get("OMS_DATA", "").strip() or ".local"
        return cls((CHECKOUT / Path(wanted).expanduser()).resolve())

    @property
    def marker(self) -> Path:
        return self.root / MARKER

    @property
    def lock(self) -> Path:
        return self.root / "launcher.lock"

    @property
    def pids(self) -> Path:
        return self.root / "pids"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def cluster(self) -> Path:
        """The database's house: a folder, or a link to one where PostgreSQL's account could not come here."""
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def credentials(self) -> Path:
        return self.root / "credentials.json"

    @property
    def beat_schedule(self) -> Path:
        return self.root / "celerybeat-schedule"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def static_mark(self) -> Path:
        return self.root / "static.mark"

    @property
    def sockets(self) -> Path:
        """Inside the folder where the path is short enough, otherwise in /tmp under a name made of the path."""
        inside = self.root / "run"
        if len(os.fsencode(inside / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return inside
        return Path("/tmp") / f"oms-{os.geteuid()}-{fingerprint(str(self.root))}"  # noqa: S108 - see `own_folder`

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def create(self) -> None:
        """Make the folder ours. One that holds other people's things is refused: `make reset` would delete them."""
        default = self.root == CHECKOUT / ".local"
        self.root.mkdir(parents=True, exist_ok=True)
        if not self.marker.exists() and any(self.root.iterdir()) and not default:
            raise Trouble(f"OMS_DATA={self.root} already holds other things. Choose an empty folder.")
        if self.root.stat().st_uid != os.geteuid() != 0:
            raise Trouble(f"{self.root} belongs to another user. Start as that user or choose another OMS_DATA.")

        self.root.chmod(private_mode())
        self.marker.write_text(MARKER_TEXT)
        for folder in (self.pids, self.logs, self.valkey):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        own_folder(self.sockets)


def private_mode() -> int:
    """As root, PostgreSQL's account must pass through (but not look around): 0711. Otherwise nobody: 0700."""
    return 0o711 if os.geteuid() == 0 else 0o700


def own_folder(folder: Path) -> None:
    """Make a folder, and refuse one that somebody else prepared for us (in /tmp anybody can)."""
    folder.mkdir(exist_ok=True, mode=0o700)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.geteuid():
        raise Trouble(f"{folder} is not ours. Remove it, or choose another OMS_DATA.")
    folder.chmod(private_mode())


def keep_secret(path: Path, *, length: int = 48) -> str:
    """The secret in this file, made on first use; nobody but its owner can ever read it, not even for a moment."""
    try:
        if kept := path.read_text().strip():
            path.chmod(0o600)
            return kept
    except FileNotFoundError:
        pass
    fresh = secrets.token_urlsafe(length)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(fresh + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
    return fresh


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
