"""A fresh database for every test: a copy of one that was migrated once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from {{ package_name }}.db import make_sessions, migrate


@cache
def migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.db")
        migrate(f"sqlite:///{file}")
        return file.read_bytes()


@event.listens_for(Engine, "connect")
def do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    file = folder / "test.db"
    file.write_bytes(migrated_file())
    yield f"sqlite:///{file}"


@contextmanager
def sessions_on(url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of the test's own, beside those of the application."""
    sessions = make_sessions(url)
    try:
        yield sessions
    finally:
        sessions.kw["bind"].dispose()
