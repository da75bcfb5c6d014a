"""A project's own tests run side by side, and touch nothing that is the developer's."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from frameworkpick.process import find_uv

from .projects import FRAMEWORKS, Project, Variant

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .postgres import PostgresServer

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

#: What people add first: some of these warn while pytest starts, and while tests run.
PLUGINS = ("pytest-asyncio", "pytest-cov", "pytest-randomly", "pytest-timeout", "pytest-mock")
WAITS = """
import asyncio

import pytest


@pytest.mark.asyncio
async def test_what_is_waited_for():
    await asyncio.sleep(0)
"""
WARNS = """
import warnings

from parts_store import models


def test_a_warning_of_a_library():
    warnings.warn_explicit("it is old", DeprecationWarning, "a.py", 1, module="a_library")


def test_a_warning_about_our_own_code():
    warnings.warn_explicit("it is old", DeprecationWarning, "m.py", 1, module=models.__name__)


def test_a_warning_about_a_test():
    warnings.warn("it is old", DeprecationWarning)
"""
#: The hooks of pre-commit's own `pre-commit sample-config`, and the two that are usual beside them.
HOOKS = (
    "trailing-whitespace-fixer",
    "end-of-file-fixer",
    "check-yaml",
    "check-added-large-files",
    "mixed-line-ending",
    "check-toml",
)


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
@pytest.mark.parametrize("auth", ["tokens", "none"])
def test_on_postgresql_the_named_database_stays_and_no_other_is_left(
    installed: Callable[..., Project], framework: str, auth: str, postgres: PostgresServer
) -> None:
    """Two runs at once, each of them in databases that it creates and drops."""
    project = installed(framework, auth, "postgresql")
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


def test_plugins_that_a_person_adds_break_nothing(
    installed: Callable[..., Project], framework: str
) -> None:
    uv = find_uv()
    assert uv
    project = installed(framework)
    added = project.folder / "tests" / "test_waits.py"
    added.write_text(WAITS)
    plugins = [word for name in PLUGINS for word in ("--with", name)]
    try:
        done = project.check(uv, "run", *plugins, "pytest", "-q", "--cov", "--timeout", "60")
    finally:
        added.unlink()
    assert "TOTAL" in done.output


def test_only_a_warning_about_the_project_is_an_error(
    installed: Callable[..., Project], framework: str
) -> None:
    project = installed(framework)
    added = project.folder / "tests" / "test_warns.py"
    added.write_text(WARNS)
    try:
        done = project.run("pytest", "-q", str(added))
    finally:
        added.unlink()
    assert "2 failed, 1 passed" in done.output


def test_usual_hooks_of_pre_commit_leave_the_project_as_it_is(
    framework: str, tmp_path: Path
) -> None:
    """With the line that the README shows; without it, that very check fails."""
    uv = find_uv()
    assert uv
    project = Project(Variant(framework), Variant(framework).render(tmp_path / "parts-store"))
    project.check("git", "init", "--quiet")
    project.check("git", "add", "--all")
    readme = (project.folder / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(exclude: .*\n)```", readme)
    hooks = [hook(program) for program in HOOKS]
    config = tmp_path / "pre-commit.yaml"
    for first, fine in (("", False), (shown, True)):
        config.write_text(f"{first}repos: [{{repo: local, hooks: {json.dumps(hooks)}}}]")
        command = ("pre-commit", "run", "--all-files", "--config", str(config))
        done = project.run(uv, "tool", "run", "--with", "pre-commit-hooks", *command)
        assert done.ok == fine, done.output
        project.check("git", "checkout", "--quiet", ".")


def hook(program: str) -> dict[str, object]:
    """One of pre-commit-hooks, as an entry of pre-commit's configuration."""
    kind = program.removeprefix("check-") if program in {"check-yaml", "check-toml"} else "text"
    named = dict.fromkeys(("id", "name", "entry"), program)
    return {**named, "language": "system", "types": [kind]}
