"""A fresh database for every test: a copy of one that was migrated once.

It is an SQLite file or, with `TEST_DATABASE_URL`, on that PostgreSQL server.
"""

import atexit
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import cycle
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session, sessionmaker

from {{ package_name }}.db import make_engine, make_sessions, migrate

SERVER = os.environ.get("TEST_DATABASE_URL")


@event.listens_for(Engine, "connect")
def do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    if isinstance(connection, Connection):
        connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    if SERVER:
        yield copies_on(SERVER).take()
    else:
        file = folder / "test.db"
        file.write_bytes(migrated_file())
        yield f"sqlite:///{file}"


@cache
def migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.db")
        migrate(f"sqlite:///{file}")
        return file.read_bytes()


class Copies:
    """Databases for one test each; while a test uses one, the next is made."""

    def __init__(self, server: str) -> None:
        self._engine = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
        self._original, *turns = (f"test_{uuid4().hex}" for _ in range(3))
        url = self._create(self._original)
        atexit.register(self._drop, self._original, *turns)
        migrate(url)
        self._turns = cycle(turns)
        self._thread = ThreadPoolExecutor(1)
        self._next = self._thread.submit(self._copy)

    def take(self) -> str:
        """Give the address of a fresh one; the last but one is gone."""
        url = self._next.result()
        self._next = self._thread.submit(self._copy)
        return url

    def _copy(self) -> str:
        name = next(self._turns)
        self._drop(name)
        return self._create(name, f"TEMPLATE {self._original}")

    def _create(self, name: str, options: str = "") -> str:
        self._run(f"CREATE DATABASE {name} {options}")
        return self._engine.url.set(database=name).render_as_string(hide_password=False)

    def _drop(self, *names: str) -> None:
        for name in names:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@cache
def copies_on(server: str) -> Copies:
    return Copies(server)


@contextmanager
def sessions_on(url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of the test's own, beside those of the application."""
    sessions = make_sessions(url)
    try:
        yield sessions
    finally:
        sessions.kw["bind"].dispose()
