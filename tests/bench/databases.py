"""Databases of the bench's own on the server of DATABASE_URL: made, copied, and removed in any case."""

import os
import subprocess
import sys
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parent.parent.parent


class Databases:
    """Use as a context: every database that was made in it is dropped at its end."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._made: list[str] = []

    def __enter__(self) -> "Databases":
        return self

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for name in self._made:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, purpose: str, *, like: str | None = None) -> str:
        """Its URL. `like` is the URL of a database of ours that nobody is connected to."""
        name = f"bench_{purpose}_{os.getpid()}"
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if like:
            template = sql.Identifier(urlsplit(like).path.lstrip("/"))
            statement = sql.SQL("{} TEMPLATE {} STRATEGY file_copy").format(statement, template)
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)
        self._made.append(name)
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()


def product_environment(url: str, **more: str) -> dict[str, str]:
    """What the product's own programs are started with: as in production, but for HTTPS and the static files."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    fixed = {"DATABASE_URL": url, "DEBUG": "0", "HTTPS": "0", "STATICFILES_STORAGE": plain, "LOG_LEVEL": "WARNING"}
    return {"SECRET_KEY": "only-for-the-bench-only-for-the-bench", **os.environ, **fixed, **more}


def run_program(words: list[str], url: str, *, told: str = "", **more: str) -> str:
    """What a Python program of this checkout printed; its end is ours if it failed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=CHECKOUT,
        env=product_environment(url, **more),
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words[:3])} failed:\n{(done.stdout + done.stderr).strip()[-3000:]}")
    return done.stdout


def ask(url: str, question: LiteralString) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question).fetchall()
