"""Engine, sessions and migrations. No web framework in here."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

# One unit of work is `with sessions.begin() as db:`, it commits when the block ends.
Sessions = sessionmaker[Session]
PACKAGED = Path(__file__).parent / "migrations"  # where a wheel has them
MIGRATIONS = PACKAGED if PACKAGED.is_dir() else Path(__file__).parents[2] / "migrations"

log = logging.getLogger(__name__)


def make_engine(url: str) -> Engine:
    """Connect to SQLite, or to PostgreSQL through psycopg 3; a `ValueError` says what is wrong."""
    if url.startswith("postgres://"):  # what many hosting platforms hand out
        url = url.replace("postgres://", "postgresql://", 1)
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":  # wait no longer for one that is silent
            address = address.set(query={"connect_timeout": "5", **address.query})
        engine = create_engine(address, pool_pre_ping=not url.startswith("sqlite"))
    except ModuleNotFoundError as error:
        raise ValueError(
            f"The driver {error.name!r} is not installed. For PostgreSQL: uv add 'psycopg[binary]'"
        ) from None
    except (ArgumentError, ValueError):  # they may repeat a part of the password
        known = "sqlite:///app.db or postgresql://user:password@host/name"
        raise ValueError(f"Input should be like {known}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def usable_url(url: str) -> str:
    make_engine(url).dispose()
    return url


def make_sessions(url: str) -> Sessions:
    return sessionmaker(make_engine(url), expire_on_commit=False)


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


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
