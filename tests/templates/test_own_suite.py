"""A project's own tests run side by side, and touch nothing that is the developer's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from frameworkpick.process import find_uv

from .projects import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .postgres import PostgresServer
    from .projects import Project

pytestmark = [pytest.mark.matrix, pytest.mark.parametrize("framework", FRAMEWORKS)]


#: Each of the three leaves a table behind, which it may not find.
FRESH = """
import pytest
from sqlalchemy import text

from .database import sessions_on


@pytest.mark.parametrize("number", range(3))
def test_nothing_is_left_of_another_test(settings, number):
    with sessions_on(settings.database_url) as sessions, sessions.begin() as db:
        db.execute(text("CREATE TABLE left_behind (number INTEGER)"))
"""


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What is in a folder, and when each file was last written to."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_the_database_of_the_developer_stays_as_it_is(
    installed: Callable[..., Project], framework: str, tmp_path: Path
) -> None:
    project = installed(framework)
    for name in ("named-in-env-file", "named-in-environment"):
        url = f"sqlite:///{tmp_path / name}.db"
        project.check("alembic", "upgrade", "head", env={"APP_DATABASE_URL": url})
    settings = project.folder / ".env"
    settings.write_text(f"APP_DATABASE_URL=sqlite:///{tmp_path / 'named-in-env-file'}.db\n")
    before = files(tmp_path)
    assert len(before) == 2
    try:
        url = f"sqlite:///{tmp_path / 'named-in-environment'}.db"
        project.check("pytest", "-q")
        project.check("pytest", "-q", env={"APP_DATABASE_URL": url, "APP_LOGIN_RATE": "1/hour"})
    finally:
        settings.unlink()
    assert files(tmp_path) == before


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_test_has_a_fresh_database(
    installed: Callable[..., Project], framework: str, database: str, postgres: PostgresServer
) -> None:
    project = installed(framework, "tokens", database)
    added = project.folder / "tests" / "test_fresh.py"
    added.write_text(FRESH)
    server = {"TEST_DATABASE_URL": postgres.create_database()} if database == "postgresql" else {}
    try:
        assert "3 passed" in project.check("pytest", "-q", str(added), env=server).output
    finally:
        added.unlink()


def test_two_runs_in_one_folder_do_not_meet(
    installed: Callable[..., Project], framework: str
) -> None:
    project = installed(framework)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(project.run, "pytest", "-q") for _ in range(2)]
    assert [run.result().output for run in runs if not run.result().ok] == []


def test_workers_of_xdist_do_not_meet(installed: Callable[..., Project], framework: str) -> None:
    uv = find_uv()
    assert uv
    project = installed(framework)
    done = project.check(uv, "run", "--with", "pytest-xdist", "pytest", "-q", "-n", "2")
    assert "bringing up nodes" in done.output


@pytest.mark.postgresql
def test_on_postgresql_the_named_database_stays_and_no_other_is_left(
    installed: Callable[..., Project], framework: str, postgres: PostgresServer
) -> None:
    """Two runs at once, each of them in databases that it creates and drops."""
    project = installed(framework, "tokens", "postgresql")
    url = postgres.create_database()
    named = url.rpartition("/")[2]
    before = postgres.ask("SELECT datname FROM pg_database")
    with ThreadPoolExecutor(2) as pool:
        environment = {"TEST_DATABASE_URL": url}
        runs = [pool.submit(project.run, "pytest", "-q", env=environment) for _ in range(2)]
    assert [run.result().output for run in runs if not run.result().ok] == []
    assert postgres.ask("SELECT datname FROM pg_database") == before
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    assert postgres.ask(tables, named) == []
