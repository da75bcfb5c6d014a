"""Engine, sessions and migrations. No web framework in here."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker

# One unit of work is `with sessions.begin() as db:`, it commits when the block ends.
Sessions = sessionmaker[Session]
PROJECT = Path(__file__).parents[2]


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


@cache
def revisions() -> tuple[set[str], set[str]]:
    """The newest migrations of this release, and all that it knows."""
    scripts = ScriptDirectory.from_config(_alembic())
    return set(scripts.get_heads()), {script.revision for script in scripts.walk_revisions()}


def _alembic(url: str | None = None) -> Config:
    return Config(toml_file=PROJECT / "pyproject.toml", attributes={"url": url})


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
