import pytest
from sqlalchemy import text

from {{ package_name }}.config import Settings
from {{ package_name }}.db import make_engine

from .database import sessions_on


def test_sqlite_keeps_foreign_keys_and_waits_for_its_turn(settings: Settings) -> None:
    with sessions_on(settings.database_url) as sessions, sessions() as db:
        assert db.scalar(text("PRAGMA foreign_keys")) == 1
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db.scalar(text("PRAGMA busy_timeout")) == 5000


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_missing_driver_is_named(scheme: str) -> None:
    with pytest.raises(ValueError, match=r"uv add 'psycopg\[binary\]'"):
        make_engine(f"{scheme}://user@localhost/name")
