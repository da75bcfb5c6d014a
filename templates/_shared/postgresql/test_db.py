from pathlib import Path

import pytest
from sqlalchemy import text

from {{ package_name }}.db import make_engine

from .database import sessions_on


def test_sqlite_keeps_foreign_keys_and_waits_for_its_turn(tmp_path: Path) -> None:
    with sessions_on(f"sqlite:///{tmp_path}/own.db") as sessions, sessions() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db.scalar(text("PRAGMA busy_timeout")) == 5000


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_is_reached_through_psycopg(scheme: str) -> None:
    engine = make_engine(f"{scheme}://user@localhost/name")
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
