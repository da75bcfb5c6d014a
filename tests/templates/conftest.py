"""Projects shared by the template tests: each variant is rendered and installed once a session."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from .ci_files import few_variants, found_in
from .combinations import every_combination
from .components import missing
from .postgres import PostgresServer
from .postgres import free_port as find_free_port
from .projects import FRAMEWORKS, Project, Variant, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


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
def everything_rendered(
    tmp_path_factory: pytest.TempPathFactory, tell: Callable[[str], None]
) -> dict[Variant, Path]:
    """The folder of every supported combination, rendered and not installed."""
    began = time.monotonic()
    folder = tmp_path_factory.mktemp("everything")
    made = {variant: variant.render(folder / variant.id) for variant in every_combination()}
    tell(f"{len(made)} combinations rendered in {time.monotonic() - began:.0f} s")
    return made


@pytest.fixture(scope="session")
def few_ci_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The CI files of some projects, by name; every option that they depend on takes each value."""
    folder = tmp_path_factory.mktemp("few")
    return found_in({variant: variant.render(folder / variant.id) for variant in few_variants()})


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer.start()
    if server is None:
        missing("PostgreSQL's server programs are not installed")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Write a line to the terminal while a test runs, for tests that take minutes."""
    plugins = request.config.pluginmanager
    terminal: Any = plugins.getplugin("terminalreporter")
    capture: Any = plugins.getplugin("capturemanager")

    def write(line: str) -> None:
        if terminal is None:  # one of several processes
            return
        with capture.global_and_fixture_disabled():
            terminal.ensure_newline()
            terminal.write_line(line)
            terminal.flush()

    return write


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return find_free_port


@pytest.fixture(scope="session")
def frameworks() -> Sequence[str]:
    """The frameworks with a template, by id."""
    return FRAMEWORKS
