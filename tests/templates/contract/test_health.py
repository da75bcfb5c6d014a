"""``/health`` says that the process lives, ``/ready`` that it can serve."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ..projects import FRAMEWORKS  # noqa: TID252 (one folder up is the nearest place both share)
from .deployment import GIVEN, V1, assert_problem, new_email, production, serve, tokens_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.templates.projects import Project

    from .databases import Databases
    from .deployment import Deployment
    from .targets import Target

needs_own_server = pytest.mark.skipif(bool(GIVEN), reason="needs a server of its own")


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_live_server_is_ok(deployment: Deployment, path: str) -> None:
    answer = deployment.client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/health", "/ready", "/docs", "/openapi.json"])
def test_head_is_answered_like_get(deployment: Deployment, path: str) -> None:
    """Monitors ask with HEAD."""
    answer = deployment.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


@needs_own_server
def test_readiness_follows_the_database_and_its_migrations(
    target: Target,
    installed: Callable[..., Project],
    databases: Databases,
    free_port: Callable[[], int],
    tmp_path: Path,
) -> None:
    database = databases.new(target)
    with serve(
        target.project(installed), production(database.url), tmp_path, free_port()
    ) as server:
        client = server.client
        assert_problem(client.get("/ready"), 503)  # the database cannot be opened
        assert client.get("/health").status_code == 200
        database.create()
        assert_problem(client.get("/ready"), 503)  # it holds no tables yet
        # The tables are missing: an error that nobody planned, and it says nothing about itself.
        if server.auth == "tokens":
            body = {"email": new_email(), "password": "correct horse", "name": "Ann"}
            answer = client.post(f"{V1}/auth/register", json=body)
            values = [body["email"], "$argon2id$"]
        else:
            answer = client.post(f"{V1}/items", json={"title": "of the first item"})
            values = ["of the first item"]
        assert_problem(answer, 500)
        missing = {"sqlite": "no such table", "postgresql": "UndefinedTable"}[target.database]
        assert missing not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert server.wait_for_log(missing)
        assert server.log is not None
        log = server.log.read_text(encoding="utf-8")
        assert [each for each in values if each in log] == []  # no value of the failed statement
        database.migrate()
        assert client.get("/ready").status_code == 200


@needs_own_server
@pytest.mark.matrix
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_database_that_says_nothing_is_not_waited_for(
    framework: str, installed: Callable[..., Project], free_port: Callable[[], int], tmp_path: Path
) -> None:
    project = installed(framework, "tokens", "postgresql")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://user@127.0.0.1:{silent.getsockname()[1]}/name"
        with serve(project, production(url), tmp_path, free_port()) as server:
            assert_problem(server.client.get("/ready", timeout=20), 503)


@needs_own_server
@tokens_only
def test_production_refuses_a_weak_secret(
    target: Target, installed: Callable[..., Project], free_port: Callable[[], int]
) -> None:
    project = target.project(installed)
    secret = "too-short-for-production"
    own = {"APP_SECRET_KEY": secret, "PORT": str(free_port())}
    done = project.run(*project.serve_command, env=production("sqlite://") | own)
    assert done.returncode not in {0, 124}
    assert "APP_SECRET_KEY" in done.output
    assert secret not in done.output
