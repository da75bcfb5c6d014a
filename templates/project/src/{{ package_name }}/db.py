"""Engine, sessions and migrations. No web framework in here."""

import logging
import sqlite3
import time
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

# One unit of work is `with sessions.begin() as db:`, it commits when the block ends.
Sessions = sessionmaker[Session]
PACKAGED = Path(__file__).parent / "migrations"  # where a wheel has them
PROJECT = Path(__file__).parents[2]
MIGRATIONS = PACKAGED if PACKAGED.is_dir() else PROJECT / "migrations"
# Where `.env` is and SQLite's relative paths begin. A wheel has no project around it.
HOME = Path() if PACKAGED.is_dir() else PROJECT

INVALID_URL = (ArgumentError, ValueError)  # they may repeat a part of the password

log = logging.getLogger(__name__)

# how SQLite and PostgreSQL say that the database is read-only, broken or gone
UNUSABLE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    "25006",
    "XX001",
    "XX002",
}


def make_engine(url: str) -> Engine:
    """Connect to SQLite, or to PostgreSQL through psycopg 3; a `ValueError` says what is wrong."""
    if url.startswith("postgres://"):  # what many hosting platforms hand out
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        address = make_url(url)
        options: dict[str, Any] = {"hide_parameters": True}  # a log is no place for them
        backend, file = address.get_backend_name(), address.database
        if backend == "postgresql":  # wait no longer for one that is silent
            address = address.set(query={"connect_timeout": "5", **address.query})
            options |= {"pool_pre_ping": True, "pool_timeout": 5}
        elif backend == "sqlite" and file and not file.startswith((":memory:", "file:")):
            address = address.set(database=str(HOME / file))
        engine = create_engine(address, **options)
    except ModuleNotFoundError as error:
        raise ValueError(
            f"The driver {error.name!r} is not installed. For PostgreSQL: uv add 'psycopg[binary]'"
        ) from None
    except INVALID_URL:
        known = "sqlite:///app.db or postgresql://user:password@host/name"
        raise ValueError(f"Input should be like {known}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "handle_error", _drop_unusable)
    return engine


def usable_url(url: str) -> str:
    make_engine(url).dispose()
    return url


def make_sessions(url: str) -> Sessions:
    engine = make_engine(url)
    # a migration may take its time, a request may not
    if engine.dialect.name == "postgresql" and "options" not in engine.url.query:
        event.listen(engine, "connect", _set_timeouts)
    return sessionmaker(engine, expire_on_commit=False)


def takes_changes(db: Session) -> bool:
    """Whether it can be written to: a standby cannot, nor a read-only file."""
    if db.get_bind().dialect.name == "sqlite":
        db.execute(text("UPDATE alembic_version SET version_num = '' WHERE 1 = 0"))  # or an error
    elif db.scalar(text("SHOW transaction_read_only")) == "on":
        db.invalidate()  # a new connection will see when that ends
        return False
    return True


def is_unusable(error: object) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what is above tells the finer kind
    return not UNUSABLE.isdisjoint({code, getattr(error, "sqlstate", None)})


def migrate(url: str) -> None:
    command.upgrade(_alembic(url), "head")


def migrate_new(url: str) -> None:
    """Make the tables of a new database. In another one, a reload would apply half a draft."""
    engine = make_engine(url)
    with engine.connect() as connection:
        applied = set(MigrationContext.configure(connection).get_current_heads())
    engine.dispose()
    if not applied:
        migrate(url)
    elif is_behind(applied):
        log.warning("Migrations are pending. To apply them: uv run alembic upgrade head")


def is_behind(applied: set[str]) -> bool:
    """Whether a database lacks migrations; it is not behind with those of a later release."""
    newest, known = revisions()
    return applied != newest and applied <= known


@cache
def revisions() -> tuple[set[str], set[str]]:
    """The newest migrations of this release, and all that it knows."""
    scripts = ScriptDirectory.from_config(_alembic())
    return set(scripts.get_heads()), {script.revision for script in scripts.walk_revisions()}


def _alembic(url: str | None = None) -> Config:
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _drop_unusable(context: Any) -> None:
    """Open new connections: an old one would not see that the database is as it was."""
    if is_unusable(context.original_exception):
        context.is_disconnect = True


def _set_timeouts(connection: Any, _record: object) -> None:
    connection.execute("SET lock_timeout = '2s'; SET statement_timeout = '30s'")
    connection.commit()


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
    until = time.monotonic() + 5
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:  # SQLite waits for no other that changes it, too
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
