"""A fresh database for every test: a copy of one that was migrated once.

On SQLite; or on the PostgreSQL server that `TEST_DATABASE_URL` names, in databases of their own.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import make_url, text

from {{ package_name }}.db import make_engine, migrate


SERVER = os.environ.get("TEST_DATABASE_URL", "")


@cache
def migrated() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.db")
        migrate(f"sqlite:///{file}")
        return file.read_bytes()


@cache
def migrated_on_server() -> str:
    name = f"test_{uuid4().hex}"
    on_server(f"CREATE DATABASE {name}")
    atexit.register(on_server, f"DROP DATABASE {name}")
    migrate(url_of(name))
    return name


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    if SERVER:
        name = f"test_{uuid4().hex}"
        on_server(f"CREATE DATABASE {name} TEMPLATE {migrated_on_server()}")
        yield url_of(name)
        on_server(f"DROP DATABASE {name} WITH (FORCE)")
        return
    file = folder / "test.db"
    file.write_bytes(migrated())
    yield f"sqlite:///{file}"


def on_server(statement: str) -> None:
    engine = make_engine(SERVER).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def url_of(name: str) -> str:
    server = make_url(SERVER.replace("postgres://", "postgresql://", 1))
    return server.set(database=name).render_as_string(hide_password=False)
