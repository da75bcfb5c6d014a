"""Each installed project passes its own checks: tests, types, style, migrations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .projects import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .postgres import PostgresServer
    from .projects import Project

pytestmark = [pytest.mark.matrix, pytest.mark.parametrize("framework", FRAMEWORKS)]
auths = pytest.mark.parametrize("auth", ["tokens", "none"])
databases = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@auths
@databases
def test_types_and_style(
    installed: Callable[..., Project], framework: str, auth: str, database: str
) -> None:
    project = installed(framework, auth, database)
    project.check("mypy")
    project.check("ruff", "check")
    project.check("ruff", "format", "--check")


@auths
@databases
def test_own_tests_pass_without_services(
    installed: Callable[..., Project], framework: str, auth: str, database: str
) -> None:
    installed(framework, auth, database).check("pytest", "-q")


@pytest.mark.postgresql
@auths
def test_own_tests_pass_on_postgresql(
    installed: Callable[..., Project], framework: str, auth: str, postgres: PostgresServer
) -> None:
    url = postgres.create_database()
    project = installed(framework, auth, "postgresql")
    project.check("pytest", "-q", env={"TEST_DATABASE_URL": url})


@auths
def test_migrations_agree_with_the_models_and_go_both_ways(
    installed: Callable[..., Project], framework: str, auth: str, tmp_path: Path
) -> None:
    project = installed(framework, auth)
    env = {"APP_DATABASE_URL": f"sqlite:///{tmp_path / 'migrated.db'}"}
    for arguments in (["upgrade", "head"], ["check"], ["downgrade", "base"], ["upgrade", "head"]):
        project.check("alembic", *arguments, env=env)


@pytest.mark.postgresql
@auths
def test_migrations_agree_with_the_models_on_postgresql(
    installed: Callable[..., Project], framework: str, auth: str, postgres: PostgresServer
) -> None:
    project = installed(framework, auth, "postgresql")
    env = {"APP_DATABASE_URL": postgres.create_database()}
    for arguments in (["upgrade", "head"], ["check"], ["downgrade", "base"]):
        project.check("alembic", *arguments, env=env)
