"""Is the port free? Asked before anything starts, so that the answer is one clear line."""

import socket
from collections.abc import Mapping

from config.local.trouble import Trouble

DEFAULT = 8000


def choose_port(environ: Mapping[str, str]) -> int:
    given = environ.get("PORT", "").strip() or str(DEFAULT)
    if not given.isdigit() or not 0 < int(given) < 65_536:
        raise Trouble(f"PORT={given} is not a port number.")
    return int(given)


def require_free(port: int) -> None:
    if is_free(port):
        return
    free = next((other for other in range(port + 1, min(port + 100, 65_536)) if is_free(other)), None)
    advice = f"Choose another one: make up PORT={free}" if free else "Choose another one with PORT=…"
    raise Trouble(f"Port {port} is taken by another program on this machine. {advice}")


def is_free(port: int) -> bool:
    """Bound for a moment, and nobody answers: on macOS one may bind beside a wildcard listener."""
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ours.bind(("127.0.0.1", port))
        except OSError:
            return False
    with socket.socket() as visitor:
        visitor.settimeout(1)
        return visitor.connect_ex(("127.0.0.1", port)) != 0
