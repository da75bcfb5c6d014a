"""A fresh database for every test: a copy of an SQLite file that was migrated once.

With `TEST_DATABASE_URL`, a database of our own on that PostgreSQL server, emptied for every test.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session, sessionmaker

from {{ package_name }}.db import make_engine, make_sessions, migrate
from {{ package_name }}.models import Base

SERVER = os.environ.get("TEST_DATABASE_URL")


@event.listens_for(Engine, "connect")
def do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    if isinstance(connection, Connection):
        connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    if SERVER:
        url = migrated_on_server(SERVER)
        with sessions_on(url) as sessions, sessions.begin() as db:
            db.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)}"))
        yield url
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


@cache
def migrated_on_server(server: str) -> str:
    name = f"test_{uuid4().hex}"
    engine = make_engine(server)
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    _run(engine, f"CREATE DATABASE {name}")
    atexit.register(_run, engine, f"DROP DATABASE {name} WITH (FORCE)")
    migrate(url)
    return url


def _run(engine: Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def sessions_on(url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of the test's own, beside those of the application."""
    sessions = make_sessions(url)
    try:
        yield sessions
    finally:
        sessions.kw["bind"].dispose()
