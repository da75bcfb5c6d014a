"""The servers under test: every framework on its production server, or one that runs elsewhere.

``CONTRACT_BASE_URL`` names a server that runs already; ``CONTRACT_AUTH`` says what it was generated
with (default ``tokens``), ``CONTRACT_SECRET_KEY`` lets the token attacks sign with its key. Such a
server has to allow many logins (``APP_LOGIN_RATE=100000/minute``) and speak without TLS. Tests that
need another configuration are skipped then.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import httpx2
import pytest

from .databases import Databases
from .deployment import GIVEN, Account, Deployment, production, serve
from .targets import Target, parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.templates.postgres import PostgresServer
    from tests.templates.projects import Project


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test against every target it fits."""
    if "target" in metafunc.fixturenames:
        metafunc.parametrize("target", parameters(metafunc.fixturenames), scope="session")


@dataclass
class Servers:
    """The servers of this session by role and target; each starts at the first call."""

    installed: Callable[..., Project]
    databases: Databases
    folder: Callable[[str], Path]
    stack: ExitStack
    free_port: Callable[[], int]
    running: dict[tuple[str, Target], Deployment] = field(default_factory=dict)
    shared: dict[tuple[str, str, int], dict[str, str]] = field(default_factory=dict)

    def main(self, target: Target) -> Deployment:
        """The usual production server. All frameworks share one database and one secret."""
        key = (target.auth, target.database, target.workers)
        if key not in self.shared:
            self.shared[key] = production(self.databases.migrated(target))
        return self._start("main", target, self.shared[key])

    def other(self, role: str, target: Target, **settings: str) -> Deployment:
        """A server with settings and a database of its own."""
        return self._start(role, target, production(self.databases.migrated(target)) | settings)

    def _start(self, role: str, target: Target, environment: dict[str, str]) -> Deployment:
        key = (role, target)
        if key not in self.running:
            workers = {"WEB_CONCURRENCY": str(target.workers)}
            server = serve(
                target.project(self.installed),
                workers | environment,
                self.folder(f"{role}-{target.id}"),
                self.free_port(),
            )
            self.running[key] = self.stack.enter_context(server)
        return self.running[key]


@pytest.fixture(scope="session")
def databases(
    installed: Callable[..., Project],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Databases:
    def postgres() -> PostgresServer:
        server: PostgresServer = request.getfixturevalue("postgres")
        return server

    return Databases(installed, tmp_path_factory.mktemp, postgres)


@pytest.fixture(scope="session")
def servers(
    installed: Callable[..., Project],
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    free_port: Callable[[], int],
) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(installed, databases, tmp_path_factory.mktemp, stack, free_port)


@pytest.fixture(scope="session")
def deployment(target: Target, request: pytest.FixtureRequest) -> Iterator[Deployment]:
    """The server most tests speak to."""
    if GIVEN:
        secret = os.environ.get("CONTRACT_SECRET_KEY")
        with httpx2.Client(base_url=GIVEN, timeout=30) as client:
            yield Deployment(GIVEN, target.auth, client, secret)
    else:
        servers: Servers = request.getfixturevalue("servers")
        yield servers.main(target)


@pytest.fixture(scope="session")
def tokens() -> None:
    """Asked for by tests that need users: they run only where ``auth = tokens``."""


@pytest.fixture(scope="session")
def restricted(target: Target, request: pytest.FixtureRequest) -> Deployment:
    """A server outside production: no documents, foreign origins, small bodies, a slow login.

    It has one worker: attempts are counted in the memory of each process (``memory://``).
    """
    if GIVEN:
        pytest.skip("needs a server with its own settings")
    servers: Servers = request.getfixturevalue("servers")
    return servers.other(
        "restricted",
        replace(target, workers=1),
        APP_ENVIRONMENT="test",
        APP_DOCS="false",
        APP_CORS_ORIGINS="https://other.example, https://app.example http://localhost:3000",
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
