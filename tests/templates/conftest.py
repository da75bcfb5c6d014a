"""Projects shared by the template tests: each variant is rendered and installed once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .postgres import PostgresServer
from .postgres import free_port as find_free_port
from .projects import FRAMEWORKS, Project, Variant, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Project]:
    """Give the installed project of a framework, an auth and a database; made at the first call."""
    made: dict[Variant, Project] = {}

    def get(framework: str, auth: str = "tokens", database: str = "sqlite") -> Project:
        variant = Variant(framework, auth, database)
        if variant not in made:
            folder = tmp_path_factory.mktemp(variant.id) / variant.project_name
            made[variant] = install(variant, folder)
        return made[variant]

    return get


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer.start()
    if server is None:
        pytest.skip("PostgreSQL's server programs are not installed")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return find_free_port


@pytest.fixture(scope="session")
def frameworks() -> Sequence[str]:
    """The frameworks with a template, by id."""
    return FRAMEWORKS
