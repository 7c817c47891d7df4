"""A PostgreSQL cluster of our own: built once, then run in the foreground as a child of the launcher.

The programs come from a wheel, the rules from experience (docs: `postgres --help`, initdb, pg_hba.conf):
one unix socket and no TCP, passwords even on the socket, an owner that is no superuser, and the same
sort order on every machine.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.local.accounts import Account, as_account, give
from config.local.births import birth_of, command_of
from config.local.pgprograms import Programs
from config.local.stopping import wait_until
from config.local.trouble import Trouble

NAME = "oms"  # of the role and of its database
DURABLE: dict[str, str] = {}  # the server's own defaults: fsync, synchronous_commit, full_page_writes
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ACCESS = f"""\
# TYPE  DATABASE  USER  METHOD
local   all       {NAME}   scram-sha-256
"""


@dataclass(frozen=True)
class Cluster:
    programs: Programs
    house: Path
    sockets: Path
    password: str
    account: Account | None = None
    durable: bool = True

    @property
    def folder(self) -> Path:
        return self.house / "data"

    @property
    def url(self) -> str:
        return socket_url(self.sockets, self.password)

    def build(self) -> None:
        """Build beside the place and rename at the end: a cluster is either whole or not there."""
        if self.folder.exists():
            return
        new = self.folder.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        give(self.account, new)

        self._run([self.programs.initdb, "-D", new, *self._initdb_options()])
        (new / "pg_hba.conf").write_text(ACCESS)
        role = f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{self.password}'"
        self._as_superuser(new, role, f"CREATE DATABASE {NAME} OWNER {NAME}")

        new.rename(self.folder)

    def set_password(self) -> None:
        """For when the file with the password was lost; the server must not be running."""
        self._as_superuser(self.folder, f"ALTER ROLE {NAME} PASSWORD '{self.password}'")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.sockets}"',
            "log_checkpoints": "off",
            **(DURABLE if self.durable else THROWAWAY),
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self.programs.server), "-D", str(self.folder), *options]

    def environment(self) -> dict[str, str]:
        return server_environment()

    def clear_the_way(self) -> None:
        """Before a start: whoever still runs on this folder goes, and so do locks that prove nothing any more.

        The launcher's own lock says that nobody else may be starting here.
        """
        self._stop_stranger()
        shutil.rmtree(self.sockets, ignore_errors=True)
        self.sockets.mkdir(mode=0o711)
        give(self.account, self.sockets)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def _initdb_options(self) -> list[str]:
        always = ["--username=postgres", "--encoding=UTF8", "--auth=reject", "--no-instructions"]
        hurry = [] if self.durable else ["--no-sync"]
        if self.programs.major >= 17:
            return [*always, *hurry, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*always, *hurry, "--locale=C", "--lc-ctype=" + ("C.UTF-8" if sys.platform == "linux" else "UTF-8")]

    def _as_superuser(self, folder: Path, *statements: str) -> None:
        """In single-user mode (one statement a line), so that the superuser needs no password and can never log in."""
        self._run(
            [self.programs.server, "--single", "-D", folder, "-c", "exit_on_error=true", "postgres"],
            told="".join(f"{statement}\n" for statement in statements),
        )

    def _run(self, command: list[str | Path], *, told: str = "") -> None:
        with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as stdin:
            stdin.write(told)
            stdin.seek(0)
            done = subprocess.run(
                command,
                check=False,
                cwd="/",
                stdin=stdin,
                stdout=said,  # a file, not a pipe: a server left behind would hold the pipe open for ever
                stderr=subprocess.STDOUT,
                env=self.environment(),
                **as_account(self.account),
            )
            if done.returncode != 0:
                said.seek(0)
                raise Trouble(f"{Path(command[0]).name} failed:\n{said.read().strip()[-2000:]}")

    def _stop_stranger(self) -> None:
        lock = self.folder / "postmaster.pid"
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        birth = birth_of(pid)
        if birth is None:
            return
        if f"-D {self.folder} " not in command_of(pid):
            lock.unlink()  # the number belongs to somebody else by now, which the server could not know
            return
        for asked, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            if birth_of(pid) == birth:
                os.kill(pid, asked)
                wait_until(lambda: birth_of(pid) != birth, seconds=patience)


def socket_url(sockets: Path, password: str) -> str:
    """The socket is named in the query: there both libpq and django-environ read it, in any spelling of a path."""
    return f"postgres://{NAME}:{quote(password)}@/{NAME}?host={quote(str(sockets), safe='')}"


def server_environment() -> dict[str, str]:
    """Without the caller's languages and PG* defaults. On macOS the server insists on a valid LC_ALL."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "PG")) and key != "LANG"}
    return {**kept, "LC_ALL": "C"}
