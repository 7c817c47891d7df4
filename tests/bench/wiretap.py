"""Listening between the product and PostgreSQL: which statements really travel, whatever layer they come from.

A unix socket that passes every byte on and reads the messages of the client as the protocol writes them
(PostgreSQL documentation, chapter "Frontend/Backend Protocol"): simple queries, and executions of prepared ones.
"""

import socket
import threading
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

PIECE = 65_536


class Wiretap:
    """Use as a context; `url` is the database's own, heard through the tap; `statements` as they were sent."""

    def __init__(self, url: str, folder: Path) -> None:
        self._target = conninfo_to_dict(url)
        self._folder = folder
        self.statements: list[str] = []

    def __enter__(self) -> "Wiretap":
        self._folder.mkdir(exist_ok=True)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self._folder / ".s.PGSQL.5432"))
        self._door.listen()
        threading.Thread(target=self._welcome, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    @property
    def url(self) -> str:
        target = self._target
        user, password = quote(str(target.get("user", ""))), quote(str(target.get("password", "")))
        return f"postgres://{user}:{password}@/{target['dbname']}?host={quote(str(self._folder), safe='')}"

    def _welcome(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:  # the door is closed
                return
            server = self._call_server()
            threading.Thread(target=self._listen, args=(client, server), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, client), daemon=True).start()

    def _call_server(self) -> socket.socket:
        host, port = str(self._target.get("host") or "localhost"), int(str(self._target.get("port") or 5432))
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _listen(self, client: socket.socket, server: socket.socket) -> None:
        reading = Reading(self.statements)
        while piece := _receive(client):
            reading.take(piece)
            server.sendall(piece)
        server.close()


class Reading:
    """One connection's messages to the server, as far as they say what is executed."""

    def __init__(self, statements: list[str]) -> None:
        self._statements = statements
        self._prepared: dict[bytes, str] = {}
        self._bound: dict[bytes, str] = {}
        self._rest = bytearray()
        self._greeted = False

    def take(self, piece: bytes) -> None:
        self._rest += piece
        while True:
            start = 1 if self._greeted else 0  # the first message has no type
            if len(self._rest) < start + 4:
                return
            end = start + int.from_bytes(self._rest[start : start + 4], "big")
            if len(self._rest) < end:
                return
            kind, body = bytes(self._rest[:start]), bytes(self._rest[start + 4 : end])
            del self._rest[:end]
            self._greeted = True
            self._note(kind, body)

    def _note(self, kind: bytes, body: bytes) -> None:
        first, _, rest = body.partition(b"\0")
        if kind == b"Q":
            self._statements.append(first.decode())
        elif kind == b"P":
            self._prepared[first] = rest.partition(b"\0")[0].decode()
        elif kind == b"B":
            self._bound[first] = self._prepared.get(rest.partition(b"\0")[0], "")
        elif kind == b"E":
            self._statements.append(self._bound.get(first, ""))


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    while piece := _receive(source):
        try:
            target.sendall(piece)
        except OSError:
            break
    target.close()


def _receive(source: socket.socket) -> bytes:
    try:
        return source.recv(PIECE)
    except OSError:
        return b""
