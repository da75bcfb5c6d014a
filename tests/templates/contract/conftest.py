"""The servers under test: every framework with every auth, or one that runs elsewhere.

``CONTRACT_BASE_URL`` names a server that runs already; ``CONTRACT_AUTH`` says what it was generated
with (default ``tokens``), ``CONTRACT_SECRET_KEY`` lets the token attacks sign with its key. Tests
that need another configuration are skipped then.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx2
import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN, Account, Deployment, production, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.templates.postgres import PostgresServer
    from tests.templates.projects import Project

#: What each framework is tested with: auth and database. The everyday run takes the first.
MARKS: dict[tuple[str, str], list[pytest.MarkDecorator]] = {
    ("tokens", "sqlite"): [],
    ("none", "sqlite"): [pytest.mark.matrix],
    ("tokens", "postgresql"): [pytest.mark.matrix, pytest.mark.postgresql],
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against every framework, with ``tokens`` only where there are users."""
    if "target" not in metafunc.fixturenames:
        return
    if GIVEN:
        targets = [("given", os.environ.get("CONTRACT_AUTH", "tokens"), "sqlite")]
    else:
        targets = [(name, *rest) for rest in MARKS for name in FRAMEWORKS]
    params = [
        pytest.param(
            target, id="-".join(target), marks=[] if GIVEN else MARKS[target[1], target[2]]
        )
        for target in targets
        if target[1] == "tokens" or "tokens" not in metafunc.fixturenames
    ]
    metafunc.parametrize("target", params, scope="session")


@dataclass
class Servers:
    """The servers of this session by role and target; each starts at the first call."""

    installed: Callable[..., Project]
    migrated: Callable[[str, Path], str]
    folder: Callable[[str], Path]
    stack: ExitStack
    free_port: Callable[[], int]
    postgres: Callable[[], PostgresServer]
    running: dict[tuple[str, ...], Deployment] = field(default_factory=dict)
    shared: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def main(self, framework: str, auth: str, database: str) -> Deployment:
        """The usual production server. All frameworks share one database and one secret."""
        project = self.installed(framework, auth, database)
        if (auth, database) not in self.shared:
            if database == "postgresql":
                url = self.postgres().create_database()
                project.check("alembic", "upgrade", "head", env=production(url))
            else:
                url = self.migrated(auth, self.folder(auth) / "shared.db")
            self.shared[auth, database] = production(url)
        return self._start("main", project, self.shared[auth, database])

    def other(self, role: str, target: tuple[str, ...], **settings: str) -> Deployment:
        """A server with settings and a database of its own."""
        url = self.migrated(target[1], self.folder(role) / "own.db")
        return self._start(role, self.installed(*target), production(url) | settings)

    def _start(self, role: str, project: Project, environment: dict[str, str]) -> Deployment:
        key = (role, project.variant.id)
        if key not in self.running:
            folder = self.folder("-".join(key))
            server = serve(project, environment, folder, self.free_port())
            self.running[key] = self.stack.enter_context(server)
        return self.running[key]


@pytest.fixture(scope="session")
def migrated(
    installed: Callable[..., Project], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Path], str]:
    """Fill a SQLite file with the tables, and give its address. Alembic runs once for each auth."""
    templates: dict[str, Path] = {}

    def fill(auth: str, file: Path) -> str:
        if auth not in templates:
            templates[auth] = tmp_path_factory.mktemp(f"migrated-{auth}") / "template.db"
            url = f"sqlite:///{templates[auth]}"
            installed(FRAMEWORKS[0], auth).check("alembic", "upgrade", "head", env=production(url))
        # through SQLite, because a server may have the file open
        with (
            closing(sqlite3.connect(templates[auth])) as source,
            closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)
        return f"sqlite:///{file}"

    return fill


@pytest.fixture(scope="session")
def servers(
    installed: Callable[..., Project],
    migrated: Callable[[str, Path], str],
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
    request: pytest.FixtureRequest,
) -> Iterator[Servers]:
    def postgres() -> PostgresServer:
        server: PostgresServer = request.getfixturevalue("postgres")
        return server

    with ExitStack() as stack:
        yield Servers(installed, migrated, tmp_path_factory.mktemp, stack, free_port, postgres)


@pytest.fixture(scope="session")
def deployment(
    target: tuple[str, str, str], request: pytest.FixtureRequest
) -> Iterator[Deployment]:
    """The server most tests speak to."""
    if GIVEN:
        secret = os.environ.get("CONTRACT_SECRET_KEY")
        with httpx2.Client(base_url=GIVEN, timeout=30) as client:
            yield Deployment(GIVEN, target[1], client, secret)
    else:
        servers: Servers = request.getfixturevalue("servers")
        yield servers.main(*target)


@pytest.fixture(scope="session")
def tokens() -> None:
    """Asked for by tests that need users: they run only where ``auth = tokens``."""


@pytest.fixture(scope="session")
def restricted(target: tuple[str, str, str], request: pytest.FixtureRequest) -> Deployment:
    """A server outside production: no documents, one foreign origin, small bodies, a slow login."""
    if GIVEN:
        pytest.skip("needs a server with its own settings")
    servers: Servers = request.getfixturevalue("servers")
    return servers.other(
        "restricted",
        target,
        APP_ENVIRONMENT="test",
        APP_DOCS="false",
        APP_CORS_ORIGINS="https://other.example, https://app.example",
        APP_MAX_BODY_BYTES="20000",
        APP_LOGIN_RATE="3/minute",
        APP_TRUSTED_PROXIES="1",
        APP_ACCESS_TOKEN_SECONDS="60",
    )


@pytest.fixture(scope="session")
def account(deployment: Deployment) -> Account:
    """A user that many tests share."""
    return deployment.account()


@pytest.fixture(scope="session")
def headers(deployment: Deployment, request: pytest.FixtureRequest) -> dict[str, str]:
    """What a request to the items needs to be let in."""
    if deployment.auth == "none":
        return {}
    account: Account = request.getfixturevalue("account")
    return account.headers
